"""JG-1 and JG-4 judged from chains.csv, tier_loads.csv and guarantee.csv: what each tier carries, whose room is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from gridplan.judging.programme.claims import Claimed, rows_of
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Referral
from gridplan.words.text import Text

VISITS, CLOSE = 2.0, 1e-4  # by which printed loads may differ
LEAST_SHARE = 1e-4


def loads_of(rule: Referral, claimed: Claimed, flow: pd.Series) -> dict[tuple[str, str], tuple[float, float]]:
    """(tier, id) → load and capacity (NaN where not stated), from the rows of the chains; flow is first contacts."""
    table, found = claimed.tables["chains"], {}
    assert claimed.region.institutions is not None
    beds = {}
    for one in claimed.region.institutions.to_dict("records"):
        told = [
            float(one[c])
            for c in ("beds", "home_beds")
            if one.get(c, float("nan")) == one.get(c, float("nan"))
        ]
        beds[one["institution_id"]] = sum(told) * 365 / rule.stay if told else float("nan")
    takes = {key: float(str(h.get("referrals_capacity", "nan"))) for key, h in claimed.of_hospital.items()}
    tiers: tuple[tuple[str, str, float, Mapping[str, float]], ...] = (
        ("district", "managed_id", rule.up_to_district, takes),
        ("municipal", "hospital_id", rule.up_to_district * rule.up_to_city, takes),
        ("down", "institution_id", rule.up_to_district * rule.down, beds),
    )
    for tier, column, rate, most in tiers:
        for key, load in (flow * rate).groupby(table[column]).sum().items():
            found[tier, str(key)] = float(load), most.get(str(key), float("nan"))
    return found


def beyond_room(rule: Referral, found: Mapping[tuple[str, str], tuple[float, float]]) -> float:
    """First contacts whose referral or stay finds no room; what partners are sent is the plan's, not the chains'."""
    rates = {"district": rule.up_to_district, "down": rule.up_to_district * rule.down}
    return sum(
        max(0.0, load - most) / rates[tier]
        for (tier, _), (load, most) in found.items()
        if rates.get(tier) and most == most
    )


def judge_tiers(rule: Referral, claimed: Claimed, flow: pd.Series) -> Iterator[Breach]:
    """tier_loads.csv is what the chains give."""
    found, table = loads_of(rule, claimed, flow), claimed.tables["tier_loads"]
    for row in table.itertuples():
        key = (row.tier, row.id)
        load, most = found.pop(key, (float("nan"), float("nan")))
        over = max(0.0, load - most) if most == most else 0.0
        said = float(row.capacity) if str(row.capacity) != "" else float("nan")
        room = max(VISITS, CLOSE * abs(load)) if load == load else 0.0
        same = (said != said and most != most) or abs(said - most) <= max(1.0, CLOSE * abs(most))
        if not (abs(row.load - load) <= room and abs(row.overflow - over) <= room and same):
            what = Text(
                f"tier_loads.csv: {row.tier} {row.id}: {row.load:,.0f} and {row.overflow:,.0f} beyond are printed; "
                f"{load:,.0f} and {over:,.0f} it is",
                f"tier_loads.csv：{row.tier} {row.id}：所列 {row.load:,.0f}、超出 {row.overflow:,.0f}；应为 {load:,.0f}、{over:,.0f}",
            )
            yield Breach(rule.id, what, rows=(int(row.row),))
    for level, id_ in sorted(found):
        what = Text(f"tier_loads.csv: {level} {id_} is not listed", f"tier_loads.csv：未列出 {level} {id_}")
        yield Breach(rule.id, what)


def judge_reserved(rule: Referral, claimed: Claimed, units: pd.DataFrame) -> Iterator[Breach]:
    """The chains keep the room that named groups are guaranteed (CD-5)."""
    kept = claimed.tables.get("guarantee")
    if kept is None:
        return
    table = claimed.tables["chains"]
    share = table.groupby(["unit_id", "institution_id"])["share"].sum()
    people = kept.groupby(["unit_id", "institution_id"])["people"].sum()
    in_all = kept.groupby("unit_id")["people"].sum()
    for (unit, centre), count in people.items():
        of = (
            max(float(units.at[unit, "people"]), float(in_all[unit])) if unit in units.index else float("inf")
        )
        if float(share.get((unit, centre), 0.0)) < float(count) / of - LEAST_SHARE:
            who, where = (
                claimed.region.label("unit", str(unit)),
                claimed.region.label("institution", str(centre)),
            )
            rows = kept[(kept["unit_id"] == unit) & (kept["institution_id"] == centre)]
            what = Text(
                f"chains.csv: {who}: the guaranteed {count:g} people have no room at {where}",
                f"chains.csv：{who}：受保障的 {count:g} 人在{where}没有名额",
            )
            yield Breach(rule.id, what, unit_id=str(unit), rows=rows_of(rows))
