"""gp.plan: from a region and a policy to a plan that the judge has passed."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from gridplan.doctor.doctor import check
from gridplan.doctor.minutes import forms_of_minutes, minutes_given
from gridplan.geography.made_borders import made_borders
from gridplan.geography.travel import Travel, travel_times
from gridplan.inputs.region import Region
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.engines.choose import Engine, solve, solver_of
from gridplan.optimise.model.goal_rows import stage_value
from gridplan.optimise.model.pulp_door import engine_version
from gridplan.optimise.problem import Problem
from gridplan.optimise.rules import constraints
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import Outcome
from gridplan.optimise.what_if.solve_again import solve_again
from gridplan.plans.plan import LayerResult, Plan
from gridplan.plans.verdict_of import verdict_of
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.preflight import preflight, refuse, unstated
from gridplan.words.arguments import a_kind, check_limits
from gridplan.words.errors import DataError, NoPlanInTimeError, PolicyError
from gridplan.words.findings import Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text, both
from gridplan.words.version import VERSION
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS, GRID, PAIR_COLUMNS, TRAVEL_METHODS

PREFERENCE_SECONDS = 10.0  # for what the priorities of a proven layer cost; else it is left out
WIND_UP_SECONDS = 10.0  # for each layer that is left after Ctrl-C
PACKAGES = (
    "geopandas",
    "shapely",
    "pulp",
    "highspy",
    "numpy",
    "pandas",
    "scikit-learn",
)


def plan(
    region: Region,
    policy: Policy,
    *,
    travel: Travel | pd.DataFrame | np.ndarray | None = None,
    engine: Engine = "auto",
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    checked: Findings | None = None,
    progress: Progress = silent,
) -> Plan:
    """Assign every resident to a partner hospital under the policy, with a proof.

    Parameters
    ----------
    region : Region
        The city.
    policy : Policy
        Its rules and goals.
    travel : Travel or DataFrame or array, optional
        Minutes made elsewhere (a router): a `Travel`; a table unit_id, hospital_id, minutes; a matrix with unit ids as
        its index and hospital ids as its columns; or an array of units × hospitals in the region's order. NaN is out
        of reach. By default made as the policy says.
    engine : Engine, default "auto"
        "auto" takes the fastest one that is exact for each layer and says why through `progress`; or a name of
        `gridplan.optimise.engines.choose`, such as "highs", or "cbc" where PuLP brings it.
    seconds : float, optional
        For all solving together; the best plan found by then comes back as "best found, gap x %".
    gap : float, default 0.0
        Stop at this relative gap; 0 = until proven.
    threads : int, default 1
        Of the solver, for each problem.
    checked : Findings, optional
        What `gp.check` found in this very region, where it was asked before; by default it is asked now.
    progress : Progress, optional
        Called with a `Step` at each step, and whenever value or bound get better.

    Returns
    -------
    Plan
        Verified. Ctrl-C ends the layer being solved with the best plan so far; those after it get ten seconds
        each.

    Raises
    ------
    ArgumentError
        Seconds, gap or threads that no solve can keep; no Region, Policy or Travel where one belongs.
    DataError
        The region has errors; `findings` lists all.
    PolicyError
        The policy cannot work here, shown by arithmetic.
    InfeasibleError
        No plan keeps all rules; `conflicts` says which clash, where, by how much.
    NoPlanInTimeError
        The clock ran out before any plan was found.
    BrokenPlanError
        The judge rejects the plan (a defect of gridplan, please report it).

    References
    ----------
    The model and its proof: gridplan/optimise/FORMULATION.md. The p-median problem: Hakimi (1964), Optimum
    locations of switching centers and the absolute centers and medians of a graph, Operations Research 12(3).
    HiGHS: Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming
    Computation 10(1).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> plan.status, len(plan.pairs)
    ('optimal', 10)
    """
    a_kind(region, Region, "region", Text('read one with gp.read("folder")', '请用 gp.read("文件夹") 读取'))
    a_kind(policy, Policy, "policy", both(f"gp.policy({str(policy)!r})"))
    check_limits(seconds, gap, threads)
    forms_of_minutes(travel)
    start = time.perf_counter()
    ready = prepare(region, policy, travel, progress, checked)
    clock = Clock(seconds)
    solved: list[tuple[Problem, Outcome]] = []
    for n, problem in enumerate(ready.problems):
        share = clock.share(len(ready.problems) - n)  # no layer eats another's time
        outcome = solve(problem, engine=engine, seconds=share, gap=gap, threads=threads, progress=progress)
        solved.append((problem, outcome))
        if outcome.stopped:
            clock = Clock(WIND_UP_SECONDS * (len(ready.problems) - n - 1))
    results = tuple(_result(p, o, clock.left, progress) for p, o in solved)
    progress(Step(Text("verifying the plan", "核验方案")))
    return assemble(region, policy, ready, solved, results, provenance_of(region, policy, engine, start))


@dataclass(frozen=True, eq=False)
class Ready:
    """A region and a policy that have passed all checks before solving: a problem per layer, and what it is made of."""

    findings: Findings
    pairs: pd.DataFrame
    travel: Travel
    problems: tuple[Problem, ...]


def prepare(
    region: Region,
    policy: Policy,
    travel: Travel | pd.DataFrame | np.ndarray | None,
    say: Progress,
    checked: Findings | None = None,
) -> Ready:
    """Everything before solving: data checked, pairs, minutes, arithmetic, a problem per layer.

    Raises
    ------
    DataError, PolicyError : as `plan`.
    """
    say(Step(Text("checking the data", "检查数据")))
    findings = Findings([*_sound(region, checked), *unstated(region, policy)])
    pairs = pair_table(region, policy)
    say(Step(Text("computing travel times", "计算出行时间")))
    travel = _travel(region, policy, minutes_given(region, travel))
    refuse(preflight(region, policy, travel, pairs))
    layers = policy.layers
    problems = tuple(build_problem(region, policy, travel, pairs, layer) for layer in layers)
    return Ready(findings, pairs, travel, problems)


def assemble(
    region: Region,
    policy: Policy,
    ready: Ready,
    solved: Sequence[tuple[Problem, Outcome]],
    results: tuple[LayerResult, ...],
    provenance: Mapping[str, Any],
) -> Plan:
    """A plan from solved layers, passed by the judge.

    Raises
    ------
    BrokenPlanError : the judge rejects it.
    """
    made = Plan(
        region,
        policy,
        ready.travel,
        pd.concat([_assignment(p, o) for p, o in solved], ignore_index=True),
        pd.concat([_pairs(p, o, ready.pairs) for p, o in solved], ignore_index=True),
        results,
        ready.findings,
        provenance,
    )
    vars(made)["pair_table"] = ready.pairs  # what `Plan.pair_table` would work out again
    verdict_of(made).raise_if_broken()
    return made


def _sound(region: Region, checked: Findings | None) -> Findings:
    findings = check(region) if checked is None else checked
    if findings.errors:
        count = len(findings.errors)
        raise DataError(
            Text(f"region {region.name} has {count} error(s)", f"地区 {region.name} 的数据有 {count} 处错误"),
            findings=findings,
        )
    return findings.warnings


def _travel(region: Region, policy: Policy, given: Travel | None) -> Travel:
    """The minutes as the policy makes them, or a router's; minutes of another policy are refused."""
    made = travel_times(region, sorted(set(candidates(region, policy)["hospital_id"])), policy.travel)
    if given is None or given.method not in TRAVEL_METHODS:
        return given or made
    if (given.method, given.settings) != (made.method, made.settings):
        raise PolicyError(
            Text("the minutes given were made under another policy", "给出的出行时间不是按本政策计算的"),
            Text(
                "leave travel out, or change [travel] in the policy",
                "请不要传入 travel，或修改政策中的 [travel]",
            ),
            [f"{given.method} {given.settings}", f"{made.method} {made.settings}"],
        )
    return given


