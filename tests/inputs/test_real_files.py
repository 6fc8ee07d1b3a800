"""The real, messy files of Chinese cities: GCJ-02 that claims WGS 84, counties among towns, no locations."""

import geopandas as gpd
import pytest
import shapely
from inputs.folders import plain

from gridplan.geography.reading import read

CITIES = ["shanghai", "chengdu", "hangzhou", "jiaxing", "liuzhou"]


def city_folder(folder, data, city, leave_out=True):
    """The region folder that a planner would write around the files as they were found."""
    files = {name: (data / city / name).as_posix() for name in
             ("districts_gcj02.geojson", "district_population_2020.csv", "towns_gcj02.csv")}  # fmt: skip
    assert all((data / city / name).is_file() for name in files)
    first = gpd.read_file(files["districts_gcj02.geojson"]).iloc[0]
    inside = first.geometry.representative_point()
    kinds = gpd.read_file(files["districts_gcj02.geojson"])["adcode"].map(lambda code: f"{code},近郊\n")
    (folder / "kinds.csv").write_text("adcode,类型\n" + "".join(kinds), encoding="gb18030")
    hospitals = plain("hospitals").assign(district_id=first["adcode"], lon=inside.x, lat=inside.y)
    hospitals.to_csv(folder / "hospitals.csv", index=False, encoding="gb18030")
    (folder / "region.toml").write_text(
        f"""
        name = "{city}"
        datum = "wgs84"
        [tables.districts]
        file = ["{files["districts_gcj02.geojson"]}", "{files["district_population_2020.csv"]}", "kinds.csv"]
        datum = "gcj02"
        [tables.units]
        file = "{files["towns_gcj02.csv"]}"
        datum = "gcj02"
        where = {{ level = "town" }}
        [people]
        share = "area"
        [units]
        without_location = "{"leave_out" if leave_out else "error"}"
        """,
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("city", CITIES)
def test_a_city_reads_with_its_faults_said(tmp_path, real_data, city):
    region = read(city_folder(tmp_path, real_data, city))
    assert {f.code for f in region.findings.warnings} >= {"crs-contradicts", "left-aside", "unit-left-out"}
    assert region.units["lon"].notna().all() and region.modelled
    shared = region.units.groupby("district_id")["people"].sum()
    told = {f.id for f in region.findings.errors if f.code == "not-shared"}
    for district_id, stated in zip(region.districts["district_id"], region.districts["people"], strict=True):
        assert (shared.get(district_id) == stated) == (district_id not in told)


def test_shanghai_in_numbers(tmp_path, real_data):
    region = read(city_folder(tmp_path, real_data, "shanghai"))
    assert not region.findings.errors
    assert (len(region.districts), len(region.units)) == (16, 235 - 19)
    assert region.units["people"].sum() == region.districts["people"].sum() == 24_870_895
    assert "16 of 251" in next(f.what.en for f in region.findings if f.code == "left-aside")
    assert sum(f.code == "unit-left-out" for f in region.findings) == 19
    assert set(region.districts["district_id"].str.len()) == {6}


def test_shanghais_towns_lie_in_their_districts_once_both_are_wgs84(tmp_path, real_data):
    region = read(city_folder(tmp_path, real_data, "shanghai"))
    shapes = region.units["district_id"].map(region.districts.set_index("district_id")["geometry"]).to_numpy()
    assert shapely.contains_xy(shapes, region.units["lon"], region.units["lat"]).mean() > 0.97


def test_unlocated_towns_stay_without_place_unless_left_out(tmp_path, real_data):
    region = read(city_folder(tmp_path, real_data, "shanghai", leave_out=False))
    assert len(region.units) == 235 and region.units["lon"].isna().sum() == 19
    assert sum(f.code == "no-weight" for f in region.findings.errors) == 19
