"""The judge passes a good plan, and catches every fault that is put into one, with rule, place and rows."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplan.errors import BrokenPlanError, DataError
from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.plan import judges, judges_grids, tables, tables_grids, verdict
from gridplan.plan import verify as verify_module
from gridplan.plan.make import plan as make
from gridplan.plan.plan import Plan
from gridplan.plan.store import read_assignment, write_csv
from gridplan.plan.verdict import Breach, Verdict
from gridplan.plan.verify import judge, verify
from gridplan.policy.pairs import candidates, pair_table
from gridplan.policy.policy import Policy
from gridplan.policy.profile import policy
from gridplan.policy.rules import (
    Ban,
    Candidates,
    Capacity,
    DistrictCap,
    Eligibility,
    HospitalCap,
    LeastPartners,
    LeastShare,
    Override,
    Pin,
    Rule,
    TravelStandard,
)
from gridplan.text import Text

TOWN, SHANGHAI = tiny_town(), policy("shanghai-2025")
MINUTES = {
    (unit, hospital): minutes
    for unit, hospital, minutes in travel_times(TOWN, list(TOWN.hospitals["hospital_id"]), SHANGHAI.travel)
    .to_frame()
    .itertuples(index=False)
}


@cache
def good(*rules: Rule, profile: str = "shanghai-2025") -> Plan:
    """A plan of tiny_town with these rules besides."""
    return make(TOWN, policy(profile).with_rule(*rules))


def with_policy(made: Plan, *rules: Rule) -> Plan:
    """The same plan, judged by more rules."""
    return replace(made, policy=made.policy.with_rule(*rules))


def moved(frame: pd.DataFrame, unit: str, hospital: str, layer: str = "general") -> pd.DataFrame:
    """The assignment with one unit sent elsewhere, its minutes put right."""
    out = frame.copy()
    here = (out["unit_id"] == unit) & (out["layer"] == layer)
    out.loc[here, "hospital_id"] = hospital
    out.loc[here, "minutes"] = MINUTES.get((unit, hospital), 0.0)
    return out


def cell(frame: pd.DataFrame, row: int, column: str, value: Any) -> pd.DataFrame:
    """The table with one cell changed; `row` as a spreadsheet numbers it."""
    out = frame.astype({column: object})
    out.iloc[row - 2, out.columns.get_loc(column)] = value
    return out.infer_objects()


def pairs_of(made: Plan) -> Plan:
    """The plan with its pairs listed anew from its assignment."""
    pairs = pair_table(made.region, made.policy).set_index(["layer", "district_id", "hospital_id"])
    served = made.assignment.groupby(["layer", "district_id", "hospital_id"])["people"].sum()
    listed = pairs.join(served, how="inner").reset_index()
    listed["change"] = np.where(listed["existing"], "kept", "new")
    return replace(made, pairs=listed.astype({"counted": int})[made.pairs.columns])


def goal(made: Plan, layer: int = 0, n: int = 0, **changes: Any) -> Plan:
    """The plan with something else printed of one goal."""
    result = made.layers[layer]
    goals = list(result.goals)
    goals[n] = replace(goals[n], **changes)
    results = list(made.layers)
    results[layer] = replace(result, goals=tuple(goals))
    return replace(made, layers=tuple(results))


def by_hand(
    frame: pd.DataFrame, *rules: Rule, region: Region = TOWN, without: tuple[str, ...] = ()
) -> Verdict:
    """What `judge` says, without checking the same sound region's data again each time."""
    return verify_module._judge(region, SHANGHAI.with_rule(*rules).without(*without), frame, None, "")[0]


def place(b: Breach) -> tuple[str, str, str, str, tuple[int, ...]]:
    return b.rule, b.district_id, b.hospital_id, b.unit_id, b.rows


def rules_of(v: Verdict) -> list[str]:
    return sorted(b.rule for b in v.breaches)