def _result(problem: Problem, outcome: Outcome, seconds: float | None, say: Progress) -> LayerResult:
    """The layer's result, with the minutes that its priorities cost against no preference.

    Not known (None) where the plan or the plan without preference is not proven in the seconds left (ten at most), or where the
    policy has goals besides priorities and travel; grids know no preference.
    """
    known = outcome.proven and problem.layer != GRID
    if known:
        say(Step(Text("asking what the priorities cost", "计算优先次序的代价")))
    cost = _preference(problem, outcome, seconds) if known else None
    spent = round(outcome.build_seconds + outcome.solve_seconds, 3)
    without = _without_rules(problem, seconds) if known else {}
    return LayerResult(problem.layer, outcome.goals, outcome.engine, spent, cost, without)


def _without_rules(problem: Problem, seconds: float | None) -> dict[str, float]:
    """Value of the only goal without each rule whose price is told; none where it is not proven in time."""
    if len(problem.stages) != 1:
        return {}
    found, most = {}, PREFERENCE_SECONDS if seconds is None else min(seconds, PREFERENCE_SECONDS)
    for kind, constraint in constraints().items():
        plain, asked = problem, list(constraint.demands(problem)) if constraint.priced else []
        for demand in asked:
            plain = constraint.without(plain, demand)
        if not asked:
            continue
        try:
            best = solve_again(plain, most)
        except NoPlanInTimeError:
            continue
        if best is not None and best.proven:
            found[kind.id] = best.goals[-1].value
    return found


