"""Cap per hospital (SH-3): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.rule import Cap
from gridplan.policies.rules.least_partners import LeastPartners
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class HospitalCap(Cap):
    """At most `most` districts per counted hospital, its home district included when paired.

    Clause: shanghai-2025, SH-3 (每家市级综合医院不超过3个区，含本部所在区).

    Parameters
    ----------
    most : int, default 3
        Districts of a counted hospital, 1 or more.
    override : Mapping[str, Override], optional
        Hospital id → `Override(most, reason)`; the reason is printed with the plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.HospitalCap(3).sentence().en)
    A counted hospital partners with at most 3 districts, its own included.
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
            f"每家计入上限的医院至多与 {self.most} 个区合作，含本部所在区{more.zh}。",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """More districts to which a counted hospital is pinned than it may have."""
        pinned = case.partners[case.partners["counted"] & case.partners["pinned"]]
        for hospital, rows in pinned.groupby("hospital_id") if case.cap(HospitalCap) else ():
            most, label = self.limit(str(hospital)), case.region.label("hospital", hospital)
            if len(rows) > most:
                yield self.refusal(
                    str(hospital),
                    Text(f"{label} is pinned to {len(rows)} districts, cap {most}", f"{label} 被指定给 {len(rows)} 个区，上限 {most}"),
                    Text(f"let it take {len(rows)}, or drop a pin", f"允许 {len(rows)} 个区，或去掉一项指定"),
                    case.where("pin"),
                )  # fmt: skip

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """Counted layers: all hospitals together have a place for every district."""
        least = case.rule(LeastPartners)
        for layer, rows in case.partners.groupby("layer") if case.cap(HospitalCap) else ():
            hospitals = rows.loc[rows["allowed"], "hospital_id"].unique()
            places, districts = sum(map(self.limit, hospitals)), rows["district_id"].nunique()
            needed = districts * (least.least if least is not None else 1)
            if rows["counted"].all() and places < needed:
                yield self.refusal(
                    str(layer),
                    Text(
                        f"{len(hospitals)} hospitals have {places} places for {districts} districts that need {needed}",
                        f"{len(hospitals)} 家医院共 {places} 个名额，{districts} 个区需要 {needed} 个",
                    ),
                    Text(
                        "raise the cap per hospital, or let more hospitals in",
                        "请提高每院上限，或增加候选医院",
                    ),
                    case.where(self.key),
                )
