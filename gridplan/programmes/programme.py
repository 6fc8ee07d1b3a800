"""Programme: a plan and the parts that hang on it. The plan is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from gridplan.judging.programme.claims import Claimed
from gridplan.judging.programme.judge_programme import judge_programme
from gridplan.judging.verdict import Verdict
from gridplan.optimise.run.outcome import Status
from gridplan.plans.plan import Plan
from gridplan.policies.rule import Rule
from gridplan.programmes.part import Part
from gridplan.words.findings import Findings
from gridplan.words.html import card, said
from gridplan.words.text import Language, Text, two_halves

ORDER = Text("Each part is proven given the parts above it.", "每一部分在前一部分之上求解并证明。")
BY_WEIGHT = Text(
    "residents × the catalogue's weight of need", "常住人口 × 目录需求权重"
)  # without the table needs


@dataclass(frozen=True, eq=False)
class Programme:
    """What hangs on a plan: who manages whom, who is sent, and the parts after it.

    Parameters
    ----------
    plan : Plan
        The plan; its partners and grids stand.
    parts : tuple[Part, ...]
        In the order they were made: "posts", "alliances", "support".
    rules : Mapping[str, tuple[Rule, ...]]
        Part → the rules that it was made under.
    findings : Findings
        Parts that are off, and why.
    """

    plan: Plan
    parts: tuple[Part, ...]
    rules: Mapping[str, tuple[Rule, ...]]
    findings: Findings

    @property
    def name(self) -> str:
        """That of the plan."""
        return self.plan.name

    @property
    def status(self) -> Status:
        """ "optimal" when every part is."""
        return "optimal" if all(part.status == "optimal" for part in self.parts) else "feasible"

    def part(self, name: str) -> Part:
        """One part.

        Raises
        ------
        KeyError : there is none of that name.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"no part {name!r}; there are {', '.join(part.name for part in self.parts)}")

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, by the name of their file without ".csv"."""
        return {name: table for part in self.parts for name, table in part.tables.items()}

    @property
    def marked(self) -> dict[str, pd.DataFrame]:
        """The same, with a last column that names the modelled tables that they rest on."""
        return {name: table for part in self.parts for name, table in part.marked.items()}

    @property
    def modelled(self) -> tuple[str, ...]:
        """Modelled tables that something here rests on."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.modelled))

    @property
    def notes(self) -> tuple[Text, ...]:
        """What must be read with every figure."""
        if not self.modelled:
            return (ORDER,)
        return (self.told_modelled(*self.modelled), ORDER)

    def told_modelled(self, *tables: str) -> Text:
        """That tables are modelled, and how each came about, as region.toml says."""
        ways = {"needs": BY_WEIGHT} | {
            t: two_halves(how) for t, how in self.plan.region.modelled_tables.items()
        }
        return Text(
            f"Modelled, not measured: {'; '.join(f'{t} ({ways[t].en})' for t in tables)}. Every figure here rests on them.",
            f"以下数据为推算，并非实测：{'；'.join(f'{t}（{ways[t].zh}）' for t in tables)}。此处所有数字均以此为据。",
        )

    def verify(self) -> Verdict:
        """The verdict of the judge, from the tables alone."""
        tables = {name: table.assign(row=range(2, len(table) + 2)) for name, table in self.tables.items()}
        figures = {part.name: {goal.goal: goal.value for goal in part.goals} for part in self.parts}
        plan = self.plan
        claimed = Claimed(plan.region, plan.policy, plan.pairs, plan.assignment, tables, figures)
        return judge_programme(self.name, claimed, self.rules)

    def summary(self, lang: Language = "en") -> str:
        """The programme in a few lines a planner understands."""
        head = Text(f"Programme of {self.name}", f"{self.name}：实施方案").say(lang)
        lines = [head, *(note.say(lang) for note in self.notes)]
        for part in self.parts:
            lines += part.lines(lang)
        lines += [finding.line(lang) for finding in self.findings]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        parts = ", ".join(f"{part.name} {sum(map(len, part.tables.values()))} rows" for part in self.parts)
        return f"Programme {self.plan.region.name}: {parts or 'no parts'}"

    def _repr_html_(self) -> str:
        return card(
            Text(f"Programme of {self.name}", f"{self.name}：实施方案"),
            *(said(n, "p") for n in self.notes),
            *(part._repr_html_() for part in self.parts),
        )
