"""One file per command: dropping it in is the whole registration."""
