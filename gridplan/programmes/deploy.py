"""gp.deploy: custody and posts of a plan (SH-11, SH-15, SH-16, CD-7): tables → numbers → solve → tables."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.optimise.programme.posts import PostsProblem, PostsSolution, solve_posts
from gridplan.optimise.run.clock import Clock
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Posts
from gridplan.programmes.ground import LEVELS, TCM, Ground, note, unknown_levels
from gridplan.programmes.part import Part, goal_results
from gridplan.programmes.shortages import shortages
from gridplan.words.amount import many
from gridplan.words.errors import DataError, NoPlanInTimeError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import CUSTODY_COLUMNS, DEPLOYMENT_COLUMNS, GRID, SPECIAL, SPECIALIST

GOALS = {
    "missing": (
        Text("fewest missing experts (phase by phase) and managers", "缺额最少（专家按期计，另计管理人员）"), "expert phases and managers", 1.0,
    ),
    "need": (Text("most need met (people × levels)", "满足的需求（人 × 等级）最多"), "people", -1.0),
    "travel": (Text("least travel of experts (minutes one way, all posts)", "专家单程出行合计分钟最少"), "minutes", 1.0),
    "handovers": (Text("fewest posts that change hands between phases", "各期之间交接的岗位最少"), "posts", 1.0),
}  # fmt: skip

PLANNED = 0.8  # of the clock for the plan itself; what is left tells the price of custody
TOLD_GAP = 1e-4  # the price is told where the need without custody is proven to this


def deploy(
    plan: Plan, rule: Posts | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Which partner manages which district hospital, and which experts it keeps there, phase by phase.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Posts()`.
    above : parts made before; there are none.
    seconds : for all goals together.

    Returns
    -------
    Part with the tables "custody" and "deployment".

    Raises
    ------
    DataError : the tables departments and staff are needed, or nobody receives.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Posts) or Posts()
    lacking = [name for name in ("departments", "staff") if getattr(plan.region, name) is None]
    if lacking:
        listed = ", ".join(lacking)
        raise DataError(
            Text(f"custody and posts need the table(s) {listed}", f"托管与派驻需要数据表 {listed}"),
            Text("add them to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    made = Deployment(plan, rule)
    progress(Step(Text("custody and posts", "托管与派驻")))
    clock = Clock(seconds)
    solution = solve_posts(made.problem, None if seconds is None else PLANNED * seconds)
    if made.problem.kept.any():
        free = Text("custody and posts: the price of custody of today", "托管与派驻：现有托管的代价")
        progress(Step(free, seconds=time.perf_counter() - start))
    return made.part(solution, start, clock)


class Deployment:
    """The problem of custody and posts with its ids, and the way back."""

    def __init__(self, plan: Plan, rule: Posts) -> None:
        self.plan, self.rule, self.ground = plan, rule, Ground(plan)
        self.findings: list[Finding] = []
        self.receivers = sorted([*self.ground.served, *self.ground.tcm_receivers])
        self.served = {**dict.fromkeys(self.ground.tcm_receivers, 0), **self.ground.served}
        for h in self.ground.tcm_receivers:
            self.served[h] = self._share(h)
        self._pairs()
        self.problem = self._problem()

    def _share(self, hospital: str) -> int:
        """Residents of a district, an equal part for each TCM hospital of it."""
        district = self.ground.hospitals.at[hospital, "district_id"]
        units = self.plan.region.units
        people = units.loc[units["district_id"] == district, "people"].sum()
        sharers = sum(
            self.ground.hospitals.at[h, "district_id"] == district for h in self.ground.tcm_receivers
        )
        return int(people // sharers)

    def _pairs(self) -> None:
        """Who may manage whom: partners of the district, TCM for TCM; whoever manages today stays possible."""
        hospitals, pairs = self.ground.hospitals, self.plan.pairs
        partners = pairs[pairs["layer"] != GRID]
        district = {r: str(hospitals.at[r, "district_id"]) for r in self.receivers}
        custody = self.plan.region.custody
        today = (
            {} if custody is None else dict(zip(custody["managed_id"], custody["hospital_id"], strict=True))
        )
        found: list[tuple[str, str, bool]] = []
        for r in self.receivers:
            here = partners[partners["district_id"] == district[r]]
            tcm = here["hospital_id"].map(hospitals["category"]).isin(TCM)
            fitting = set(here.loc[tcm == (r in self.ground.tcm_receivers), "hospital_id"])
            runs = today.get(r, "")
            partner = runs in set(here["hospital_id"])
            fitting |= {runs} if partner else set()
            if runs and self.rule.keep_custody and not partner:
                who, whom = (self.plan.region.label("hospital", h) for h in (runs, r))
                self.findings.append(note(
                    "custody-not-kept", "custody",
                    f"{who} manages {whom} today, but is no partner of its district in this plan: custody passes on.",
                    f"{whom} 现由 {who} 托管，但本方案中后者不是该区合作医院，托管关系须调整。",
                    "Pin the pair in the policy to keep it.", "如需保留，请在政策中固定（pin）该结对。", r,
                ))  # fmt: skip
            if not fitting:
                whom = self.plan.region.label("hospital", r)
                self.findings.append(note(
                    "no-partner", "hospitals", f"{whom} has no partner that could manage it.", f"{whom} 没有可托管它的合作医院。",
                    "Nobody is sent there.", "不作安排。", r,
                ))  # fmt: skip
            found += [(h, r, self.rule.keep_custody and h == runs) for h in sorted(fitting)]
        if not found:
            raise self._nobody(partners.empty)
        managed = {r for _, r, _ in found}
        self.receivers = [r for r in self.receivers if r in managed]
        self.senders = sorted({h for h, _, _ in found})
        self.pairs = found
        self.district = [district[r] for r in self.receivers]

    def _nobody(self, no_partners: bool) -> DataError:
        """The error where nobody manages anybody: nobody receives, the plan has no partners, or none that fits."""
        who = [self.plan.region.label("hospital", r) for r in self.receivers]
        if not who:
            return DataError(
                Text("no district hospital receives: there is nothing to plan", "没有受援的区级医院，无可安排"),
                Text("plan under a policy with grids, or add district hospitals", "请按含网格的政策制定方案，或补充区级医院"),
            )  # fmt: skip
        whom = many(len(who), "hospital receives", "hospitals receive")
        if no_partners:
            return DataError(
                Text(f"{whom}, but the plan has no partners: nobody could manage them", f"有 {len(who)} 家受援医院，但方案没有合作结对，无人可托管"),
                Text("plan under a policy with partners ([candidates]), as shanghai-2025-grids", "请按含合作结对（[candidates]）的政策制定方案，如 shanghai-2025-grids"),
                who, Findings(self.findings),
            )  # fmt: skip
        return DataError(
            Text(f"{whom}, but no partner of their districts may manage them", f"有 {len(who)} 家受援医院，但所在区没有可托管它们的合作医院"),
            Text("TCM hospitals manage TCM hospitals, others the others: let partners of that kind in ([candidates])", "中医医院托管中医医院，其他医院托管其他医院：请在 [candidates] 中纳入该类医院"),
            who, Findings(self.findings),
        )  # fmt: skip

    def _problem(self) -> PostsProblem:
        ground, rule = self.ground, self.rule
        self.levels = ground.levels(self.receivers)
        self.findings += unknown_levels(ground, self.receivers, self.levels)
        room = np.where(np.isnan(self.levels), 0, LEVELS - np.nan_to_num(self.levels)).astype(int)
        self.people = ground.people_in_need(self.receivers, self.served)
        weight = np.array([rule.weights.get(ground.kinds[d], 1.0) for d in self.district])
        sender = np.array([self.senders.index(h) for h, _, _ in self.pairs])
        receiver = np.array([self.receivers.index(r) for _, r, _ in self.pairs])
        self.minutes = ground.minutes([h for h, _, _ in self.pairs], [r for _, r, _ in self.pairs])
        groups = [
            f"{d} {r in ground.tcm_receivers}" for d, r in zip(self.district, self.receivers, strict=True)
        ]
        within = np.full(len(self.pairs), True) if rule.minutes is None else self.minutes <= rule.minutes
        return PostsProblem(
            sender, receiver, self.minutes, np.array([k for _, _, k in self.pairs]),
            np.unique(groups, return_inverse=True)[1], room,
            self.people * room / LEVELS * weight[:, None], *self._staff(), within,
            rule.managers, rule.experts, rule.most_experts, rule.phases, rule.receive == "one_per_pair", rule.price,
        )  # fmt: skip

    def _staff(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Seats by department, posts by the expert-days of a week, managers."""
        staff, rule = self.plan.region.staff, self.rule
        assert staff is not None
        seats = np.zeros((len(self.senders), len(self.ground.codes)), dtype=int)
        posts, managers = np.full(len(self.senders), np.inf), np.full(len(self.senders), np.inf)
        place = {code: n for n, code in enumerate(self.ground.codes)}
        for n, h in enumerate(self.senders):
            own = staff[staff["hospital_id"] == h]
            if own.empty or not own["eligible"].notna().any():
                who = self.plan.region.label("hospital", h)
                self.findings.append(note(
                    "no-staff", "staff", f"The table staff knows no experts of {who}: it sends none.",
                    f"人员表中没有 {who} 的可派专家，不安排其派驻。", "Add its rows.", "请补充。", h,
                ))  # fmt: skip
            known = own[own["discipline"].isin(list(place)) & own["eligible"].notna()]
            for code, eligible in zip(known["discipline"], known["eligible"], strict=True):
                away = np.floor(rule.away * eligible + 1e-9)
                seats[n, place[code]] = min(away, np.floor(rule.rotation * eligible / rule.phases + 1e-9))
            whole = own.loc[own["discipline"] == "", "days_per_week"].dropna()
            parts = own.loc[own["discipline"] != "", "days_per_week"].dropna()
            days = whole if len(whole) else parts
            posts[n] = np.floor(days.sum() / rule.days_per_week + 1e-9) if len(days) else np.inf
            sent = own["managers"].dropna()
            managers[n] = float(sent.sum()) if len(sent) else np.inf
        return seats, posts, managers

    def part(self, solution: PostsSolution, start: float, clock: Clock) -> Part:
        """Tables, goals, sentences."""
        custody, deployment = self._custody(solution), self._deployment(solution)
        gain = self.need_met(solution.posts)
        values = {
            "missing": float(solution.missing.sum() + solution.missing_managers.sum()),
            "need": gain - self.rule.price * float(self.minutes[solution.posts[:, 0]].sum()),
            "travel": float(self.minutes[solution.posts[:, 0]].sum()),
            "handovers": float(self._handovers(solution.posts)),
        }
        facts = {
            "receivers": int((custody["basis"] != SPECIALIST).sum()), "specialist_custody": int((custody["basis"] == SPECIALIST).sum()), "posts": len(deployment), "need_met": gain,
            "kept_custody": int((custody["basis"] == "kept").sum()), "missing": int(solution.missing.sum()),
            "missing_managers": int(solution.missing_managers.sum()),
        }  # fmt: skip
        price = self._price_of_custody(clock)
        if price is not None:
            facts["need_without_custody"], facts["missing_without_custody"] = price
        self.findings += shortages(
            self.problem, self.rule, self.receivers, self.senders, self.ground, solution
        )
        return Part(
            "posts", Posts.title, {"custody": custody, "deployment": deployment},
            goal_results(solution.reached, values, GOALS), round(time.perf_counter() - start, 3),
            tuple(self._sentences(custody, deployment, facts)), Findings(self.findings), self.ground.modelled, facts,
        )  # fmt: skip

    def need_met(self, posts: np.ndarray) -> float:
        """Need that posts (rows pair, discipline, phase) meet."""
        p, held = self.problem, Counter((pair, s) for pair, s, _ in posts.tolist())
        total = 0.0
        for (pair, s), n in held.items():
            r = p.receiver[pair]
            room = int(p.room[r, s])
            total += float(p.need[r, s]) * sum(max(0, room - k) / room for k in range(n))
        return total

    def _handovers(self, posts: np.ndarray) -> int:
        held = Counter((pair, s) for pair, s, _ in posts.tolist())
        return sum(n < self.rule.phases for n in held.values())

    def _price_of_custody(self, clock: Clock) -> tuple[float, int] | None:
        """Need met, and what is missing, with keep_custody = false; None where nothing is kept, or the clock ran out."""
        if not self.problem.kept.any():
            return None
        free: PostsSolution | None = None
        with suppress(NoPlanInTimeError):
            free = solve_posts(
                replace(self.problem, kept=np.zeros(len(self.pairs), dtype=bool)),
                clock.left,
                goals=("missing", "need"),
            )
        if free is None or max(one.gap for one in free.reached) > TOLD_GAP:
            self.findings.append(note(
                "price-of-custody-not-told", "custody", "What keeping the custodies of today costs was not worked out in the time given.",
                "在给定时间内未算出保留现有托管的代价。", "Give more seconds.", "请给出更长的时间。",
            ))  # fmt: skip
            return None
        return self.need_met(free.posts), int(free.missing.sum() + free.missing_managers.sum())

    def _custody(self, solution: PostsSolution) -> pd.DataFrame:
        rule = self.rule
        last = rule.first_year + rule.tenure * rule.phases
        rows: list[tuple[object, ...]] = [
            (
                r,
                h,
                self.district[self.receivers.index(r)],
                "kept" if kept else "new",
                rule.managers,
                rule.first_year,
                last,
            )
            for (h, r, kept), on in zip(self.pairs, solution.custody, strict=True)
            if on
        ]
        rows += self._specialists(last)
        return pd.DataFrame(rows, columns=CUSTODY_COLUMNS).sort_values("managed_id", ignore_index=True)

    def _specialists(self, last: int) -> list[tuple[object, ...]]:
        """Custody of today of district specialist hospitals: kept and counted, no managers or experts are asked (SH-15)."""
        custody, hospitals = self.plan.region.custody, self.ground.hospitals
        if custody is None:
            return []
        return [
            (r, h, str(hospitals.at[r, "district_id"]), SPECIALIST, 0, self.rule.first_year, last)
            for h, r in zip(custody["hospital_id"], custody["managed_id"], strict=True)
            if r not in self.receivers
            and hospitals.at[r, "category"] in SPECIAL
            and hospitals.at[r, "tier"] == "district"
        ]

    def _deployment(self, solution: PostsSolution) -> pd.DataFrame:
        rule, rows = self.rule, []
        for pair, s, f in solution.posts.tolist():
            h, r, _ = self.pairs[pair]
            n = self.receivers.index(r)
            begin = rule.first_year + f * rule.tenure
            rows.append((
                h, r, self.ground.codes[s], f + 1, begin, begin + rule.tenure, rule.days_per_week,
                int(self.levels[n, s]), round(float(self.people[n, s])), self.minutes[pair],
            ))  # fmt: skip
        table = pd.DataFrame(rows, columns=DEPLOYMENT_COLUMNS)
        return table.sort_values(["managed_id", "phase", "discipline"], ignore_index=True)

    def _sentences(
        self, custody: pd.DataFrame, deployment: pd.DataFrame, facts: dict[str, float]
    ) -> list[Text]:
        lines = [
            Text(
                f"{facts['receivers']} district hospitals in custody of {custody['hospital_id'].nunique()} partners; "
                f"{len(deployment)} expert posts in {self.rule.phases} phases of {self.rule.tenure} years, "
                f"{facts['missing']} missing.",
                f"{custody['hospital_id'].nunique()} 家合作医院托管 {facts['receivers']} 家区级医院；"
                f"{self.rule.phases} 期（每期 {self.rule.tenure} 年）共 {len(deployment)} 个专家岗位，缺 {facts['missing']} 个。",
            )
        ]
        if "need_without_custody" in facts:
            free, kept = facts["need_without_custody"], facts["kept_custody"]
            share = 100 * (free - facts["need_met"]) / max(1.0, free)
            does, does_zh = ("costs", "少") if share >= 0 else ("brings", "多")
            more = facts["missing"] + facts["missing_managers"] - facts["missing_without_custody"]
            en, zh = (
                (f"; {many(more, 'post')} more are missing for it", f"，并多缺 {more} 个岗位")
                if more
                else ("", "")
            )
            lines.append(Text(
                f"Keeping {many(kept, 'custody', 'custodies')} of today {does} {abs(share):.2f}% of the need that would be met "
                f"otherwise (keep_custody = false){en}.",
                f"保留现有 {kept} 项托管，比不保留（keep_custody = false）{does_zh}满足需求 {abs(share):.2f}%{zh}。",
            ))  # fmt: skip
        return lines
