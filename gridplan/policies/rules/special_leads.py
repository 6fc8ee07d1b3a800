"""TCM and maternal-and-child leads (ZJ-3): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, any_of

SPECIAL = ("tcm", "integrated_tcm", "maternal_child")  # whom the clause speaks of


@dataclass(frozen=True)
class SpecialLeads(Rule):
    """TCM hospitals may lead too, with a grid's duties; maternal-and-child hospitals where they are asked for.

    The clause supports both as leads, or as leads of alliances. A grid serves everybody, so maternal-and-child hospitals
    lead one only where `categories` names them.
    Clause: zhejiang-2020, ZJ-3 (支持中医医院、妇幼保健院牵头).

    Parameters
    ----------
    categories : tuple[str, ...], default ("tcm", "integrated_tcm")
        Categories that may lead besides those of `GridLeads`.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.SpecialLeads().sentence().en)
    Grids may also be led by TCM or integrated TCM hospitals.
    """

    categories: tuple[str, ...] = ("tcm", "integrated_tcm")
    of = "grids"
    id = "ZJ-3"
    key = "special_leads"
    title = Text("TCM and maternal-and-child leads", "中医、妇幼牵头")
    rank = 1030
    wider = Text("add [special_leads]", "加入 [special_leads]")

    def sentence(self) -> Text:
        who = any_of(CATEGORIES, self.categories)
        return Text(f"Grids may also be led by {who.en} hospitals.", f"网格也可由{who.zh}医院牵头。")
