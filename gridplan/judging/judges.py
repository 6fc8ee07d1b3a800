"""One judge per rule: what the tables show, nothing of the model. Each yields breaches; none stops at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from gridplan.judging.judge_tables import PlanTables, layer_of_hospitals
from gridplan.judging.judges_grids import GRID_JUDGES, grid_slack
from gridplan.judging.judges_parts import connected_parts
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Cap,
    Capacity,
    ChangePrice,
    ConnectedParts,
    DistrictCap,
    Eligibility,
    FullCoverage,
    GroupWeights,
    HospitalCap,
    LeastPartners,
    LeastShare,
    MostChanges,
    Pin,
    Priority,
    Rule,
    TravelStandard,
)  # fmt: skip
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

Judged = Iterator[Breach]
MINUTE = 1e-4  # minutes within which two ways of computing them agree; they are printed to 4 decimals


def full_coverage(rule: FullCoverage, tables: PlanTables) -> Judged:
    """Every unit exactly once in every layer, at a partner of its district (or a lead) that it can reach.

    In the layer of grids only units of the districts that are divided into grids (ZJ-1).
    """
    for layer in tables.policy.layers:
        units = tables.region.units["unit_id"]
        units = units[units.isin(tables.grids.units)] if layer == GRID else units
        rows = tables.assignment[tables.assignment["layer"] == layer]
        if rows.empty and len(units):
            what = Text(
                f"layer {layer} has no rows: no unit is assigned", f"{layer} 层没有任何一行：没有单元被分配"
            )
            yield Breach(rule.id, what, layer)
            continue
        for unit in units[~units.isin(rows["unit_id"])]:
            what = Text(f"unit {unit} has no partner hospital", f"单元 {unit} 没有合作医院")
            if layer == GRID:
                what = Text(f"unit {unit} has no grid lead", f"单元 {unit} 没有牵头医院")
            yield Breach(rule.id, what, layer, unit_id=unit)
        for unit, twice in rows[rows["unit_id"].duplicated(keep=False)].groupby("unit_id"):
            what = Text(f"unit {unit} is assigned {len(twice)} times", f"单元 {unit} 被分配 {len(twice)} 次")
            yield Breach(rule.id, what, layer, unit_id=str(unit), rows=tuple(twice["row"]))
    for row in tables.assignment[np.isinf(tables.assignment["minutes"])].itertuples():
        what = Text(
            f"unit {row.unit_id} cannot reach {row.hospital_id}",
            f"单元 {row.unit_id} 无法到达 {row.hospital_id}",
        )
        yield Breach(rule.id, what, row.layer, row.district_id, row.hospital_id, row.unit_id, (row.row,))
    for pair in tables.pairs[~tables.pairs["listed"]].itertuples():
        what = Text(
            f"only units without residents go through {tables.pair(pair)}: no partner",
            f"只有无居民的单元经由 {tables.pair(pair)}：并非合作医院",
        )
        yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)


def district_cap(rule: DistrictCap, tables: PlanTables) -> Judged:
    """Count each district's counted pairs; a pinned pair counts even if it serves nobody.

    Where the caps bend, the excess is judged with the goal that counts it.
    """
    if tables.policy.caps_bend:
        return
    for district, pairs in _counted(tables).groupby("district_id"):
        most = rule.limit(str(district))
        partners = sorted(set(pairs["hospital_id"]))
        if len(partners) > most:
            who = ", ".join(map(tables.hospital, partners))
            what = Text(
                f"{tables.district(district)} has {len(partners)} counted partners ({who}), cap {most}",
                f"{tables.district(district)} 有 {len(partners)} 家计数合作医院（{who}），上限 {most}",
            )
            yield Breach(rule.id, what, _layers(pairs), str(district), rows=_rows(pairs))


def hospital_cap(rule: HospitalCap, tables: PlanTables) -> Judged:
    """Count each counted hospital's districts, its own included when paired; unless the caps bend."""
    if tables.policy.caps_bend:
        return
    for hospital, pairs in _counted(tables).groupby("hospital_id"):
        most = rule.limit(str(hospital))
        districts = sorted(set(pairs["district_id"]))
        if len(districts) > most:
            who = ", ".join(map(tables.district, districts))
            what = Text(
                f"{tables.hospital(hospital)} has {len(districts)} districts ({who}), cap {most}",
                f"{tables.hospital(hospital)} 有 {len(districts)} 个合作区（{who}），上限 {most}",
            )
            yield Breach(rule.id, what, _layers(pairs), hospital_id=str(hospital), rows=_rows(pairs))


