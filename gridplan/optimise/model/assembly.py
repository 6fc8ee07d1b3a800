"""Programme: an integer programme that is put together from arrays, a block of columns and a row at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.model.highs_door import Answer, minimise
from gridplan.words.errors import SolveError
from gridplan.words.text import Text

SLIP = 1e-7


@dataclass
class Programme:
    """Columns from 0 to 1, or as far up as `most` says, and rows between limits."""

    whole: list[bool] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    index: list[np.ndarray] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    blocks: list[tuple[str, int]] = field(default_factory=list)
    most: dict[int, float] = field(default_factory=dict)

    def columns(
        self, n: int, whole: bool = True, name: str = "c", most: np.ndarray | None = None
    ) -> np.ndarray:
        """The indices of n new columns; `name` is what people read of them, `most` how far up each goes (1)."""
        self.blocks.append((name, len(self.whole)))
        if most is not None:
            self.most |= dict(enumerate(most.tolist(), start=len(self.whole)))
        self.whole += [whole] * n
        return np.arange(len(self.whole) - n, len(self.whole))

    def row(
        self, index: np.ndarray, values: np.ndarray | float, low: float = -np.inf, high: float = np.inf
    ) -> None:
        """A row: low ≤ Σ values · columns ≤ high."""
        self.index.append(np.asarray(index))
        self.values.append(np.broadcast_to(np.asarray(values, dtype=float), len(index)))
        self.lower.append(low)
        self.upper.append(high)

    def drop(self, rows: int) -> None:
        """Take the last rows away."""
        for kept in (self.index, self.values, self.lower, self.upper):
            del kept[len(kept) - rows :]

    def solve(
        self, cost: np.ndarray, seconds: float | None, gap: float = 0.0, asked: float | None = None
    ) -> Answer:
        """Minimise cost · columns.

        Parameters
        ----------
        asked : stop as soon as it is known whether the least is above this or not.

        Raises
        ------
        SolveError : the solver ended with neither a plan nor a proof that there is none, and without a time limit.
        """
        from scipy.sparse import coo_array, csc_array  # heavy

        lengths = [len(index) for index in self.index]
        rows = np.repeat(np.arange(len(lengths)), lengths)
        shape = (len(self.index), len(self.whole))
        entries = (np.concatenate(self.values), (rows, np.concatenate(self.index)))
        table = csc_array(coo_array(entries, shape=shape))
        limits = np.array(self.lower), np.array(self.upper)
        most = np.ones(len(self.whole))
        most[list(self.most)] = list(self.most.values())
        answer = minimise(cost, table, *limits, np.array(self.whole), seconds, gap, SLIP, most, asked)
        if answer.values is None and not answer.impossible and seconds is None and asked is None:
            raise SolveError(Text("HiGHS stopped without an answer", "HiGHS 未给出结果即停止"))
        return answer
