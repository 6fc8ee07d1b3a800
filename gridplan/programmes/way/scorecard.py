"""The scorecard (SH-14): what the plan and the parts above measure themselves, and what somebody measured outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Referral, Scorecard
from gridplan.policies.programme_rules.indicators import Indicator, indicators
from gridplan.programmes.part import Part
from gridplan.programmes.programme import Programme
from gridplan.programmes.way.flows import told_flows
from gridplan.programmes.way.tier_loads import first_contacts
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, HEAD_COLUMNS, PRIMARY, SCORE_COLUMNS

Tables = Mapping[str, pd.DataFrame]
TCM = ("tcm", "integrated_tcm")
NEAR = 30.0  # minutes to a grid's lead
EXPERTS, MANAGERS = 5, 2  # SH-11


def evaluate(
    plan: Plan, rule: Scorecard | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Value and score of each indicator that the plan, or a part made before, measures.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Scorecard()`.

    Returns
    -------
    Part with the tables "scorecard" and "heads". Nothing is chosen: it has no goals.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Scorecard) or Scorecard()
    progress(Step(Scorecard.title))
    tables = {name: table for part in (above or {}).values() for name, table in part.tables.items()}
    card = scored(rule, measured(plan, tables))
    heads = by_head(rule, card)
    there = int((card["score"] != "").sum())
    line = Text(
        f"{there} of {len(card)} indicators are measured by the plan itself, the others come from outside (gridplan score OUT --data FILE).",
        f"{len(card)} 项指标中 {there} 项由方案自身测算，其余须由外部填报（gridplan score OUT --data FILE）。",
    )
    facts = {"indicators": len(card), "measured": there}
    modelled = tuple(dict.fromkeys(name for part in (above or {}).values() for name in part.modelled))
    return Part(
        "scorecard", Scorecard.title, {"scorecard": card, "heads": heads}, (), round(time.perf_counter() - start, 3), (line,),
        Findings(), modelled, facts,
    )  # fmt: skip


def measured(plan: Plan, tables: Tables) -> dict[str, float]:
    """Measure → value, those that the tables allow."""
    found = {name: measure(plan, tables) for name, measure in MEASURES.items()}
    return {name: round(value, 6) for name, value in found.items() if value is not None}


def scored(rule: Scorecard, values: Mapping[str, float], told: pd.DataFrame | None = None) -> pd.DataFrame:
    """A row per indicator of the heads asked for; blank where it is not measured.

    Parameters
    ----------
    told : indicator_id, value, self_score, outside_score: from outside; a value there stands above what is measured.
    """
    rows = []
    outside = {} if told is None else {str(r["indicator_id"]): r for r in told.to_dict("records")}
    for one in indicators().values():
        if one.head not in rule.heads:
            continue
        given = outside.get(one.id, {})
        value, source = _value(one, values, given)
        rows.append((
            one.head, one.id, "" if value is None else f"{value:.6g}", one.floor, one.target,
            "" if value is None else f"{one.score(value):.1f}", str(given.get("self_score", "")), str(given.get("outside_score", "")), source,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=SCORE_COLUMNS)


def _value(
    one: Indicator, values: Mapping[str, float], given: Mapping[str, object]
) -> tuple[float | None, str]:
    if given.get("value", "") != "":
        return float(str(given["value"])), "outside"
    if one.measure in values:
        return values[one.measure], "plan"
    return None, "nobody"


def by_head(rule: Scorecard, card: pd.DataFrame) -> pd.DataFrame:
    """The mean of the measured indicators of each head; blank where none is."""
    rows = []
    for head in rule.heads:
        mine = card[card["head"] == head]
        there = mine.loc[mine["score"] != "", "score"].astype(float)
        rows.append((head, f"{there.mean():.1f}" if len(there) else "", len(there), len(mine)))
    return pd.DataFrame(rows, columns=HEAD_COLUMNS)


def partner_rows(plan: Plan) -> pd.DataFrame:
    """Rows of the assignment to general partners; to grid leads where the plan has no partners."""
    rows = plan.assignment[plan.assignment["layer"] != GRID]
    category = dict(zip(plan.region.hospitals["hospital_id"], plan.region.hospitals["category"], strict=True))
    rows = rows[~rows["hospital_id"].map(category).isin(TCM)]
    return rows if len(rows) else plan.assignment


def _covered(plan: Plan, tables: Tables) -> float | None:
    return float(partner_rows(plan)["people"].sum()) / max(1.0, float(plan.region.units["people"].sum()))


def _grid_near(plan: Plan, tables: Tables) -> float | None:
    grid = plan.assignment[plan.assignment["layer"] == GRID]
    if grid.empty:
        return None
    return float(grid.loc[grid["minutes"] <= NEAR, "people"].sum()) / max(1.0, float(grid["people"].sum()))


def _kept_inside(plan: Plan, tables: Tables) -> float | None:
    told = told_flows(plan)
    return (
        None
        if told is None
        else float(told.loc[told["kept"], "visits"].sum()) / max(1.0, float(told["visits"].sum()))
    )


def _mean_minutes(plan: Plan, tables: Tables) -> float | None:
    rows = partner_rows(plan)
    return float((rows["people"] * rows["minutes"]).sum()) / max(1.0, float(rows["people"].sum()))


def _chains(plan: Plan, tables: Tables) -> tuple[pd.DataFrame, pd.Series, Referral] | None:
    if "chains" not in tables:
        return None
    rule = plan.policy.rule(Referral) or Referral()
    return tables["chains"], first_contacts(plan, rule, tables["chains"]), rule


def _first_near(plan: Plan, tables: Tables) -> float | None:
    there = _chains(plan, tables)
    if there is None:
        return None
    chains, flow, rule = there
    return float(flow[chains["minutes_1"] <= rule.minutes].sum()) / max(1.0, float(flow.sum()))


def _chains_whole(plan: Plan, tables: Tables) -> float | None:
    there = _chains(plan, tables)
    if there is None or "custody" not in tables:
        return None
    chains, flow, _ = there
    return float(flow[chains["broken"] == 0].sum()) / max(1.0, float(flow.sum()))


def _within_room(plan: Plan, tables: Tables) -> float | None:
    return None if "loads" not in tables else float((tables["loads"]["overflow"] == 0).mean())


def _gaps_closed(plan: Plan, tables: Tables) -> float | None:
    if "gaps" not in tables:
        return None
    before, after = (float(tables["gaps"][column].sum()) for column in ("people_before", "people_after"))
    return 1 - after / before if before else 1.0


def managed_today(tables: Tables) -> pd.DataFrame | None:
    """Custody whose posts are asked for; None where there is none."""
    custody = tables.get("custody")
    return None if custody is None or custody.empty else custody[custody["basis"] != "specialist"]


def _posts_filled(plan: Plan, tables: Tables) -> float | None:
    custody = managed_today(tables)
    if custody is None or "deployment" not in tables:
        return None
    posts = (
        tables["deployment"][tables["deployment"]["phase"] == 1].groupby("managed_id")["discipline"].nunique()
    )
    return float(np.mean([min(EXPERTS, int(posts.get(h, 0))) / EXPERTS for h in custody["managed_id"]]))


def _managers_sent(plan: Plan, tables: Tables) -> float | None:
    custody = managed_today(tables)
    return None if custody is None else float((custody["managers"] >= MANAGERS).mean())


def _offices_named(plan: Plan, tables: Tables) -> float | None:
    table = plan.region.institutions
    primary = None if table is None else table[table["kind"].isin(PRIMARY)]
    if primary is None or primary.empty:
        return None
    return 0.0 if "office" not in primary else float((~primary["office"].isin(["", "no"])).mean())


def _members_whole(plan: Plan, tables: Tables) -> float | None:
    return None if "care" not in tables else float((tables["care"]["missing"] == "").mean())


MEASURES: Mapping[str, Callable[[Plan, Tables], float | None]] = {
    "covered": _covered, "grid_near": _grid_near, "first_near": _first_near, "chains_whole": _chains_whole,
    "mean_minutes": _mean_minutes, "within_room": _within_room, "gaps_closed": _gaps_closed, "posts_filled": _posts_filled,
    "managers_sent": _managers_sent, "offices_named": _offices_named, "members_whole": _members_whole,
    "kept_inside": _kept_inside,
}  # fmt: skip


def scorecard(programme: Programme, told: pd.DataFrame | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scorecard of a plan and its programme, with what somebody measured outside.

    Parameters
    ----------
    programme : Programme
        Made, or opened again.
    told : DataFrame, optional
        indicator_id, value, self_score, outside_score (0 to 100), blank where there is none; a value stands above what is measured.

    Returns
    -------
    tuple of DataFrame
        A row per indicator, and a row per head.

    Raises
    ------
    DataError
        An indicator that there is not, one that stands twice, or an assessment outside 0 to 100.

    References
    ----------
    上海市卫生健康委员会《关于支持本市市级和区级医疗机构高质量合作的指导意见》, 2025-09-28 (SH-14).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> card, heads = gp.measures.scorecard(gp.programme(plan, only=["scorecard"]))
    >>> heads["score"].tolist()[0], heads["score"].tolist()[-1]
    ('100.0', '')
    """
    if told is not None:
        _check(told)
    plan = programme.plan
    rule = plan.policy.rule(Scorecard) or Scorecard()
    card = scored(rule, measured(plan, programme.tables), told)
    return card, by_head(rule, card)


def _check(told: pd.DataFrame) -> None:
    faults = [
        Text(f"there is no indicator {key!r}", f"没有指标 {key!r}")
        for key in told["indicator_id"]
        if key not in indicators()
    ]
    faults += [
        Text(f"{key} stands twice", f"{key} 重复")
        for key in told.loc[told.duplicated("indicator_id"), "indicator_id"]
    ]
    for column in ("value", "self_score", "outside_score"):
        for key, cell in zip(told["indicator_id"], told[column], strict=True):
            number = pd.to_numeric(cell, errors="coerce") if cell != "" else 0.0
            if number != number or (column != "value" and not 0 <= number <= 100):
                faults.append(Text(
                    f"{key}: {column} = {cell!r} is not a number" + ("" if column == "value" else " from 0 to 100"),
                    f"{key}：{column} = {cell!r} 不是数字" + ("" if column == "value" else "（0 至 100）"),
                ))  # fmt: skip
    if faults:
        raise DataError(
            Text("the file of indicators cannot be used", "指标文件无法使用"),
            Text(f"known indicators: {', '.join(indicators())}", f"已有指标：{'、'.join(indicators())}"), faults,
        )  # fmt: skip
