"""The judge's own ways agree with the optimiser's and with a definition written here, and share no code."""

from __future__ import annotations

import ast
import sys
from itertools import product
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplan.inputs import read_assignment
from gridplan.judging import breaches, verdict
from gridplan.judging import by_hand as by_hand_module
from gridplan.judging import grid_tables as tables_grids
from gridplan.judging import judge_tables as tables
from gridplan.judging import verify as verify_module
from gridplan.judging.rules import judges
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import (
    DistrictCap,
    Eligibility,
    HospitalCap,
)
from tests.plans.judged import MINUTES, PLANS, SHANGHAI, TOWN, rules_of


def test_the_judges_minutes_agree_with_travel_and_with_arithmetic_by_hand() -> None:
    rows = [(u, h) for u, h in product(TOWN.units["unit_id"], ["H1", "H2", "H3", "H4", "H5"])]
    frame = pd.DataFrame(rows, columns=["unit_id", "hospital_id"]).merge(
        TOWN.units[["unit_id", "district_id"]], on="unit_id"
    )
    own = tables.minutes_of(TOWN, SHANGHAI, frame, None)
    theirs = np.array([MINUTES[row] for row in rows])
    assert np.abs(own - theirs).max() < 1e-4
    assert np.abs(own - [by_haversine(*row) for row in rows]).max() < 1e-9


def by_haversine(unit: str, hospital: str) -> float:
    speed = {"T1": 20, "T2": 28, "T3": 36}[unit[:2]]
    lon, lat = TOWN.units.set_index("unit_id").loc[unit, ["lon", "lat"]]
    sites = [TOWN.hospitals.set_index("hospital_id").loc[hospital, ["lon", "lat"]]]
    mine = TOWN.branches[(TOWN.branches["hospital_id"] == hospital) & (TOWN.branches["status"] == "open")]
    sites += [row for _, row in mine[["lon", "lat"]].iterrows()]

    def km(site: Any) -> float:
        a = sin(radians(site["lat"] - lat) / 2) ** 2
        a += cos(radians(lat)) * cos(radians(site["lat"])) * sin(radians(site["lon"] - lon) / 2) ** 2
        return 2 * 6371.0088 * asin(sqrt(a))

    return min(map(km, sites)) * 1.3 / speed * 60


def test_the_judges_priorities_and_candidates_agree_with_the_pair_table() -> None:
    table = pair_table(TOWN, SHANGHAI)
    own = [tables.priority_of(TOWN, SHANGHAI, r.district_id, r.hospital_id) for r in table.itertuples()]
    assert own == table["priority"].tolist()
    for rules in PLANS.values():
        p = SHANGHAI.with_rule(*rules)
        who = candidates(TOWN, p)
        assert tables.layer_of_hospitals(TOWN, p) == dict(zip(who["hospital_id"], who["layer"], strict=True))


@given(
    st.sampled_from(["open", "planned", ""]), st.sampled_from(["campus", "affiliate", "clinic", ""]), st.booleans(),
    st.sampled_from(["custody", "counterpart", "affiliate", "other", "", None]), st.sampled_from(["T1", "T2", "T3"]),
)  # fmt: skip
@settings(max_examples=20)
def test_both_readings_of_a_priority_agree(
    status: str, relation: str, located: bool, basis: str | None, district: str
) -> None:
    branches = TOWN.branches.iloc[[1]].assign(status=status, relation=relation, district_id=district)
    branches = branches if located else branches.assign(lon=np.nan)
    partnerships = TOWN.partnerships.assign(hospital_id="H2", district_id="T3", basis=basis)
    region = TOWN.with_tables(branches=branches, partnerships=partnerships.iloc[: 0 if basis is None else 1])
    table = pair_table(region, SHANGHAI)
    own = [tables.priority_of(region, SHANGHAI, r.district_id, r.hospital_id) for r in table.itertuples()]
    assert own == table["priority"].tolist()


@pytest.mark.parametrize(
    "module",
    [
        tables,
        tables_grids,
        breaches,
        verify_module,
        verdict,
        by_hand_module,
        read_assignment,
        *(sys.modules[judge.__module__] for judge in judges().values()),
    ],
    ids=lambda m: m.__name__,
)
def test_the_judge_shares_no_code_with_the_optimiser(module: Any) -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    names |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    names |= {
        f"{n.module}.{a.name}" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names
    }
    forbidden = (
        "gridplan.optimise",
        "gridplan.policies.pairs",
        "gridplan.policies.leads",
        "gridplan.policies.preflight",
        "gridplan.geography.neighbours",
        "gridplan.geography.adjacency",
        "gridplan.plans.make",
    )
    assert [name for name in names if name.startswith(forbidden)] == []


# Against a definition written here


def brute(assigned: dict[tuple[str, str], str], cap: int, hospital_cap: int, strict: bool) -> set[str]:
    """The rules that an assignment breaks, by their words. (layer, unit) → hospital; "" = nobody."""
    broken, general, tcm = set(), {"H1", "H2", "H3"}, {"H4", "H5"}
    grounds = {
        ("T1", "H1"),
        ("T1", "H2"),
        ("T1", "H4"),
        ("T2", "H3"),
        ("T2", "H5"),
        ("T2", "H1"),
        ("T3", "H1"),
        ("T3", "H2"),
        ("T3", "H3"),
    }
    districts: dict[str, set[str]] = {}
    served: dict[str, set[str]] = {}
    for (layer, unit), hospital in assigned.items():
        if hospital == "":
            broken.add("SH-1")
            continue
        if hospital not in (general if layer == "general" else tcm):
            broken.add("SH-4")
        if strict and (unit[:2], hospital) not in grounds:
            broken.add("SH-6")
        if hospital in general | {"H6"}:  # of the category that counts
            districts.setdefault(unit[:2], set()).add(hospital)
            served.setdefault(hospital, set()).add(unit[:2])
    if any(len(hospitals) > cap for hospitals in districts.values()):
        broken.add("SH-2")
    if any(len(of) > hospital_cap for of in served.values()):
        broken.add("SH-3")
    return broken


UNITS = [(layer, unit) for layer in ("general", "tcm") for unit in TOWN.units["unit_id"]]
LEGAL = st.tuples(
    *[st.sampled_from(["H1", "H2"] if layer == "general" else ["H4", "H5"]) for layer, _ in UNITS]
)
ANY = st.tuples(*[st.sampled_from(["H1", "H2", "H3", "H1", "H2", "H3", "H4", "H6", "H7", ""] if layer == "general" else ["H4", "H5", "H5", "H1", ""]) for layer, _ in UNITS])  # fmt: skip


@given(st.one_of(LEGAL, ANY), st.integers(1, 4), st.integers(1, 3), st.booleans())
@settings(max_examples=20)
def test_the_verdict_is_what_the_words_say(
    hospitals: tuple[str, ...], cap: int, hospital_cap: int, strict: bool
) -> None:
    assigned = dict(zip(UNITS, hospitals, strict=True))
    rows = [(*key, hospital) for key, hospital in assigned.items() if hospital]
    frame = pd.DataFrame(rows, columns=["layer", "unit_id", "hospital_id"])
    p: Policy = SHANGHAI.with_rule(
        DistrictCap(cap), HospitalCap(hospital_cap), Eligibility("strict" if strict else "prefer")
    )
    v = verify_module._judge(TOWN, p, frame, None, "")[0]
    assert set(rules_of(v)) == brute(assigned, cap, hospital_cap, strict), v.report()
