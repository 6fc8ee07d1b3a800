"""CD-4: a telemedicine network, from strong departments to grids whose residents live far from any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, number
from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class Hubs(Rule):
    """So many strong departments are equipped as hubs, each linked to so many grids, where most need is far away.

    Clause: chengdu-2018, CD-4 (远程医疗协作网).

    Parameters
    ----------
    minutes : float, default 45
        A resident farther than this from every strong department of a discipline counts as far (ours).
    hubs : int, default 12
        Departments that are equipped, at most (ours).
    links : int, default 8
        Grids that one hub is linked to, at most (ours).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Hubs(hubs=3).sentence().en)
    At most 3 strong departments become hubs of telemedicine, each linked to at most 8 grids, for...
    """

    minutes: float = 45
    hubs: int = 12
    links: int = 8
    id = "CD-4"
    key = "hubs"
    of = "programme"
    title = Text("Telemedicine", "远程医疗协作网")
    own_values: ClassVar[Mapping[str, Check]] = {
        "minutes": number(0, open=True),
        "hubs": number(0, 10000, whole=True),
        "links": number(1, 10000, whole=True),
    }

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        return Text(
            f"At most {self.hubs} strong departments become hubs of telemedicine, each linked to at most {self.links} grids, for "
            f"residents farther than {self.minutes:g} minutes from any such department; most need first.",
            f"至多 {self.hubs} 个优势科室作为远程中心，每个至多连接 {self.links} 个网格，面向距同类优势科室 {self.minutes:g} 分钟以外的居民，需求多者优先。",
        )
