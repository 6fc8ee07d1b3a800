"""What the table's page works on: the plan, its rules as numbers and every minute, as plain values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import tomli_w

from gridplan.inputs.region import Region
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.groups import demand
from gridplan.policies.leads import district_forms
from gridplan.policies.policy import Policy
from gridplan.policies.profile import to_dict
from gridplan.policies.rules import (
    Ban,
    Capacity,
    ChangePrice,
    DistrictCap,
    Eligibility,
    HospitalCap,
    LeastPartners,
    LeastShare,
    MostChanges,
    Priority,
    TravelStandard,
)
from gridplan.show.map.packed import packed_areas, text
from gridplan.show.map.sheet import dated, frames, heading_of, hospital_rows, notes, unit_rows
from gridplan.show.map.sheet_layers import number, said
from gridplan.show.shared.areas import Areas
from gridplan.show.shared.catchments import catchment_colours
from gridplan.show.shared.palette import CHANGE, FILLS, NOBODY, RAMPS
from gridplan.show.table_page.table_words import SENTENCES, WORDS
from gridplan.words.vocabulary import CATEGORIES, GRID, LAYERS, PRIORITIES, both_words

# Rules that the page judges, and those that it also keeps when it solves. Any other is named there and nothing is proven.
JUDGED = frozenset({
    "full_coverage", "district_cap", "hospital_cap", "candidates", "priority", "eligibility", "pin", "ban", "capacity",
    "travel_standard", "least_partners", "least_share", "most_changes", "group_weights", "change_price",
})  # fmt: skip
SOLVED = JUDGED - {"capacity", "least_share"}
SOLVED_GOALS = frozenset({"coverage", "priority", "travel"})  # sums over units
MOST_MINUTES = (
    1_500_000  # of a layer that the page carries; beyond, the nearest candidates of each unit alone
)
NEAREST = 8
SCALE = 10_000  # minutes are known to 4 decimals
UNREACHED, LEFT_OUT, FIRST = 0, 1, 2  # how a minute is written: neither of these, or FIRST and the number


def table_data(plan: Plan, areas: Areas) -> dict[str, Any]:
    """All of it, keyed by position in the region's tables; units, districts and hospitals in the order of these."""
    region, policy = plan.region, plan.policy.on(plan.region)
    labels = [np.full(len(region.units), -1) for _ in plan.layers]
    data = evaluator_data(plan)
    for district, (lon, lat) in zip(data["districts"], areas.middles, strict=True):
        district["point"] = None if np.isnan(lon) else [float(lon), float(lat)]
    for layer in data["layers"]:
        layer.update(_looks(plan, layer, areas))
    return {
        **data,
        "title": region.title or region.name,
        "heading": said(heading_of(plan)),
        "policy": [policy.title.zh, policy.title.en, policy.name],
        "policy_toml": tomli_w.dumps(to_dict(plan.policy)),
        "outcome": said(plan.outcome),
        "proven": plan.status == "optimal",
        "notes": [said(note) for note in [*notes(plan), *dated(plan)]],
        "priorities": {str(key): said(one) for key, one in PRIORITIES.items()},
        "categories": {str(key): said(one) for key, one in CATEGORIES.items()},
        "shapes": {**packed_areas(areas, labels), "catchments": []},
        "views": frames(region, areas),
        "nobody": NOBODY,
        "ramps": {
            "minutes": [list(RAMPS["minutes"].breaks), list(RAMPS["minutes"].colours)],
            "change": [list(CHANGE.breaks), list(CHANGE.colours)],
        },
    }


def evaluator_data(plan: Plan) -> dict[str, Any]:
    """What the page's evaluator (model.js) and its solver (sets.js) work on: nothing that is only looked at."""
    region, policy = plan.region, plan.policy.on(plan.region)
    weights = demand(region, policy)
    return {
        "words": {key: said(one) for key, one in {**WORDS, **SENTENCES}.items()},
        "rules": _rules(policy),
        "goals": list(policy.goals),
        "tolerance": policy.tolerance,
        "unknown": [said(both_words(WORDS, f"goal_{g}")) for g in policy.goals if g not in SOLVED_GOALS],
        "numbers": _numbers(region, policy),
        "units": {**unit_rows(region), "weight": _weights(region, weights)},
        "districts": _districts(region),
        "hospitals": _hospitals(region),
        "layers": [_layer(plan, policy, result) for result in plan.layers],
    }


