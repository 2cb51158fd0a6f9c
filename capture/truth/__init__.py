"""What the kernel and the programs themselves say while packets are recorded: one file per source.

Each module has `available() -> (bool, why)` and `NAME`; what they find are facts (capture/facts.py).
"""
