"""SH-14 judged from scorecard.csv, heads.csv and the tables that they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.judging.programme.claims import Claimed
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Referral, Scorecard
from gridplan.policies.programme_rules.indicators import indicators
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, PRIMARY

CLOSE = 1e-3  # relative; shares of the chains are printed
POINT = 0.11  # of a score


def judge_scorecard(rule: Scorecard, claimed: Claimed) -> Iterator[Breach]:
    """Values are what the tables give, scores lie between floor and target, heads are the means of what is measured."""
    table, known = claimed.tables["scorecard"], indicators()
    found = _measured(claimed)
    heads: dict[str, list[float]] = {head: [] for head in rule.heads}
    for row in table.itertuples():
        one = known.get(row.indicator_id)
        if one is None or one.head != row.head or row.head not in rule.heads:
            yield _said(rule, row, "there is no such indicator of that head", "该类没有这项指标")
            continue
        if str(row.value) == "":
            if one.measure in found:
                yield _said(
                    rule, row, f"it is measured: {found[one.measure]:.6g}", f"已测：{found[one.measure]:.6g}"
                )
            continue
        value = float(row.value)
        if row.source == "plan" and one.measure in found:
            is_ = found[one.measure]
            if abs(value - is_) > CLOSE * max(1.0, abs(is_)):
                yield _said(
                    rule, row, f"{value:.6g} is printed, {is_:.6g} it is", f"所列 {value:.6g}，应为 {is_:.6g}"
                )
        points = 100 * (value - row.floor) / (row.target - row.floor) if row.target != row.floor else 0.0
        points = min(100.0, max(0.0, points))
        if abs(float(row.score or -1) - points) > POINT:
            yield _said(rule, row, f"the score is {points:.1f}", f"得分应为 {points:.1f}")
        heads[row.head].append(float(row.score or 0))
    for row in claimed.tables["heads"].itertuples():
        mine = heads.get(row.head, [])
        said = None if str(row.score) == "" else float(row.score)
        mean = sum(mine) / len(mine) if mine else None
        if (said is None) != (mean is None) or (
            said is not None and mean is not None and abs(said - mean) > POINT
        ):
            told = "-" if mean is None else f"{mean:.1f}"
            what = Text(
                f"heads.csv: {row.head}: the score is {told}", f"heads.csv：{row.head}：得分应为 {told}"
            )
            yield Breach(rule.id, what, rows=(int(row.row),))


def _said(rule: Scorecard, row: object, en: str, zh: str) -> Breach:
    key = str(getattr(row, "indicator_id", ""))
    return Breach(
        rule.id,
        Text(f"scorecard.csv: {key}: {en}", f"scorecard.csv 中{key}：{zh}"),
        rows=(int(getattr(row, "row", 0)),),
    )


def _measured(claimed: Claimed) -> dict[str, float]:
    """Each measure anew, from rows."""
    found: dict[str, float] = {}
    people = {r["unit_id"]: float(r["people"]) for r in claimed.region.units.to_dict("records")}
    rows = claimed.assignment.to_dict("records")
    partner = [
        r
        for r in rows
        if r["layer"] != GRID
        and claimed.of_hospital[r["hospital_id"]]["category"] not in ("tcm", "integrated_tcm")
    ]
    partner, grid = partner or rows, [r for r in rows if r["layer"] == GRID]
    served = sum(r["people"] for r in partner)
    found["covered"] = served / max(1.0, sum(people.values()))
    found["mean_minutes"] = sum(r["people"] * r["minutes"] for r in partner) / max(1.0, served)
    if grid:
        found["grid_near"] = sum(r["people"] for r in grid if r["minutes"] <= 30) / max(
            1.0, sum(r["people"] for r in grid)
        )
    tables = claimed.tables
    if "chains" in tables:
        rule = claimed.policy.rule(Referral) or Referral()
        flow = [
            (people.get(r.unit_id, 0.0) * r.share, r.minutes_1, r.broken)
            for r in tables["chains"].itertuples()
        ]
        whole = max(1e-9, sum(f for f, _, _ in flow))
        found["first_near"] = sum(f for f, minutes, _ in flow if minutes <= rule.minutes) / whole
        if "custody" in tables:
            found["chains_whole"] = sum(f for f, _, broken in flow if not broken) / whole
    if "loads" in tables and len(tables["loads"]):
        found["within_room"] = sum(r.overflow == 0 for r in tables["loads"].itertuples()) / len(
            tables["loads"]
        )
    if "gaps" in tables:
        before = float(tables["gaps"]["people_before"].sum())
        found["gaps_closed"] = 1 - float(tables["gaps"]["people_after"].sum()) / before if before else 1.0
    if "custody" in tables:
        managed = [r for r in tables["custody"].itertuples() if r.basis != "specialist"]
        if managed and "deployment" in tables:
            sent = {(r.managed_id, r.discipline) for r in tables["deployment"].itertuples() if r.phase == 1}
            filled = [min(5, sum(h == r.managed_id for h, _ in sent)) for r in managed]
            found["posts_filled"] = sum(filled) / (5 * len(managed))
        if managed:
            found["managers_sent"] = sum(r.managers >= 2 for r in managed) / len(managed)
    if "care" in tables and len(tables["care"]):
        found["members_whole"] = sum(str(r.missing) == "" for r in tables["care"].itertuples()) / len(
            tables["care"]
        )
    stated = claimed.region.institutions
    primary = [] if stated is None else [r for r in stated.to_dict("records") if r["kind"] in PRIMARY]
    if primary:
        found["offices_named"] = sum(r.get("office", "") not in ("", "no") for r in primary) / len(primary)
    kept = _kept(claimed)
    return found if kept is None else found | {"kept_inside": kept}


def _kept(claimed: Claimed) -> float | None:
    """Share of the visits that stay in the consortium: its institutions, the lead, the partners."""
    flows = claimed.region.flows
    if flows is None or flows.empty:
        return None
    serves: dict[str, set[str]] = {}
    lead = claimed.lead_of
    for row in claimed.assignment.to_dict("records"):
        serves.setdefault(row["unit_id"], set()).add(row["hospital_id"])
    home = {r["unit_id"]: r["district_id"] for r in claimed.region.units.to_dict("records")}
    stated = claimed.region.institutions
    institutions = {} if stated is None else {r["institution_id"]: r for r in stated.to_dict("records")}
    kept = total = 0.0
    for row in flows.to_dict("records"):
        unit, place = row["unit_id"], row["place_id"]
        visits = 3.0 if row["visits"] != row["visits"] else float(row["visits"])
        total += visits
        if place in institutions:
            inside = (
                lead[unit] in claimed.leads_above[place]
                if unit in lead
                else institutions[place]["district_id"] == home[unit]
            )
        else:
            one = claimed.of_hospital[place]
            inside = place in serves.get(unit, set()) or (
                unit not in lead and one["tier"] == "district" and one["district_id"] == home[unit]
            )
        kept += visits * inside
    return kept / max(1.0, total)
