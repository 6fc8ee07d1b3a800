"""What proves a rule, in one file of its name: values that cannot stand, its golden LP, a clause for trying everything,
and plans that the judge must pass and name. The tests of all rules gather what stands here.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

import numpy as np


@cache
def proofs() -> dict[str, ModuleType]:
    """The file of each rule that has one here, by its key."""
    files = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in files}


@cache
def having(name: str) -> dict[str, ModuleType]:
    """The files that state something of a name ("keeps"), by the rule's key."""
    return {key: proof for key, proof in proofs().items() if hasattr(proof, name)}


def set_pairs(pairs: np.ndarray) -> set[tuple[int, int]]:
    """The (district, hospital) that are True. Asked of every assignment that is tried: four times as quick as argwhere."""
    districts, hospitals = pairs.nonzero()
    return set(zip(districts.tolist(), hospitals.tolist(), strict=True))
