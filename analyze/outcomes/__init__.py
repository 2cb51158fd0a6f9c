"""What each application sees: the errno automaton of each end, by the system that it runs on.

automaton.py is a socket and Linux's rules; bsd.py and windows.py are what other systems do otherwise. worlds.py says
what the packets let happen to each end, table.py what its next call then returns, calls.py what each recorded call
should have returned.
"""