def candidates(rule: Candidates, tables: PlanTables) -> Judged:
    """Whoever serves is a candidate of that layer."""
    layer_of = layer_of_hospitals(tables.region, tables.policy)
    for pair in tables.of(rule, tables.pairs).itertuples():
        if layer_of.get(pair.hospital_id) != pair.layer:
            what = Text(
                f"{tables.hospital(pair.hospital_id)} is no candidate of layer {pair.layer}",
                f"{tables.hospital(pair.hospital_id)} 不是 {pair.layer} 层的候选医院",
            )
            yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)


def priority(rule: Priority, tables: PlanTables) -> Judged:
    """A preference breaks nothing; the priorities printed are judged with the figures."""
    yield from ()


def eligibility(rule: Eligibility, tables: PlanTables) -> Judged:
    """No pair weaker than the weakest priority allowed."""
    pairs = tables.of(rule, tables.pairs)
    weak = pairs[pairs["priority"] > rule.worst_priority]
    for pair in weak.itertuples():
        what = Text(
            f"pair {tables.pair(pair)} has priority {pair.priority}: no basis",
            f"结对 {tables.pair(pair)} 优先级为 {pair.priority}，缺少基础",
        )
        yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)


def pin(rule: Pin, tables: PlanTables) -> Judged:
    """A pinned pair is listed by definition; in a plan made by hand it must be possible. A pinned lead leads there."""
    place = ("", rule.district_id, rule.hospital_id)
    if rule.concerns(GRID):
        grid = tables.pairs[tables.pairs["layer"] == GRID]
        here = (grid["district_id"] == rule.district_id) & (grid["hospital_id"] == rule.hospital_id)
        if not here.any():
            what = Text(
                f"pinned: {tables.hospital(rule.hospital_id)} leads no unit of {tables.district(rule.district_id)}",
                f"政策指定，但 {tables.hospital(rule.hospital_id)} 在 {tables.district(rule.district_id)} 未牵头任何单元",
            )
            yield Breach(rule.id, what, GRID, *place[1:])
    elif rule.hospital_id not in layer_of_hospitals(tables.region, tables.policy):
        what = Text(
            f"pinned hospital {rule.hospital_id} is no candidate",
            f"指定的医院 {rule.hospital_id} 不是候选医院",
        )
        yield Breach(rule.id, what, *place)
    if rule.district_id not in set(tables.region.districts["district_id"]):
        what = Text(
            f"pinned district {rule.district_id} does not exist", f"指定的区 {rule.district_id} 不存在"
        )
        yield Breach(rule.id, what, *place)


def ban(rule: Ban, tables: PlanTables) -> Judged:
    """A banned pair serves nobody, a banned lead leads nobody there."""
    pairs = tables.of(rule, tables.pairs)
    for pair in pairs[
        (pairs["district_id"] == rule.district_id) & (pairs["hospital_id"] == rule.hospital_id)
    ].itertuples():
        what = Text(f"pair {tables.pair(pair)} is banned", f"结对 {tables.pair(pair)} 被禁止")
        yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)


def capacity(rule: Capacity, tables: PlanTables) -> Judged:
    """Residents of each hospital against what it states, blank = no limit."""
    stated = tables.region.hospitals.set_index("hospital_id")[rule.source] * (rule.people_per_bed or 1.0)
    for (layer, hospital), rows in tables.assignment.groupby(["layer", "hospital_id"]):
        room, load = stated.get(hospital, np.nan), int(rows["people"].sum())
        if load > room + 1e-6:
            what = Text(
                f"{tables.hospital(hospital)} serves {load:,} residents, room for {room:,.0f}",
                f"{tables.hospital(hospital)} 服务 {load:,} 人，可承载 {room:,.0f} 人",
            )
            yield Breach(rule.id, what, str(layer), hospital_id=str(hospital), rows=tuple(rows["row"]))


def travel_standard(rule: TravelStandard, tables: PlanTables) -> Judged:
    """As a limit: nobody beyond it. As a price it breaks nothing."""
    if rule.price is not None:
        return
    rows = tables.assignment
    far = rows[(rows["minutes"] > rule.minutes + MINUTE) & (rows["people"] > 0)]
    for row in far.itertuples():
        what = Text(
            f"unit {row.unit_id} travels {row.minutes:.1f} min to {row.hospital_id}, limit {rule.minutes:g}",
            f"单元 {row.unit_id} 到 {row.hospital_id} 需 {row.minutes:.1f} 分钟，限 {rule.minutes:g}",
        )
        yield Breach(rule.id, what, row.layer, row.district_id, row.hospital_id, row.unit_id, (row.row,))


