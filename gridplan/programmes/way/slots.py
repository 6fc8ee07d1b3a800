"""Whole slots for primary institutions, shared by the people who signed there (LZ-1, SH-17). Exact arithmetic."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Release
from gridplan.programmes.ground import note
from gridplan.programmes.part import Part
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import RELEASED_COLUMNS, SLOT_COLUMNS

ROUND = 1e-9  # of a slot; what a product of shares may be off by


def largest_remainder(seats: int, weights: np.ndarray) -> np.ndarray:
    """Whole seats by weight: each gets its quota rounded down, the rest goes to the largest remainders, ties to the first.

    No other whole numbers that add up to the seats are nearer to the quotas (least sum of squares): moving a seat from
    remainder b to remainder a changes the sum by 2 (b − a), which is never below 0 where the largest are rounded up.
    """
    total = float(weights.sum())
    if seats <= 0 or total <= 0:
        return np.zeros(len(weights), dtype=int)
    quota = seats * weights / total
    down = np.floor(quota + ROUND).astype(int)
    order = np.argsort(-(quota - down), kind="stable")
    down[order[: seats - int(down.sum())]] += 1
    return down


def release(
    plan: Plan, rule: Release | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """How many expert slots a week each primary institution gets, hospital by hospital, department by department.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Release()`.
    above : parts made before; the chains say which institutions lead to a hospital, and who signed there.

    Returns
    -------
    Part with the tables "released" and "slots". Nothing is chosen: it has no goals.

    Raises
    ------
    DataError : the table slots is needed, and the chains.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Release) or Release()
    table = plan.region.slots
    if table is None:
        raise DataError(
            Text("slots for primary care need the table slots", "专家号源下沉需要号源表（slots）"),
            Text("add it to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    if "chains" not in (above or {}):
        raise DataError(
            Text(
                "slots for primary care follow the chains, and there are none",
                "专家号源按转诊链分配，但没有转诊链",
            ),
            Text(
                "mend first what keeps the part chains from being made",
                "请先解决转诊链（chains）部分无法制定的问题",
            ),
        )
    progress(Step(Release.title))
    signed = _signed(plan, (above or {})["chains"].tables["chains"])
    released: list[tuple[object, ...]] = []
    rows: list[tuple[object, ...]] = []
    findings: list[Finding] = []
    blank: list[str] = []
    alone: list[str] = []
    for one in table.to_dict("records"):
        hospital, code = str(one["hospital_id"]), str(one["discipline"])
        if one["week_slots"] != one["week_slots"]:
            blank.append(hospital)
            continue
        if hospital not in signed:
            alone.append(hospital)
            continue
        members, people = signed[hospital]
        seats = _up(rule.experts * float(one["week_slots"]))
        window = one.get("window_days", float("nan"))
        days = "" if window != window else str(_up(rule.early_window * float(window)))
        shares = largest_remainder(seats, people)
        released.append((hospital, code, int(one["week_slots"]), seats, len(members), days))
        rows += [(hospital, code, members[n], int(shares[n])) for n in np.flatnonzero(shares).tolist()]
    for code, ids, en, zh in (
        (
            "slots-not-stated",
            blank,
            "state no week_slots in a department",
            "有科室未填写每周专家号（week_slots）",
        ),
        ("no-chain-leads-there", alone, "have slots, but no chain leads to them", "有号源但没有转诊链通向"),
    ):
        if ids:
            names = [plan.region.label("hospital", h) for h in sorted(set(ids))]
            rest = (
                Text(f" and {len(names) - 4} more", f" 等 {len(names)} 家")
                if len(names) > 4
                else Text("", "")
            )
            findings.append(note(
                code, "slots", f"{', '.join(names[:4])}{rest.en} {en}.", f"{'、'.join(names[:4])}{rest.zh}{zh}。",
                "Nothing of them is released.", "未安排释放。",
            ))  # fmt: skip
    made = pd.DataFrame(rows, columns=SLOT_COLUMNS)
    total = pd.DataFrame(released, columns=RELEASED_COLUMNS)
    facts = {
        "slots": int(made["slots"].sum()), "hospitals": int(total["hospital_id"].nunique()),
        "institutions": int(made["institution_id"].nunique()),
    }  # fmt: skip
    line = Text(
        f"{facts['slots']:,} expert slots a week ({100 * rule.experts:g}%) of {facts['hospitals']} hospitals go to "
        f"{facts['institutions']} primary institutions, by the people who signed there.",
        f"{facts['hospitals']} 家医院每周释放 {facts['slots']:,} 个专家号（{100 * rule.experts:g}%），按签约人数分到 {facts['institutions']} 家基层机构。",
    )
    modelled = tuple(n for n in ("slots", "institutions") if n in plan.region.modelled_tables)
    return Part(
        "slots", Release.title, {"released": total, "slots": made}, (), round(time.perf_counter() - start, 3), (line,),
        Findings(findings), modelled, facts,
    )  # fmt: skip


def _up(value: float) -> int:
    return int(np.ceil(value - ROUND))


def _signed(plan: Plan, chains: pd.DataFrame) -> dict[str, tuple[list[str], np.ndarray]]:
    """Hospital → institutions whose chains lead to it, in order of their ids, and people who signed there."""
    units = plan.region.units
    people = (
        chains["unit_id"].map(dict(zip(units["unit_id"], units["people"].astype(float), strict=True)))
        * chains["share"]
    )
    table = pd.concat([
        pd.DataFrame({"hospital": chains[column], "institution": chains["institution_id"], "people": people})
        for column in ("managed_id", "hospital_id")
    ])  # fmt: skip
    found = {}
    for hospital, rows in table.groupby("hospital"):
        sums = rows.groupby("institution")["people"].sum().sort_index()
        found[str(hospital)] = [str(key) for key in sums.index], sums.to_numpy()
    return found
