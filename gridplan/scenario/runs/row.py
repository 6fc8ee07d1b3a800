"""What is kept of a scenario: rows of figures per layer, who is served by whom, and what makes the plan again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from gridplan.plans.folder.store import layer_record
from gridplan.plans.plan import Plan
from gridplan.policies.profile import to_dict
from gridplan.policies.rules import TravelStandard
from gridplan.words.errors import (
    BrokenPlanError,
    DataError,
    GridplanError,
    InfeasibleError,
    NoPlanInTimeError,
    PolicyError,
    ScenarioError,
)
from gridplan.words.text import Text
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS, PAIR_COLUMNS

LONG_WAY = 60.0  # minutes; what counts as far where the policy sets no standard
STATUSES = {
    "optimal": Text("proven optimal", "已证明最优"),
    "feasible": Text("best found", "已找到的最好方案"),
    "impossible": Text("impossible", "不可行"),
    "refused": Text("refused", "无法采用"),
    "no_plan_in_time": Text("no plan in time", "时限内无方案"),
    "gave_up": Text("gave up", "超时放弃"),
    "died": Text("the worker died", "进程中断"),
    "failed": Text("failed", "出错"),
    "waiting": Text("waiting", "未运行"),
}
SOLVED = ("optimal", "feasible")
# What people see of a comparison.
SHOWN: Mapping[str, Text] = {
    "name": Text("Scenario", "情景"), "status": Text("How sure", "结果性质"), "mean_minutes": Text("Mean minutes", "人均出行时间（分钟）"),
    "worst_minutes": Text("Longest, minutes", "最长（分钟）"), "people_beyond": Text("Residents beyond the standard", "超出标准人口"),
    "pairs": Text("Pairs", "结对数"), "changes": Text("Changes against today", "较现状变动"), "people_moved": Text("Residents with another hospital", "改换医院的人口"),
}  # fmt: skip
FIGURES = [
    "people", "person_minutes", "mean_minutes", "worst_minutes", "standard_minutes", "people_beyond", "fullest_people",
    "inequality_minutes", "pairs", "hospitals", "changes", "gap",
]  # fmt: skip


def programme_record(plan: Plan, seconds: float | None) -> list[dict[str, Any]]:
    """The goals of a plan's programme, part by part; one row with the reason where it has none."""
    from gridplan.programmes.make import programme  # not for plans alone

    try:
        made = programme(plan, seconds=seconds)
    except (DataError, PolicyError, NoPlanInTimeError) as error:
        return [{"part": "", "goal": "", "reason": error.say("en"), "reason_zh": error.say("zh")}]
    return [
        {
            "part": part.name, "goal": goal.goal, "value": float(goal.value), "bound": float(goal.bound), "gap": float(goal.gap),
            "unit": goal.unit, "status": goal.status, "modelled": ", ".join(part.modelled),
        }
        for part in made.parts for goal in part.goals
    ]  # fmt: skip


