"""`python -m finrst`."""

from finrst.cli import main

if __name__ == "__main__":
    main()
