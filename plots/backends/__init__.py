"""One file per output; dropping a file in registers it."""