def solved_rows(
    plan: Plan, seconds: float, programme: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """A row per layer of a plan; the first carries the record that makes the plan again, and the programme's goals."""
    who = plan.candidates
    rows = [
        {**figures_of(plan, layer.layer, who), "gap": layer.gap, "status": layer.status}
        for layer in plan.layers
    ]
    record = {
        "policy": to_dict(plan.policy),
        "layers": [layer_record(layer) for layer in plan.layers],
        "provenance": dict(plan.provenance),
        "region_sha256": plan.region.fingerprint,
        **({} if programme is None else {"programme": programme}),
    }
    return [{**row, "seconds": seconds, "record": record if n == 0 else None} for n, row in enumerate(rows)]


def failed_rows(status: str, reason: Text, seconds: float) -> list[dict[str, Any]]:
    """The one row of a scenario without a plan, with its reason."""
    row = {"layer": "", "status": status, "seconds": seconds}
    return [{**row, "reason": reason.en, "reason_zh": reason.zh, "record": None}]


def refused_rows(error: GridplanError, seconds: float) -> list[dict[str, Any]]:
    """The row of a scenario that gridplan refuses, with all that the error says."""
    kinds: list[tuple[type[GridplanError] | tuple[type[GridplanError], ...], str]] = [
        ((InfeasibleError, PolicyError), "impossible"),
        ((ScenarioError, DataError), "refused"),
        (NoPlanInTimeError, "no_plan_in_time"),
        (BrokenPlanError, "failed"),
    ]
    status = next((word for kind, word in kinds if isinstance(error, kind)), "failed")
    return failed_rows(status, Text(error.say("en"), error.say("zh")), seconds)


def figures_of(plan: Plan, layer: str, who: pd.DataFrame) -> dict[str, Any]:
    """The figures of one layer, who serves whom, and the pairs.

    Parameters
    ----------
    who : the candidates, as `candidates` gives them.
    """
    on = (plan.assignment["layer"] == layer).to_numpy()
    unit, district, hospital, people, minutes = (
        plan.assignment[column].to_numpy()[on]
        for column in ("unit_id", "district_id", "hospital_id", "people", "minutes")
    )
    pairs = plan.pairs[plan.pairs["layer"] == layer]
    lived, total = people > 0, float((people * minutes).sum())
    standard = plan.policy.rule(TravelStandard)
    limit = standard.minutes if standard is not None else LONG_WAY
    residents, travelled = _sums(district, people), _sums(district, people * minutes)
    means = travelled[residents > 0] / residents[residents > 0]
    served = _sums(hospital, people)
    at = pd.Index(plan.region.units["unit_id"]).get_indexer(unit)
    served_by = np.full(len(plan.region.units), "", dtype=object)
    served_people = np.zeros(len(served_by), dtype=np.int64)
    served_by[at], served_people[at] = hospital, people
    return {
        "layer": layer,
        "people": int(people.sum()),
        "person_minutes": total,
        "mean_minutes": total / max(1.0, float(people.sum())),
        "worst_minutes": float(minutes[lived].max()) if lived.any() else 0.0,
        "standard_minutes": float(limit),
        "people_beyond": int(people[minutes > limit].sum()),
        "fullest_people": int(served.max()) if len(served) else 0,
        "inequality_minutes": float(means.max() - means.min()) if len(means) else 0.0,
        "pairs": len(pairs),
        "hospitals": int(pairs["hospital_id"].nunique()),
        "changes": int((pairs["change"] == "new").sum()) + _ended(plan, pairs, who[who["layer"] == layer]),
        "served_by": served_by.tolist(),
        "served_people": served_people.tolist(),
        "pair_list": [
            dict(zip(PAIR_COLUMNS[1:], row, strict=True)) for row in _plain(pairs[PAIR_COLUMNS[1:]])
        ],
    }


def _sums(of: np.ndarray, what: np.ndarray) -> np.ndarray:
    """The sum of `what` for each distinct value of `of`."""
    sums: np.ndarray = np.bincount(pd.factorize(of)[0], weights=what)
    return sums


def _plain(table: pd.DataFrame) -> Iterator[list[Any]]:
    """Rows as plain Python values, as JSON wants them."""
    return (list(row) for row in zip(*(table[c].tolist() for c in table), strict=True))


def _ended(plan: Plan, pairs: pd.DataFrame, who: pd.DataFrame) -> int:
    """Partnerships of today with a candidate of this layer (`who`) that the plan does not have."""
    mine, districts = set(who["hospital_id"]), set(plan.region.districts["district_id"])
    partnerships = plan.region.partnerships
    today = {
        (d, h)
        for d, h in zip(partnerships["district_id"], partnerships["hospital_id"], strict=True)
        if h in mine and d in districts
    }
    return len(today - set(zip(pairs["district_id"], pairs["hospital_id"], strict=True)))


def assignment_of(row: dict[str, Any], units: pd.DataFrame, minutes: pd.DataFrame) -> pd.DataFrame:
    """The assignment of one layer again: from who serves whom, the region's units and the minutes."""
    table = units[["unit_id", "district_id"]].assign(
        layer=row["layer"], hospital_id=row["served_by"], people=row["served_people"]
    )
    table = table[table["hospital_id"] != ""].merge(minutes, on=["unit_id", "hospital_id"], how="left")
    return table[ASSIGNMENT_COLUMNS].astype({"people": "int64"})
