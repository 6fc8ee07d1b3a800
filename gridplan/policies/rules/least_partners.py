"""Least partners per district (PARTNERS): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.rule import Rule
from gridplan.policies.rules.district_cap import DistrictCap
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class LeastPartners(Rule):
    """At least `least` counted partners per district. Off by default.

    Parameters
    ----------
    least : int, default 1
        Counted partners of each district with residents, 1 or more.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.LeastPartners(2).sentence().en)
    A district partners with at least 2 counted hospitals.
    """

    least: int = 1
    of = "partners"
    id = "PARTNERS"
    key = "least_partners"
    title = Text("Least partners per district", "每区最少合作医院")
    rank = 110
    ranges = numbers(least=Range(1, whole=True))

    def sentence(self) -> Text:
        return Text(
            f"A district partners with at least {self.least} counted hospitals.",
            f"每个区至少与 {self.least} 家计入上限的医院合作。",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Districts that cannot have so many: too few candidates that count, or a cap below."""
        pairs, cap = case.partners, case.cap(DistrictCap)
        if case.partner_layers and not pairs["counted"].any():
            yield self.refusal(
                self.key,
                Text(
                    "counted partners are asked, but no candidate is counted",
                    "要求有计入上限的合作医院，但没有计入上限的候选医院",
                ),
                Text(
                    "add a category to `counted`, or drop the rule", "请在 counted 中加入类别，或去掉该规则"
                ),
                case.where(self.key),
            )
        for (_, district), rows in pairs[pairs["counted"]].groupby(["layer", "district_id"]):
            most = int(rows["allowed"].sum())
            most = most if cap is None else min(most, cap.limit(str(district)))
            if self.least > most:
                label = case.region.label("district", district)
                yield self.refusal(
                    str(district),
                    Text(
                        f"{label} must have {self.least} counted partners but can have {most}",
                        f"{label}须有 {self.least} 家计入上限的医院，但至多 {most} 家",
                    ),
                    Text("ask for fewer, or raise the cap", "请降低要求，或提高上限"),
                    case.where(self.key),
                )
