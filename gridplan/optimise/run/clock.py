"""Clock: seconds left of what the planner gave; none are left once the search was asked to stop."""

from __future__ import annotations

import time
from dataclasses import dataclass

from gridplan.optimise.run.interrupt import stopped


@dataclass
class Clock:
    """Seconds left of what the planner gave."""

    seconds: float | None

    def __post_init__(self) -> None:
        self.start = time.perf_counter()

    @property
    def left(self) -> float | None:
        """Seconds left, at least a tenth; None where there is no limit."""
        if stopped():
            return 0.1
        if self.seconds is None:
            return None
        return max(0.1, self.seconds - (time.perf_counter() - self.start))

    def share(self, parts: int) -> float | None:
        """An equal part of the seconds left, at least a tenth."""
        return None if self.left is None else max(0.1, self.left / parts)

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self.left is not None and self.left <= 0.1
