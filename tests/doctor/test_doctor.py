"""What single checks see that a broken file alone does not show."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Polygon, box

from gridplan.doctor.doctor import MOST_OF_A_KIND, check
from gridplan.inputs.datum import to_wgs84, wgs84_to
from gridplan.inputs.sample import tiny_town


def moved(table: pd.DataFrame, says: str, is_: str) -> pd.DataFrame:
    """The table as it is read where coordinates in the datum `is_` are said to be in `says`."""
    lon, lat = to_wgs84(*wgs84_to(table["lon"].to_numpy(), table["lat"].to_numpy(), is_), says)
    return table.assign(lon=lon, lat=lat)


def town_with_points_at_the_borders():
    """tiny_town, its units 100 to 300 m inside the borders of its three districts."""
    town = tiny_town()
    rng = np.random.default_rng(5)
    inset = 0.001 + rng.random(60) * 0.002
    along = rng.random(60)
    rows = []
    for i, (a, d) in enumerate(zip(along, inset, strict=True)):
        west, south, east, north = [
            (120, 30, 120.1, 30.1),
            (120.1, 30, 120.2, 30.1),
            (120, 30.1, 120.2, 30.15),
        ][i % 3]
        x, y = west + (east - west) * (0.05 + 0.9 * a), south + (north - south) * (0.05 + 0.9 * a)
        place = [(x, south + d), (x, north - d), (west + d, y), (east - d, y)][i // 3 % 4]
        rows.append((f"U{i:02}", f"第{i}号", 1000.0, f"T{i % 3 + 1}", *place, i + 2))
    units = pd.DataFrame(rows, columns=["unit_id", "name", "people", "district_id", "lon", "lat", "row"])
    return town.with_tables(units=gpd.GeoDataFrame(units, geometry=gpd.GeoSeries([None] * 60, crs=4326)))


def test_the_sample_town_is_in_good_health():
    assert check(tiny_town()) == ()


@pytest.mark.parametrize(
    ("says", "is_"), [("wgs84", "gcj02"), ("wgs84", "bd09"), ("gcj02", "wgs84"), ("bd09", "gcj02")]
)
def test_a_wrong_datum_is_named_and_its_misfits_are_not_said_one_by_one(says, is_):
    town = town_with_points_at_the_borders()
    wrong = town.with_tables(units=moved(town.units, says, is_))
    found = [f for f in check(wrong) if f.code == "other-datum"]
    names = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}
    assert [f.table for f in found] == ["units"]
    assert f"look like {names[is_]}, not {names[says]}" in found[0].what.en
    assert "unit-elsewhere" not in {f.code for f in check(wrong)}


def test_the_right_datum_is_not_suspected():
    codes = {f.code for f in check(town_with_points_at_the_borders())}
    assert codes <= {"totals-differ"}


def town_with_negative_people(count: int):
    """tiny_town with twenty times its units, so many of them with -1, -2, … persons."""
    town = tiny_town()
    many = pd.concat(
        [town.units.assign(unit_id=town.units["unit_id"] + f"-{i}") for i in range(20)], ignore_index=True
    )
    many = many.assign(row=range(2, len(many) + 2), geometry=None)
    negative = pd.Series(-1.0 - many.index, index=many.index)
    return town.with_tables(units=many.assign(people=many["people"].where(many.index >= count, negative)))


def test_of_one_kind_a_hundred_are_listed_and_the_rest_counted():
    found = [f for f in check(town_with_negative_people(110)) if f.code == "negative-number"]
    assert len(found) == MOST_OF_A_KIND + 1
    assert found[-1].what.en == "The same in 10 more records."


def test_what_is_wrong_in_most_rows_is_said_once_with_the_rows():
    found = [f for f in check(town_with_negative_people(130)) if f.code == "negative-number"]
    assert len(found) == 1 and found[0].row == 2
    assert found[0].what.en == "people is negative: -1 persons. The same in 129 more rows: 3–131."
    assert "第 3–131 行" in found[0].what.zh


def test_polygons_of_units_are_looked_at_too():
    town = tiny_town()
    bow_tie = Polygon([(120, 30), (120.05, 30.05), (120.05, 30), (120, 30.05)])
    invalid = town.units.assign(geometry=[bow_tie, *town.units.geometry[1:]]).set_crs(4326)
    error = check(town.with_tables(units=invalid)).errors[0]
    assert (error.code, error.table, error.row, error.id) == ("invalid-polygon", "units", 2, "T1-01")
    wide = town.units.assign(geometry=[box(120, 30, 120.06, 30.05), *town.units.geometry[1:]]).set_crs(4326)
    overlap = next(f for f in check(town.with_tables(units=wide)) if f.code == "overlap")
    assert (overlap.table, overlap.id) == ("units", "T1-02")
    assert "第1街道 (T1-01) overlap by 5.3" in overlap.what.en


def test_without_polygons_a_unit_must_name_its_district():
    town = tiny_town()
    bare = town.with_tables(districts=town.districts.set_geometry(gpd.GeoSeries([None] * 3, crs=4326)))
    assert check(bare) == ()
    lost = bare.with_tables(
        units=bare.units.assign(district_id=bare.units["district_id"].where(bare.units.index > 0, ""))
    )
    assert [(f.code, f.id) for f in check(lost).errors] == [("unit-without-district", "T1-01")]


def test_one_district_without_polygon_is_warned_of():
    town = tiny_town()
    shapes = gpd.GeoSeries([None, *town.districts.geometry[1:]], crs=4326)
    found = check(town.with_tables(districts=town.districts.set_geometry(shapes)))
    assert [(f.severity, f.code, f.id) for f in found] == [("warning", "district-without-polygon", "T1")]


def test_a_name_cannot_break_the_line_or_move_the_cursor():
    town = tiny_town()
    hospitals = town.hospitals.assign(name="one\ntwo\x1b[2J\u202e", lon=[np.nan, *town.hospitals["lon"][1:]])
    branches = town.branches.assign(name="one\ntwo\x1b[2J\u202e", lon=np.nan)
    for finding in check(town.with_tables(hospitals=hospitals, branches=branches)):
        assert len(finding.line("en").splitlines()) == len(finding.line("zh").splitlines()) == 2
        assert "\x1b" not in finding.line() and "\u202e" not in finding.line()


def test_nothing_is_changed_by_looking():
    town = tiny_town()
    before = town.fingerprint
    check(town)
    assert tiny_town().fingerprint == before


def test_units_without_any_location_are_said_and_nothing_fails():
    town = tiny_town()
    units = town.units.assign(lon=np.nan, lat=np.nan)
    assert {f.code for f in check(town.with_tables(units=units)).errors} == {"blank-cell"}


def test_the_doctor_asks_where_today_looks_incomplete() -> None:
    town = tiny_town()
    bare = town.with_tables(partnerships=town.partnerships.iloc[:0], branches=town.branches.iloc[:0])
    (asked,) = [f for f in check(bare) if f.code == "today-with-gaps"]
    assert (
        asked.what.en.startswith("3 districts have no partner today (中区 (T1)")
        and "full list?" in asked.what.en
    )
    assert "3 个区现无合作医院" in asked.what.zh and "是否完整" in asked.what.zh
    assert not [f for f in check(town) if f.code == "today-with-gaps"]  # two of three are no pattern yet


def test_gaps_of_today_among_tcm_hospitals_are_asked_too_and_open_campuses_named(monkeypatch) -> None:
    monkeypatch.setattr("gridplan.doctor.relations.LEAST_WITHOUT", 1)
    town = tiny_town()
    tcm = town.hospitals.loc[town.hospitals["category"] == "tcm", "hospital_id"].iloc[0]
    one = town.partnerships.iloc[[0]].assign(hospital_id=tcm, district_id="T2")
    open_ = town.branches.iloc[[0]].assign(
        district_id="T1", status="open", relation="campus", lon=120.03, lat=30.03
    )
    (asked,) = [
        f for f in check(town.with_tables(partnerships=one, branches=open_)) if f.code == "today-with-gaps"
    ]
    assert "2 districts have no partner today" in asked.what.en
    assert "2 districts have no TCM hospital among their partners today" in asked.what.en
    assert (
        "counts as present today in 中区 (T1)" in asked.what.en
        and "中区 (T1)有未签约的开放院区" in asked.what.zh
    )