def _preference(problem: Problem, outcome: Outcome, seconds: float | None) -> float | None:
    """What the priorities cost in travel; None where another goal has a say in the travel too."""
    if any(not stage.goal.startswith(("residents_through_", "travel")) for stage in problem.stages):
        return None
    plain = problem.without_preference()
    stage = plain.stages[0]
    mine = stage_value(problem, stage, outcome.serves)
    most = PREFERENCE_SECONDS if seconds is None else min(seconds, PREFERENCE_SECONDS)
    try:
        best = solve_again(plain, most)
    except NoPlanInTimeError:
        return None
    return max(0.0, mine - best.goals[-1].value) if best is not None and best.proven else None


def _assignment(p: Problem, outcome: Outcome) -> pd.DataFrame:
    on = p.hospital == outcome.serves[p.unit]
    minutes = np.empty(len(p.unit_ids))
    minutes[p.unit[on]] = p.minutes[on]
    columns = [
        p.layer, p.unit_ids, p.district_ids[p.district], p.people, p.hospital_ids[outcome.serves], minutes,
    ]  # fmt: skip
    return pd.DataFrame(dict(zip(ASSIGNMENT_COLUMNS, columns, strict=True)))


def _pairs(p: Problem, outcome: Outcome, table: pd.DataFrame) -> pd.DataFrame:
    people = np.zeros(p.allowed.shape, dtype=np.int64)
    np.add.at(people, (p.district, outcome.serves), p.people)
    chosen = outcome.chosen
    if p.layer == GRID:  # a lead is listed wherever it has a unit, lived in or not
        chosen = np.zeros(p.allowed.shape, dtype=bool)
        chosen[p.district, outcome.serves] = True
    d, h = np.nonzero(chosen)
    rows = pd.DataFrame(
        {"layer": p.layer, "district_id": p.district_ids[d], "hospital_id": p.hospital_ids[h]}
    )
    rows["people"] = people[d, h]
    rows = rows.merge(table, on=["layer", "district_id", "hospital_id"], how="left")
    rows["counted"] = rows["counted"].astype(int)
    rows["change"] = np.select([rows["existing"], rows["present"]], ["kept", "present"], "new")
    return rows[PAIR_COLUMNS]


def provenance_of(region: Region, policy: Policy, engine: Engine, start: float) -> dict[str, Any]:
    """Versions, input hashes, and seconds since `start`."""
    return {
        "region_sha256": region.fingerprint,
        "tables_sha256": dict(region.table_hashes),
        "policy_sha256": policy.digest,
        **({"borders_from_points": made} if (made := made_borders(region).record) else {}),
        "engine": engine_version(solver_of(engine)),
        "versions": {
            "python": platform.python_version(),
            "gridplan": VERSION,
            **{name: package_version(name) for name in PACKAGES},
        },
        "seconds": round(time.perf_counter() - start, 3),
    }


@cache
def package_version(package: str) -> str:
    """The version that is installed, "not installed" where none is."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
