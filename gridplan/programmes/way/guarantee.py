"""Named groups have a primary institution within the standard, with room kept for them (CD-5)."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.optimise.programme.goals_in_order import Reached
from gridplan.optimise.programme.guarantee import GuaranteeProblem, GuaranteeSolution, solve_guarantee
from gridplan.optimise.run.clock import Clock
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import GroupGuarantee, Referral
from gridplan.programmes.ground import Ground, note
from gridplan.programmes.part import Part, goal_results
from gridplan.programmes.way.members import known
from gridplan.programmes.way.ways import Ways, stated, ways_of
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import GUARANTEE_COLUMNS, UNSERVED_COLUMNS

SHOWN = 10  # units of which it is told why
GOALS = {
    "left": (Text("people of the groups without an institution within the standard", "标准内没有基层机构的重点人群"), "people", 1.0),
    "travel": (Text("least travel of the groups (people × minutes)", "重点人群就诊路程最少（人 × 分钟）"), "person-minutes", 1.0),
}  # fmt: skip


def guarantee(
    plan: Plan, rule: GroupGuarantee | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Whose room is kept where, and who of the groups has none within the standard, and why.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `GroupGuarantee()`.

    Returns
    -------
    Part with the tables "guarantee" and "unserved".

    Raises
    ------
    DataError : the table institutions is needed, and a column of at least one group.
    """
    start, clock = time.perf_counter(), Clock(seconds)
    rule = rule or plan.policy.rule(GroupGuarantee) or GroupGuarantee()
    groups = [group for group in rule.groups if known(plan.region.units, group)]
    if plan.region.institutions is None or not groups:
        raise DataError(
            Text(
                f"the guarantee needs the table institutions and columns of the units: {', '.join(rule.groups)}",
                f"重点人群保障需要基层机构表（institutions）和单元表的列：{'、'.join(rule.groups)}",
            ),
            Text("add them to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    progress(Step(GroupGuarantee.title))
    findings = [
        note(
            "group-not-known", "units", f"The units have no column {group}: that group has no guarantee.",
            f"单元表没有 {group} 列：该人群未纳入保障。", "Add it.", "请补充。", group,
        )
        for group in rule.groups if group not in groups
    ]  # fmt: skip
    findings += _overlaps(plan, groups)
    made = _Guaranteeing(plan, rule, groups)
    districts = [str(d) for d in plan.region.districts["district_id"]]
    for n, district in enumerate(districts):
        made.district(district, clock.share(len(districts) - n))
    return made.part(start, findings)


def _overlaps(plan: Plan, groups: list[str]) -> list[Finding]:
    """Groups that are larger than their unit: no such people are there; groups that together are: some are in both."""
    units, found = plan.region.units, []
    for group in groups:
        for one in units[units[group] > units["people"]].itertuples():
            count, people = int(getattr(one, group)), int(one.people)
            found.append(note(
                "group-larger-than-unit", "units", f"{one.unit_id}: {group} = {count:,} is more than its {people:,} residents.",
                f"{one.unit_id}：{group} = {count:,} 多于常住人口 {people:,}。", "Correct one of the two.", "请更正其一。", str(one.unit_id),
            ))  # fmt: skip
    return found


class _Guaranteeing:
    """Rows of all districts."""

    def __init__(self, plan: Plan, rule: GroupGuarantee, groups: list[str]) -> None:
        self.plan, self.rule, self.groups, self.ground = plan, rule, groups, Ground(plan)
        self.referral = plan.policy.rule(Referral) or Referral()
        self.served: list[tuple[object, ...]] = []
        self.unserved: list[tuple[object, ...]] = []
        self.reached: dict[str, list[Reached]] = {}

    def district(self, district: str, seconds: float | None) -> None:
        """Solve a district; where it has no centre, all of its people are left."""
        ways = ways_of(self.ground, district, self.referral.nearest)
        cells = [
            (u, group, int(count))
            for group in self.groups
            for u, count in enumerate(ways.units[group].fillna(0).tolist())
            if count > 0
        ]
        if not cells:
            return
        at = [np.flatnonzero((ways.unit == u) & (ways.minutes <= self.rule.minutes)) for u, _, _ in cells]
        way = np.concatenate(at) if at else np.empty(0, dtype=int)
        visits = self.referral.visits * self.referral.first_contact
        problem = GuaranteeProblem(
            np.array([count for _, _, count in cells]), np.repeat(np.arange(len(cells)), [len(a) for a in at]),
            ways.centre[way], ways.minutes[way], np.floor(stated(ways.centres, "visits_capacity") / visits),
        )  # fmt: skip
        solution = solve_guarantee(problem, seconds)
        for one in solution.reached:
            self.reached.setdefault(one.name, []).append(one)
        self._rows(ways, cells, problem, solution)

    def _rows(
        self, ways: Ways, cells: list[tuple[int, str, int]], p: GuaranteeProblem, solution: GuaranteeSolution
    ) -> None:
        unit, centre = ways.units["unit_id"].tolist(), ways.centres["institution_id"].tolist()
        for n in np.flatnonzero(solution.served).tolist():
            u, group, _ = cells[int(p.cell[n])]
            self.served.append((
                str(unit[u]), group, str(centre[int(p.centre[n])]), int(solution.served[n]), float(p.minutes[n]),
            ))  # fmt: skip
        for c in np.flatnonzero(solution.left).tolist():
            u, group, _ = cells[c]
            mine = ways.minutes[ways.unit == u]
            nearest = float(mine.min()) if len(mine) else None
            reason = "none" if nearest is None else "distance" if nearest > self.rule.minutes else "capacity"
            self.unserved.append((
                str(unit[u]), group, int(solution.left[c]), reason, "" if nearest is None else f"{nearest:.1f}",
            ))  # fmt: skip

    def part(self, start: float, findings: list[Finding]) -> Part:
        """Tables, goals, sentences."""
        served = pd.DataFrame(self.served, columns=GUARANTEE_COLUMNS)
        unserved = pd.DataFrame(self.unserved, columns=UNSERVED_COLUMNS)
        reached = [
            Reached(name, sum(r.value for r in all_of), sum(r.bound for r in all_of), sum(r.seconds for r in all_of), len(all_of))
            for name, all_of in self.reached.items()
        ]  # fmt: skip
        values = {
            "left": float(unserved["people"].sum()),
            "travel": float((served["people"] * served["minutes"]).sum()),
        }
        whole, there, who = (
            int(served["people"].sum() + unserved["people"].sum()),
            int(served["people"].sum()),
            self.rule.names(),
        )
        line = Text(
            f"{there:,} of {whole:,} people ({who.en}) have a primary institution within {self.rule.minutes:g} minutes, with room kept.",
            f"{who.zh}共 {whole:,} 人，其中 {there:,} 人在 {self.rule.minutes:g} 分钟内有基层机构并预留能力。",
        )
        if whole and there < self.rule.share * whole - 1e-6:
            findings.append(note(
                "guarantee-not-kept", "institutions",
                f"{100 * there / whole:.2f}% are served, {100 * self.rule.share:g}% are guaranteed; who is left: unserved.csv.",
                f"保障率 {100 * there / whole:.2f}%，应为 {100 * self.rule.share:g}%；未覆盖者见 unserved.csv。",
                "A nearer institution, or more capacity.", "请增设基层机构或增加诊疗能力。",
            ))  # fmt: skip
        findings += [self._why(row) for row in self.unserved[:SHOWN]]
        modelled = ("institutions",) if "institutions" in self.plan.region.modelled_tables else ()
        facts = {"people": whole, "served": there, "units_left": int(unserved["unit_id"].nunique())}
        return Part(
            "guarantee", GroupGuarantee.title, {"guarantee": served, "unserved": unserved}, goal_results(reached, values, GOALS),
            round(time.perf_counter() - start, 3), (line,), Findings(findings), modelled, facts,
        )  # fmt: skip

    def _why(self, row: tuple[object, ...]) -> Finding:
        unit, group, people, reason, minutes = row
        who = self.plan.region.label("unit", str(unit))
        why = {
            "none": Text("its district has no primary institution", "所在区没有基层机构"),
            "distance": Text(
                f"the nearest institution is {minutes} minutes away", f"最近的基层机构需 {minutes} 分钟"
            ),
            "capacity": Text("the institutions within the standard are full", "标准内的基层机构能力已满"),
        }[str(reason)]
        return note(
            "group-not-served", "units", f"{who}: {people} of {group} have no institution within the standard: {why.en}.",
            f"{who}：{group} 中 {people} 人在标准内无基层机构：{why.zh}。",
            "Add an institution or capacity there.", "请在当地增设机构或增加能力。", str(unit),
        )  # fmt: skip
