"""LZ-4: each grid has specialties of its own, and neighbours do not look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, number
from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class Signatures(Rule):
    """So many signature specialties per grid, strong in its lead, other than those of the neighbouring grids.

    Clause: liuzhou-2016, LZ-4 (避免同质化, 一院一特色).

    Parameters
    ----------
    per_grid : int, default 2
        Signature specialties of each grid.
    most_grids : int, default 6
        Grids that share one discipline as a signature, at most.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Signatures(per_grid=2).sentence().en)
    Each grid has 2 signature specialties, other than its neighbours' where that is possible; at most 6...
    """

    per_grid: int = 2
    most_grids: int = 6
    id = "LZ-4"
    key = "signatures"
    of = "programme"
    title = Text("Signature specialties", "特色专科")
    own_values: ClassVar[Mapping[str, Check]] = {
        "per_grid": number(1, 10, whole=True),
        "most_grids": number(1, 10000, whole=True),
    }

    def sentence(self) -> Text:
        return Text(
            f"Each grid has {self.per_grid} signature specialties, other than its neighbours' where that is possible; "
            f"at most {self.most_grids} grids share one.",
            f"每个网格有 {self.per_grid} 个特色专科，尽量与相邻网格不同；同一学科至多 {self.most_grids} 个网格。",
        )
