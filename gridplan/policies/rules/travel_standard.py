"""Travel standard (STANDARD): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridplan.policies.counting.case import Measured
from gridplan.policies.counting.reach import and_rows, enough, far_from_leads, nearest_partner, one_or_all
from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import layer_title


@dataclass(frozen=True)
class TravelStandard(Rule):
    """Minutes that no resident should exceed. Off by default.

    Parameters
    ----------
    minutes : float, default 60.0
        The standard.
    price : float or None, default None
        None makes it a limit; otherwise each minute beyond costs this many minutes per resident.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.TravelStandard(60).sentence().en)
    No resident travels more than 60 minutes.
    """

    minutes: float = 60.0
    price: float | None = None
    id = "STANDARD"
    key = "travel_standard"
    title = Text("Travel standard", "出行时间标准")
    rank = 100
    ranges = numbers(minutes=Range(0, open=True), price=Range(0, none=True))

    def sentence(self) -> Text:
        if self.price is None:
            return Text(
                f"No resident travels more than {self.minutes:g} minutes.",
                f"任何居民出行不超过 {self.minutes:g} 分钟。",
            )
        return Text(
            f"Each minute beyond {self.minutes:g} costs {self.price:g} minutes more per resident.",
            f"超过 {self.minutes:g} 分钟后，每多 1 分钟按每人 {self.price:g} 分钟加价。",
        )

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """Residents beyond the limit from every hospital that they may go to, the furthest first."""
        if self.price is not None:
            return
        lived = case.region.units.set_index("unit_id")["people"].reindex(case.travel.unit_ids).to_numpy() != 0
        for layer, nearest in nearest_partner(case):
            far = np.flatnonzero(np.isfinite(nearest) & lived & (nearest > self.minutes))
            for some in one_or_all(far):
                furthest = int(nearest[some].argmax())
                units = [case.travel.unit_ids[u] for u in (some[furthest], *np.delete(some, furthest))]
                label, best = case.region.label("unit", units[0]), float(nearest[some[furthest]])
                more = and_rows(case.region, units)
                what = Text(
                    f"unit {label}: nearest allowed hospital of layer {layer} is {best:.1f} min away, limit "
                    f"{self.minutes:g}{more.en}",
                    f"单元 {label}：{layer_title(layer).zh}最近可选医院 {best:.1f} 分钟，限 {self.minutes:g} 分钟{more.zh}",
                )
                yield self.refusal(units[0], what, enough(best), case.where(self.key))
        for told in far_from_leads(case, self.minutes):
            yield self.refusal(*told, case.where(f"{self.key}.minutes"))
