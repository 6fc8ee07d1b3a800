"""`python -m gridplan.cli`: the same door."""

from gridplan.cli import main

if __name__ == "__main__":
    main()
