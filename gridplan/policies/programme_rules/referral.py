"""SH-13, JG-2, JG-4: the chain 1+1+1, from the community centre to the district hospital to the partner, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, number
from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class Referral(Rule):
    """Every resident has a community centre, every centre one district hospital, above it the unit's partner.

    Clause: shanghai-2025, SH-13 (1+1+1 分级转诊); jianggan-2019, JG-2 (基层首诊), JG-4 (双向转诊).

    Parameters
    ----------
    minutes : float, default 15
        Standard of the way to first contact.
    visits : float, default 3.46
        Of a resident a year ("The ecology of medical care in Shanghai", BMC HSR 2021, 21:51, in person-months).
    first_contact : float, default 0.65
        Share of them that begins at primary care (the same: 68 %).
    up_to_district, up_to_city : float, optional
        Share of first contacts referred up, and of these further up (guesses; replace them).
    down : float, default 0.053
        Share of those referred up who come down again to their centre (18,015 of 341,615: Pudong 2016, BMC Fam Pract
        2020, s12875-020-01353-0).
    stay : float, default 14
        Days that one of them stays in a bed or home bed there (a guess).
    nearest : int, default 10
        Centres that a unit's residents may go to.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Referral(minutes=20).sentence().en)
    65% of 3.46 visits a resident and year begin at one of the 10 nearest...
    """

    minutes: float = 15
    visits: float = 3.46
    first_contact: float = 0.65
    up_to_district: float = 0.06
    up_to_city: float = 0.12
    down: float = 0.053
    stay: float = 14
    nearest: int = 10
    id = "SH-13"
    key = "referral"
    of = "programme"
    title = Text("The chain 1+1+1", "1+1+1 转诊链")
    own_values: ClassVar[Mapping[str, Check]] = {
        "minutes": number(0, open=True),
        "visits": number(0, 100, open=True),
        "first_contact": number(0, 1, open=True),
        "up_to_district": number(0, 1),
        "up_to_city": number(0, 1),
        "down": number(0, 1),
        "stay": number(0, 366, open=True),
        "nearest": number(1, 1000, whole=True),
    }

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        return Text(
            f"{100 * self.first_contact:g}% of {self.visits:g} visits a resident and year begin at one of the {self.nearest} nearest "
            f"primary institutions of the district, within {self.minutes:g} minutes where it can be; each is chained to one district "
            f"hospital, {100 * self.up_to_district:g}% are referred up, {100 * self.up_to_city:g}% of these further up; "
            f"{100 * self.down:g}% come down again and stay {self.stay:g} days.",
            f"每人每年 {self.visits:g} 次就诊，其中 {100 * self.first_contact:g}% 首诊在本区最近 {self.nearest} 家基层机构之一，"
            f"尽量在 {self.minutes:g} 分钟内；每家机构只对应一家区级医院，上转 {100 * self.up_to_district:g}%，再上转 {100 * self.up_to_city:g}%；"
            f"上转者 {100 * self.down:g}% 下转，住 {self.stay:g} 天。",
        )
