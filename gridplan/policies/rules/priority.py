"""Priority of a pair (SH-5, SH-6): what it says and what may stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from gridplan.inputs.region import Region
from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.errors import PolicyError
from gridplan.words.text import Text

PRICES = (0.0, 5.0, 10.0, 15.0, 30.0)


@dataclass(frozen=True)
class Priority(Rule):
    """What a pair's priority (1 home or open campus … 5 no basis) costs, in minutes per resident served through it.

    Clause: shanghai-2025, SH-5 (优先考虑分院所在区；院区/院区建设规划).
    With the goal "priority" before "travel" it is a strict order instead: fewest residents through 5, then
    through 4 or 5, and so on.

    Parameters
    ----------
    prices : tuple[float, ...], default (0.0, 5.0, 10.0, 15.0, 30.0)
        Minutes per resident for priorities 1 to 5; none below the one before it.
    counterpart_years : int or None, default None
        Years that counterpart support must have lasted to be a basis (SH-6: 长期、稳定); None asks for none. A younger
        relation has priority 4, like one of which `effect` = no is stated; what nobody states is believed.
    counterpart_as_of : int or None, default None
        The year from which they are counted back; None takes the year of the region's data.
    clinics : bool, default False
        Whether an open, located outpatient clinic (门诊部) counts as a campus.
    campuses_present : bool, default True
        Whether an open, located campus of a candidate counts as a partner of its district today though no agreement is
        in the tables. To choose or to leave such a pair is then no change (SH-9), wherever changes are counted or priced.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Priority((0, 5, 10, 15, 30)).sentence().en)
    A pair's priority costs minutes per resident (1: 0, 2: 5, 3: 10, 4: 15, 5: 30).
    """

    prices: tuple[float, ...] = PRICES
    counterpart_years: int | None = None
    counterpart_as_of: int | None = None
    clinics: bool = False
    campuses_present: bool = True
    later: ClassVar[tuple[str, ...]] = (
        "counterpart_years",
        "counterpart_as_of",
        "clinics",
        "campuses_present",
    )
    of = "partners"
    id = "SH-5"
    key = "priority"
    title = Text("Priority of a pair", "结对优先次序")
    rank = 50
    ranges = numbers(
        counterpart_years=Range(1, 100, whole=True, none=True),
        counterpart_as_of=Range(1950, 2100, whole=True, none=True),
    )

    def sentence(self) -> Text:
        listed = ", ".join(f"{n}: {price:g}" for n, price in enumerate(self.prices, start=1))
        told = [
            Text(
                f"A pair's priority costs minutes per resident ({listed}).",
                f"结对优先级按每位居民折算分钟（{listed}）。",
            )
            if any(self.prices)
            else Text("The priority of a pair has no price in minutes.", "结对优先级不折算为分钟。")
        ]
        if self.counterpart_years is not None:
            told.append(
                Text(
                    f"Counterpart support is a basis from {self.counterpart_years} years on (SH-6).",
                    f"对口支援满 {self.counterpart_years} 年方作为合作基础（SH-6）。",
                )
            )
        if self.clinics:
            told.append(Text("An outpatient clinic counts as a campus.", "门诊部视同院区。"))
        if not self.campuses_present:
            told.append(
                Text(
                    "An open campus without an agreement is no partner today: to choose it is a change.",
                    "已有院区而未签约的，不视为现有合作，选用即计为变动。",
                )
            )
        return Text(" ".join(t.en for t in told), "".join(t.zh for t in told))

    def youngest(self, region: Region) -> int | None:
        """The last year in which counterpart support may have begun to be a basis; None where no years are asked for.

        Raises
        ------
        PolicyError : nobody says from which year the years are counted back.
        """
        if self.counterpart_years is None:
            return None
        stated = re.search(r"\d{4}", region.data_date)
        if self.counterpart_as_of is None and stated is None:
            raise PolicyError(
                Text(
                    "priority.counterpart_years counts back from a year, and neither the policy nor region.toml states one",
                    "priority.counterpart_years 须从某一年起回溯，而政策与 region.toml 均未注明年份",
                ),
                Text(
                    "write counterpart_as_of = 2026 in [priority], or data_date in region.toml",
                    "请在 [priority] 中写 counterpart_as_of = 2026，或在 region.toml 中写 data_date",
                ),
            )
        last = self.counterpart_as_of if stated is None or self.counterpart_as_of else int(stated[0])
        assert last is not None  # one of the two is there
        return last - self.counterpart_years
