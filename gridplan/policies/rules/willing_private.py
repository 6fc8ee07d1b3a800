"""Private institutions, where willing (ZJ-4): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class WillingPrivate(Rule):
    """Private institutions join, or lead, only where they are marked willing (hospitals.willing = yes).

    Those of enterprises (企业医院) too: they may take part, and nobody makes them (shanghai-2025, SH-20).
    Clause: zhejiang-2020, ZJ-4 (社会办医疗机构自愿参加).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.WillingPrivate().sentence().en)
    Private and enterprise institutions join a grid, or lead it, only where marked willing.
    """

    of = "grids"
    id = "ZJ-4"
    key = "willing_private"
    title = Text("Private institutions, where willing", "社会办医自愿加入")
    rank = 1040
    wider = Text("mark a private hospital willing = yes", "将民营医院注明自愿")

    def sentence(self) -> Text:
        return Text(
            "Private and enterprise institutions join a grid, or lead it, only where marked willing.",
            "社会办、企业办医疗机构仅在注明自愿时加入或牵头网格。",
        )
