"""Which hospital of a district hosts which shared centre, and for whom (LZ-3, ZJ-7, SH-19)."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.optimise.programme.goals_in_order import Reached
from gridplan.optimise.programme.hosts import HostsProblem, HostsSolution, solve_hosts
from gridplan.optimise.run.clock import Clock
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import SharedCentres
from gridplan.programmes.ground import Ground, haversine_km, note
from gridplan.programmes.part import Part, goal_results
from gridplan.programmes.way.ways import per_km
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import HOST_COLUMNS, PRIMARY, SERVICES

GOALS = {
    "none": (Text("residents whose institution finds no centre with room", "所在机构找不到有余力共享中心的居民"), "residents × services", 1.0),
    "new": (Text("fewest centres at a hospital that does not host it today", "新设的共享中心最少"), "centres", 1.0),
    "travel": (Text("least way to the centres (residents × minutes)", "到共享中心路程最少（居民 × 分钟）"), "person-minutes", 1.0),
}  # fmt: skip


def host(
    plan: Plan, rule: SharedCentres | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Hosts of shared centres, district by district, and which institution uses which.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `SharedCentres()`.

    Returns
    -------
    Part with the table "hosts".

    Raises
    ------
    DataError : the table institutions is needed.
    """
    start, clock = time.perf_counter(), Clock(seconds)
    rule = rule or plan.policy.rule(SharedCentres) or SharedCentres()
    if plan.region.institutions is None:
        raise DataError(
            Text("shared centres need the table institutions", "共享中心需要基层机构表（institutions）"),
            Text("add it to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    progress(Step(SharedCentres.title))
    made = _Hosting(plan, rule)
    districts = [str(d) for d in plan.region.districts["district_id"]]
    for n, district in enumerate(districts):
        made.district(district, clock.share(len(districts) - n))
    return made.part(start)


class _Hosting:
    """Rows of all districts."""

    def __init__(self, plan: Plan, rule: SharedCentres) -> None:
        self.plan, self.rule, self.ground = plan, rule, Ground(plan)
        self.findings: list[Finding] = []
        self.rows: list[tuple[object, ...]] = []
        self.sums: dict[str, list[Reached]] = {}
        self.values = dict.fromkeys(GOALS, 0.0)
        table = plan.region.services
        if table is None:
            self.findings.append(note(
                "centres-not-known", "services", "Nobody states which centres there are and what they can carry: any hospital may host, without a limit.",
                "未填写现有共享中心及其能力：任何受援医院均可承办，不设上限。", "Fill in the table services.", "请填写共享中心表（services）。",
            ))  # fmt: skip
        self.told = (
            {}
            if table is None
            else {(str(r["hospital_id"]), str(r["service"])): r for r in table.to_dict("records")}
        )

    def district(self, district: str, seconds: float | None) -> None:
        """Solve a district."""
        region = self.plan.region
        table = region.institutions
        assert table is not None
        users = table[table["kind"].isin(PRIMARY) & (table["district_id"] == district)].reset_index(drop=True)
        hospitals = sorted(
            h for h in self.ground.served if self.ground.hospitals.at[h, "district_id"] == district
        )
        if users.empty:
            return
        if not hospitals:
            who = region.label("district", district)
            self.findings.append(note(
                "no-host", "hospitals", f"{who} has no hospital that could host a shared centre.", f"{who} 没有可承办共享中心的医院。",
                "Add a district hospital.", "请补充区级医院。", district,
            ))  # fmt: skip
            return
        people = int(region.units.loc[region.units["district_id"] == district, "people"].sum())
        sites = self.ground.hospitals.loc[hospitals, ["lon", "lat"]].to_numpy(float)
        km = haversine_km(
            users["lon"].to_numpy(float)[:, None],
            users["lat"].to_numpy(float)[:, None],
            sites[:, 0],
            sites[:, 1],
        )
        services = list(self.rule.services)
        problem = HostsProblem(
            np.full(len(users), float(people // len(users))), np.round(km * per_km(self.ground, district), 4),
            np.array([[self._room(h, s) for h in hospitals] for s in services]),
            np.array([[self.told.get((h, s), {}).get("has") == "yes" for h in hospitals] for s in services]),
            np.array([1 if s in self.rule.one_host else self.rule.hosts for s in services]), self.rule.most_services,
        )  # fmt: skip
        solution = solve_hosts(problem, seconds)
        for one in solution.reached:
            self.sums.setdefault(one.name, []).append(one)
        self._rows(district, users["institution_id"].tolist(), hospitals, problem, solution)

    def _room(self, hospital: str, service: str) -> float:
        """Residents that a hospital can host; 0 where the table says that it cannot."""
        row = self.told.get((hospital, service), {})
        if row.get("has") == "no":
            return 0.0
        capacity = row.get("capacity", float("nan"))
        return float("inf") if capacity != capacity else float(capacity)

    def _rows(
        self, district: str, users: list[str], hospitals: list[str], p: HostsProblem, solution: HostsSolution
    ) -> None:
        for k, service in enumerate(self.rule.services):
            chosen = solution.host[k]
            opened = {int(h) for h in chosen if h >= 0}
            self.values["new"] += sum(not p.has[k, h] for h in opened)
            for i, h in enumerate(chosen.tolist()):
                if h < 0:
                    self.values["none"] += float(p.volume[i])
                    continue
                self.values["travel"] += float(p.volume[i] * p.minutes[i, h])
                self.rows.append(
                    (service, hospitals[h], str(users[i]), float(p.minutes[i, h]), int(p.volume[i]))
                )
            left = float(p.volume[chosen < 0].sum())
            if left:
                who, name = self.plan.region.label("district", district), SERVICES[service]
                self.findings.append(note(
                    "no-room-for-a-service", "services", f"{who}: {name.en} lacks room for {left:,.0f} residents.",
                    f"{who}：{name.zh}能力不足，缺口 {left:,.0f} 名居民。", "More capacity, or more hosts.", "请增加能力或承办单位。", district,
                ))  # fmt: skip

    def part(self, start: float) -> Part:
        """Table, goals, sentences."""
        table = pd.DataFrame(self.rows, columns=HOST_COLUMNS)
        reached = [
            Reached(name, sum(r.value for r in all_of), sum(r.bound for r in all_of), sum(r.seconds for r in all_of), len(all_of))
            for name, all_of in self.sums.items()
        ]  # fmt: skip
        worst = float(table["minutes"].max()) if len(table) else 0.0
        centres = int(table[["service", "host_id"]].drop_duplicates().shape[0])
        line = Text(
            f"{len(self.rule.services)} services are hosted at {centres} centres; the farthest institution is {worst:.0f} minutes away.",
            f"{len(self.rule.services)} 项共享服务由 {centres} 个中心承办，最远成员 {worst:.0f} 分钟。",
        )
        modelled = tuple(n for n in ("services", "institutions") if n in self.plan.region.modelled_tables)
        facts = {"services": len(self.rule.services), "centres": centres, "farthest_minutes": round(worst, 2)}
        return Part(
            "hosts", SharedCentres.title, {"hosts": table}, goal_results(reached, self.values, GOALS),
            round(time.perf_counter() - start, 3), (line,), Findings(self.findings), modelled, facts,
        )  # fmt: skip