PLANS: dict[str, tuple[Rule, ...]] = {
    "plain": (),
    "tight": (DistrictCap(1), HospitalCap(1)),
    "strict basis, no TCM": (Eligibility("strict"), Candidates(exempt=())),
    "merged": (Candidates(merge_layers=True),),
    "military": (Candidates(ownerships=("public", "military")),),
    "capacity": (Capacity(),),
    "capacity by beds": (Capacity("beds", 90),),
    "limit": (TravelStandard(30),),
    "priced": (TravelStandard(10, 3),),
    "partners and share": (LeastPartners(2), LeastShare(0.3)),
    "pins": (Pin("T1", "H3"), Pin("T3", "H5"), Ban("T3", "H1"), Ban("T1", "H4")),
    "override": (DistrictCap(2, {"T3": Override(3, "far away")}),),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_a_good_plan_passes(name: str) -> None:
    v = verify(good(*PLANS[name]))
    assert v.kept, v.report()
    assert v.to_frame().empty
    assert v.rules_frame()["kept"].all() and "FIGURES" in set(v.rules_frame()["rule"])
    v.raise_if_broken()


def test_a_plan_in_strict_order_passes() -> None:
    made = good(profile="shanghai-2025-strict")
    assert verify(made).kept and [len(r.goals) for r in made.layers] == [5, 5]


A = good().assignment
P = good().pairs
# T1 H1 H2 · T2 H1 H3 · T3 H1 H2; rows 2–13 are general in the order of units, 14–25 tcm.
T1, T2, T3 = (2, 3, 4, 5), (6, 7, 8, 9), (10, 11, 12, 13)

# name → assignment, rules besides, the one breach: rule, district, hospital, unit, rows
MOVES: dict[str, tuple[Callable[[], pd.DataFrame], tuple[Rule, ...], tuple[Any, ...]]] = {
    "a unit left out": (lambda: A.drop(index=0), (), ("SH-1", "", "", "T1-01", ())),
    "a layer left out": (lambda: A[A["layer"] == "tcm"], (), ("SH-1", "", "", "", ())),
    "a unit twice": (lambda: pd.concat([A, A.iloc[[3]]]), (), ("SH-1", "", "", "T1-04", (5, 26))),
    "a third partner": (lambda: moved(A, "T1-01", "H3"), (), ("SH-2", "T1", "", "", T1)),
    "a tighter cap per district": (lambda: A, (DistrictCap(2, {"T2": Override(1, "small")}),), ("SH-2", "T2", "", "", T2)),
    "a pin makes a third partner": (lambda: A, (Pin("T2", "H2"),), ("SH-2", "T2", "", "", T2)),
    "a tighter cap per hospital": (lambda: A, (HospitalCap(2),), ("SH-3", "", "H1", "", (2, 4, 6, 10))),
    "a tighter cap of one": (lambda: A, (HospitalCap(3, {"H2": Override(1, "small")}),), ("SH-3", "", "H2", "", (3, 5, 11, 12, 13))),
    "a specialist": (lambda: moved(A, "T1-01", "H7", "tcm"), (), ("SH-4", "T1", "H7", "", (14,))),
    "a general hospital for TCM": (lambda: moved(A, "T1-02", "H5", "tcm"), (Candidates(exempt=("tcm",)),), None),
    "an unknown hospital": (lambda: cell(A.drop(index=A.index[-1]), 2, "hospital_id", "H9"), (), None),
    "rows of a layer that is no more": (lambda: A, (Eligibility("strict"), Candidates(exempt=())), None),
    "a banned pair": (lambda: A, (Ban("T3", "H1"),), ("BAN", "T3", "H1", "", (10,))),
    "a pinned hospital that is no candidate": (lambda: A, (Pin("T1", "H6"),), ("PIN", "T1", "H6", "", ())),
    "a pinned district that does not exist": (lambda: A, (Pin("T9", "H1"),), ("PIN", "T9", "H1", "", ())),
    "over the beds": (lambda: A, (Capacity("beds", 50),), None),
    "beyond the limit": (lambda: A, (TravelStandard(22),), ("STANDARD", "T3", "H5", "T3-04", (25,))),
    "too few partners": (lambda: A, (LeastPartners(3), DistrictCap(3)), None),
    "too small a share": (lambda: A, (LeastShare(0.25),), ("SHARE", "T3", "H1", "", (10,))),
    "wrong people": (lambda: cell(A, 3, "people", 12001), (), ("FIGURES", "T1", "H2", "T1-02", (3,))),
    "people as a text": (lambda: cell(A, 3, "people", "many"), (), ("FIGURES", "T1", "H2", "T1-02", (3,))),
    "blank people": (lambda: cell(A, 3, "people", None), (), ("FIGURES", "T1", "H2", "T1-02", (3,))),
    "wrong minutes": (lambda: cell(A, 9, "minutes", 2.0484), (), ("FIGURES", "T2", "H3", "T2-04", (9,))),
    "minutes as a text": (lambda: cell(A, 9, "minutes", "2 min"), (), ("FIGURES", "T2", "H3", "T2-04", (9,))),
    "wrong district": (lambda: cell(A, 10, "district_id", "T2"), (), ("FIGURES", "T3", "H1", "T3-01", (10,))),
    "a blank district": (lambda: cell(A, 10, "district_id", None), (), ("FIGURES", "T3", "H1", "T3-01", (10,))),
}  # fmt: skip
# Those that break in several places: what is broken, and where.
SEVERAL: dict[str, list[tuple[Any, ...]]] = {
    "a general hospital for TCM": [("SH-4", "T1", "H5", "", (15,)), ("SH-4", "T2", "H5", "", (18, 19, 20, 21)), ("SH-4", "T3", "H5", "", (24, 25))],
    "an unknown hospital": [("SH-1", "", "", "T1-01", ()), ("SH-1", "", "", "T3-04", ()), ("SH-4", "", "H9", "", (2,))],
    "rows of a layer that is no more": [("SH-4", "", "", "", tuple(range(14, 26)))],
    "over the beds": [("CAPACITY", "", "H4", "", (14, 15, 16, 17, 22, 23)), ("CAPACITY", "", "H5", "", (18, 19, 20, 21, 24, 25))],
    "too few partners": [("PARTNERS", d, "", "", ()) for d in ("T1", "T2", "T3")],
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_a_fault_in_the_assignment_is_caught_where_it_is(name: str) -> None:
    frame, rules, expected = MOVES[name]
    v = by_hand(frame(), *rules)
    places = sorted(place(b) for b in v.breaches)
    assert places == (sorted(SEVERAL[name]) if expected is None else [expected]), v.report()
    assert not v.kept
    for breach in v.breaches:
        assert breach.line("en") in v.report("en") and breach.line("zh") in v.report("zh")
        assert any("\u4e00" <= c <= "\u9fff" for c in breach.what.zh)


def test_without_a_basis_where_a_basis_is_needed() -> None:
    v = by_hand(moved(A, "T1-01", "H3"), Eligibility("strict"), DistrictCap(3))
    assert [place(b) for b in v.breaches] == [
        ("SH-6", "T1", "H3", "", (2,)),
        ("SH-6", "T3", "H4", "", (22, 23)),
        ("SH-6", "T3", "H5", "", (24, 25)),
    ]


def test_pins_and_bans_without_anything_else() -> None:
    v = by_hand(A, Pin("T3", "H3"), Ban("T3", "H3"), DistrictCap(3))
    assert [place(b) for b in v.breaches] == [("BAN", "T3", "H3", "", ())]


def test_a_pinned_pair_counts_though_it_serves_nobody() -> None:
    assert [place(b) for b in by_hand(A, Pin("T3", "H3"), HospitalCap(1, {"H1": Override(3, "x"), "H2": Override(2, "x")})).breaches] == [
        ("SH-2", "T3", "", "", T3), ("SH-3", "", "H3", "", (7, 8, 9)),
    ]  # fmt: skip
    assert by_hand(A, Pin("T1", "H5")).kept  # exempt: counts toward no cap


def test_exempt_hospitals_count_toward_no_cap() -> None:
    everyone = by_hand(A, DistrictCap(1), HospitalCap(1))
    assert {b.layer for b in everyone.breaches} == {"general"}
    merged = A.assign(layer="merged").drop_duplicates("unit_id")
    for unit, hospital in (("T1-01", "H4"), ("T1-03", "H5"), ("T2-01", "H4")):
        merged = moved(merged, unit, hospital, "merged")
    v = by_hand(merged, Candidates(merge_layers=True), Eligibility("prefer"))
    assert v.kept, v.report()


def empty(unit: str, people: int = 0) -> Region:
    """tiny_town where nobody (or so many) lives in one unit."""
    units = TOWN.units.copy()
    units.loc[units["unit_id"] == unit, ["people", "people_65plus", "people_0_14"]] = [people, 0, 0]
    return TOWN.with_tables(units=units)


def test_a_unit_without_residents_makes_no_partner() -> None:
    frame = cell(moved(A, "T3-01", "H3"), 10, "people", 0)
    v = by_hand(cell(frame, 22, "people", 0), region=empty("T3-01"))
    assert [place(b) for b in v.breaches] == [("SH-1", "T3", "H3", "", (10,))]
    made = make(empty("T3-01"), SHANGHAI)
    assert verify(made).kept
    assert not verify(replace(made, assignment=moved(made.assignment, "T3-01", "H1"))).kept


def test_the_standard_is_for_residents() -> None:
    frame = cell(cell(A, 13, "people", 0), 25, "people", 0)
    assert by_hand(frame, TravelStandard(22), region=empty("T3-04")).kept


def test_what_cannot_be_reached_is_not_covered() -> None:
    table = travel_times(TOWN, ["H1", "H2", "H3", "H4", "H5"], SHANGHAI.travel).to_frame()
    lacking = TOWN.with_tables(
        travel=table.drop(index=table.index[(table["unit_id"] == "T1-01") & (table["hospital_id"] == "H1")])
    )
    v = by_hand(A.drop(columns="minutes"), region=lacking)
    assert [place(b) for b in v.breaches] == [("SH-1", "T1", "H1", "T1-01", (2,))]
    given = by_hand(A, region=TOWN.with_tables(travel=table.assign(minutes=table["minutes"] + 1)))
    assert rules_of(given) == ["FIGURES"] * 24


# name → the plan, the breaches of pairs.csv and plan.json: district, hospital, rows, words
FIGURES: dict[str, tuple[Callable[[], Plan], list[tuple[str, str, tuple[int, ...]]], str]] = {
    "a priority": (lambda: replace(good(), pairs=cell(P, 6, "priority", 4)), [("T3", "H1", (6,))], "has priority 4, is 3"),
    "a blank priority": (lambda: replace(good(), pairs=cell(P, 6, "priority", None)), [("T3", "H1", (6,))], "is 3"),
    "counted": (lambda: replace(good(), pairs=cell(P, 8, "counted", 1)), [("T1", "H4", (8,))], "has counted 1, is 0"),
    "people of a pair": (lambda: replace(good(), pairs=cell(P, 2, "people", 19_001)), [("T1", "H1", (2,))], "has people 19001, is 19000"),
    "kept that is new": (lambda: replace(good(), pairs=cell(P, 2, "change", "kept")), [("T1", "H1", (2,))], "has change kept, is new"),
    "new that is kept": (lambda: replace(good(), pairs=cell(P, 6, "change", "new")), [("T3", "H1", (6,))], "has change new, is kept"),
    "a pair left out": (lambda: replace(good(), pairs=P.drop(index=0)), [("T1", "H1", ())], "is not listed"),
    "a pair that serves nobody": (lambda: replace(good(), pairs=pd.concat([P, P.iloc[[0]].assign(hospital_id="H3")])), [("T1", "H3", (12,))], "serves nobody"),
    "a pair twice": (lambda: replace(good(), pairs=pd.concat([P, P.iloc[[0]]])), [("T1", "H1", (2, 12))], "listed twice"),
    "a pinned pair left out": (lambda: replace(good(Pin("T1", "H5")), pairs=P), [("T1", "H5", ())], "is not listed"),
    "a value": (lambda: goal(good(), value=good().layers[0].value + 1), [("", "", ())], "printed, is"),
    "no value": (lambda: goal(good(), value=float("nan"), bound=0.0), [("", "", ()), ("", "", ())], "nan printed"),
    "a value of the other layer": (lambda: goal(good(), layer=1, value=1.0, bound=1.0), [("", "", ())], "1.00 printed"),
    "a bound above the value": (lambda: goal(good(), bound=good().layers[0].value * 1.01), [("", "", ())], "called feasible with value"),
    "another goal": (lambda: goal(good(), goal="residents_through_5"), [("", "", ())], "goals residents_through_5, not travel"),
    "a goal nobody knows": (lambda: goal(good(), goal="beauty"), [("", "", ())], "goals beauty, not travel"),
    "a layer's result left out": (lambda: replace(good(), layers=good().layers[:1]), [("", "", ())], "results of layers general, not general, tcm"),
    "a goal left out": (lambda: replace(good(), layers=tuple(replace(r, goals=()) for r in good().layers)), [("", "", ())] * 2, "goals , not travel"),
    "minutes that preference saves": (lambda: replace(good(), layers=(replace(good().layers[0], preference_minutes=-5.0), good().layers[1])), [("", "", ())], "cannot save minutes"),
    "residents through weak pairs": (lambda: goal(good(profile="shanghai-2025-strict"), layer=1, value=6_999.0, bound=6_999.0), [("", "", ())], "residents_through_5"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_a_wrong_figure_is_caught(name: str) -> None:
    make_plan, places, words = FIGURES[name]
    v = verify(make_plan())
    assert {b.rule for b in v.breaches} == {"FIGURES"}, v.report()
    assert [(b.district_id, b.hospital_id, b.rows) for b in v.breaches] == places, v.report()
    assert words in v.report()
    with pytest.raises(BrokenPlanError) as broken:
        v.raise_if_broken()
    assert broken.value.verdict is v and v.name in broken.value.say("zh")


def test_optimal_is_a_closed_gap() -> None:
    """A goal that calls itself optimal while its bound is far away (a stopped run)."""

    class Boast(type(good().layers[0].goals[0])):  # type: ignore[misc]
        status = "optimal"

    first = good().layers[0].goals[0]
    boast = Boast(first.goal, first.text, first.value, first.bound * 0.9)
    made = replace(good(), layers=(replace(good().layers[0], goals=(boast,)), good().layers[1]))
    assert "called optimal" in verify(made).report()
    assert verify(goal(good(), bound=first.value * 0.9)).kept  # best found, gap 10 %: said as it is


def test_a_plan_that_is_worse_than_it_says() -> None:
    worse = pairs_of(replace(good(), assignment=moved(A, "T2-01", "H3")))
    assert rules_of(verify(worse)) == ["FIGURES"] and "goal travel" in verify(worse).report()


def test_several_faults_are_all_told_at_once() -> None:
    frame = moved(moved(A, "T1-01", "H3"), "T2-01", "H7", "tcm")
    frame = pd.concat([cell(frame, 3, "people", 1), frame.iloc[[4]]]).drop(index=A.index[11])
    v = by_hand(frame, Ban("T3", "H2"), Capacity("beds", 20), TravelStandard(22.6), LeastShare(0.3))
    assert set(rules_of(v)) == {"SH-1", "SH-2", "SH-4", "BAN", "CAPACITY", "STANDARD", "SHARE", "FIGURES"}
    assert len(v.to_frame()) == len(v.breaches) and set(v.to_frame()["rule"]) == set(rules_of(v))
    shown = v.rules_frame("zh").set_index("rule")
    assert (
        not shown.loc["SH-2", "kept"]
        and shown.loc["SH-3", "kept"]
        and shown["breaches"].sum() == len(v.breaches)
    )


# Edited by hand


@pytest.mark.parametrize("column", ["layer", "unit_id", "hospital_id"])
def test_a_missing_column_is_said(column: str) -> None:
    with pytest.raises(DataError) as refused:
        judge(TOWN, SHANGHAI, A.drop(columns=column))
    assert refused.value.which == (column,) and "缺少列" in refused.value.say("zh")


def test_three_columns_are_enough() -> None:
    assert judge(TOWN, SHANGHAI, A[["layer", "unit_id", "hospital_id"]]).kept


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [("layer", "General", "SH-4"), ("unit_id", "T9-01", "SH-1"), ("hospital_id", "H9", "SH-4")],
)
@pytest.mark.parametrize("blank", [False, True])
def test_what_is_not_known_is_named_with_its_rows(column: str, value: str, rule: str, blank: bool) -> None:
    v = by_hand(cell(cell(A, 4, column, None if blank else value), 7, column, None if blank else value))
    unknown = [b for b in v.breaches if "not known" in b.what.en]
    assert [(b.rule, b.rows) for b in unknown] == [(rule, (4, 7))]
    assert blank or (getattr(unknown[0], column) == value and value in unknown[0].what.zh)
    assert sorted(
        b.unit_id for b in v.breaches if b.rule == "SH-1" and b.unit_id.startswith(("T1", "T2"))
    ) == ["T1-03", "T2-02"]


def test_nothing_in_it() -> None:
    for frame in (A.iloc[:0], A.assign(hospital_id="nobody")):
        v = by_hand(frame)
        assert {"general", "tcm"} <= {b.layer for b in v.breaches} and "SH-1" in rules_of(v)


def test_rows_are_those_of_the_file(tmp_path: Path) -> None:
    write_csv(cell(moved(A, "T1-01", "H3"), 9, "minutes", "soon"), tmp_path / "edited.csv")
    v = judge(TOWN, SHANGHAI, read_assignment(tmp_path / "edited.csv"))
    assert [place(b) for b in v.breaches] == [
        ("SH-2", "T1", "", "", T1),
        ("FIGURES", "T2", "H3", "T2-04", (9,)),
    ]


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = moved(A, "T1-01", "H3").sample(frac=1, random_state=1)
    assert [b.rule for b in by_hand(shuffled).breaches] == ["SH-2"]


def test_a_region_with_errors_is_not_judged() -> None:
    units = TOWN.units.copy()
    units.loc[0, "people"] = np.nan
    with pytest.raises(DataError) as refused:
        judge(TOWN.with_tables(units=units), SHANGHAI, A)
    assert refused.value.findings.errors


def test_a_table_that_the_policy_asks_for() -> None:
    asking = replace(SHANGHAI, travel=replace(SHANGHAI.travel, method="table"))
    with pytest.raises(DataError):
        judge(TOWN, asking, A)


def test_who_may_serve_is_judged_even_where_the_policy_does_not_say() -> None:
    v = by_hand(moved(A, "T1-01", "H7", "tcm"), without=("SH-4",))
    assert rules_of(v) == ["SH-4"]


def test_slack_says_how_much_room_is_left_in_both_languages() -> None:
    v = verify(good(TravelStandard(30)))
    english = v.rules_frame("en").set_index("rule")["slack"]
    chinese = v.rules_frame("zh").set_index("rule")["slack"]
    assert (english["SH-2"], chinese["SH-2"]) == ("3 of 3 at the cap", "3 个中 3 个已达上限")
    assert (english["STANDARD"], chinese["STANDARD"]) == ("longest 22.5 min", "最长 22.5 分钟")


def test_names_from_data_cannot_run_in_a_notebook() -> None:
    hospitals = TOWN.hospitals.assign(name="<script>alert(1)</script>")
    v = by_hand(moved(A, "T1-01", "H3"), region=TOWN.with_tables(hospitals=hospitals))
    assert "<script>" in v.report() and "<script>" not in v._repr_html_()


# Its own ways


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
    own = [tables.priority_of(TOWN, r.district_id, r.hospital_id) for r in table.itertuples()]
    assert own == table["priority"].tolist()
    for rules in PLANS.values():
        p = SHANGHAI.with_rule(*rules)
        who = candidates(TOWN, p)
        assert tables.layer_of_hospitals(TOWN, p) == dict(zip(who["hospital_id"], who["layer"], strict=True))


@given(
    st.sampled_from(["open", "planned", ""]), st.sampled_from(["campus", "affiliate", ""]), st.booleans(),
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
    own = [tables.priority_of(region, r.district_id, r.hospital_id) for r in table.itertuples()]
    assert own == table["priority"].tolist()


@pytest.mark.parametrize(
    "module", [tables, tables_grids, judges, judges_grids, verify_module, verdict], ids=lambda m: m.__name__
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
        "gridplan.policy.pairs",
        "gridplan.policy.leads",
        "gridplan.policy.preflight",
        "gridplan.geography.neighbours",
        "gridplan.geography.adjacency",
        "gridplan.plan.make",
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


def test_row_numbers_as_a_planner_writes_them() -> None:
    assert verdict.ranges((2, 3, 4, 9, 9, 7)) == "2–4, 7, 9"
    assert (
        Breach("SH-2", Text("too many", "过多"), "general", rows=(2, 3)).line("zh")
        == "SH-2 [general]: 过多（第 2–3 行）"
    )
