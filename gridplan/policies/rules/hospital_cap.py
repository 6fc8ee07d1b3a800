"""Cap per hospital (SH-3): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Cap
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class HospitalCap(Cap):
    """At most `most` districts per counted hospital, its home district included when paired.

    Clause: shanghai-2025, SH-3 (每家市级综合医院不超过3个区，含本部所在区).
    """

    most: int = 3
    of = "partners"
    id = "SH-3"
    key = "hospital_cap"
    title = Text("Cap per hospital", "每院合作区上限")
    rank = 30
    ranges = numbers(most=Range(1, whole=True))

    __hash__ = Cap.__hash__

    def sentence(self) -> Text:
        more = self._overridden()
        return Text(
            f"A counted hospital partners with at most {self.most} districts, its own included{more.en}.",
            f"每家计数医院至多与 {self.most} 个区合作，含本部所在区{more.zh}。",
        )
