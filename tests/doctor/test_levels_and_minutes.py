"""Levels that are mixed, minutes that nobody can travel, and what a planner may accept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.doctor.doctor import check
from gridplan.geography.implied_speed import timed_pairs
from gridplan.inputs.sample import tiny_town
from tests.doctor.broken import cells, good_folder, rows_of, write_rows

TOWN = tiny_town()
POLICY = gp.policy("shanghai-2025")
HOSPITALS = TOWN.hospitals["hospital_id"].tolist()
TRAVEL = gp.travel_times(TOWN, HOSPITALS, POLICY.travel).to_frame()


@pytest.fixture
def folder(tmp_path):
    return good_folder(tmp_path / "town")


def codes(findings) -> list[str]:
    return [f.code for f in findings]


def with_unit(folder, *row: str) -> None:
    header, *rows = rows_of(folder / "units.csv")
    write_rows(folder / "units.csv", [header, *rows, list(row)])


@pytest.mark.parametrize("id", ["T2", "X9"])
def test_a_district_among_its_units_is_named_and_left_out_where_it_is_their_sum(folder, tmp_path, id):
    name = "东区" if id == "X9" else "东区总计（含街道）"
    with_unit(folder, id, name, "26000", "", "", "T2", "120.15", "30.05")
    found = [f for f in check(folder).errors if f.code == "district-as-unit"]
    assert [f.id for f in found] == [id]
    gp.repair_folder(folder, tmp_path / "new")
    assert gp.read(tmp_path / "new").units["people"].sum() == 81_000


def test_one_that_is_not_the_sum_is_left_out_only_where_it_is_accepted(folder, tmp_path):
    with_unit(folder, "T2", "东区", "99", "", "", "T2", "120.15", "30.05")
    gp.repair_folder(folder, tmp_path / "new")
    assert "district-as-unit" in codes(check(tmp_path / "new"))
    gp.repair_folder(folder, tmp_path / "accepted", accept=["district-as-unit"])
    assert not check(tmp_path / "accepted").errors


def test_a_district_of_one_unit_is_no_fault():
    units = TOWN.units.iloc[[0, 4, 8]].assign(
        name=["中区", "东区", "北县"], people=[42_000.0, 26_000.0, 13_000.0]
    )
    found = check(TOWN.with_tables(units=units.reset_index(drop=True)))
    assert "units-are-districts" in codes(found) and not found.errors


def test_towns_beside_their_villages_are_said_once():
    codes_of = [
        "310101001000",
        "310101001001",
        "310101001002",
        *(f"31010100{n}000" for n in range(2, 10)),
        "310101010000",
    ]
    found = [
        f
        for f in check(TOWN.with_tables(units=TOWN.units.assign(unit_id=codes_of)))
        if f.code == "two-levels"
    ]
    assert [f.id for f in found] == ["310101001000"]


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (("X9", "小镇市", "81000", "", "", "T2", "120.15", "30.05"), "小镇市（虚构）"),
        (("X9", "东区本级", "26000", "", "", "T2", "120.15", "30.05"), ""), (("X9", "片区合并", "81000", "", "", "T1", "120.05", "30.05"), ""),
    ],
    ids=["the city by name", "the sum of a district", "the sum of the city"],
)  # fmt: skip
def test_a_sum_among_the_units_is_one_error_and_left_out(folder, tmp_path, row, title):
    text = (folder / "region.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("title")]
    (folder / "region.toml").write_text("\n".join([f'title = "{title}"', *lines]), encoding="utf-8")
    with_unit(folder, *row)
    assert [(f.code, f.id) for f in check(folder).errors] == [("district-as-unit", "X9")]
    gp.repair_folder(folder, tmp_path / "new")
    assert gp.read(tmp_path / "new").units["people"].sum() == 81_000


def test_the_city_by_its_code_is_no_unit():
    ids = [f"3399{d:02}" for d in range(1, 4)]
    said = dict(zip(TOWN.districts["district_id"], ids, strict=True))
    coded = {n: getattr(TOWN, n).assign(district_id=getattr(TOWN, n)["district_id"].map(said)) for n in ("districts", "units", "hospitals")}  # fmt: skip
    coded["units"].loc[0, "unit_id"] = "339900000000"
    town = TOWN.with_tables(**coded, branches=TOWN.branches.iloc[:0], partnerships=TOWN.partnerships.iloc[:0])
    assert "339900000000" in [f.id for f in check(town).errors if f.code == "district-as-unit"]


def test_a_unit_that_is_half_of_its_district_is_one(folder):
    people = dict(zip(TOWN.units["unit_id"], TOWN.units["people"], strict=True))
    half = [id for id in people if id.startswith("T1")]
    units = TOWN.units.copy()
    rest = units["unit_id"].isin(half[1:])
    units.loc[units["unit_id"] == half[0], "people"] = units.loc[rest, "people"].sum()
    districts = TOWN.districts.copy()
    districts.loc[districts["district_id"] == "T1", "people"] = 2 * units.loc[rest, "people"].sum()
    assert not check(TOWN.with_tables(units=units, districts=districts)).errors


def test_a_town_beside_its_villages_is_named_by_what_the_district_has_too_much(folder):
    town = TOWN.units.set_index("unit_id").loc["T2-01", "people"]
    for id, people in (("V1", 1_234), ("V2", int(town) - 1_234)):
        with_unit(folder, id, f"{id}村", str(people), "", "", "T2", "120.15", "30.05")
    found = check(folder)
    assert [(f.code, f.id) for f in found if f.table in ("units", "districts")] == [
        ("unit-within-unit", "T2-01")
    ]


def test_residents_twice_without_a_sum_that_says_so_are_an_error(folder):
    with_unit(folder, "X9", "老城", "27500", "", "", "T2", "120.15", "30.05")
    assert [f.code for f in check(folder).errors] == ["totals-differ"]


def timed(minutes) -> list[str]:
    return sorted({f.code for f in check(TOWN.with_tables(travel=TRAVEL.assign(minutes=minutes))).errors})


def test_a_right_table_is_not_suspected():
    assert timed(TRAVEL["minutes"]) == [] and timed(TRAVEL["minutes"] * 8) == []  # as on foot


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m * 60, "seconds-for-minutes"), (lambda m: m / 60, "hours-for-minutes"), (lambda m: m * 0, "zero-minutes"),
        (lambda m: m * 0 + 30, "one-minute-value"), (lambda m: m.mask(m.index % 5 == 0, 9999), "repeated-minutes"),
        (lambda m: m / 1e5, "absurd-speed"),
    ],
)  # fmt: skip
def test_minutes_that_nobody_can_travel_are_one_error(change, code):
    assert timed(change(TRAVEL["minutes"])) == [code]


PAIRS = TRAVEL[["unit_id", "hospital_id"]]
OF_H1 = PAIRS["hospital_id"] == "H1"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda m: m.mask(OF_H1, m * 60), "seconds-in-part", "all of H1"), (lambda m: m.mask(m.index % 2 == 0, m * 60), "seconds-in-part", "as if in seconds"),
        (lambda m: m.mask(m.index % 9 < 8, m * 60), "seconds-in-part", "as if in seconds"), (lambda m: m.mask(m.index % 5 == 0, -1), "repeated-minutes", "-1 minutes"),
        (lambda m: m.mask(m.index % 5 == 0, -9999), "repeated-minutes", "-9999 minutes"),
        (lambda m: (m / m.max() * 60).mask(m.index % 5 == 0, 99), "repeated-minutes", "99 minutes"),
    ],
    ids=["one hospital", "every other row", "nearly all", "minus one", "minus nines", "nines"],
)  # fmt: skip
def test_minutes_that_are_wrong_in_part_are_one_error(change, code, said):
    town = TOWN.with_tables(travel=TRAVEL.assign(minutes=change(TRAVEL["minutes"])))
    assert [(f.code, said in f.what.en) for f in check(town).errors] == [(code, True)]


def test_two_numbers_for_no_way_are_both_named_and_left_blank(folder, tmp_path):
    minutes = TRAVEL["minutes"].mask(TRAVEL.index % 5 == 0, 9999).mask(TRAVEL.index % 7 == 1, 8888)
    TRAVEL.assign(minutes=minutes.mask(TRAVEL.index % 9 == 2, -1)).to_csv(folder / "travel.csv", index=False)
    assert codes(check(folder).errors) == ["repeated-minutes"] * 3
    gp.repair_folder(folder, tmp_path / "new", accept=["repeated-minutes"])
    assert gp.read(tmp_path / "new").travel["minutes"].between(0, 1000).sum() < len(TRAVEL)
    assert "repeated-minutes" not in codes(check(tmp_path / "new"))


def test_a_ferry_and_a_mountain_road_are_no_seconds():
    km = timed_pairs(TOWN, TRAVEL)
    minutes = TRAVEL["minutes"].copy()
    island = (PAIRS["unit_id"] == "T3-04").to_numpy()
    minutes[island] = 240.0 + minutes[island]  # a day's boat
    gorge = km.rows[km.far][np.argsort(km.km[km.far])[:4]]
    minutes.iloc[gorge] = 90.0  # over the next bridge
    assert timed(minutes) == []


def test_one_pair_in_seconds_is_a_warning():
    minutes = TRAVEL["minutes"].copy()
    minutes[3] *= 60
    found = check(TOWN.with_tables(travel=TRAVEL.assign(minutes=minutes)))
    assert [(f.code, f.severity) for f in found if f.table == "travel"] == [("seconds-in-part", "warning")]


def test_one_slip_of_zero_is_a_warning():
    minutes = TRAVEL["minutes"].copy()
    minutes[3] = 0.0
    found = [
        f for f in check(TOWN.with_tables(travel=TRAVEL.assign(minutes=minutes))) if f.code == "zero-minutes"
    ]
    assert [f.severity for f in found] == ["warning"]


def test_seconds_and_fillers_are_put_right_where_they_are_accepted(folder, tmp_path):
    seconds = TRAVEL.assign(minutes=(TRAVEL["minutes"] * 60).round(1))
    seconds.to_csv(folder / "travel.csv", index=False)
    changes = gp.repair_folder(folder, tmp_path / "new", accept=["seconds-for-minutes"])
    assert not check(tmp_path / "new").errors and changes["why"].str.contains("seconds").any()
    filled = TRAVEL.assign(minutes=TRAVEL["minutes"].mask(TRAVEL.index % 5 == 0, 9999))
    filled.to_csv(folder / "travel.csv", index=False)
    gp.repair_folder(folder, tmp_path / "blank", accept=["repeated-minutes"])
    assert gp.read(tmp_path / "blank").travel["minutes"].max() < 1000


def test_a_unit_without_people_gets_the_rest_of_its_district_where_that_is_accepted(folder, tmp_path):
    cells("units", "T1-02", people="")(folder)
    gp.repair_folder(folder, tmp_path / "new", accept=["people-from-total"])
    mended = gp.read(tmp_path / "new")
    assert mended.units.set_index("unit_id").at["T1-02", "people"] == 12_000 and mended.modelled


def test_records_that_lack_what_is_needed_are_left_out_where_that_is_accepted(folder, tmp_path):
    cells("hospitals", "H1", lon="", lat="")(folder)
    cells("units", "T3-01", lon="", lat="")(folder)
    changes = gp.repair_folder(folder, tmp_path / "new", accept=["blank-cell"])
    left = gp.read(tmp_path / "new")
    assert "H1" not in set(left.hospitals["hospital_id"]) and len(left.units) == 11
    assert left.partnerships.empty and "B1" not in set(left.branches["branch_id"])
    assert {("hospitals", "H1"), ("branches", "B1"), ("units", "T3-01")} <= set(
        zip(changes["table"], changes["id"], strict=True)
    )
    assert not check(tmp_path / "new").errors


def test_an_unknown_code_is_refused_with_those_that_there_are(folder, tmp_path):
    with pytest.raises(gp.errors.ArgumentError, match="people-from-total"):
        gp.repair_folder(folder, tmp_path / "new", accept=["everything"])
    assert not (tmp_path / "new").exists()


def test_decimals_are_accepted_by_code(folder, tmp_path):
    header, *rows = rows_of(folder / "units.csv")
    write_rows(folder / "units.csv", [header, *[[r[0], r[1], f"{r[2]}.4", *r[3:]] for r in rows]])
    gp.repair_folder(folder, tmp_path / "new", accept=["people-with-decimals"])
    assert (
        gp.read(tmp_path / "new").units["people"].sum() == 81_006
    )  # 4 × 0.4 rounded in each of three districts


WIDE = TRAVEL.pivot(index="unit_id", columns="hospital_id", values="minutes")
ARRAY = WIDE.reindex(index=TOWN.units["unit_id"], columns=HOSPITALS).to_numpy()


@pytest.mark.parametrize(
    "given",
    [
        TRAVEL, TRAVEL.rename(columns={"unit_id": "街道代码", "hospital_id": "医院编号", "minutes": "车程"}),
        TRAVEL.assign(minutes=TRAVEL["minutes"] * 60).rename(columns={"minutes": "时间（秒）"}), WIDE, WIDE.reset_index(), ARRAY,
    ],
    ids=["rows", "chinese", "seconds by header", "matrix", "matrix with a column of ids", "array"],
)  # fmt: skip
def test_minutes_from_anywhere_make_the_same_plan(given):
    plan = gp.plan(TOWN, POLICY, travel=given)
    same = gp.plan(TOWN, POLICY)
    columns = ["unit_id", "hospital_id"]
    assert plan.assignment[columns].to_numpy().tolist() == same.assignment[columns].to_numpy().tolist()
    assert plan.travel.method == "given"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (ARRAY[:, :3], gp.errors.ArgumentError), (ARRAY * 60, gp.DataError), (ARRAY * 0, gp.DataError), (-ARRAY, gp.errors.ArgumentError),
        (pd.DataFrame({"a": [1]}), gp.GridplanError), (WIDE.rename(index=lambda i: f"x{i}"), gp.errors.ArgumentError), ("x", gp.errors.ArgumentError),
    ],
)  # fmt: skip
def test_minutes_that_fit_no_form_or_cannot_be_are_refused(given, error):
    with pytest.raises(error):
        gp.plan(TOWN, POLICY, travel=given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ARRAY * 60, "Divide them by 60"), (ARRAY / 60, "Multiply them by 60"), (WIDE.T, "matrix.T"), (ARRAY.T, "matrix.T"),
        (WIDE.rename(index=dict(zip(TOWN.units["unit_id"], TOWN.units["name"], strict=True))).T, "matrix.T"),
        (np.where(np.arange(ARRAY.size).reshape(ARRAY.shape) % 5, ARRAY, 9999), "NaN"), (-ARRAY, "NaN"),
    ],
    ids=["seconds", "hours", "turned", "array turned", "turned with names", "fillers", "below zero"],
)  # fmt: skip
def test_what_to_do_with_minutes_given_is_said_for_python(given, said):
    with pytest.raises(gp.GridplanError) as refused:
        gp.plan(TOWN, POLICY, travel=given)
    text = str(refused.value)
    assert said in text and "[tables." not in text and "--repair" not in text


def test_nan_in_an_array_is_out_of_reach():
    minutes = np.array(ARRAY)
    minutes[0, 0] = np.nan
    plan = gp.plan(TOWN, POLICY, travel=minutes)
    assert (
        len(plan.travel.left_out) == 1
        and not (plan.assignment["unit_id"].eq("T1-01") & plan.assignment["hospital_id"].eq("H1")).any()
    )
