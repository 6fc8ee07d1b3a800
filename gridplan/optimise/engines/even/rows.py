"""A small mixed model as its rows and columns come, for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.model.highs_door import Answer, minimise


@dataclass
class Rows:
    """Columns between 0 and their most, rows between two limits, entries one by one."""

    _cost: list[float] = field(default_factory=list)
    _most: list[float] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)
    _limits: list[tuple[float, float]] = field(default_factory=list)
    _entries: list[tuple[float, int, int]] = field(default_factory=list)

    def column(self, cost: float = 0.0, most: float = 1.0, whole: bool = False) -> int:
        """A new column."""
        self._cost.append(cost)
        self._most.append(most)
        self._whole.append(whole)
        return len(self._cost) - 1

    def row(self, terms: list[tuple[int, float]], least: float = -np.inf, most: float = np.inf) -> None:
        """least ≤ Σ weight · column ≤ most."""
        self._entries += [(weight, len(self._limits), column) for column, weight in terms]
        self._limits.append((least, most))

    def minimise(self, seconds: float | None) -> Answer:
        """The least cost."""
        from scipy.sparse import csc_array  # heavy

        values, rows, columns = zip(*self._entries, strict=True)
        matrix = csc_array((values, (rows, columns)), shape=(len(self._limits), len(self._cost)))
        least, most = np.array(self._limits).T
        return minimise(
            np.array(self._cost),
            matrix,
            least,
            most,
            np.array(self._whole),
            seconds,
            0.0,
            most=np.array(self._most),
        )
