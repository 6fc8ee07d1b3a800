"""SH-12, CD-3: specialist alliances of leading departments with districts, outer suburbs first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, flag, number, number_or_none, table, words
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import KEY_SPECIALTIES, KINDS, listed_words

REACH = ("national", "city", "tcm")


@dataclass(frozen=True)
class Alliances(Rule):
    """A leading department allies with districts that are weak in its discipline.

    Clause: shanghai-2025, SH-12 (专科联盟, 重点向郊区尤其是远郊区倾斜); chengdu-2018, CD-3.

    Parameters
    ----------
    reach : tuple[str, ...], default ("national", "city", "tcm")
        Which key specialties may lead.
    most : Mapping[str, int], optional
        reach → districts that such a department leads at most; those not named, 4.
    least : int, default 3
        Districts that a department leads at least, if it leads at all.
    per_district, per_hospital : int, optional
        Alliances that a district takes in, and that a hospital leads, at most.
    order : tuple[str, ...], default ("outer_suburban", "suburban", "central")
        kinds of district whose need is reached first, one goal each: the tilt of the document. Kinds that are not
        named come last, together.
    suburbs : float or None, default None
        Least share of alliances with districts that are not central; None = off. It takes from the centre and may
        give nobody.
    coordinate : bool, default True
        Where a partner of the district leads in a discipline itself, nobody else allies there in it.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Alliances(least=3).sentence().en)
    Departments of reach (national key specialty, city key specialty, TCM specialty of strength) ally...
    """

    reach: tuple[str, ...] = REACH
    most: Mapping[str, int] = field(default_factory=lambda: {"national": 7, "city": 4, "tcm": 5})
    least: int = 3
    per_district: int = 12
    per_hospital: int = 16
    order: tuple[str, ...] = ("outer_suburban", "suburban", "central")
    suburbs: float | None = None
    coordinate: bool = True
    id = "SH-12"
    key = "alliances"
    of = "programme"
    title = Text("Specialist alliances", "专科联盟")
    own_values: ClassVar[Mapping[str, Check]] = {
        "reach": words(REACH),
        "most": table(REACH, number(1, 500, whole=True)),
        "least": number(1, 500, whole=True),
        "per_district": number(0, 500, whole=True),
        "per_hospital": number(0, 5000, whole=True),
        "order": words(tuple(KINDS)),
        "suburbs": number_or_none(0, 1),
        "coordinate": flag,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "most", dict(sorted(self.most.items())))
        for reach in self.reach:
            self.refuse_unless(
                self.least <= self.most_of(reach),
                "least", f"is {self.least}, more than most.{reach} = {self.most_of(reach)}",
                f"为 {self.least}，大于 most.{reach} = {self.most_of(reach)}", f"least = {self.most_of(reach)}",
            )  # fmt: skip

    def most_of(self, reach: str) -> int:
        """Districts that a department of this reach leads at most."""
        return self.most.get(reach, 4)

    def __hash__(self) -> int:
        return hash((type(self), self.reach, tuple(self.most.items()), self.order))

    def sentence(self) -> Text:
        who, kinds = listed_words(KEY_SPECIALTIES, self.reach), listed_words(KINDS, self.order)
        en = ", ".join(f"{self.most_of(r)}" for r in self.reach)
        share = Text("", "")
        if self.suburbs is not None:
            share = Text(
                f"; at least {100 * self.suburbs:g}% outside the centre",
                f"；中心城区以外不少于 {100 * self.suburbs:g}%",
            )
        with_ = (
            Text("; in step with the regional consortium", "；与区域医联体统筹")
            if self.coordinate
            else Text("", "")
        )
        return Text(
            f"Departments of reach ({who.en}) ally with {self.least} to {en} districts; a district takes at most "
            f"{self.per_district}, a hospital leads at most {self.per_hospital}; need is reached in this order: {kinds.en}"
            f"{share.en}{with_.en}.",
            f"有辐射力的科室（{who.zh}）与 {self.least} 至 {en} 个区组建专科联盟；每区至多 {self.per_district} 个，"
            f"每家医院至多牵头 {self.per_hospital} 个；需求覆盖次序：{kinds.zh}{share.zh}{with_.zh}。",
        )
