"""Urban hospital groups (CD-1): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS, any_of


@dataclass(frozen=True)
class UrbanGroups(Rule):
    """Districts of these kinds are divided into grids whose form is the urban hospital group.

    Clause: chengdu-2018, CD-1 (城市医疗集团).
    """

    kinds: tuple[str, ...] = ("central", "suburban")
    of = "grids"
    id = "CD-1"
    key = "urban_groups"
    title = Text("Urban hospital groups", "城市医疗集团")
    rank = 1070

    def sentence(self) -> Text:
        kinds = any_of(KINDS, self.kinds)
        return Text(
            f"Grids of {kinds.en} districts are urban hospital groups.", f"{kinds.zh}的网格为城市医疗集团。"
        )
