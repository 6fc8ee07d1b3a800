"""JG-1: tiers of care; which share of which class of cases each tier should carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, number, table
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import CARE_TIERS, CASES

SHARES_CLOSE = 1e-3  # by which shares may miss 1
SHARE = {"chronic": 0.40, "common": 0.35, "acute": 0.08, "complex": 0.07, "recovery": 0.10}
PRIMARY = {"chronic": 0.85, "common": 0.75, "acute": 0.05, "complex": 0.05, "recovery": 0.40}
DISTRICT = {"chronic": 0.12, "common": 0.22, "acute": 0.60, "complex": 0.25, "recovery": 0.12}
MUNICIPAL = {"chronic": 0.01, "common": 0.03, "acute": 0.35, "complex": 0.70, "recovery": 0.03}
NURSING = {"chronic": 0.02, "recovery": 0.45}
_SHARES = table(tuple(CASES), number(0, 1))


@dataclass(frozen=True)
class Tiers(Rule):
    """Visits of residents by class of case, and what part of each class every tier should carry.

    Clause: jianggan-2019, JG-1 (tiers in words only: every number here is ours). The defaults are set so that primary care
    carries 65 % of all visits; 195 of 288 who saw an institution in a month did so at primary care, 68 % (Shanghai 2018,
    BMC HSR 2021, 21:51).

    Parameters
    ----------
    visits : float, default 3.46
        Of a resident a year (the same source, in person-months).
    share : Mapping[str, float], optional
        Class of case → share of the visits; they add up to 1.
    primary, district, municipal, nursing : Mapping[str, float], optional
        Class → part that the tier carries; the four add up to 1 for every class. A class that is not named is 0.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Tiers().sentence().en)
    Of 3.46 visits a resident and year primary care should carry 65%, district hospitals 20.2%, municipal...
    """

    visits: float = 3.46
    share: Mapping[str, float] = field(default_factory=lambda: dict(SHARE))
    primary: Mapping[str, float] = field(default_factory=lambda: dict(PRIMARY))
    district: Mapping[str, float] = field(default_factory=lambda: dict(DISTRICT))
    municipal: Mapping[str, float] = field(default_factory=lambda: dict(MUNICIPAL))
    nursing: Mapping[str, float] = field(default_factory=lambda: dict(NURSING))
    id = "JG-1"
    key = "tiers"
    of = "programme"
    title = Text("Tiers of care", "分级诊疗")
    own_values: ClassVar[Mapping[str, Check]] = {
        "visits": number(0, 100, open=True),
        "share": _SHARES, "primary": _SHARES, "district": _SHARES, "municipal": _SHARES, "nursing": _SHARES,
    }  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("share", *CARE_TIERS):
            object.__setattr__(self, name, {k: float(v) for k, v in sorted(getattr(self, name).items())})
        total = sum(self.share.values())
        self.refuse_unless(
            abs(total - 1) <= SHARES_CLOSE,
            "share",
            f"adds up to {total:g}, not 1",
            f"合计为 {total:g}，应为 1",
            "share.common = …",
        )
        for case in self.share:
            carried = sum(self.part(tier, case) for tier in CARE_TIERS)
            self.refuse_unless(
                abs(carried - 1) <= SHARES_CLOSE,
                f"primary.{case}", f"and the other tiers' parts add up to {carried:g}, not 1",
                f"与其他层级的占比合计为 {carried:g}，应为 1", f"primary.{case} = …",
            )  # fmt: skip

    def __hash__(self) -> int:
        return hash((type(self), self.visits, tuple(self.share.items()), tuple(self.primary.items())))

    def part(self, tier: str, case: str) -> float:
        """What a tier carries of a class of cases."""
        shares: Mapping[str, float] = getattr(self, tier)
        return shares.get(case, 0.0)

    def carries(self, tier: str) -> float:
        """What a tier carries of all visits."""
        return sum(share * self.part(tier, case) for case, share in self.share.items())

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        told = {tier: f"{100 * self.carries(tier):.3g}%" for tier in CARE_TIERS}
        return Text(
            f"Of {self.visits:g} visits a resident and year primary care should carry {told['primary']}, district hospitals "
            f"{told['district']}, municipal hospitals {told['municipal']}, nursing and rehabilitation {told['nursing']}, by class of "
            "case (shares are ours; the document says it in words).",
            f"每人每年 {self.visits:g} 次就诊中，基层应承担 {told['primary']}，区级医院 {told['district']}，市级医院 {told['municipal']}，"
            f"护理康复机构 {told['nursing']}（按病种类别；文件只有文字表述，比例为本软件拟定）。",
        )
