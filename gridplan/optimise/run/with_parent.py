"""A solver that is a programme of its own ends with the process that asked for it, however that one ends."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

# prctl(PR_SET_PDEATHSIG, SIGKILL), which outlives the exec; where the parent has gone meanwhile nothing is started.
WRAPPER = """#!/bin/sh
exec {python} -IS -c 'import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() == {parent}:
    os.execv(sys.argv[1], sys.argv[1:])' {program} "$@"
"""


def ends_with_us(program: str, folder: Path) -> str:
    """A programme that starts the given one so that it ends with this process; on Linux, elsewhere the given one itself.

    Parameters
    ----------
    folder : where it is written; it must stay while the programme is started.
    """
    if not sys.platform.startswith("linux"):
        return program
    wrapper = folder / Path(program).name
    text = WRAPPER.format(
        python=shlex.quote(sys.executable), parent=os.getpid(), program=shlex.quote(program)
    )
    wrapper.write_text(text, encoding="utf-8")
    wrapper.chmod(0o700)
    return str(wrapper) if os.access(wrapper, os.X_OK) else program  # a disk from which nothing is run
