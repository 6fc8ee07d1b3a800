"""Part: one part of a programme, its tables, its goals with value, bound and gap, what was noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gridplan.optimise.programme.goals_in_order import Reached
from gridplan.optimise.run.outcome import GoalResult, Status
from gridplan.words.findings import Findings
from gridplan.words.html import card, html_row, html_table
from gridplan.words.text import Language, Text

NOTHING = 1e-6  # of a goal's unit: a solver's tolerance, no figure


@dataclass(frozen=True, eq=False)
class Part:
    """One part of a programme.

    Parameters
    ----------
    name : "posts", "alliances", "members", "chains" …
    title : for people.
    tables : name of the file without ".csv" → table, ids only.
    goals : in the order they were solved, each proven given those before it and the parts before this one.
    seconds : building and solving.
    sentences : what a planner should know first.
    findings : what was missing, or could not be kept.
    modelled : the modelled tables that it rests on.
    facts : further figures, for programme.json.
    """

    name: str
    title: Text
    tables: Mapping[str, pd.DataFrame]
    goals: tuple[GoalResult, ...]
    seconds: float
    sentences: tuple[Text, ...]
    findings: Findings
    modelled: tuple[str, ...]
    facts: Mapping[str, Any]

    @property
    def gap(self) -> float:
        """The largest relative gap of any goal."""
        return max((goal.gap for goal in self.goals), default=0.0)

    @property
    def status(self) -> Status:
        """ "optimal" only when every goal is."""
        return "optimal" if all(goal.status == "optimal" for goal in self.goals) else "feasible"

    @property
    def proof(self) -> Text:
        """What it is, how far it is proven, and how long it took, in one line."""
        en, zh = "proven optimal", "已证明最优"
        if not self.goals:
            en, zh = "worked out, nothing to choose", "按规则计算，无需选择"
        elif np.isinf(self.gap):
            en, zh = "a goal without a bound in the time given", "有目标在给定时间内未求得界"
        elif self.status != "optimal":
            en, zh = f"largest gap {100 * self.gap:.4f}%", f"最大差距 {100 * self.gap:.4f}%"
        return Text(
            f"{self.title.en}: {en}, {self.seconds:.1f} s",
            f"{self.title.zh}：{zh}，用时 {self.seconds:.1f} 秒",
        )

    @property
    def marked(self) -> dict[str, pd.DataFrame]:
        """Its tables as they leave the house: a last column `modelled` names the modelled tables that each row rests on."""
        return {name: table.assign(modelled=", ".join(self.modelled)) for name, table in self.tables.items()}

    def to_frame(self, table: str = "") -> pd.DataFrame:
        """One of its tables; the first where none is named."""
        return self.tables[table or next(iter(self.tables))].copy()

    def lines(self, lang: Language = "en") -> list[str]:
        """Title, sentences, goals."""
        lines = [self.title.say(lang)]
        lines += [f"  {text.say(lang)}" for text in self.sentences]
        lines += [f"    {n}. {goal_line(goal).say(lang)}" for n, goal in enumerate(self.goals, start=1)]
        lines += [f"  {finding.what.say(lang)}" for finding in self.findings]
        return lines

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        headings = (Text("goal", "目标"), Text("value", "目标值"), Text("bound", "界"), Text("gap", "差距"))
        rows = [html_row((g.text, shown(g.value), shown(g.bound), f"{g.gap:.1e}")) for g in self.goals]
        return card(self.title, html_table(headings, rows))


def shown(value: float) -> str:
    """A figure to read: at least six digits, never in powers of ten; what is but the solver's tolerance is 0."""
    return "0" if abs(value) < NOTHING else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def goal_line(goal: GoalResult) -> Text:
    """A goal in one line: what, value, and how near to the bound."""
    figure = shown(goal.value)
    if goal.status == "optimal":
        return Text(f"{goal.text.en}: {figure}, proven optimal", f"{goal.text.zh}：{figure}，已证明最优")
    return Text(
        f"{goal.text.en}: {figure}, bound {shown(goal.bound)}, gap {100 * goal.gap:.4f}%",
        f"{goal.text.zh}：{figure}，界 {shown(goal.bound)}，差距 {100 * goal.gap:.4f}%",
    )


def goal_results(
    reached: Sequence[Reached], values: Mapping[str, float], texts: Mapping[str, tuple[Text, str, float]]
) -> tuple[GoalResult, ...]:
    """Goals as they are shown.

    Parameters
    ----------
    values : what the finished tables come to, in the shown sense.
    texts : name → words, unit, and the sign that turns a cost into what is shown (−1 where more is better).
    """
    return tuple(
        GoalResult(one.name, text, values[one.name], sign * one.bound + 0.0, unit, sign * one.value + 0.0)
        for one in reached
        for text, unit, sign in [texts[one.name]]
    )
