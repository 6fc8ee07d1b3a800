"""The judge passes a good plan, and catches every fault that is put into its assignment, with rule, place and rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from typing import Any

import pandas as pd
import pytest

from gridplan.geography.travel import travel_times
from gridplan.judging import verdict
from gridplan.judging.verdict import Breach
from gridplan.judging.verify import verify
from gridplan.plans.make import plan as make
from gridplan.policies.rules import (
    Ban,
    Candidates,
    DistrictCap,
    Eligibility,
    HospitalCap,
    Override,
    Pin,
    Rule,
    TravelStandard,
)
from gridplan.words.text import Text
from tests.plans.judged import (
    PLANS,
    SHANGHAI,
    T3,
    TOWN,
    A,
    by_hand,
    cell,
    empty,
    good,
    moved,
    place,
    rules_of,
)
from tests.rules import having


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


# name → assignment, rules besides, the one breach: rule, district, hospital, unit, rows
MOVES: dict[str, tuple[Callable[[], pd.DataFrame], tuple[Rule, ...], tuple[Any, ...]]] = {
    "a unit left out": (lambda: A.drop(index=0), (), ("SH-1", "", "", "T1-01", ())),
    "a layer left out": (lambda: A[A["layer"] == "tcm"], (), ("SH-1", "", "", "", ())),
    "a unit twice": (lambda: pd.concat([A, A.iloc[[3]]]), (), ("SH-1", "", "", "T1-04", (5, 26))),
    "an unknown hospital": (lambda: cell(A.drop(index=A.index[-1]), 2, "hospital_id", "H9"), (), None),
    "rows of a layer that is no more": (lambda: A, (Eligibility("strict"), Candidates(exempt=())), None),
    "wrong people": (lambda: cell(A, 3, "people", 12001), (), ("FIGURES", "T1", "H2", "T1-02", (3,))),
    "people as a text": (lambda: cell(A, 3, "people", "many"), (), ("FIGURES", "T1", "H2", "T1-02", (3,))),
    "blank people": (lambda: cell(A, 3, "people", None), (), ("FIGURES", "T1", "H2", "T1-02", (3,))),
    "wrong minutes": (lambda: cell(A, 9, "minutes", 2.0484), (), ("FIGURES", "T2", "H3", "T2-04", (9,))),
    "minutes as a text": (lambda: cell(A, 9, "minutes", "2 min"), (), ("FIGURES", "T2", "H3", "T2-04", (9,))),
    "wrong district": (lambda: cell(A, 10, "district_id", "T2"), (), ("FIGURES", "T3", "H1", "T3-01", (10,))),
    "a blank district": (lambda: cell(A, 10, "district_id", None), (), ("FIGURES", "T3", "H1", "T3-01", (10,))),
}  # fmt: skip


def all_moved(moves: list[tuple[str, ...]]) -> pd.DataFrame:
    """The plan with units sent elsewhere: unit, hospital, and the layer where it is not the general one."""
    return reduce(lambda frame, move: moved(frame, *move), moves, A)


# Those that break in several places: what is broken, and where.
SEVERAL: dict[str, list[tuple[Any, ...]]] = {
    "an unknown hospital": [("SH-1", "", "", "T1-01", ()), ("SH-1", "", "", "T3-04", ()), ("SH-4", "", "H9", "", (2,))],
    "rows of a layer that is no more": [("SH-4", "", "", "", tuple(range(14, 26)))],
}  # fmt: skip
for _key, _proof in having("BROKEN").items():
    for _name, (_rules, _places, *_moves) in _proof.BROKEN.items():
        MOVES[f"{_key}: {_name}"] = (partial(all_moved, _moves), _rules, None)
        SEVERAL[f"{_key}: {_name}"] = _places


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


def test_one_fault_in_many_units_is_told_with_its_rows_not_line_by_line() -> None:
    v = by_hand(A.assign(people=A["people"] + 1).drop(index=range(12, 24)))
    lines = v.report("en").splitlines()
    assert sum("people printed" in line for line in lines) == 3
    assert "  - FIGURES [general]: 9 more like it, rows 5–13" in lines
    assert "  - FIGURES［综合］：另有 9 处同样，第 5–13 行" in v.report("zh").splitlines()
    assert len(v.to_frame()) == len(v.breaches) == 13  # nothing is lost in the table
    both = by_hand(A.assign(people=A["people"] + 1, minutes=0.0)).report()
    assert both.count("people printed") == both.count("minutes printed") == 6


def test_row_numbers_as_a_planner_writes_them() -> None:
    assert verdict.ranges((2, 3, 4, 9, 9, 7)) == "2–4, 7, 9"
    assert (
        Breach("SH-2", Text("too many", "过多"), "general", rows=(2, 3)).line("zh")
        == "SH-2［综合］：过多（第 2–3 行）"
    )
