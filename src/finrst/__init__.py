"""finrst: how a TCP connection ended, who ended it, why, and what each application saw."""

__version__ = "0.1.0"