def _rules(policy: Policy) -> list[dict[str, Any]]:
    """Every rule of the policy, pins and bans once each; the judge judges candidates even where it is not said."""
    rules = {rule.id: rule for rule in policy.rules}
    if policy.partner_layers:
        rules.setdefault(policy.candidates.id, policy.candidates)
    return [
        {
            "id": rule.id,
            "title": said(rule.title),
            "sentence": said(rule.sentence()),
            "judged": rule.key in JUDGED,
            "solved": rule.key in SOLVED,
            "grids": rule.of == "grids",
        }
        for rule in rules.values()
    ]


def _numbers(region: Region, policy: Policy) -> dict[str, Any]:
    """What the rules ask, in numbers; None where a rule is off."""
    district, hospital = policy.rule(DistrictCap), policy.rule(HospitalCap)
    standard, capacity = policy.rule(TravelStandard), policy.rule(Capacity)
    least, share, most = policy.rule(LeastPartners), policy.rule(LeastShare), policy.rule(MostChanges)
    price, priority, basis = policy.rule(ChangePrice), policy.rule(Priority), policy.rule(Eligibility)
    rooms = None
    if capacity is not None:
        stated = region.hospitals[capacity.source].astype(float) * (capacity.people_per_bed or 1.0)
        rooms = [None if pd.isna(room) else float(room) for room in stated]
    return {
        "district_cap": district and [district.limit(str(d)) for d in region.districts["district_id"]],
        "hospital_cap": hospital and [hospital.limit(str(h)) for h in region.hospitals["hospital_id"]],
        "caps_bend": policy.caps_bend,
        "standard": standard and standard.minutes,
        "excess_price": standard and standard.price,
        "capacity": rooms,
        "least_partners": least.least if least else 0,
        "least_share": share.share if share else 0.0,
        "most_changes": most and most.most,
        "change_price": price.person_minutes if price else 0.0,
        "prices": list(priority.prices) if priority else [0.0] * 5,
        "worst_priority": basis.worst_priority if basis else 5,
    }


def _weights(region: Region, weights: Any) -> list[float] | None:
    """What each unit counts in the goal travel (CD-5), None where it counts its residents."""
    counts = np.asarray(weights, dtype=float)
    same = np.array_equal(counts, region.units["people"].to_numpy(dtype=float))
    return None if same else counts.tolist()


def _districts(region: Region) -> list[dict[str, Any]]:
    rows = pd.DataFrame(region.districts).itertuples(index=False, name="Row")
    return [
        {"id": str(row.district_id), "name": _name(row.name), "name_en": _name(row.name_en)} for row in rows
    ]


def _hospitals(region: Region) -> list[dict[str, Any]]:
    points = region.hospitals[["lon", "lat"]].to_numpy(dtype=float)
    known = [None if np.isnan(point).any() else [float(place) for place in point] for point in points]
    rows = hospital_rows(region, region.hospitals)
    return [{**row, "point": point} for row, point in zip(rows, known, strict=True)]


def _layer(plan: Plan, policy: Policy, result: LayerResult) -> dict[str, Any]:
    """One layer: candidates in the order of their ids, pairs as (district, candidate), minutes as (unit, candidate)."""
    region, name = plan.region, result.layer
    table = plan.pair_table[plan.pair_table["layer"] == name]
    ids = sorted(table["hospital_id"].unique())
    table = table.set_index(["district_id", "hospital_id"])
    full = pd.MultiIndex.from_product([region.districts["district_id"].astype(str), ids])
    table = table.reindex(full)
    of_hospital = pd.Index(region.hospitals["hospital_id"])
    rows = plan.assignment[plan.assignment["layer"] == name].set_index("unit_id")
    chosen = rows["hospital_id"].reindex(region.units["unit_id"])
    minutes, all_carried = _minutes(plan, ids, name)
    pairs = plan.pairs[plan.pairs["layer"] == name]
    listed = {(str(p.district_id), str(p.hospital_id)) for p in pairs.itertuples()}
    forms = district_forms(region, policy) if name == GRID else None
    return {
        "key": name,
        "name": said(both_words(LAYERS, name)),
        "grid": name == GRID,
        "hospitals": [int(n) for n in of_hospital.get_indexer(pd.Index(ids))],
        "counted": [int(c) for c in table["counted"].groupby(level=1).max().reindex(ids)] if ids else [],
        "priority": [int(p) for p in table["priority"].fillna(5)],
        "allowed": _flags(table, "allowed"),
        "banned": _banned(policy, full, name),
        "pinned": _flags(table, "pinned"),
        "existing": _flags(table, "existing"),
        "present": _flags(table, "present"),
        "pairs": [int(tuple(map(str, key)) in listed) for key in full],
        "minutes": minutes,
        "all_carried": all_carried,
        "of_unit": [int(n) for n in pd.Index(ids).get_indexer(chosen)],
        "planned": [int(forms is None or forms[d] != "left_out") for d in region.districts["district_id"]],
        "proof": [
            {"goal": g.goal, "value": g.value, "bound": g.bound, "unit": g.unit, "text": said(g.text)}
            for g in result.goals
        ],
        "status": result.status,
        "gap": result.gap,
    }


