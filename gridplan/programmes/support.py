"""Weak specialties (CD-6, JG-3): which are supported from when, the ten that just missed, gaps before and after."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.optimise.programme.support import (
    Missed,
    SupportProblem,
    SupportSolution,
    full_limits,
    just_missed,
    solve_support,
)
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Support
from gridplan.programmes.ground import LEVELS, Ground, note, raised_by_posts
from gridplan.programmes.part import Part, goal_results
from gridplan.programmes.running import reached_already, running_line, running_since, running_table
from gridplan.words.amount import many
from gridplan.words.errors import DataError, PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import GAP_COLUMNS, MISSED_COLUMNS, SUPPORT_COLUMNS

WEAK, STANDARD = 1, 2  # levels: chosen are those of at most WEAK
HELD = 0.5  # what a gap is worth that a post or an alliance holds already
SHOWN = 10  # that just missed
GOALS = {
    "fill": (Text("disciplines to be filled up, most people and early", "优先补齐学科：受益人数（人 × 年）最多"), "person-years", -1.0),
    "gain": (Text("most people in need, early (people × years held)", "受益需求（人 × 扶持年数）最多"), "person-years", -1.0),
    "share": (Text("greatest share of gaps chosen in the district with the least", "入选比例最低的区入选比例最高"), "share", -1.0),
}  # fmt: skip


def lift(
    plan: Plan, rule: Support | None = None, *, above: Mapping[str, Part] | None = None,
    seconds: float | None = None, progress: Progress = silent,
) -> Part:  # fmt: skip
    """Which weak specialties are supported, from which year.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Support()`.
    above : parts made before; a gap that a post or an alliance holds is worth half.

    Returns
    -------
    Part with the tables "support", "running", "missed", "gaps".

    Raises
    ------
    DataError : the table departments is needed, or knows of no weak department.
    PolicyError : the floors of all districts add up to more than are chosen in a year, or cannot be kept with the limits.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Support) or Support()
    if plan.region.departments is None:
        raise DataError(
            Text("weak specialties need the table departments", "薄弱专业扶持需要科室表（departments）"),
            Text("add it to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    progress(Step(Text("weak specialties", "薄弱专业")))
    return _Lifting(plan, rule, above or {}).part(start, seconds)


class _Lifting:
    """The problem with its ids, and the way back."""

    def __init__(self, plan: Plan, rule: Support, above: Mapping[str, Part]) -> None:
        self.plan, self.rule, self.ground = plan, rule, Ground(plan)
        self.hospitals = sorted(self.ground.served)
        self.levels = self.ground.levels(self.hospitals)
        self.need = self.ground.people_in_need(self.hospitals, self.ground.served)
        self.district = [str(self.ground.hospitals.at[h, "district_id"]) for h in self.hospitals]
        self.with_posts = raised_by_posts(self.levels, self.hospitals, self.ground.codes, above)
        allied = self._allied(above)
        self.with_alliances = np.where(allied & (self.with_posts == WEAK), STANDARD, self.with_posts)
        self.held = (self.with_posts > self.levels) | allied
        self.running = running_since(plan, rule)
        row, column = np.nonzero(self.levels <= WEAK)
        keep = [
            (r, c)
            for r, c in zip(row, column, strict=True)
            if (self.hospitals[r], self.ground.codes[c]) not in self.running
        ]
        if not keep:
            raise DataError(
                Text("no department of a receiving hospital is known to be weak", "没有已知薄弱的科室"),
                Text("fill in departments.level", "请填写科室表的能力等级"),
            )
        self.at = np.array(keep)
        self.findings: list[Finding] = [*self._nothing_to_fill()]

    def _allied(self, above: Mapping[str, Part]) -> np.ndarray:
        """(hospitals, disciplines) bool: whether the district has an alliance in it."""
        table = above["alliances"].tables["alliances"] if "alliances" in above else None
        pairs = set() if table is None else set(zip(table["district_id"], table["discipline"], strict=True))
        return np.array([[(d, code) in pairs for code in self.ground.codes] for d in self.district])

    def problem(self) -> SupportProblem:
        """Numbers; refuses floors that arithmetic shows impossible, and notes what cannot be done in full."""
        rule, (row, column) = self.rule, self.at.T
        names, district = np.unique([self.district[r] for r in row], return_inverse=True)
        least = self._floors(names, row, district)
        fill = np.array([rule.fills(self.ground.codes[c]) for c in column])
        return SupportProblem(
            self.people(), row, column, district, fill, rule.years, rule.per_year, rule.per_hospital,
            rule.per_discipline, rule.district_most, least,
        )  # fmt: skip

    def _floors(self, names: np.ndarray, row: np.ndarray, district: np.ndarray) -> np.ndarray:
        """(districts,) chosen in a year at least: `district_least`, less where a district has not so many for all years."""
        rule, count = self.rule, len(names)
        asked, total = rule.district_least, rule.district_least * count
        if total > rule.per_year:
            most = rule.per_year // count
            raise PolicyError(
                Text(
                    f"support.district_least = {asked} in {many(count, 'district')} adds up to {total}, more than "
                    f"per_year = {rule.per_year}",
                    f"support.district_least = {asked}，{count} 个区合计 {total}，超过 per_year = {rule.per_year}",
                ),
                Text(
                    f"write district_least = {most}{' or less' if most else ''}, or per_year = {total} or more",
                    f"请写 district_least = {most}{' 或更小' if most else ''}，或 per_year = {total} 或更大",
                ),
            )
        least = np.minimum(asked, np.bincount(district) // rule.years)
        for d in range(count):
            own = np.unique(row[district == d], return_counts=True)[1]
            most = int(np.minimum(own, rule.per_hospital * rule.years).sum() // rule.years)
            where = self.plan.region.label("district", names[d])
            if most < least[d]:
                raise PolicyError(
                    Text(
                        f"support.district_least = {asked}: {where} can have {most} a year, with at most per_hospital = "
                        f"{rule.per_hospital} of each of its {many(len(own), 'hospital')}",
                        f"support.district_least = {asked}：{where}每年至多 {most} 个（{len(own)} 家医院，每院至多 per_hospital = "
                        f"{rule.per_hospital}）",
                    ),
                    Text(
                        f"write district_least = {most}{' or less' if most else ''}, or a larger per_hospital",
                        f"请写 district_least = {most}{' 或更小' if most else ''}，或增大 per_hospital",
                    ),
                )
            if least[d] < asked:
                size = int((district == d).sum())
                self.findings.append(note(
                    "floor-lowered", "departments",
                    f"{where} has {many(size, 'weak department')} for {many(rule.years, 'year')}: its floor is {least[d]} a "
                    f"year, not district_least = {asked}.",
                    f"{where}共有 {size} 个薄弱科室，分 {rule.years} 年：每年下限取 {least[d]}，而非 district_least = {asked}。",
                    "Nothing needs to be done where it has no more.", "如确无更多薄弱科室，无需处理。", str(names[d]),
                ))  # fmt: skip
        return least

    def _nothing_to_fill(self) -> Iterator[Finding]:
        """Disciplines that are to be filled up, and of which no weak department may be chosen."""
        there = {self.ground.codes[c] for c in self.at[:, 1]}
        for code in self.rule.fill:
            name = discipline_name(code)
            if not any(code in (one, one[:2]) for one in self.ground.codes):
                yield note(
                    "nothing-to-fill", "needs", f"support.fill: nothing is known of the need for {name.en} ({code}): it is not planned.",
                    f"support.fill：没有{name.zh}（{code}）的需求数据，未作安排。",
                    "Add its rows to the table needs.", "请在需求表中补充。", code,
                )  # fmt: skip
            elif not any(code in (one, one[:2]) for one in there):
                yield note(
                    "nothing-to-fill", "departments",
                    f"support.fill: no department of {name.en} ({code}) that is not supported yet is known to be weak.",
                    f"support.fill：{name.zh}（{code}）没有尚未扶持的已知薄弱科室。",
                    "Where there are some, fill in departments.level.", "如确有薄弱科室，请填写科室表的能力等级。", code,
                )  # fmt: skip

    def people(self) -> np.ndarray:
        """(candidates,) people in need, by the share of the gap; half where a post or an alliance holds it."""
        row, column = self.at.T
        gap = (LEVELS - self.levels[row, column]) / LEVELS
        return np.round(self.need[row, column] * gap * np.where(self.held[row, column], HELD, 1.0))

    def part(self, start: float, seconds: float | None) -> Part:
        """Tables, goals, sentences."""
        p = self.problem()
        solution = self._solved(p, seconds)
        support = self._support(p, solution)
        gaps = self._gaps(support)
        held = np.where(solution.year >= 0, p.years - solution.year, 0)
        share = [float((held[p.district == d] > 0).mean()) for d in np.unique(p.district)]
        values = {
            "fill": float((p.people * held)[p.fill].sum()), "gain": float((p.people * held).sum()), "share": min(share),
        }  # fmt: skip
        missed, kept_out = just_missed(p, solution.year)
        missed = missed[:SHOWN]
        chosen, all_people = len(support), float(p.people.sum())
        reached = float(p.people[solution.year >= 0].sum())
        facts = {
            "candidates": len(p.people),
            "chosen": chosen,
            "running": len(self.running),
            "people": reached,
            "people_all": all_people,
            "kept_out": len(kept_out),
        }
        this_year = int((solution.year == 0).sum())
        sentences: tuple[Text, ...] = (
            Text(
                f"{this_year} weak specialties this year, {chosen} of {len(p.people)} in {p.years} years: "
                f"{100 * reached / max(1.0, all_people):.1f}% of the need in gaps.",
                f"本年度扶持 {this_year} 个薄弱专业，{p.years} 年共 {chosen} 个（薄弱科室共 {len(p.people)} 个），"
                f"覆盖缺口需求的 {100 * reached / max(1.0, all_people):.1f}%。",
            ),
            _missed_line(missed, len(kept_out)),
        )
        running = running_table(self.plan, self.rule, self.running)
        self.findings += reached_already(self.plan, running)
        sentences += (running_line(running, support),) if len(running) else ()
        tables = {
            "support": support,
            "running": running,
            "missed": self._missed(p, solution, missed),
            "gaps": gaps,
        }
        modelled = tuple(name for name in self.ground.modelled if name in ("departments", "support", "needs"))
        return Part(
            "support", Support.title, tables, goal_results(solution.reached, values, GOALS),
            round(time.perf_counter() - start, 3), sentences, Findings(self.findings), modelled, facts,
        )  # fmt: skip

    def _solved(self, p: SupportProblem, seconds: float | None) -> SupportSolution:
        try:
            return solve_support(p, seconds)
        except DataError as error:  # only floors ask for anything
            rule = self.rule
            raise PolicyError(
                Text(
                    f"support.district_least = {rule.district_least} cannot be kept in every district together with "
                    f"per_hospital = {rule.per_hospital} and per_discipline = {rule.per_discipline}",
                    f"support.district_least = {rule.district_least} 无法在各区与 per_hospital = {rule.per_hospital}、"
                    f"per_discipline = {rule.per_discipline} 同时满足",
                ),
                Text(
                    "write a smaller district_least, or a larger per_discipline",
                    "请减小 district_least，或增大 per_discipline",
                ),
            ) from error

    def _ids(self, c: int) -> tuple[str, str]:
        return self.hospitals[self.at[c][0]], self.ground.codes[self.at[c][1]]

    def _support(self, p: SupportProblem, solution: SupportSolution) -> pd.DataFrame:
        rank = np.argsort(np.argsort(-p.people, kind="stable"), kind="stable") + 1
        rows = [
            (
                *self._ids(c),
                self.rule.first_year + int(y),
                self.rule.first_year + int(y) + self.rule.years,
                int(p.people[c]),
                int(rank[c]),
            )
            for c, y in enumerate(solution.year)
            if y >= 0
        ]
        table = pd.DataFrame(rows, columns=SUPPORT_COLUMNS)
        return table.sort_values(["year_started", "rank"], ignore_index=True)

    def _missed(self, p: SupportProblem, solution: SupportSolution, missed: Sequence[Missed]) -> pd.DataFrame:
        """The nearest of those not chosen: in whose place each would stand, and by how many people it is short of it."""
        rows = [
            (
                *self._ids(m.candidate),
                int(p.people[m.candidate]),
                self.rule.first_year + m.year,
                *self._ids(m.displaced),
                int(m.margin),
                " ".join(full_limits(p, solution.year, m.candidate, m.year)),
            )
            for m in missed
        ]
        return pd.DataFrame(rows, columns=MISSED_COLUMNS)

    def _gaps(self, support: pd.DataFrame) -> pd.DataFrame:
        """District × discipline: the best level, and people whose own hospital is below standard, step by step."""
        lifted = set(zip(support["hospital_id"], support["discipline"], strict=True)) | set(self.running)
        after = self.with_alliances.copy()
        for n, h in enumerate(self.hospitals):
            for s, code in enumerate(self.ground.codes):
                if (h, code) in lifted:
                    after[n, s] = max(after[n, s], STANDARD)
        steps = (self.levels, self.with_posts, self.with_alliances, after)
        rows = []
        for d in sorted(set(self.district)):
            mine = [n for n, own in enumerate(self.district) if own == d]
            for s, code in enumerate(self.ground.codes):
                if np.isnan(self.levels[mine, s]).all():
                    continue
                need = self.need[mine, s]
                left = [int(need[level[mine, s] < STANDARD].sum()) for level in steps]
                rows.append(
                    (d, code, int(np.nanmax(self.levels[mine, s])), int(np.nanmax(after[mine, s])), *left)
                )
        return pd.DataFrame(rows, columns=GAP_COLUMNS)


def _missed_line(missed: Sequence[Missed], kept_out: int) -> Text:
    """By how many people the next missed the list, and how many only limits keep out."""
    en, zh = "No department just missed the list.", "没有差一点入选的专业。"
    if missed:
        least, most = (f"{one.margin:,.0f}" for one in (missed[0], missed[-1]))
        en = (
            f"The {len(missed)} that just missed are {least} to {most} people short of the one that each would replace "
            "(missed.csv)."
        )
        zh = f"差一点入选的 {len(missed)} 个专业，与各自可替换的入选专业相差 {least} 至 {most} 人（见 missed.csv）。"
    if kept_out:
        en += f" {kept_out} more have more people than the last one chosen: limits or floors keep them out."
        zh += f"另有 {kept_out} 个专业需求人数多于末位入选者，因限额或下限未能入选。"
    return Text(en, zh)