def least_partners(rule: LeastPartners, tables: PlanTables) -> Judged:
    """Count each district's counted pairs, pinned ones included."""
    counted = _counted(tables).groupby("district_id").size()
    for district in tables.region.districts["district_id"]:
        if counted.get(district, 0) < rule.least:
            n = int(counted.get(district, 0))
            what = Text(
                f"{tables.district(district)} has {n} counted partners, at least {rule.least} are asked",
                f"{tables.district(district)} 有 {n} 家计数合作医院，要求至少 {rule.least} 家",
            )
            yield Breach(rule.id, what, "", district)


def least_share(rule: LeastShare, tables: PlanTables) -> Judged:
    """Residents of each listed pair against its district's."""
    people = tables.region.units.groupby("district_id")["people"].sum()
    pairs = tables.of(rule, tables.pairs)
    for pair in pairs[pairs["listed"]].itertuples():
        if pair.people < rule.share * people[pair.district_id] - 1e-6:
            share = pair.people / people[pair.district_id]
            what = Text(
                f"pair {tables.pair(pair)} serves {share:.2%}, least {100 * rule.share:g}%",
                f"结对 {tables.pair(pair)} 服务 {share:.2%}，最低 {100 * rule.share:g}%",
            )
            yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)


def most_changes(rule: MostChanges, tables: PlanTables) -> Judged:
    """Counted pairs that are new or ended against today's partnerships."""
    changes = tables.changes()
    counted = changes[changes["counted"]]
    if len(counted) > rule.most:
        new, ended = counted[counted["change"] == "new"], counted[counted["change"] == "ended"]
        who = "; ".join(f"{'+' if p.change == 'new' else '−'} {tables.pair(p)}" for p in counted.itertuples())
        what = Text(
            f"{len(new)} counted pairs are new and {len(ended)} ended ({who}), at most {rule.most} may change",
            f"计数结对新建 {len(new)} 对、撤销 {len(ended)} 对（{who}），变动上限 {rule.most} 对",
        )
        yield Breach(rule.id, what, _layers(counted))


def change_price(rule: ChangePrice, tables: PlanTables) -> Judged:
    """A price breaks nothing; it is judged with the value of the goal."""
    yield from ()


def group_weights(rule: GroupWeights, tables: PlanTables) -> Judged:
    """A weight breaks nothing; it is judged with the value of the goal."""
    yield from ()


JUDGES: Mapping[type[Rule], Callable[[Any, PlanTables], Judged]] = {
    FullCoverage: full_coverage,
    DistrictCap: district_cap,
    HospitalCap: hospital_cap,
    Candidates: candidates,
    Priority: priority,
    Eligibility: eligibility,
    Pin: pin,
    Ban: ban,
    Capacity: capacity,
    TravelStandard: travel_standard,
    LeastPartners: least_partners,
    LeastShare: least_share,
    ConnectedParts: connected_parts,
    MostChanges: most_changes,
    ChangePrice: change_price,
    GroupWeights: group_weights,
    **GRID_JUDGES,
}


def slack_of(rule: Rule, tables: PlanTables) -> Text:
    """How much room a rule with a number leaves: the fullest place against its limit."""
    if isinstance(rule, Cap):
        column = "district_id" if isinstance(rule, DistrictCap) else "hospital_id"
        room = {key: rule.limit(str(key)) - len(rows) for key, rows in _counted(tables).groupby(column)}
        full = sum(r <= 0 for r in room.values())
        if tables.policy.caps_bend:
            over, places = sum(max(0, -r) for r in room.values()), sum(r < 0 for r in room.values())
            return Text(
                f"{full} of {len(room)} at the cap, {places} above it by {over} in all: counted in the goal deviations",
                f"{len(room)} 个中 {full} 个已达上限，其中 {places} 个超出，合计 {over} 对，计入目标 deviations",
            )
        return Text(f"{full} of {len(room)} at the cap", f"{len(room)} 个中 {full} 个已达上限")
    if isinstance(rule, TravelStandard) and len(tables.assignment):
        longest = tables.assignment.loc[tables.assignment["people"] > 0, "minutes"].max()
        return Text(f"longest {longest:.1f} min", f"最长 {longest:.1f} 分钟")
    if isinstance(rule, MostChanges):
        n = int(tables.changes()["counted"].sum())
        return Text(f"{n} changes", f"变动 {n} 对")
    return grid_slack(rule, tables)


def _counted(tables: PlanTables) -> pd.DataFrame:
    return tables.pairs[tables.pairs["counted"] & tables.pairs["listed"]]


def _layers(pairs: pd.DataFrame) -> str:
    return ", ".join(dict.fromkeys(pairs["layer"]))


def _rows(pairs: pd.DataFrame) -> tuple[int, ...]:
    return tuple(sorted(row for rows in pairs["rows"] for row in rows))
