"""Random small towns under random rules, and random changes made at the table: for the page's evaluator and its solver."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gridplan.geography.travel import Travel, travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.judging.judge_tables import build_tables, layer_of_hospitals
from gridplan.optimise.run.outcome import GoalResult
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.extends import profile_names
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import Policy
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Capacity,
    ChangePrice,
    DistrictCap,
    Eligibility,
    GroupWeights,
    HospitalCap,
    LeastPartners,
    LeastShare,
    MostChanges,
    Pin,
    Rule,
    TravelStandard,
)
from gridplan.words.findings import Findings
from gridplan.words.text import both
from gridplan.words.vocabulary import GRID, PAIR_COLUMNS
from tests.plans.gridtown import grid_plan, grid_town

PROFILES = ("shanghai-2025", "shanghai-2025-strict")  # with partners alone
GRID_PROFILES = tuple(name for name in profile_names() if name not in PROFILES)
SOLVED_GOALS = (("travel",), ("travel",), ("priority", "travel"), ("coverage", "travel"), ("coverage",))
OTHER_GOALS = ("worst", "deviations", "balance", "changes", "inequality", "partners")
DISTRICTS, HOSPITALS = ("T1", "T2", "T3"), ("H1", "H2", "H3", "H4", "H5")
NEEDED = ("units", "districts", "hospitals", "layers", "numbers", "rules", "goals", "tolerance", "unknown")


def random_town(dice: random.Random) -> Region:
    """tiny_town with other people (a third of the units empty now and then), other partners today, other minutes."""
    town = tiny_town()
    empty = dice.choice((0.0, 0.0, 0.3, 0.5))
    people = [0 if dice.random() < empty else dice.randint(1, 30) * 400 for _ in range(len(town.units))]
    if dice.random() < 0.15:
        people = [0 if u.startswith("T3") else p for u, p in zip(town.units["unit_id"], people, strict=True)]
    units = town.units.assign(people=people, people_65plus=[p // dice.randint(2, 9) for p in people])
    tables: dict[str, Any] = {"units": units}
    pairs = dice.sample([(h, d) for h in HOSPITALS for d in DISTRICTS], dice.randint(0, 7))
    bases = [dice.choice(("custody", "counterpart", "affiliate", "other")) for _ in pairs]
    tables["partnerships"] = pd.DataFrame(
        [(h, d, basis, "2018", n) for n, ((h, d), basis) in enumerate(zip(pairs, bases, strict=True), 2)],
        columns=town.partnerships.columns,
    )
    if dice.random() < 0.5:
        rows = [
            (u, h, dice.randint(10, 900) / 10, n)
            for n, (u, h) in enumerate(((u, h) for u in units["unit_id"] for h in (*HOSPITALS, "H6")), 2)
            if dice.random() > 0.12
        ]
        tables["travel"] = pd.DataFrame(rows, columns=["unit_id", "hospital_id", "minutes", "row"])
    return town.with_tables(**tables)


def random_rules(dice: random.Random, solvable: bool = False) -> Policy:
    """A shipped policy with partners, and any of the other rules; `solvable`: those that the page solves."""
    rules: list[Rule] = []
    maybe: list[tuple[float, Rule]] = [
        (0.5, DistrictCap(dice.randint(1, 3))),
        (0.5, HospitalCap(dice.randint(1, 3))),
        (0.3, TravelStandard(dice.choice((20.0, 40.0, 60.0)), dice.choice((None, 0.5, 3.0)))),
        (0.25, LeastPartners(dice.randint(1, 2))),
        (0.3, MostChanges(dice.randint(0, 6))),
        (0.3, ChangePrice(dice.choice((0.0, 20_000.0, 400_000.0)))),
        (0.2, GroupWeights({"people_65plus": dice.choice((0.5, 3.0))})),
        (0.2, Eligibility("strict")),
        (0.3, Candidates(ownerships=("public", "military"), merge_layers=dice.random() < 0.5)),
        (0.2, Ban(dice.choice(DISTRICTS), dice.choice(HOSPITALS))),
        (0.2, Pin(dice.choice(DISTRICTS), dice.choice(HOSPITALS))),
    ]
    if not solvable:
        maybe += [(0.3, Capacity("capacity_people")), (0.3, LeastShare(dice.choice((0.1, 0.3))))]
    rules += [rule for chance, rule in maybe if dice.random() < chance]
    made = policy(dice.choice(PROFILES)).with_rule(*rules)
    goals = dice.choice(SOLVED_GOALS)
    if not solvable and dice.random() < 0.4:
        goals = (dice.choice(OTHER_GOALS), "travel")
    return replace(made, goals=goals)


def travel_of(region: Region, rules: Policy) -> Travel:
    return travel_times(region, sorted(set(candidates(region, rules)["hospital_id"])), rules.travel)


def random_plan(dice: random.Random, region: Region, rules: Policy) -> Plan:
    """A plan made blindly: each unit at one of two hospitals of the layer, now and then at any, or at none."""
    layers = layer_of_hospitals(region, rules)
    rows = []
    for layer in rules.partner_layers:
        able = sorted(h for h, name in layers.items() if name == layer)
        liked = {d: dice.sample(able, min(2, len(able))) for d in DISTRICTS}
        for unit in region.units.itertuples():
            if dice.random() > 0.03 and able:
                hospital = dice.choice(able if dice.random() < 0.1 else liked[unit.district_id])
                rows.append((len(rows) + 2, layer, unit.unit_id, hospital))
    travel = travel_of(region, rules)
    given = pd.DataFrame(rows, columns=["row", "layer", "unit_id", "hospital_id"])
    tables = build_tables(region, rules.on(region), given, travel)
    listed = tables.pairs[tables.pairs["listed"]]
    pairs = listed.assign(counted=listed["counted"].astype(int), change="new")[PAIR_COLUMNS]
    goal = GoalResult("travel", both("travel"), 0.0, 0.0)
    results = tuple(LayerResult(layer, (goal,), "highs", 0.0, None) for layer in rules.layers)
    facts = tables.assignment.assign(minutes=np.round(tables.assignment["minutes"], 4))
    return Plan(
        region,
        rules,
        travel,
        facts.drop(columns="row"),
        pairs.reset_index(drop=True),
        results,
        Findings(),
        {},
    )


def random_grid_plan(dice: random.Random) -> Plan:
    """A plan of any shipped policy with grids: its units led blindly, by few hospitals or by many."""
    region, rules = grid_town(), policy(dice.choice(GRID_PROFILES))
    pairs = candidates(region, rules)
    able = sorted(set(pairs.loc[pairs["layer"] == GRID, "hospital_id"]))
    liked = dice.sample(able, min(len(able), dice.randint(2, 5)))
    units = [unit for unit in region.units["unit_id"] if dice.random() > 0.04]
    return grid_plan(region, rules, {unit: dice.choice(liked) for unit in units})


def random_edits(dice: random.Random, data: dict[str, Any]) -> list[list[Any]]:
    """[what, layer, …]: pairs on or off, units given, hospitals closed, by position."""
    edits: list[list[Any]] = []
    for _ in range(dice.randint(1, 6)):
        n = dice.randrange(len(data["layers"]))
        layer = data["layers"][n]
        d, h = dice.randrange(len(data["districts"])), dice.randrange(max(1, len(layer["hospitals"])))
        what = dice.choice(("on", "on", "off", "give", "give", "close"))
        if layer["hospitals"]:
            u = dice.randrange(len(data["units"]["id"]))
            edits.append(
                [what, n, u if what == "give" else d, layer["hospitals"][h] if what == "close" else h]
            )
    return edits


def random_locks(dice: random.Random, data: dict[str, Any]) -> list[list[int]]:
    """[layer, district, candidate, lock] by position: 1 must be, 2 must not be."""
    return [
        [
            n,
            dice.randrange(len(data["districts"])),
            dice.randrange(len(layer["hospitals"])),
            dice.choice((1, 2, 2)),
        ]
        for n, layer in enumerate(data["layers"])
        for _ in range(dice.choice((0, 1, 2)))
        if layer["hospitals"]
    ]


def lean(data: dict[str, Any]) -> dict[str, Any]:
    """What the evaluator needs of the page's data."""
    words = {
        key: data["words"][key]
        for key in (
            "grids_elsewhere",
            "caps_bend",
            "tolerance",
            "not_all_carried",
            "too_many_sets",
            "no_counted",
        )
    }
    return {**{key: data[key] for key in NEEDED}, "words": words}
