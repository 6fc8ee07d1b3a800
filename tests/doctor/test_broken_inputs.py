"""Every broken input gets one clear error that names the offender, and no other error.

Each line of the tables below is a sentence: what is done to a good folder, and what must be said of it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from tests.doctor.broken import (
    again,
    appended,
    as_workbook,
    both,
    cells,
    deleted,
    district,
    drawn,
    edited,
    every,
    good_folder,
    grid_of_roads,
    header,
    links,
    polygon,
    renamed,
    replaced,
    roads,
    settings,
    swapped,
    travel,
    turned,
    with_column,
    without_column,
    without_district,
    without_records,
)

# what is done | code, table, row, id | what the message must say
ERRORS = {
    # folder and files
    "region.toml is gone": (deleted("region.toml"), "missing-region-toml", "region", None, "", "region.toml"),
    "region.toml is not TOML": (settings('datum = "wgs84"', "datum = "), "unreadable-region-toml", "region", None, "", "region.toml"),
    "no datum is stated": (settings('datum = "wgs84"\n', ""), "missing-datum", "region", None, "datum", "datum"),
    "the datum is unknown": (settings('"wgs84"', '"wgs48"'), "unknown-setting", "region", None, "datum", "wgs84"),
    "the key datum is mistyped": (settings("datum =", "dataum ="), "unknown-setting", "region", None, "dataum", "Did you mean 'datum'?"),
    "the units are in an old Excel file": (renamed("units.csv", "units.xls"), "unknown-format", "units", None, "", "units.xls"),
    "the units are in a folder": (both(deleted("units.csv"), lambda f: (f / "units.csv").mkdir()), "missing-file", "units", None, "", "is a folder"),
    "units.csv is a workbook under another name": (replaced("units.csv", b"PK\x03\x04\x14\x00\x06"), "not-text", "units", None, "", ".xlsx"),
    "units has no row of headers": (edited("units.csv", "unit_id,name,people,people_65plus,people_0_14,district_id,lon,lat\n", ""),
                                    "no-headers", "units", None, "", "T1-01, 第1街道"),
    "units has two columns people": (header("units", "name", "people"), "duplicate-header", "units", None, "", "people"),
    "districts has no features": (replaced("districts.geojson", b'{"type": "FeatureCollection", "features": []}'), "empty-file", "districts", None, "", "districts.geojson"),
    "minutes of travel are hours": (both(travel(), header("travel", "minutes", "minutes（小时）")), "seconds-for-minutes", "travel", None, "", "km/h"),
    "a name holds a comma without quotes": (edited("units.csv", "第2街道", "第2,街道"), "too-many-cells", "units", 3, "", "more cells"),
    "the table hospitals is gone": (deleted("hospitals.csv"), "missing-table", "hospitals", None, "", "hospitals"),
    "the table units is gone": (deleted("units.csv"), "missing-table", "units", None, "", "units"),
    "the table districts is gone": (deleted("districts.geojson"), "missing-table", "districts", None, "", "districts"),
    "units.csv is an empty file": (replaced("units.csv", b""), "empty-file", "units", None, "", "units.csv"),
    "districts.geojson is cut off": (replaced("districts.geojson", b'{"type": "FeatureCollection", "features": ['),
                                     "unreadable-file", "districts", None, "", "districts.geojson"),
    "hospitals has no column lon": (without_column("hospitals", "lon"), "missing-column", "hospitals", None, "lon", "lon"),
    "units has no column people": (without_column("units", "people"), "missing-column", "units", None, "people", "people"),
    "hospitals has no column tier": (without_column("hospitals", "tier"), "missing-column", "hospitals", None, "tier", "tier"),
    "people are counted in ten thousands": (header("units", "people", "人口（万人）"), "absurd-number", "units", 2, "T1-01", "The same in 11 more rows"),
    "units has no records": (without_records("units"), "empty-table", "units", None, "", "no records"),
    "hospitals has no records": (without_records("hospitals"), "empty-table", "hospitals", None, "", "no records"),
    "travel has no records": (replaced("travel.csv", b"unit_id,hospital_id,minutes\n"), "empty-table", "travel", None, "", "travel.csv"),
    # numbers
    "a unit's people are a word": (cells("units", "T1-02", people="many"), "not-a-number", "units", 3, "T1-02", "many"),
    "a unit's people are a fraction": (cells("units", "T1-02", people="120.5"), "people-with-decimals", "units", 3, "T1-02", "whole"),
    "a unit's people are blank": (cells("units", "T1-02", people=""), "blank-cell", "units", 3, "T1-02", "persons"),
    "a unit's people are negative": (cells("units", "T1-02", people="-12000"), "negative-number", "units", 3, "T1-02", "-12,000 persons"),
    "a unit's people are absurd": (cells("units", "T1-02", people="120000000"), "absurd-number", "units", 3, "T1-02", "120,000,000 persons"),
    "a group of a unit is negative": (cells("units", "T1-02", people_65plus="-1"), "negative-number", "units", 3, "T1-02", "people_65plus"),
    "a district's people are negative": (district("T2", people=-1), "negative-number", "districts", 3, "T2", "-1 persons"),
    "a district's people are blank": (district("T2", people=None), "blank-cell", "districts", 3, "T2", "people"),
    "a hospital's beds are negative": (cells("hospitals", "H2", beds="-900"), "negative-number", "hospitals", 3, "H2", "-900 beds"),
    "a hospital's beds are absurd": (cells("hospitals", "H2", beds="900000"), "absurd-number", "hospitals", 3, "H2", "900,000 beds"),
    "a hospital's beds are a word": (cells("hospitals", "H2", beds="九百"), "not-a-number", "hospitals", 3, "H2", "九百"),
    "minutes in the travel table are negative": (travel(T1_02="-5"), "negative-number", "travel", None, "T1-02–H", "-5 minutes"),
    "minutes in the travel table are a word": (travel(T1_02="soon"), "not-a-number", "travel", None, "", "soon"),
    "minutes of a road are negative": (both(grid_of_roads(), lambda f: cells("roads", "120.025", minutes="-8")(f)),
                                       "negative-number", "roads", 2, "", "-8 minutes"),
    "all people are ten thousands": (every("units", people=lambda p: f"{int(p) / 1e4}"), "people-with-decimals", "units", 2, "T1-01", "The same in 10 more rows: 3, 5–13."),
    "all people are whole thousands": (every("units", people=lambda p: f"{int(p) // 1000}", people_65plus=lambda p: "0", people_0_14=lambda p: "0"),
                                       "totals-differ", "districts", 2, "T1", "in thousands"),
    "no unit has people": (every("units", people=lambda p: ""), "blank-cell", "units", 2, "T1-01", "11 more rows"),
    # coordinates
    "all units' lon and lat are swapped": (swapped("units"), "swapped-lon-lat", "units", 2, "T1-01", "The same in 11 more rows"),
    "all latitudes of units are blank": (every("units", lat=lambda p: ""), "blank-cell", "units", 2, "T1-01", "11 more rows"),
    "a hospital has no location": (cells("hospitals", "H2", lon="", lat=""), "blank-cell", "hospitals", 3, "H2", "lon, lat are blank"),
    "a road's lon and lat are swapped": (roads((30.03, 120.08, 30.04, 120.09, 5)), "swapped-lon-lat", "roads", 2, "", "from_lon"),
    "a hospital's lon and lat are swapped": (cells("hospitals", "H2", lon="30.03", lat="120.08"), "swapped-lon-lat", "hospitals", 3, "H2", "120.08"),
    "a unit's lon and lat are swapped": (cells("units", "T1-02", lon="30.025", lat="120.075"), "swapped-lon-lat", "units", 3, "T1-02", "swapped"),
    "a branch's lon and lat are swapped": (cells("branches", "B2", lon="30.13", lat="120.12"), "swapped-lon-lat", "branches", 3, "B2", "swapped"),
    "a district's polygon has latitude first": (turned("T2"), "swapped-lon-lat", "districts", 3, "T2", "东区"),
    "a hospital's lon is a word": (cells("hospitals", "H2", lon="east"), "not-a-number", "hospitals", 3, "H2", "east"),
    "a hospital's lon is blank": (cells("hospitals", "H2", lon=""), "blank-cell", "hospitals", 3, "H2", "lon"),
    "a unit's lat is blank": (cells("units", "T1-02", lat=""), "blank-cell", "units", 3, "T1-02", "lat"),
    "a hospital lies at 0, 0": (cells("hospitals", "H2", lon="0", lat="0"), "absurd-coordinate", "hospitals", 3, "H2", "lon = 0"),
    "a unit's lat lost its point": (cells("units", "T1-02", lat="30025"), "absurd-coordinate", "units", 3, "T1-02", "30025"),
    "a unit lies outside every district": (cells("units", "T1-02", lon="121.2"), "outside-districts", "units", 3, "T1-02", "km"),
    "a unit without district lies outside every district": (cells("units", "T1-02", lon="120.3", district_id=""),
                                                            "outside-districts", "units", 3, "T1-02", "9.6 km"),
    # ids and words
    "a unit's id stands twice, the rows differ": (again("units", "T1-02", name="other"), "duplicate-id", "units", 14, "T1-02", "rows 3, 14"),
    "a hospital's row stands twice": (again("hospitals", "H2"), "duplicate-id", "hospitals", 9, "H2", "rows 3, 9"),
    "a branch's id stands twice": (again("branches", "B2", name="other"), "duplicate-id", "branches", 5, "B2", "rows 3, 5"),
    "a pair stands twice in the travel table": (both(travel(), again("travel", "T1-02", minutes="30")),
                                                "duplicate-pair", "travel", 38, "T1-02–H1", "rows 5, 38"),
    "a unit's id is blank": (cells("units", "T1-02", unit_id=""), "blank-cell", "units", 3, "", "unit_id"),
    "a hospital's district is half a name": (cells("hospitals", "H2", district_id="东"), "unknown-district", "hospitals", 3, "H2", "Did you mean T2 东区?"),
    "a unit's district is unknown": (cells("units", "T1-02", district_id="T9"), "unknown-district", "units", 3, "T1-02", "T9"),
    "a hospital's district is mistyped": (cells("hospitals", "H2", district_id="TI"), "unknown-district", "hospitals", 3, "H2", "Did you mean 'T1'?"),
    "a hospital's district is a former county": (cells("hospitals", "H2", district_id="310230"), "former-adcode", "hospitals", 3, "H2", "崇明县"),
    "a partnership's district was merged": (cells("partnerships", "H1", district_id="310108"), "former-adcode", "partnerships", 2, "310108", "闸北区"),
    "a branch's hospital is unknown": (cells("branches", "B2", hospital_id="H22"), "unknown-hospital", "branches", 3, "B2", "'H2'"),
    "a partnership's hospital is unknown": (cells("partnerships", "H1", hospital_id="X1"), "unknown-hospital", "partnerships", 2, "X1", "X1"),
    "the travel table has an unknown unit": (both(travel(), again("travel", "T1-02", unit_id="T1-20")), "unknown-unit", "travel", 38, "T1-20", "T1-20"),
    "the travel table has an unknown hospital": (both(travel(), again("travel", "T1-02", hospital_id="H9")), "unknown-hospital", "travel", 38, "H9", "H9"),
    "a hospital's tier is unknown": (cells("hospitals", "H2", tier="municipel"), "unknown-word", "hospitals", 3, "H2", "municipal"),
    "a hospital's category is unknown": (cells("hospitals", "H2", category="兽医"), "unknown-word", "hospitals", 3, "H2", "兽医"),
    "a hospital's ownership is blank": (cells("hospitals", "H2", ownership=""), "blank-cell", "hospitals", 3, "H2", "ownership"),
    "a branch's status is unknown": (cells("branches", "B2", status="opne"), "unknown-word", "branches", 3, "B2", "open"),
    "a branch's relation is unknown": (cells("branches", "B2", relation="friend"), "unknown-word", "branches", 3, "B2", "friend"),
    "a partnership's basis is unknown": (cells("partnerships", "H1", basis="friendship"), "unknown-word", "partnerships", 2, "H1–T3", "friendship"),
    "a district's kind is unknown": (district("T2", kind="urbane"), "unknown-word", "districts", 3, "T2", "urbane"),
    "a unit's id is a formula": (cells("units", "T1-02", unit_id="=1+1"), "unsafe-id", "units", 3, "=1+1", "formula"),
    "a hospital's id begins with @": (cells("hospitals", "H7", hospital_id="@H7"), "unsafe-id", "hospitals", 8, "@H7", "begins with @"),
    "a hospital's id holds a hidden character": (cells("hospitals", "H7", hospital_id="H\u202e7"), "unsafe-id", "hospitals", 8, "H?7", "\\u202e"),
    "a unit's id lost its last digits in Excel": (cells("units", "T1-02", unit_id="3.10118E+11"), "id-digits-lost", "units", 3, "3.10118E+11", "lost"),
    "a district is listed under a former code that the others do not use": (both(district("T3", district_id="310230"),
        *(cells("units", f"T3-0{i}", district_id="310151") for i in (1, 2, 3, 4)), cells("branches", "B2", district_id="310151"),
        cells("branches", "B3", district_id="310151"), cells("partnerships", "H1", district_id="310151")),
        "former-adcode", "districts", 4, "310230", "310151"),
    # what grids ask
    "a link goes to an unknown unit": (links(("T1-01", "T1-02", "bridge"), ("T1-02", "T2-33", "bridge")), "unknown-unit", "links", 3, "T2-33", "to_unit T2-33"),
    "two links name one unknown unit": (links(("T1-01", "T9-01", "bridge"), ("T9-01", "T1-02", "ferry")), "unknown-unit", "links", 2, "T9-01", "It stands in links (rows 2–3)"),
    "a link goes to itself": (links(("T1-01", "T1-01", "ferry")), "link-to-itself", "links", 2, "T1-01–T1-01", "with itself"),
    "a link's way is unknown": (links(("T1-01", "T2-01", "brigde")), "unknown-word", "links", 2, "T1-01–T2-01–brigde", "did you mean 'bridge'?"),
    "a link's way is blank": (links(("T1-01", "T2-01", "")), "blank-cell", "links", 2, "T1-01–T2-01–", "bridge / ferry"),
    "a link has no other end": (links(("T1-01", "", "ferry")), "blank-cell", "links", 2, "T1-01––ferry", "to_unit"),
    "links has no column way": (both(links(("T1-01", "T2-01", "ferry")), without_column("links", "way")), "missing-column", "links", None, "way", "way"),
    "links has no records": (replaced("links.csv", b"from_unit,to_unit,way\n"), "empty-table", "links", None, "", "links.csv"),
    "a hospital is willing in an unknown word": (cells("hospitals", "H2", willing="maybe"), "unknown-word", "hospitals", 3, "H2", "yes, no"),
    "a district runs an unknown consortium": (district("T2", consortium="countee"), "unknown-word", "districts", 3, "T2", "did you mean 'county'?"),
    # areas and totals
    "a district's polygon cannot be read": (drawn("T2", {"type": "Polygon", "coordinates": [[[120.1, 30.0], [120.2, 30.1]]]}),
                                            "broken-geometry", "districts", 3, "T2", "districts.geojson"),
    "a district's polygon crosses itself": (drawn("T2", polygon((2, 0), (4, 2), (4, 0), (2, 2))), "invalid-polygon", "districts", 3, "T2", "crosses itself (120.15000, 30.05000)"),
    "a district has no units": (without_records("units", "T3-01", "T3-02", "T3-03", "T3-04"), "district-without-units", "districts", 4, "T3", "北县"),
    "a unit is not in the travel table": (travel("T1-02"), "unreachable-unit", "units", 3, "T1-02", "12,000 persons"),
    "a unit has no minutes in the travel table": (travel(T1_02=""), "unreachable-unit", "units", 3, "T1-02", "travel table"),
    "a unit lies far from every road": (grid_of_roads((120.025, 30.125)), "unreachable-unit", "units", 10, "T3-01", "roads"),
}  # fmt: skip

GOOD = {
    "a bridge and a ferry join the same units": links(("T1-01", "T2-01", "bridge"), ("T1-01", "T2-01", "ferry")),
    "a link joins units that touch": links(("T1-01", "T1-02", "bridge")),
    "an extra column of units counts in ten thousands": with_column("units", "GDP（万元）", "12.5"),
    "an extra column stands twice": both(with_column("units", "备注", "a"), with_column("units", "备注", "b")),
    "the workbook has its table on the second sheet": lambda folder: as_workbook(folder, "units", "说明", "units"),
    "the table stands under many rows of titles": edited("units.csv", "unit_id", "标题\n" * 9 + "unit_id"),
    "people have decimals that are none": every("units", people=lambda p: f"{p}.0"),
    "digits are full width": every("units", people=lambda p: p.translate({ord("0") + i: ord("０") + i for i in range(10)})),
}  # fmt: skip

WARNINGS = {
    "a district has no residents": (both(*(cells("units", f"T3-0{i}", people="0", people_65plus="0", people_0_14="0") for i in (1, 2, 3, 4))),
                                    "district-without-residents", "districts", 4, "T3", "0 persons"),
    "a unit lies in another district than it says": (cells("units", "T1-02", district_id="T2"), "unit-elsewhere", "units", 3, "T1-02", "中区"),
    "a hospital lies far from its district": (cells("hospitals", "H2", district_id="T3"), "site-elsewhere", "hospitals", 3, "H2", "7.8 km"),
    "a unit lies a little outside its district": (cells("units", "T1-01", lon="119.997"), "unit-beyond-border", "units", 2, "T1-01", "289 m"),
    "an open branch has no location": (cells("branches", "B2", lon="", lat=""), "branch-without-location", "branches", 3, "B2", "no service point"),
    "a planned branch has no location": (cells("branches", "B3", lon="", lat=""), "branch-without-location", "branches", 4, "B3", "planned"),
    "a 门诊部 is said to be a campus": (cells("branches", "B1", name="市第一医院东区门诊部"), "clinic-by-name", "branches", 2, "B1", "relation = clinic"),
    "two hospitals stand in one place": (cells("hospitals", "H2", lon="120.0203", lat="30.07"), "same-place", "hospitals", 3, "H2", "29 m"),
    "units do not add up to their district": (cells("units", "T1-02", people="11000"), "totals-differ", "districts", 2, "T1", "-1,000 (-2.4%)"),
    "a group is larger than all people": (cells("units", "T1-02", people_65plus="12001"), "group-larger-than-people", "units", 3, "T1-02", "12,001"),
    "two districts overlap": (drawn("T2", polygon((1, 0), (4, 0), (4, 2), (1, 2))), "overlap", "districts", 3, "T2", "中区"),
    "ground between districts belongs to none": (drawn("T1", {"type": "Polygon", "coordinates": [
        [[120, 30], [120.1, 30], [120.1, 30.1], [120, 30.1], [120, 30]],
        [[120.04, 30.04], [120.04, 30.05], [120.05, 30.05], [120.05, 30.04], [120.04, 30.04]]]}), "gap", "districts", None, "T1", "km²"),
    "a district is in two parts": (both(drawn("T3", {"type": "MultiPolygon", "coordinates": [
        [[[120, 30.1], [120.1, 30.1], [120.1, 30.15], [120, 30.15], [120, 30.1]]],
        [[[120.11, 30.1], [120.2, 30.1], [120.2, 30.15], [120.11, 30.15], [120.11, 30.1]]]]})), "island", "districts", 4, "T3", "第11街道, 第12街道 (6,000 persons)"),
    "a district is listed under a former code": (both(district("T3", district_id="310230"),
        *(cells("units", f"T3-0{i}", district_id="310230") for i in (1, 2, 3, 4)), cells("branches", "B2", district_id="310230"),
        cells("branches", "B3", district_id="310230"), cells("partnerships", "H1", district_id="310230")),
        "former-adcode", "districts", 4, "310230", "崇明区"),
    "a link stands twice": (links(("T1-01", "T2-01", "ferry"), ("T1-01", "T2-01", "ferry")), "duplicate-pair", "links", 3, "T1-01–T2-01–ferry", "rows 2–3"),
    "some pairs of the travel table have no minutes": (both(travel(), cells("travel", "T1-02", minutes="")), "blank-minutes", "travel", 5, "", "unreachable"),
}  # fmt: skip


def findings_of(folder: Path) -> Findings:
    """What reading and the doctor say, whether or not a Region can be made."""
    try:
        return check(read(folder))
    except DataError as refused:
        return refused.findings


def chinese(text: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", text))


def test_the_good_folder_has_no_findings(tmp_path):
    assert not findings_of(good_folder(tmp_path))


@pytest.mark.parametrize("story", ERRORS)
def test_one_clear_error(story, tmp_path):
    breaks, code, table, row, id, says = ERRORS[story]
    breaks(good_folder(tmp_path))
    errors = findings_of(tmp_path).errors
    assert [f.code for f in errors] in ([code], [code] * 3), errors.report()
    error = errors[0]
    assert error.table == table
    assert error.row == row or (row is None and table == "travel")
    assert error.id == id or (table == "travel" and error.id.startswith(id))
    assert says in error.line("en")
    assert chinese(error.what.zh) and chinese(error.hint.zh)
    assert error.hint.en


@pytest.mark.parametrize("story", WARNINGS)
def test_one_clear_warning_and_no_error(story, tmp_path):
    breaks, code, table, row, id, says = WARNINGS[story]
    breaks(good_folder(tmp_path))
    findings = findings_of(tmp_path)
    assert not findings.errors, findings.report()
    found = [f for f in findings if f.code == code]
    assert len(found) == 1, findings.report()
    assert (found[0].table, found[0].row, found[0].id) == (table, row, id)
    assert says in found[0].line("en")
    assert chinese(found[0].what.zh) and chinese(found[0].hint.zh)


@pytest.mark.parametrize("story", GOOD)
def test_unusual_but_good(story, tmp_path):
    GOOD[story](good_folder(tmp_path))
    assert not findings_of(tmp_path)


def test_all_tables_swapped_are_said_table_by_table(tmp_path):
    both(swapped("units"), swapped("hospitals"), swapped("branches"))(good_folder(tmp_path))
    errors = findings_of(tmp_path).errors
    assert {f.code for f in errors} == {"swapped-lon-lat"}
    assert {f.table for f in errors} == {"units", "hospitals", "branches"}


def test_people_that_cannot_be_shared_out_by_area_are_said_once(tmp_path):
    shared = appended("region.toml", '\n[people]\nshare = "area"\n')
    nowhere = every("units", lon=lambda lon: "", people=lambda people: "")
    both(shared, nowhere)(good_folder(tmp_path))
    assert [f.code for f in findings_of(tmp_path).errors] == ["blank-cell"]


def test_swapped_units_that_are_shared_out_by_area_are_said_to_be_swapped(tmp_path):
    shared = appended("region.toml", '\n[people]\nshare = "area"\n')
    both(shared, swapped("units"), every("units", people=lambda people: ""))(good_folder(tmp_path))
    assert [f.code for f in findings_of(tmp_path).errors] == ["swapped-lon-lat"]


def test_a_travel_matrix_is_said_once_with_the_way_to_make_it_long(tmp_path):
    good_folder(tmp_path)
    (tmp_path / "travel.csv").write_text("unit_id,H1,H2\nT1-01,about 3,about 4\n", encoding="utf-8")
    (finding,) = findings_of(tmp_path).errors
    assert finding.code == "wide-table" and "a column per hospital" in finding.what.en
    assert "Unpivot" in finding.hint.en and "逆透视" in finding.hint.zh
    (tmp_path / "travel.csv").write_text("unit_id,H1,H2\nT1-01,3,4\n", encoding="utf-8")
    assert [
        f.code for f in findings_of(tmp_path) if f.table == "travel" and f.code in ("matrix", "wide-table")
    ] == ["matrix"]


def test_an_optional_table_that_is_not_read_is_warned_of(tmp_path):
    renamed("branches.csv", "branches.xls")(good_folder(tmp_path))
    found = [f for f in findings_of(tmp_path) if f.code == "unknown-format"]
    assert [(f.severity, f.table) for f in found] == [("warning", "branches")]


def test_there_are_at_least_forty_broken_inputs():
    assert len(ERRORS) >= 40


def test_all_faults_are_said_at_once(tmp_path):
    good_folder(tmp_path)
    for breaks, *_ in (ERRORS["a unit's people are negative"], ERRORS["a hospital's tier is unknown"],
                       ERRORS["a branch's hospital is unknown"], ERRORS["a hospital's lon and lat are swapped"]):  # fmt: skip
        breaks(tmp_path)
    codes = {f.code for f in findings_of(tmp_path).errors}
    assert codes == {"negative-number", "unknown-word", "unknown-hospital", "swapped-lon-lat"}


def test_good_roads_and_a_good_travel_table_have_no_findings(tmp_path):
    both(grid_of_roads(), travel())(good_folder(tmp_path))
    assert not findings_of(tmp_path)


def test_a_missing_district_names_every_table_that_points_to_it(tmp_path):
    without_district("T3")(good_folder(tmp_path))
    (error,) = findings_of(tmp_path).errors
    assert (error.code, error.table, error.row, error.id) == ("unknown-district", "units", 10, "T3-01")
    assert "units (rows 10–13), branches (rows 3–4), partnerships (rows 2)" in error.what.en


def test_a_travel_table_of_other_units_is_said_once(tmp_path):
    both(travel(), every("travel", unit_id=lambda id: f"X-{id}"))(good_folder(tmp_path))
    (error,) = findings_of(tmp_path).errors
    assert error.code == "unknown-unit" and "unit_id X-T1-01 is not in the table units" in error.what.en
    assert "11 other ids are not there either" in error.what.en