def _looks(plan: Plan, layer: dict[str, Any], areas: Areas) -> dict[str, Any]:
    """Colours and numbers of a layer's candidates, the plan's partners first as on the map, and the figures of today."""
    ids = [str(plan.region.hospitals["hospital_id"].iloc[n]) for n in layer["hospitals"]]
    colours = catchment_colours(plan, layer["key"], areas.touching)
    for other in [one for one in ids if one not in colours]:
        colours[other] = FILLS[len(colours) % len(FILLS)]
    numbers = {h: n for n, h in enumerate(colours, start=1)}
    return {
        "colours": [colours[h] for h in ids],
        "badges": [numbers[h] for h in ids],
        "today": _today(plan, layer["key"]),
    }


def _flags(table: pd.DataFrame, column: str) -> list[int]:
    return [int(not pd.isna(flag) and bool(flag)) for flag in table[column]]


def _banned(policy: Policy, pairs: pd.MultiIndex, layer: str) -> list[int]:
    named = {(ban.district_id, ban.hospital_id) for ban in policy.rules_of(Ban) if ban.concerns(layer)}
    return [int(tuple(map(str, pair)) in named) for pair in pairs]


def _minutes(plan: Plan, ids: list[str], layer: str) -> tuple[str, bool]:
    """Minutes of every unit to every candidate, packed; in large regions to the nearest ones and to the plan's partners."""
    travel, units = plan.travel, plan.region.units
    rows = pd.Index(travel.unit_ids).get_indexer(units["unit_id"])
    columns = pd.Index(travel.hospital_ids).get_indexer(pd.Index(ids))
    table = travel.minutes[np.ix_(rows, columns)]
    reached = np.isfinite(table)
    whole = np.where(reached, np.rint(np.where(reached, table, 0.0) * SCALE) + FIRST, UNREACHED).astype(
        np.int64
    )
    if table.size > MOST_MINUTES and len(ids) > NEAREST:
        kept = np.zeros(table.shape, dtype=bool)
        nearest = np.argpartition(np.where(reached, table, np.inf), NEAREST, axis=1)[:, :NEAREST]
        np.put_along_axis(kept, nearest, True, axis=1)
        pairs = plan.pairs[plan.pairs["layer"] == layer]
        column_of = {h: n for n, h in enumerate(ids)}
        district = units["district_id"].to_numpy()
        for pair in pairs.itertuples():
            kept[district == pair.district_id, column_of[str(pair.hospital_id)]] = True
        whole = np.where(kept | ~reached, whole, LEFT_OUT)
        return text(whole.ravel()), False
    return text(whole.ravel()), True


def _today(plan: Plan, layer: str) -> dict[str, Any] | None:
    """Each district today: partners, mean minutes of those who have one, residents beyond 60 minutes and without one."""
    if layer not in plan.policy.partner_layers:
        return None
    frame = (
        plan.today.districts_frame(layer)
        .set_index("district_id")
        .reindex(plan.region.districts["district_id"])
    )
    mine = plan.today.assignment[plan.today.assignment["layer"] == layer].set_index("unit_id")["hospital_id"]
    served = mine.reindex(plan.region.units["unit_id"]).fillna("") != ""
    return {
        "served": "".join("1" if one else "0" for one in served),  # each unit, whether it has a partner
        "partners": [int(n) for n in frame["partners"]],
        "mean": [number(mean, 4) for mean in frame["mean_minutes"]],
        "beyond": [int(n) for n in frame["people_beyond"]],
        "without": [int(n) for n in frame["people_without"]],
    }


def _name(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
