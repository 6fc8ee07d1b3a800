"""Trace: value and bound over time, as an engine told them."""

from __future__ import annotations

import time
from dataclasses import replace

from gridplan.words.progress import Progress, Step, silent


class Trace:
    """Passes on what an engine says, with the seconds since it began, and keeps what value and bound became.

    `solve` calls it like a `Progress`.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._tell = progress or silent
        self._start = time.perf_counter()
        self.steps: list[Step] = []

    def __call__(self, step: Step) -> None:
        step = replace(step, seconds=time.perf_counter() - self._start)
        last = self.steps[-1] if self.steps else Step(step.text)
        if (step.value, step.bound) not in ((None, None), (last.value, last.bound)):
            self.steps.append(step)
        self._tell(step)
