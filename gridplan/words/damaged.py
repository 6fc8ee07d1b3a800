"""What was read of a file of our own, and is not what gridplan wrote: one error instead of whatever comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gridplan.words.errors import DataError, GridplanError

# What a record with parts missing, or of another kind, does to code that trusts it.
DAMAGED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, NotImplementedError, StopIteration)  # fmt: skip


@contextmanager
def trusted(otherwise: DataError) -> Iterator[None]:
    """Take a record apart as if it were whole.

    Raises
    ------
    DataError : `otherwise`, where it is not.
    """
    try:
        yield
    except GridplanError:
        raise
    except DAMAGED as fault:
        raise otherwise from fault
