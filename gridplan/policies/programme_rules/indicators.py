"""Indicators of the scorecard (SH-14) as data: indicators.csv, which a commission replaces or extends with its own list."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gridplan.words.text import Text


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Parameters
    ----------
    head : of the seven. name, numerator, denominator : in words.
    floor, target : values that score 0 and 100, in between by a straight line; a target below the floor means less is better.
    measure : what in a plan or programme measures it; "" = it comes from outside.
    """

    id: str
    head: str
    name: Text
    numerator: Text
    denominator: Text
    unit: str
    floor: float
    target: float
    measure: str
    source: str

    def score(self, value: float) -> float:
        """0 at the floor or worse, 100 at the target or better, one decimal."""
        share = (value - self.floor) / (self.target - self.floor)
        return round(100 * min(1.0, max(0.0, share)), 1)


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by id, in their order."""
    text = files(__package__).joinpath("indicators.csv").read_text(encoding="utf-8-sig")
    return {
        row["indicator_id"]: Indicator(
            row["indicator_id"], row["head"], Text(row["name_en"], row["name_zh"]),
            Text(row["numerator_en"], row["numerator_zh"]), Text(row["denominator_en"], row["denominator_zh"]), row["unit"],
            float(row["floor"]), float(row["target"]), row["measure"], row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip
