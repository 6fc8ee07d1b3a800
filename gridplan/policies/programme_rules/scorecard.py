"""SH-14: the scorecard with its seven heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, words
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import HEADS, listed_words


@dataclass(frozen=True)
class Scorecard(Rule):
    """What the plan and the programme measure themselves is filled in; what is not measured says so and lowers nothing.

    Clause: shanghai-2025, SH-14 (网格化布局、就医秩序、服务效能、基层服务能力提升、运营管理、保障机制、满意度).

    Parameters
    ----------
    heads : tuple[str, ...], default all seven
        Heads that are shown.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Scorecard(heads=("grid", "order")).sentence().en)
    The scorecard has the heads: grid layout, order of care-seeking; each indicator scores 0 to 100...
    """

    heads: tuple[str, ...] = tuple(HEADS)
    id = "SH-14"
    key = "scorecard"
    of = "programme"
    title = Text("Scorecard", "监测评价")
    own_values: ClassVar[Mapping[str, Check]] = {"heads": words(tuple(HEADS))}

    def sentence(self) -> Text:
        """What is demanded."""
        heads = listed_words(HEADS, self.heads)
        return Text(
            f"The scorecard has the heads: {heads.en}; each indicator scores 0 to 100 between its floor and its target; what is not "
            "measured says so and lowers nothing.",
            f"监测评价设{heads.zh}；各指标在下限与目标之间折算 0 至 100 分；未测的写明未测，不影响得分。",
        )
