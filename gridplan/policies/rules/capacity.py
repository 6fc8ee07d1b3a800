"""Capacity (CAPACITY): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class Capacity(Rule):
    """A hospital serves at most its stated capacity, in residents. Blank = no limit. Off by default.

    Parameters
    ----------
    source : "capacity_people" (the column as it is) or "beds".
    people_per_bed : residents per bed, needed with "beds".
    """

    source: str = "capacity_people"
    people_per_bed: float | None = None
    id = "CAPACITY"
    key = "capacity"
    title = Text("Capacity", "承载能力")
    rank = 90
    ranges = numbers(people_per_bed=Range(0, open=True, none=True))

    def sentence(self) -> Text:
        if self.source == "beds":
            return Text(
                f"A hospital serves at most {self.people_per_bed:g} residents per bed.",
                f"每家医院服务人口不超过每床 {self.people_per_bed:g} 人。",
            )
        return Text("A hospital serves at most its stated capacity.", "每家医院服务人口不超过其承载能力。")
