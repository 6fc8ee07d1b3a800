"""Telemedicine (CD-4): which strong departments become hubs, and for which grids far away."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.optimise.programme.hubs import HubsProblem, HubsSolution, solve_hubs
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Hubs
from gridplan.programmes.ground import LEVELS, Ground, haversine_km, note
from gridplan.programmes.part import Part, goal_results
from gridplan.programmes.way.ways import per_km
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, LINK_COLUMNS, SPOKE_COLUMNS

LEADING = ("national", "city", "tcm")  # key specialties that count as strong whatever their level
GOALS = {
    "gain": (Text("most need (weighted) beyond the standard that is linked", "远程覆盖的远距离需求（加权）最多"), "need", -1.0),
    "hubs": (Text("fewest hubs for it", "所用远程中心最少"), "hubs", 1.0),
    "own": (Text("given these grids, most of it linked to a partner of the district", "在此基础上由本区合作医院承担的最多"), "need", -1.0),
}  # fmt: skip


def link(
    plan: Plan, rule: Hubs | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Hubs and links; the need of a grid is far where its residents live beyond the standard from any strong department.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Hubs()`.

    Returns
    -------
    Part with the tables "links" and "far".

    Raises
    ------
    DataError : the table departments is needed, with a strong department.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Hubs) or Hubs()
    table = plan.region.departments
    if table is None or not _strong(table).any():
        raise DataError(
            Text(
                "telemedicine needs the table departments with a strong department",
                "远程医疗需要含优势科室的科室表（departments）",
            ),
            Text("fill in level or key, and plan again", "请填写 level 或 key 后重新制定方案"),
        )
    progress(Step(Hubs.title))
    made = _Linking(plan, rule)
    solution = solve_hubs(made.problem(), seconds)
    return made.part(solution, start)


def _strong(table: pd.DataFrame) -> pd.Series:
    return (table["level"] >= LEVELS) | table["key"].isin(LEADING)


class _Linking:
    """The problem with its ids, and the way back."""

    def __init__(self, plan: Plan, rule: Hubs) -> None:
        self.plan, self.rule, self.ground = plan, rule, Ground(plan)
        table = plan.region.departments
        assert table is not None
        rows = table[_strong(table) & table["discipline"].isin(self.ground.codes)]
        keys = set(zip(rows["hospital_id"], rows["discipline"], strict=True))
        self.holders = sorted((str(h), str(s)) for h, s in keys if h in self.ground.hospitals.index)
        far, held = (
            self._far(),
            {code for _, code in self.holders},
        )  # what nobody has is a gap, not far; a lead that has it itself is its grid's own
        self.spokes = [
            (lead, code, int(far[n, s]))
            for n, lead in enumerate(self.leads)
            for s, code in enumerate(self.ground.codes)
            if far[n, s] >= 1 and code in held and (lead, code) not in self.holders
        ]

    def _far(self) -> np.ndarray:
        """(receivers, disciplines) people in need who live beyond the standard from every holder; the need is the ground's."""
        units, need = self.plan.region.units, self.ground.unit_needs
        self.leads = sorted(self.ground.served)
        grid = self.plan.assignment[self.plan.assignment["layer"] == GRID]
        lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
        of = np.array([str(lead.get(u, "")) for u in units["unit_id"]])
        beyond = self._beyond()
        out = np.zeros((len(self.leads), len(self.ground.codes)))
        people = units["people"].to_numpy(float)
        for n, h in enumerate(self.leads):
            share, here = 1.0, of == h
            if not here.any():
                here = (units["district_id"] == self.ground.hospitals.at[h, "district_id"]).to_numpy()
                share = self.ground.served[h] / max(1.0, float(people[here].sum()))
            out[n] = np.floor(share * (need * beyond)[here].sum(axis=0) + 1e-6)
        return out

    def _beyond(self) -> np.ndarray:
        """(units, disciplines) bool: farther than the standard from every site of every holder."""
        units, hospitals, branches = self.plan.region.units, self.ground.hospitals, self.plan.region.branches
        campus = branches[(branches["status"] == "open") & (branches["relation"] == "campus")]
        minute = np.array([per_km(self.ground, d) for d in units["district_id"]])
        lon, lat = units["lon"].to_numpy(float)[:, None], units["lat"].to_numpy(float)[:, None]
        nearest: dict[str, np.ndarray] = {}
        for h in {h for h, _ in self.holders}:
            sites = pd.concat(
                [hospitals.loc[[h], ["lon", "lat"]], campus.loc[campus["hospital_id"] == h, ["lon", "lat"]]]
            ).dropna()
            if len(sites):
                km = haversine_km(lon, lat, sites["lon"].to_numpy(float), sites["lat"].to_numpy(float))
                nearest[h] = np.round(km.min(axis=1) * minute, 4)
        out = np.ones((len(units), len(self.ground.codes)), dtype=bool)
        for h, code in self.holders:
            if h in nearest:
                out[:, self.ground.codes.index(code)] &= nearest[h] > self.rule.minutes
        return out

    def problem(self) -> HubsProblem:
        """Numbers."""
        codes, home, partners = self.ground.codes, self.ground.hospitals["district_id"], self.ground.partners
        own = [
            [h in partners.get(str(home[lead]), set()) for h, _ in self.holders] for lead, _, _ in self.spokes
        ]  # fmt: skip
        return HubsProblem(
            np.array([people for _, _, people in self.spokes], dtype=float),
            np.array([codes.index(code) for _, code, _ in self.spokes], dtype=int),
            np.array([codes.index(code) for _, code in self.holders], dtype=int),
            np.array(own, dtype=bool).reshape(len(self.spokes), len(self.holders)), self.rule.hubs, self.rule.links,
        )  # fmt: skip

    def part(self, solution: HubsSolution, start: float) -> Part:
        """Tables, goals, sentences."""
        rows = [
            (self.holders[int(m)][0], lead, code, people)
            for (lead, code, people), m in zip(self.spokes, solution.hub, strict=True) if m >= 0
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=LINK_COLUMNS).sort_values(
            ["discipline", "hospital_id", "lead_id"], ignore_index=True
        )
        far = pd.DataFrame(self.spokes, columns=SPOKE_COLUMNS)
        home = self.ground.hospitals["district_id"]
        own = [
            h in self.ground.partners.get(str(home[lead]), set())
            for h, lead in zip(table["hospital_id"], table["lead_id"], strict=True)
        ]
        hubs = int(table[["hospital_id", "discipline"]].drop_duplicates().shape[0])
        values = {
            "gain": float(table["people"].sum()),
            "hubs": float(hubs),
            "own": float(table.loc[own, "people"].sum()),
        }
        whole = int(far["people"].sum())
        line = Text(
            f"{hubs} hubs are linked to {len(table)} grids and disciplines: {100 * values['gain'] / max(1, whole):.0f}% of the need beyond "
            f"{self.rule.minutes:g} minutes.",
            f"{hubs} 个远程中心连接 {len(table)} 个网格科室，覆盖 {self.rule.minutes:g} 分钟以外需求的 {100 * values['gain'] / max(1, whole):.0f}%。",
        )
        findings = [] if self.spokes else [note(
            "nobody-is-far", "departments", f"Nobody lives farther than {self.rule.minutes:g} minutes from a strong department: no hub is needed.",
            f"没有居民距优势科室超过 {self.rule.minutes:g} 分钟：无需设置远程中心。", "Lower minutes, if you want.", "如需设置，请降低 minutes。",
        )]  # fmt: skip
        modelled = tuple(name for name in self.ground.modelled if name in ("departments", "needs"))
        facts = {
            "hubs": hubs,
            "links": len(table),
            "spokes": len(far),
            "people": int(values["gain"]),
            "people_far": whole,
        }
        return Part(
            "links", Hubs.title, {"links": table, "far": far}, goal_results(solution.reached, values, GOALS),
            round(time.perf_counter() - start, 3), (line,), Findings(findings), modelled, facts,
        )  # fmt: skip
