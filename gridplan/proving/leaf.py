"""What a proof is made of: prices at leaves, pairs at splits, and the tree that they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Leaf:
    """Prices of a node and what they prove.

    Parameters
    ----------
    places, people : (H,) price of a place under a hospital's cap, and of a resident under its capacity.
    kept : price of each earlier goal that is kept.
    bound : no plan of the node is below it; inf where none fits.
    costless : whether the bound counts prices alone: above 0, no plan fits.
    units : (n,) price of serving each unit, where sets of partners are too many; None where they are not.
    whole : whether hospitals are filled by whole units then.
    """

    places: np.ndarray
    people: np.ndarray
    kept: np.ndarray
    bound: float
    costless: bool = False
    units: np.ndarray | None = None
    whole: bool = False


@dataclass(frozen=True, eq=False)
class Split:
    """A pair that is in on one side and out on the other, or a unit of the district that is served by the hospital or not.

    Parameters
    ----------
    unit : its place in the problem; -1 where it is the pair.
    """

    district: int
    hospital: int
    inside: Split | Leaf
    outside: Split | Leaf
    unit: int = -1


@dataclass(frozen=True, eq=False)
class Proof:
    """A tree whose leaves leave nothing out, and the least bound of them."""

    tree: Split | Leaf
    bound: float
    leaves: int
