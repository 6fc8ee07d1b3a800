"""Four more real cities as they were found: their known faults are named, and what is sound is planned."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import gridplan as gp

# City: rows that are no towns, towns without a point, codes of the census that have no polygon.
CITIES = {
    "chengdu": (21, 49, ["510117", "510118", "510185"]),
    "hangzhou": (14, 10, ["330112"]),
    "jiaxing": (8, 6, []),
    "liuzhou": (11, 13, ["450206"]),
}


@pytest.fixture(scope="module")
def checked(real_data, tmp_path_factory) -> dict[str, tuple[gp.Region, gp.results.Findings]]:
    regions = {city: gp.read(write_city(real_data / city, tmp_path_factory.mktemp(city))) for city in CITIES}
    return {city: (region, gp.check(region)) for city, region in regions.items()}


def write_city(data: Path, folder: Path) -> Path:
    """A region folder that points at the files of a city; kinds of districts and hospitals are made up."""
    files = ["districts_gcj02.geojson", "district_population_2020.csv", "towns_gcj02.csv"]
    missing = [name for name in files if not (data / name).is_file()]
    if missing:
        pytest.fail(f"GRIDPLAN_REAL_DATA is set, but {data.name} lacks {missing}")
    polygons, census, towns = ((data / name).as_posix() for name in files)
    codes = gpd.read_file(polygons)["adcode"]
    pd.DataFrame({"区划代码": codes, "类型": "近郊"}).to_csv(
        folder / "kinds.csv", index=False, encoding="gbk"
    )
    made_up_hospitals(pd.read_csv(towns, dtype=str)).to_csv(
        folder / "hospitals.csv", index=False, encoding="utf-8"
    )
    (folder / "region.toml").write_text(
        f"""
        name = "{data.name}"
        datum = "gcj02"
        [tables.districts]
        file = ["{polygons}", "{census}", "kinds.csv"]
        [tables.units]
        file = "{towns}"
        where = {{ level = "town" }}
        [people]
        share = "equal"
        [units]
        without_location = "leave_out"
        """,
        encoding="utf-8",
    )
    return folder


def made_up_hospitals(towns: pd.DataFrame) -> pd.DataFrame:
    """Three general hospitals and one for TCM, each in the first located town of another district."""
    at = (
        towns[(towns["level"] == "town") & towns["longitude"].notna()]
        .drop_duplicates("adcode")
        .iloc[[0, 1, 2, -1]]
    )
    return pd.DataFrame(
        {
            "医院编号": ["A", "B", "C", "Z"],
            "医院名称": at["name"].to_numpy() + "医院",
            "隶属": "市级",
            "类别": ["综合", "综合", "综合", "中医"],
            "所有制": "公立",
            "所属区": at["adcode"].to_numpy(),
            "经度": at["longitude"].to_numpy(),
            "纬度": at["latitude"].to_numpy(),
        }
    )


def said(findings: gp.results.Findings, code: str) -> list[gp.results.Finding]:
    return [finding for finding in findings if finding.code == code]


@pytest.mark.parametrize("city", CITIES)
def test_what_is_wrong_with_every_city_is_said(checked, city) -> None:
    no_towns, unlocated, strangers = CITIES[city]
    region, findings = checked[city]
    assert len(said(findings, "crs-contradicts")) == 1
    assert said(findings, "left-aside")[0].what.en.startswith(f"{no_towns} of ")
    assert len(said(findings, "unit-left-out")) == unlocated
    assert all(code in said(findings, "not-joined")[0].what.en for code in strangers)
    assert bool(said(findings, "not-joined")) == bool(strangers)
    assert not said(findings, "other-datum")  # read as GCJ-02, towns and hospitals fit their districts
    assert not said(findings, "site-elsewhere")
    assert region.people.startswith("modelled: equal shares")


def test_hangzhou_has_a_district_that_the_census_calls_by_another_code(checked) -> None:
    """330185 临安市 of the polygons is 330112 临安区 of the census: nothing is guessed."""
    findings = checked["hangzhou"][1]
    assert {(f.code, f.id) for f in findings.errors} == {("not-shared", "330185"), ("blank-cell", "330185")}


def test_chengdu_lacks_two_districts_and_their_towns_are_said_once(checked) -> None:
    findings = checked["chengdu"][1]
    lacking = said(findings, "unknown-district")  # 简阳市, without a polygon: 55 towns
    assert [f.what.en.partition(" is not")[0] for f in lacking] == ["district_id 510185"]
    assert "units (rows 60, 63–116)" in lacking[0].what.en
    assert {f.id for f in said(findings, "not-shared")} == {"510132"}  # 新津县, now 510118
    largest = said(findings, "gap")[0]
    assert "510106" in largest.what.en  # 郫都: a hole in the middle of the city
    assert len(findings.errors) == 1 + 2


def test_liuzhou_lacks_liujiang(checked) -> None:
    findings = checked["liuzhou"][1]
    assert [(f.code, f.what.en.split()[1]) for f in findings.errors] == [("unknown-district", "450206")]


@pytest.mark.parametrize("city", ["chengdu", "hangzhou", "liuzhou"])
def test_a_city_with_errors_is_not_planned(checked, city) -> None:
    with pytest.raises(gp.DataError) as refusal:
        gp.plan(checked[city][0], gp.policy("shanghai-2025"))
    assert len(refusal.value.findings.errors) == len(checked[city][1].errors)


def test_jiaxing_is_sound_and_is_planned(checked) -> None:
    region, findings = checked["jiaxing"]
    assert not findings.errors
    assert (len(region.districts), len(region.units)) == (7, 67)
    plan = gp.plan(region, gp.policy("shanghai-2025"))
    assert plan.status == "optimal"
    assert gp.verify(plan).kept
    assert plan.assignment.groupby("layer")["people"].sum().to_dict() == {
        "general": 5_400_868,
        "tcm": 5_400_868,
    }
