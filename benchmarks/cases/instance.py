"""An instance: a problem, its name, and what is known of its optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.arrays import from_arrays
from gridplan.optimise.problem import Problem


@dataclass(frozen=True, eq=False)
class Instance:
    """A public problem as arrays; `problem()` is what gridplan and its competitors get.

    Parameters
    ----------
    cost : (n, m), not weighted by anything.
    leads : how many may be open; all m where None.
    capacity, opening_price : (m,), none where None.
    use : (n,) or (n, m) of the capacity, none where None.
    known : the best value known, None where none is.
    """

    name: str
    cost: np.ndarray
    leads: int | None = None
    capacity: np.ndarray | None = None
    use: np.ndarray | None = None
    opening_price: np.ndarray | None = None
    known: float | None = None

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.cost.shape[0])

    @property
    def shown_leads(self) -> int:
        """How many sites may be open."""
        return int(self.cost.shape[1]) if self.leads is None else self.leads

    def problem(self) -> Problem:
        """The same as a `Problem`."""
        return from_arrays(
            self.cost,
            leads=self.leads,
            capacity=self.capacity,
            use=self.use,
            opening_price=self.opening_price,
        )
