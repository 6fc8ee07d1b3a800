"""Progress: what long work says while it goes on, and how far value and bound are apart."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass

from gridplan.words.text import Text


@dataclass(frozen=True)
class Step:
    """One thing said.

    Parameters
    ----------
    text : Text
        What is being done.
    value, bound : float or None, default None
        Of the goal being solved: the best plan so far, and what no plan can be below; None where not known.
    seconds : float, default 0.0
        Since the solve began; 0 outside of one.

    Examples
    --------
    >>> import gridplan as gp
    >>> steps = []
    >>> _ = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"), progress=steps.append)
    >>> steps[0].text.en
    'checking the data'
    """

    text: Text
    value: float | None = None
    bound: float | None = None
    seconds: float = 0.0

    @property
    def gap(self) -> float | None:
        """The distance of value and bound ÷ max(1, size of value); None where one of them is not known."""
        if self.value is None or self.bound is None or not math.isfinite(self.value - self.bound):
            return None
        return abs(self.value - self.bound) / max(1.0, abs(self.value))

    @property
    def line(self) -> Text:
        """Text and figures in one line."""
        if self.value is None and self.bound is None:
            return self.text
        en, zh = [self.text.en], [self.text.zh]
        if self.value is not None:
            en.append(f"best {self.value:,.0f}")
            zh.append(f"当前最好 {self.value:,.0f}")
        if self.bound is not None:
            en.append(f"bound {self.bound:,.0f}")
            zh.append(f"界 {self.bound:,.0f}")
        if self.gap is not None:
            en.append(f"gap {self.gap:.3%}")
            zh.append(f"差距 {self.gap:.3%}")
        return Text(", ".join(en), "，".join(zh))

    def __str__(self) -> str:
        return self.line.en


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """For those who did not ask: to the log `gridplan` at the level INFO, which nobody sees unless he listens."""
    logging.getLogger("gridplan").info(step.line)


def note(text: Text) -> None:
    """Say what a user should know and nobody asked for: to the log `gridplan`, on stderr unless it is led elsewhere."""
    logging.getLogger("gridplan").warning(text)
