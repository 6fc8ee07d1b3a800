"""Banned pair (BAN): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.named_pair import NamedPair, nothing_to_choose
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


@dataclass(frozen=True)
class Ban(NamedPair):
    """A pair that must not be in the plan; a banned lead leads no grid there.

    Parameters
    ----------
    district_id, hospital_id : str, default ""
        The pair, by ids.
    reason : str, default ""
        Why, for people; printed with the plan.
    layer : str, default "partners"
        "partners", or "grid": the hospital leads no grid with units of the district.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Ban("T3", "H1").sentence().en)
    District T3 does not partner with H1.
    """

    id = "BAN"
    key = "ban"
    title = Text("Banned pair", "禁止结对")
    rank = 80
    wider = Text("drop a ban", "去掉一项禁止")

    def sentence(self) -> Text:
        why = self._because()
        if self.layer == GRID:
            return Text(
                f"{self.hospital_id} leads no grid in district {self.district_id}{why.en}.",
                f"{self.hospital_id} 不得在 {self.district_id} 区牵头网格{why.zh}。",
            )
        return Text(
            f"District {self.district_id} does not partner with {self.hospital_id}{why.en}.",
            f"{self.district_id} 区不得与 {self.hospital_id} 合作{why.zh}。",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Districts whose every pair with a basis is banned in a layer."""
        for (layer, district), rows in case.partners.groupby(["layer", "district_id"]):
            if not rows["allowed"].any() and (rows["priority"] <= case.worst_priority).any():
                what = nothing_to_choose(case.region, str(layer), str(district))
                hint = Text("drop a ban", "请去掉一项禁止")
                yield self.refusal(str(district), what, hint, case.where(self.key))
