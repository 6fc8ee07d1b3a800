"""HiGHS without its banner: from 1.16 on, the first solver of a process prints its name before it can be told not to."""

from __future__ import annotations

import os
import sys
from functools import cache

import highspy


@cache
def hush() -> None:
    """Make the first solver of the process where nobody sees what it prints; call it before any other is made."""
    if sys.stdout is not None:
        sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no screen, so nothing to keep quiet
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)
