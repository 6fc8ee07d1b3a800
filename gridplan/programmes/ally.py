"""Alliances and signature specialties (SH-12, CD-3, LZ-4): who leads where, and what each grid is known for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.optimise.programme.alliances import AlliancesProblem, AlliancesSolution, solve_alliances
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Alliances, Signatures
from gridplan.programmes.borders import grid_borders, look_alikes, usual_look_alikes
from gridplan.programmes.ground import LEVELS, Ground, note, raised_by_posts, unknown_levels
from gridplan.programmes.part import Part, goal_results
from gridplan.words.errors import DataError, PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import ALLIANCE_COLUMNS, GRID, KINDS, SIGNATURE_COLUMNS, both_words

OTHERS = "others"  # kinds of district that the order of goals does not name
GOALS = {
    "unsigned": (Text("signature specialties that are missing", "缺少的特色专科数"), "signatures", 1.0),
    "alike": (Text("look-alike borders (a signature shared by neighbouring grids)", "邻近网格特色雷同处"), "borders", 1.0),
    "strength": (Text("greatest strength of signatures", "特色专科实力最强"), "levels", -1.0),
}  # fmt: skip


def need_text(kind: str) -> Text:
    """What the goal of one kind of district counts."""
    where = Text("other districts", "其他区") if kind == OTHERS else both_words(KINDS, kind)
    return Text(
        f"most need (weighted) reached by an alliance: {where.en}",
        f"专科联盟覆盖需求（加权）最多：{where.zh}",
    )


def ally(
    plan: Plan, rules: tuple[Alliances | Signatures, ...] = (), *, above: Mapping[str, Part] | None = None,
    seconds: float | None = None, progress: Progress = silent,
) -> Part:  # fmt: skip
    """Alliances of leading departments with districts, and signature specialties of grids, in one model.

    Parameters
    ----------
    rules : of the two; by default those of the plan's policy, else both with their usual numbers.
    above : parts made before; a department with a post counts one level more.

    Returns
    -------
    Part with the tables "alliances" and "signatures".

    Raises
    ------
    DataError : the table departments is needed, or nobody could lead and no grid is there.
    PolicyError : there are fewer places for signatures than grids ask for.
    """
    start = time.perf_counter()
    own = tuple(r for r in (plan.policy.rule(Alliances), plan.policy.rule(Signatures)) if r is not None)
    rules = rules or own or (Alliances(), Signatures())
    if plan.region.departments is None:
        raise DataError(
            Text("alliances and signatures need the table departments", "专科联盟与特色专科需要科室表（departments）"),
            Text("add it to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )  # fmt: skip
    progress(Step(Text("alliances and signature specialties", "专科联盟与特色专科")))
    return _Allying(plan, rules, above or {}).part(start, seconds)


class _Allying:
    """The problem with its ids, and the way back."""

    def __init__(
        self, plan: Plan, rules: tuple[Alliances | Signatures, ...], above: Mapping[str, Part]
    ) -> None:
        self.plan, self.ground = plan, Ground(plan)
        self.allies = next((r for r in rules if isinstance(r, Alliances)), None)
        self.signs = next((r for r in rules if isinstance(r, Signatures)), None)
        self.findings: list[Finding] = []
        self.districts = [str(d) for d in plan.region.districts["district_id"]]
        self.receivers = sorted(self.ground.served)
        self.today = self.ground.levels(self.receivers)
        self.findings += unknown_levels(self.ground, self.receivers, self.today)
        self.levels = raised_by_posts(self.today, self.receivers, self.ground.codes, above)
        self._leaders()
        self._need()
        self._grids()
        if not self.leaders and not self.grids:
            raise DataError(
                Text("no department is named a key specialty, and there are no grids", "没有重点专科，也没有网格"),
                Text("fill in departments.key, or plan with grids", "请填写科室表的重点专科级别，或按含网格的政策制定方案"),
            )  # fmt: skip

    def _leaders(self) -> None:
        """Departments with reach, of hospitals that do not follow rules of their own."""
        table, hospitals = self.plan.region.departments, self.ground.hospitals
        assert table is not None
        self.leaders: list[tuple[str, str, str]] = []
        if self.allies is None:
            return
        reach = table[table["key"].isin(self.allies.reach) & table["discipline"].isin(self.ground.codes)]
        for h, code, key in sorted(reach[["hospital_id", "discipline", "key"]].itertuples(index=False)):
            if hospitals.at[h, "ownership"] == "military":
                who = self.plan.region.label("hospital", h)
                self.findings.append(note(
                    "military-leads-no-alliance", "departments", f"{who} follows rules of its own and leads no alliance (SH-20).",
                    f"{who} 为军队医院，另有规定，不牵头专科联盟（SH-20）。", "Nothing to do.", "无须处理。", h,
                ))  # fmt: skip
            else:
                self.leaders.append((h, code, key))
        if not self.leaders:
            self.findings.append(note(
                "nobody-leads", "departments", "No department is a key specialty with reach: there are no alliances.",
                "没有具辐射力的重点专科，不组建专科联盟。", "Fill in departments.key.", "请填写科室表的重点专科级别。",
            ))  # fmt: skip

    def _need(self) -> None:
        """(districts, disciplines) people in need by the share of the gap that posts leave."""
        people = self.ground.people_in_need(self.receivers, self.ground.served)
        gap = np.where(np.isnan(self.levels), 0.0, (LEVELS - np.nan_to_num(self.levels)) / LEVELS)
        home = np.array([str(self.ground.hospitals.at[h, "district_id"]) for h in self.receivers])
        rows = [(people * gap)[home == d].sum(axis=0) for d in self.districts]
        self.need = np.round(np.array(rows).reshape(len(self.districts), len(self.ground.codes)))

    def _grids(self) -> None:
        grid = self.plan.assignment[self.plan.assignment["layer"] == GRID]
        self.grids: list[str] = []
        if self.signs is None:
            return
        self.grids = sorted(map(str, grid["hospital_id"].unique()))
        if not self.grids:
            self.findings.append(note(
                "no-grids", "policy", "The plan has no grids: there are no signature specialties.",
                "本方案没有网格，不确定特色专科。", "Plan under a policy with [grids].", "请按含 [grids] 的政策制定方案。",
            ))  # fmt: skip
            return
        places, asked = self.signs.most_grids * len(self.ground.codes), self.signs.per_grid * len(self.grids)
        if places < asked:
            least = -(-asked // len(self.ground.codes))
            raise PolicyError(
                Text(
                    f"signatures.most_grids = {self.signs.most_grids} in {len(self.ground.codes)} disciplines gives {places} "
                    f"places; {len(self.grids)} grids × {self.signs.per_grid} ask for {asked}",
                    f"signatures.most_grids = {self.signs.most_grids}，{len(self.ground.codes)} 个学科共 {places} 个名额；"
                    f"{len(self.grids)} 个网格 × {self.signs.per_grid} 需 {asked} 个",
                ),
                Text(f"write most_grids = {least} or more", f"请写 most_grids = {least} 或更大"),
            )  # fmt: skip

    def problem(self) -> AlliancesProblem:
        """Numbers."""
        rule, codes = self.allies or Alliances(), self.ground.codes
        home = {h: str(self.ground.hospitals.at[h, "district_id"]) for h, _, _ in self.leaders}
        partners = self.ground.partners
        may = np.zeros((len(self.leaders), len(self.districts)), dtype=bool)
        for k, (h, code, _) in enumerate(self.leaders):
            for d, district in enumerate(self.districts):
                inside = {
                    one for one, s, _ in self.leaders if s == code and one in partners.get(district, set())
                }
                in_step = not rule.coordinate or not inside or h in inside
                may[k, d] = home[h] != district and self.need[d, codes.index(code)] > 0 and in_step
        kinds = [self.ground.kinds[d] for d in self.districts]
        self.order = [k for k in rule.order if k in kinds] + (
            [OTHERS] if set(kinds) - set(rule.order) else []
        )
        kind = np.array([self.order.index(k if k in rule.order else OTHERS) for k in kinds])
        at = [self.receivers.index(g) for g in self.grids]
        own = self.today[at] if at else np.zeros((0, len(codes)))
        keys = self._keys()
        strength = np.where(own >= 1, np.nan_to_num(own) + keys, 0.0)
        place = {g: n for n, g in enumerate(self.grids)}
        borders = [(place[a], place[b]) for a, b in grid_borders(self.plan)] if self.grids else []
        return AlliancesProblem(
            np.unique([h for h, _, _ in self.leaders], return_inverse=True)[1] if self.leaders else np.empty(0, int),
            np.array([codes.index(s) for _, s, _ in self.leaders], dtype=int),
            np.array([rule.most_of(key) for _, _, key in self.leaders], dtype=int), rule.least, self.need, may, kind,
            np.array([k != "central" for k in kinds]), rule.per_district, rule.per_hospital, rule.suburbs,
            np.array([self.districts.index(str(self.ground.hospitals.at[g, "district_id"])) for g in self.grids], dtype=int),
            strength, own == 1, np.array(borders, dtype=int).reshape(-1, 2),
            self.signs.per_grid if self.signs is not None and self.grids else 0,
            self.signs.most_grids if self.signs is not None else 1,
        )  # fmt: skip

    def _keys(self) -> np.ndarray:
        """(grids, disciplines) 1 where the lead's own department is a key specialty, of the district too."""
        table, codes = self.plan.region.departments, self.ground.codes
        assert table is not None
        keyed = table[
            (table["key"] != "") & table["hospital_id"].isin(self.grids) & table["discipline"].isin(codes)
        ]
        out = np.zeros((len(self.grids), len(codes)))
        for h, code in zip(keyed["hospital_id"], keyed["discipline"], strict=True):
            out[self.grids.index(h), codes.index(code)] = 1.0
        return out

    def part(self, start: float, seconds: float | None) -> Part:
        """Tables, goals, sentences."""
        p = self.problem()
        solution = solve_alliances(p, seconds)
        alliances = self._alliances(p, solution)
        signatures = self._signatures(p, solution, alliances)
        texts = {**GOALS, **{f"need_{k}": (need_text(k), "need", -1.0) for k in self.order}}
        reached = [
            replace(one, name=f"need_{self.order[int(one.name[5:])]}")
            if one.name.startswith("need_")
            else one
            for one in solution.reached
        ]
        alike = look_alikes(self.plan, signatures) if self.grids else []
        strength = sum(float(p.strength[g, s]) for g, s in solution.signatures.tolist())
        values = {
            "unsigned": float(p.per_grid * len(self.grids) - len(signatures)),
            "alike": float(len(alike)),
            "strength": strength,
        }
        for n, kind in enumerate(self.order):
            there = {d for d, k in zip(self.districts, p.kind.tolist(), strict=True) if k == n}
            values[f"need_{kind}"] = float(
                alliances.loc[alliances["district_id"].isin(there), "people"].sum()
            )
        self._missing(signatures)
        outer = int(p.outer[solution.alliances[:, 1]].sum()) if len(solution.alliances) else 0
        facts = {
            "alliances": len(alliances), "leaders": len(np.unique(solution.alliances[:, 0])), "outside_centre": outer,
            "people": float(alliances["people"].sum()), "people_all": float(self.need.sum()), "alike": len(alike),
            "lifted": int((signatures["lifted_by"] != "").sum()),
        }  # fmt: skip
        modelled = tuple(name for name in self.ground.modelled if name in ("departments", "needs"))
        return Part(
            "alliances", Text("Alliances and signature specialties", "专科联盟与特色专科"),
            {"alliances": alliances, "signatures": signatures}, goal_results(reached, values, texts),
            round(time.perf_counter() - start, 3), tuple(self._sentences(facts)), Findings(self.findings), modelled, facts,
        )  # fmt: skip

    def _alliances(self, p: AlliancesProblem, solution: AlliancesSolution) -> pd.DataFrame:
        rows = []
        for k, d in solution.alliances.tolist():
            h, code, reach = self.leaders[k]
            district = self.districts[d]
            inside = int(h in self.ground.partners.get(district, set()))
            rows.append((h, code, reach, district, int(p.need[d, p.discipline[k]]), inside))
        table = pd.DataFrame(rows, columns=ALLIANCE_COLUMNS)
        return table.sort_values(["district_id", "discipline"], ignore_index=True)

    def _signatures(
        self, p: AlliancesProblem, solution: AlliancesSolution, alliances: pd.DataFrame
    ) -> pd.DataFrame:
        leader = {
            (d, s): h
            for d, s, h in alliances[["district_id", "discipline", "hospital_id"]].itertuples(index=False)
        }
        rows = []
        for g, s in solution.signatures.tolist():
            lead, code = self.grids[g], self.ground.codes[s]
            by = leader[self.districts[p.grid_district[g]], code] if p.lifted[g, s] else ""
            rows.append((lead, code, int(self.today[self.receivers.index(lead), s]), by))
        return pd.DataFrame(rows, columns=SIGNATURE_COLUMNS).sort_values(
            ["lead_id", "discipline"], ignore_index=True
        )

    def _missing(self, signatures: pd.DataFrame) -> None:
        """Grids without so many signatures as are asked."""
        for g in self.grids:
            assert self.signs is not None
            has, who = int((signatures["lead_id"] == g).sum()), self.plan.region.label("hospital", g)
            if has < self.signs.per_grid:
                self.findings.append(note(
                    "signatures-missing", "departments",
                    f"The grid of {who} has {has} of {self.signs.per_grid} signature specialties: none of its departments is left "
                    "that is at level 2, or at level 1 with an alliance.",
                    f"{who} 牵头的网格只有 {has} 个特色专科（应有 {self.signs.per_grid} 个）：没有其他 2 级以上、或 1 级且有专科联盟的科室。",
                    "Check the levels of its departments.", "请核对其科室能力等级。", g,
                ))  # fmt: skip

    def _sentences(self, facts: Mapping[str, float]) -> list[Text]:
        lines = []
        if self.allies is not None:
            share = 100 * facts["people"] / max(1.0, facts["people_all"])
            lines.append(Text(
                f"{facts['alliances']} alliances led by {facts['leaders']} departments, {facts['outside_centre']} of them outside the "
                f"centre: {share:.1f}% of the need in gaps.",
                f"{facts['leaders']} 个重点专科牵头 {facts['alliances']} 个专科联盟，其中中心城区以外 {facts['outside_centre']} 个，"
                f"覆盖缺口需求的 {share:.1f}%。",
            ))  # fmt: skip
        if self.grids:
            usual = usual_look_alikes(self.plan, self.grids, self.ground.codes, self.today[[self.receivers.index(g) for g in self.grids]],
                                      self.signs.per_grid if self.signs else 0)  # fmt: skip
            lines.append(Text(
                f"{facts['alike']} look-alike borders; {usual:.1f} on average if each grid took its strongest departments, ties at "
                f"random. Lifted by an alliance: {facts['lifted']}.",
                f"邻近网格特色雷同 {facts['alike']} 处（若各取最强科室、并列随机，平均 {usual:.1f} 处）；其中 {facts['lifted']} 个特色由专科联盟提升。",
            ))  # fmt: skip
        return lines


def names_of(codes: list[str]) -> Text:
    """Several disciplines, by name."""
    names = [discipline_name(code) for code in codes]
    return Text(", ".join(n.en for n in names), "、".join(n.zh for n in names))
