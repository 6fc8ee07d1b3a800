"""Days upstream and team membership (LZ-2, SH-18): whose practitioners learn where, and who joins which teams."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.inputs.disciplines import disciplines
from gridplan.optimise.programme.upstream import UpstreamProblem, UpstreamSolution, solve_upstream
from gridplan.plans.grids_of_plan import standing
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Exchange
from gridplan.programmes.ground import Ground, haversine_km, note
from gridplan.programmes.part import Part, goal_results
from gridplan.words.amount import many
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, PRIMARY, TEAM_COLUMNS, UPSTREAM_COLUMNS

GOALS = {
    "missing": (Text("stays upstream without a place", "无进修名额的人次"), "stays", 1.0),
    "alone": (Text("family doctor teams that no hospital doctor joins", "没有医院医生加入的家庭医生团队"), "teams", 1.0),
    "gain": (Text("most need (weighted) whose centre learns from its discipline", "基层获得所需学科支持的需求（加权）最多"), "need", -1.0),
    "travel": (Text("least travel of those who go up (minutes one way, all stays)", "进修路程最少（单程分钟，合计）"), "minutes", 1.0),
}  # fmt: skip


def upstream(
    plan: Plan, rule: Exchange | None = None, *, above: Mapping[str, Part] | None = None,
    seconds: float | None = None, progress: Progress = silent,
) -> Part:  # fmt: skip
    """Stays of primary staff in the departments of their hospital or of the one that manages it, and team membership.

    An institution belongs to the grid of the unit it stands in (without grids, to all receiving hospitals of its district).

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Exchange()`.
    above : parts made before; with custody known, only the hospital that manages takes in beside the managed one.

    Returns
    -------
    Part with the tables "upstream" and "teams".

    Raises
    ------
    DataError : the tables institutions (with gps or teams) and departments are needed.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Exchange) or Exchange()
    lacking = [name for name in ("institutions", "departments") if getattr(plan.region, name) is None]
    if lacking:
        listed = ", ".join(lacking)
        raise DataError(
            Text(f"days upstream need the table(s) {listed}", f"基层进修需要数据表 {listed}"),
            Text("add them to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    progress(Step(Text("days upstream and teams", "基层进修与团队共建")))
    return _Exchanging(plan, rule, above or {}).part(start, seconds)


class _Exchanging:
    """The problem with its ids, and the way back."""

    def __init__(self, plan: Plan, rule: Exchange, above: Mapping[str, Part]) -> None:
        self.plan, self.rule, self.ground = plan, rule, Ground(plan)
        self.findings: list[Finding] = []
        table = plan.region.institutions
        assert table is not None
        primary = table[table["kind"].isin(PRIMARY)]
        known = primary[primary["gps"].notna() | primary["teams"].notna()].reset_index(drop=True)
        if known.empty:
            raise DataError(
                Text("no institution states its practitioners (gps) or teams", "没有基层机构填写全科医生数或团队数"),
                Text("fill in institutions.gps and institutions.teams", "请填写基层机构表的 gps、teams"),
            )  # fmt: skip
        if len(known) < len(primary):
            left = len(primary) - len(known)
            self.findings.append(note(
                "practitioners-not-known", "institutions", f"{left} of {len(primary)} institutions state neither practitioners nor teams.",
                f"{len(primary)} 家基层机构中有 {left} 家未填写全科医生与团队。", "Nothing is planned for them.", "不作安排。",
            ))  # fmt: skip
        self.institutions = known
        self._links(above)

    def _links(self, above: Mapping[str, Part]) -> None:
        """Who takes in whom: the lead of its grid, and who manages it; the lead's doctors join the teams."""
        plan, known = self.plan, self.institutions
        grid = plan.assignment[plan.assignment["layer"] == GRID]
        lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
        unit = standing(plan.region, known, "institution_id") if lead else {}
        managed = above["posts"].tables["custody"] if "posts" in above else None
        manager = (
            {} if managed is None else dict(zip(managed["managed_id"], managed["hospital_id"], strict=True))
        )
        home = {h: str(self.ground.hospitals.at[h, "district_id"]) for h in self.ground.served}
        hospitals = self.ground.hospitals
        self.links: list[tuple[int, str, bool]] = []
        for n, (key, district) in enumerate(zip(known["institution_id"], known["district_id"], strict=True)):
            own = (
                [str(lead[unit[key]])]
                if unit.get(key) in lead
                else [h for h, d in home.items() if d == district]
            )
            partners = {
                h
                for h in self.ground.partners.get(district, set())
                if hospitals.at[h, "category"] == "general"
            }
            above_own = {manager[h] for h in own if h in manager} if manager else partners
            self.links += [(n, h, True) for h in sorted(own)]
            self.links += [(n, h, False) for h in sorted(above_own - set(own))]
            if not own and not above_own:
                who = plan.region.label("institution", key)
                self.findings.append(note(
                    "no-hospital-above", "institutions", f"{who} has no hospital above it in this plan.", f"本方案中 {who} 没有上级医院。",
                    "Check its district.", "请核对其所在区。", str(key),
                ))  # fmt: skip
        self.hosts = sorted({h for _, h, _ in self.links})

    def problem(self) -> UpstreamProblem:
        """Numbers."""
        rule, known, codes = self.rule, self.institutions, self.ground.codes
        levels = self.ground.levels(self.hosts)
        given = self._places()
        takes = np.where(
            levels >= max(1, rule.least_level), np.where(np.isnan(given), rule.places, given), 0.0
        )
        gps, teams = known["gps"].fillna(0).to_numpy(float), known["teams"].fillna(0).to_numpy(float)
        stays = np.ceil(gps * rule.days / (rule.every * rule.stay) - 1e-9).astype(int)
        at = np.array([n for n, _, _ in self.links], dtype=int)
        weight = np.array([disciplines()[code].weight for code in codes])
        self.people = self._people()
        minutes = [self._minutes(n, h) for n, h, _ in self.links]
        return UpstreamProblem(
            stays, teams.astype(int) if rule.teams else np.zeros(len(known), dtype=int), at,
            np.array([self.hosts.index(h) for _, h, _ in self.links], dtype=int), np.array(minutes, dtype=float),
            np.array([own for _, _, own in self.links], dtype=bool), rule.work_days * takes / rule.stay,
            np.where(levels >= 1, rule.team_seats, 0), np.round(self.people[:, None] * weight),
        )  # fmt: skip

    def _places(self) -> np.ndarray:
        """(hosts, disciplines) places of a department, NaN where the table does not say."""
        table, out = self.plan.region.departments, np.full((len(self.hosts), len(self.ground.codes)), np.nan)
        if table is not None and "places" in table:
            row = pd.Index(self.hosts).get_indexer(table["hospital_id"])
            column = pd.Index(self.ground.codes).get_indexer(table["discipline"])
            there = (row >= 0) & (column >= 0)
            out[row[there], column[there]] = table["places"].to_numpy(float)[there]
        return out

    def _people(self) -> np.ndarray:
        """(institutions,) residents of a district, an equal part for each institution of it that is planned."""
        units = self.plan.region.units.groupby("district_id")["people"].sum()
        sharers = self.institutions["district_id"].value_counts()
        parts = [float(units.get(d, 0)) // int(sharers[d]) for d in self.institutions["district_id"]]
        return np.array(parts)

    def _minutes(self, n: int, hospital: str) -> float:
        """One way in a straight line × detour ÷ speed of the institution's district, 4 decimals."""
        one, travel = self.institutions.loc[n], self.plan.policy.travel
        to = self.ground.hospitals.loc[hospital, ["lon", "lat"]]
        km = haversine_km(float(one["lon"]), float(one["lat"]), float(to["lon"]), float(to["lat"]))
        return round(
            km * travel.detour / travel.speed_km_h[self.ground.kinds[str(one["district_id"])]] * 60, 4
        )

    def part(self, start: float, seconds: float | None) -> Part:
        """Tables, goals, sentences."""
        p = self.problem()
        solution = solve_upstream(p, seconds)
        stays, teams = self._stays(p, solution), self._teams(solution)
        learnt = {*zip(stays["institution_id"], stays["discipline"], strict=True),
                  *zip(teams["institution_id"], teams["discipline"], strict=True)}  # fmt: skip
        place = {key: n for n, key in enumerate(self.institutions["institution_id"])}
        gain = sum(float(p.weight[place[i], self.ground.codes.index(s)]) for i, s in learnt)
        values = {
            "missing": float(solution.missing.sum()), "alone": float(solution.alone.sum()), "gain": gain,
            "travel": float((stays["persons"] * stays["minutes"]).sum()),
        }  # fmt: skip
        self._short(solution)
        facts = {
            "institutions": len(self.institutions), "stays": int(stays["persons"].sum()), "missing": int(solution.missing.sum()),
            "teams": int(teams["teams"].sum()), "alone": int(solution.alone.sum()),
        }  # fmt: skip
        line = Text(
            f"{facts['stays']} stays of {self.rule.stay} days upstream a year from {len(self.institutions)} institutions, "
            f"{facts['missing']} without a place.",
            f"{len(self.institutions)} 家基层机构每年 {facts['stays']} 人次到上级医院进修（每次 {self.rule.stay} 天），缺 {facts['missing']} 个名额。",
        )
        lines = [line]
        if self.rule.teams:
            lines.append(Text(
                f"Hospital doctors join {facts['teams']} family doctor teams, {facts['alone']} are without.",
                f"医院医生加入 {facts['teams']} 个家庭医生团队，{facts['alone']} 个尚无。",
            ))  # fmt: skip
        modelled = [name for name in self.ground.modelled if name == "departments"]
        modelled += ["institutions"] if "institutions" in self.plan.region.modelled_tables else []
        return Part(
            "upstream", Exchange.title, {"upstream": stays, "teams": teams}, goal_results(solution.reached, values, GOALS),
            round(time.perf_counter() - start, 3), tuple(lines), Findings(self.findings), tuple(modelled), facts,
        )  # fmt: skip

    def _stays(self, p: UpstreamProblem, solution: UpstreamSolution) -> pd.DataFrame:
        rows = [
            (
                self.institutions.at[self.links[link][0], "institution_id"], self.links[link][1], self.ground.codes[s], count,
                count * self.rule.stay, p.minutes[link],
            )
            for link, s, count in solution.stays.tolist()
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=UPSTREAM_COLUMNS)
        return table.sort_values(["institution_id", "discipline", "hospital_id"], ignore_index=True)

    def _teams(self, solution: UpstreamSolution) -> pd.DataFrame:
        rows = [
            (self.institutions.at[self.links[link][0], "institution_id"], self.links[link][1], self.ground.codes[s], count)
            for link, s, count in solution.teams.tolist()
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=TEAM_COLUMNS)
        return table.sort_values(["institution_id", "discipline", "hospital_id"], ignore_index=True)

    def _short(self, solution: UpstreamSolution) -> None:
        """Institutions whose staff find no place: the ten with most, and how many others."""
        order = np.argsort(-solution.missing, kind="stable")
        short = [int(n) for n in order if solution.missing[n] > 0]
        for n in short[:10]:
            key = str(self.institutions.at[n, "institution_id"])
            who = self.plan.region.label("institution", key)
            self.findings.append(note(
                "no-place-upstream", "departments", f"{who} lacks {many(int(solution.missing[n]), 'place')} for stays upstream.",
                f"{who} 缺 {solution.missing[n]} 个进修名额。",
                "More places (departments.places) in its hospital, or a lower least_level.", "请增加其上级医院科室的进修名额，或降低 least_level。",
                key,
            ))  # fmt: skip
        if len(short) > 10:
            self.findings.append(note(
                "no-place-upstream", "departments", f"{many(len(short) - 10, 'other institution')} without enough places upstream.",
                f"另有 {len(short) - 10} 家基层机构缺进修名额。", "See upstream.csv.", "见 upstream.csv。",
            ))  # fmt: skip
