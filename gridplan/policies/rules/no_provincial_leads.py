"""Provincial hospitals do not lead (ZJ-5): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class NoProvincialLeads(Rule):
    """Provincial hospitals do not lead grids; they are shown as higher-level partners.

    Clause: zhejiang-2020, ZJ-5 (省级医院原则上不牵头).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.NoProvincialLeads().sentence().en)
    A provincial hospital never leads a grid.
    """

    of = "grids"
    id = "ZJ-5"
    key = "no_provincial_leads"
    title = Text("Provincial hospitals do not lead", "省级医院不牵头")
    rank = 1050
    wider = Text("drop [no_provincial_leads]", "去掉 [no_provincial_leads]")

    def sentence(self) -> Text:
        return Text("A provincial hospital never leads a grid.", "省级医院不牵头网格。")
