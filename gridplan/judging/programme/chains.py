"""SH-13, JG-2 and JG-4 judged from chains.csv and loads.csv alone."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.judging.programme.claims import SPHERE, Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.programme.way.tier_loads import beyond_room, judge_reserved, judge_tiers, loads_of
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Referral
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, PRIMARY

TCM = {"tcm", "integrated_tcm"}
LEAST_MINUTES, LEAST_SHARE, VISITS = 0.01, 1e-4, 2.0  # by which printed minutes, shares, loads may differ
CLOSE = 1e-4  # relative, of figures that rest on shares


def judge_chains(rule: Referral, claimed: Claimed) -> Iterator[Breach]:
    """Every broken demand of SH-13, with rows of the table that is named."""
    strangers = [
        *unknown_ids(rule.id, claimed, "chains", ("institution_id", "managed_id", "hospital_id")),
        *unknown_ids(rule.id, claimed, "loads", ("institution_id",)),
    ]
    table = claimed.tables["chains"]
    units = claimed.region.units.set_index("unit_id")
    for unit, rows in table[~table["unit_id"].isin(units.index)].groupby("unit_id"):
        strangers.append(
            Breach(
                rule.id,
                Text(f"chains.csv: unit {unit} is not known", f"chains.csv：单元 {unit} 不存在"),
                rows=rows_of(rows),
            )
        )
    yield from strangers
    if strangers:
        return
    yield from _rows(rule, claimed, table, units)
    yield from _shares(rule, claimed, table, units)
    yield from _one_chain(rule, claimed, table)
    yield from _loads(rule, claimed, table, units)
    yield from judge_tiers(rule, claimed, _flow(rule, table, units))
    yield from judge_reserved(rule, claimed, units)
    told, found = claimed.figures.get("chains", {}), _figures(rule, claimed, table, units)
    for name, value in found.items():
        if name not in told or abs(told[name] - value) > CLOSE * max(1.0, abs(value)):
            yield from figures_that_differ(rule.id, told, {name: value})


def _institutions(claimed: Claimed) -> pd.DataFrame:
    table = claimed.region.institutions
    assert table is not None
    return table.set_index("institution_id")


def _partner(claimed: Claimed) -> dict[str, str]:
    """unit_id → the general partner that serves it."""
    rows = claimed.assignment[claimed.assignment["layer"] != GRID]
    general = [claimed.of_hospital[h]["category"] not in TCM for h in rows["hospital_id"]]
    rows = rows[general]
    return dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))


def _way(claimed: Claimed, district: str, a: tuple[float, float], b: tuple[float, float]) -> float:
    return claimed.on_the_way(float(SPHERE.inv(*a, *b)[2]) / 1000, district)


def _rows(rule: Referral, claimed: Claimed, table: pd.DataFrame, units: pd.DataFrame) -> Iterator[Breach]:
    """Row by row: in its district, primary, minutes as they are, the partner above, broken or not."""
    partner = _partner(claimed)
    place = _institutions(claimed)[["kind", "district_id", "lon", "lat"]].to_dict("index")
    home = units[["district_id", "lon", "lat"]].to_dict("index")
    custody = claimed.tables.get("custody")
    manager = {} if custody is None else dict(zip(custody["managed_id"], custody["hospital_id"], strict=True))
    above: dict[tuple[str, str], float] = {}
    for row in table.itertuples():
        unit, centre, hospital = (
            home[row.unit_id],
            place[row.institution_id],
            claimed.of_hospital[row.managed_id],
        )
        faults: list[tuple[str, str]] = []
        district = str(unit["district_id"])
        if centre["kind"] not in PRIMARY:
            faults.append(("it is no primary institution", "并非基层首诊机构"))
        if str(centre["district_id"]) != district or str(hospital["district_id"]) != district:
            faults.append(("the chain leaves the district", "转诊链跨区"))
        if row.managed_id not in claimed.general_receivers:
            faults.append(("that hospital receives nobody", "该医院不是受援医院"))
        if partner.get(row.unit_id) != row.hospital_id:
            faults.append(("that is not the partner of the unit", "并非该单元的合作医院"))
        first = _way(claimed, district, (unit["lon"], unit["lat"]), (centre["lon"], centre["lat"]))
        second = _way(
            claimed,
            district,
            (centre["lon"], centre["lat"]),
            (float(str(hospital["lon"])), float(str(hospital["lat"]))),
        )
        key = (row.hospital_id, row.managed_id)
        if key not in above:
            above[key] = claimed.minutes(*key)
        way = (
            ("minutes_1", row.minutes_1, first),
            ("minutes_2", row.minutes_2, second),
            ("minutes_3", row.minutes_3, above[key]),
        )
        for name, said, is_ in way:
            if abs(said - is_) > LEAST_MINUTES:
                faults.append((f"{name} is {said:g}, {is_:.4f} it is", f"{name} 为 {said:g}，应为 {is_:.4f}"))
        broken = int(row.managed_id in manager and manager[row.managed_id] != row.hospital_id)
        if int(row.broken) != broken:
            faults.append(("broken is not what custody says", "broken 与托管关系不符"))
        for en, zh in faults:
            who = claimed.region.label("unit", row.unit_id)
            what = Text(f"chains.csv: {who}: {en}", f"chains.csv 中 {who}：{zh}")
            yield Breach(rule.id, what, unit_id=row.unit_id, rows=(int(row.row),))


def _shares(rule: Referral, claimed: Claimed, table: pd.DataFrame, units: pd.DataFrame) -> Iterator[Breach]:
    """Shares of a unit add up to 1; a unit with residents, in a district that has both, has a chain."""
    sums = table.groupby("unit_id")["share"].sum()
    for unit, rows in table.groupby("unit_id"):
        if abs(sums[unit] - 1) > LEAST_SHARE or (rows["share"] < 0).any():
            who = claimed.region.label("unit", str(unit))
            what = Text(
                f"chains.csv: shares of {who} add up to {sums[unit]:.6g}",
                f"chains.csv：{who} 的占比合计 {sums[unit]:.6g}",
            )
            yield Breach(rule.id, what, unit_id=str(unit), rows=rows_of(rows))
    place = _institutions(claimed)
    able = set(place.loc[place["kind"].isin(PRIMARY), "district_id"]) & {
        str(claimed.of_hospital[h]["district_id"]) for h in claimed.general_receivers
    }
    lived = units[(units["people"] > 0) & units["district_id"].isin(able)]
    for unit in sorted(set(lived.index) - set(sums.index)):
        who = claimed.region.label("unit", unit)
        yield Breach(
            rule.id, Text(f"chains.csv: {who} has no chain", f"chains.csv：{who} 没有转诊链"), unit_id=unit
        )


def _one_chain(rule: Referral, claimed: Claimed, table: pd.DataFrame) -> Iterator[Breach]:
    """Every centre has one district hospital, up and down."""
    for centre, rows in table.groupby("institution_id"):
        if rows["managed_id"].nunique() > 1:
            who = claimed.region.label("institution", str(centre))
            what = Text(
                f"chains.csv: {who} is chained to {rows['managed_id'].nunique()} district hospitals",
                f"chains.csv：{who} 对应 {rows['managed_id'].nunique()} 家区级医院",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))


def _flow(rule: Referral, table: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """First contacts a year of each row, visits."""
    people = table["unit_id"].map(units["people"].astype(float))
    return people * rule.visits * rule.first_contact * table["share"]


def _loads(rule: Referral, claimed: Claimed, table: pd.DataFrame, units: pd.DataFrame) -> Iterator[Breach]:
    """Loads are those of the chains; overflow is beyond the stated capacity."""
    load = _flow(rule, table, units).groupby(table["institution_id"]).sum()
    place = _institutions(claimed)
    for row in claimed.tables["loads"].itertuples():
        is_ = float(load.get(row.institution_id, 0.0))
        capacity = place.at[row.institution_id, "visits_capacity"]
        over = max(0.0, is_ - float(capacity)) if capacity == capacity else 0.0
        if abs(row.load - is_) > max(VISITS, CLOSE * is_) or abs(row.overflow - over) > max(
            VISITS, CLOSE * is_
        ):
            who = claimed.region.label("institution", row.institution_id)
            what = Text(
                f"loads.csv: {who}: {row.load:,.0f} visits, {row.overflow:,.0f} beyond are printed; {is_:,.0f} and {over:,.0f} it is",
                f"loads.csv：{who}：所列 {row.load:,.0f} 人次、超出 {row.overflow:,.0f}；应为 {is_:,.0f}、{over:,.0f}",
            )
            yield Breach(rule.id, what, rows=(int(row.row),))


def _figures(rule: Referral, claimed: Claimed, table: pd.DataFrame, units: pd.DataFrame) -> dict[str, float]:
    """What the tables come to, in thousand visits."""
    flow = _flow(rule, table, units) / 1000
    further = beyond_room(rule, loads_of(rule, claimed, flow * 1000))
    load = flow.groupby(table["institution_id"]).sum()
    capacity = _institutions(claimed)["visits_capacity"].reindex(load.index) / 1000
    return {
        "overflow": float((load - capacity).clip(lower=0).fillna(0).sum()) + further / 1000,
        "beyond": float(flow[table["minutes_1"] > rule.minutes].sum()),
        "broken": float((flow * rule.up_to_district * table["broken"]).sum()),
        "travel": float((flow * (table["minutes_1"] + rule.up_to_district * table["minutes_2"])).sum()),
    }
