"""Two folders change places in one step: Linux does it in the kernel, so that no moment lies between."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

AT_FDCWD = -100  # "as seen from the working directory", linux/fcntl.h
RENAME_EXCHANGE = 2  # linux/fs.h
# What a kernel or a file system answers that cannot do it; anything else is a fault like another.
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EBUSY)


def exchange(one: Path, other: Path) -> bool:
    """Let two paths of one file system change places, at once.

    Returns
    -------
    Whether it was done; False where this system or file system cannot, and nothing has changed.

    Raises
    ------
    OSError : it can, but not these two (permissions, one is gone).
    """
    rename = _renameat2()
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _renameat2() -> ctypes._NamedFuncPointer | None:
    """The call of the C library, None where there is none (other systems, old libraries)."""
    if not sys.platform.startswith("linux"):
        return None
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is not None:
        call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        call.restype = ctypes.c_int
    return call
