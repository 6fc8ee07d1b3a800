"""`python -m gridplan`: the same door as the command gridplan."""

from gridplan.cli import main

if __name__ == "__main__":
    main()
