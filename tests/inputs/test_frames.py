"""Metres of every frame, and tables that lie elsewhere as a whole."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from inputs.folders import (
    LAT,
    LON,
    assert_in_place,
    codes,
    plain,
    put,
    put_hospitals,
    settings,
    town_folder,
)

from gridplan.doctor.doctor import check
from gridplan.inputs.datum import wgs84_to
from gridplan.inputs.sample import tiny_town

TOWN = tiny_town()


@pytest.fixture
def folder(tmp_path):
    return town_folder(tmp_path / "town")


def metres(epsg):
    points = gpd.GeoSeries(gpd.points_from_xy(LON, LAT, crs=4326)).to_crs(epsg)
    return points.x.to_numpy(), points.y.to_numpy()


def test_x_may_be_the_northing_and_begin_with_its_zone(folder):
    x, y = metres(4549)
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4549"\n')
    put_hospitals(folder, X坐标=y, Y坐标=x)
    assert_in_place(folder)
    assert codes(folder) == {"x-is-north"}
    put_hospitals(folder, X坐标=y, Y坐标=x + 40e6)
    assert_in_place(folder)
    assert codes(folder) == {"x-is-north", "zone-prefix"}
    put_hospitals(folder, 横坐标=x + 39e6, 纵坐标=y)
    (finding,) = [f for f in check(folder).errors if f.code == "wrong-zone"]
    assert "EPSG:4527" in finding.hint.en


def test_metres_that_say_their_zone_get_the_line_to_write(folder):
    x, y = metres(4549)
    put_hospitals(folder, x=x + 40e6, y=y)
    (finding,) = [f for f in check(folder) if f.code == "missing-crs"]
    assert 'crs = "EPSG:4528"' in finding.hint.en
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4528"\n')
    assert_in_place(folder)


def test_a_table_in_the_next_province_is_one_error_with_the_likely_frame(folder):
    x, y = metres(4549)
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4550"\n')
    put_hospitals(folder, x=x, y=y)
    (finding,) = check(folder)
    assert (finding.severity, finding.code) == (
        "error",
        "table-elsewhere",
    ) and 'crs = "EPSG:4549"' in finding.hint.en


def test_most_of_a_table_in_no_district_is_one_error(folder):
    put_hospitals(folder, lon=LON + 0.3, lat=LAT)  # in the next city, nearer than another province
    (finding,) = check(folder)
    assert (finding.severity, finding.code) == ("error", "table-elsewhere")
    assert "7 of 7 places of hospitals lie in no district, some 1" in finding.what.en
    put_hospitals(folder, lon=[*LON[:4], *LON[4:] + 0.3], lat=LAT)  # some of them: each is said
    assert [f.code for f in check(folder)] == ["site-elsewhere"] * 3


@pytest.mark.parametrize("datum", ["wgs84", "bd09"])
def test_decimals_that_are_minutes_and_seconds_are_named(folder, datum):
    def ddmmss(degrees):
        seconds = np.round(degrees * 3600).astype(int)
        return [f"{s // 3600}.{s // 60 % 60:02}{s % 60:02}" for s in seconds]

    lon, lat = wgs84_to(LON + 0.4, LAT + 0.4, datum)  # the whole town, so that 12′ is not near 0.12°
    shapes = TOWN.districts.assign(geometry=TOWN.districts.translate(0.4, 0.4)).drop(columns="row")
    for path in folder.glob("districts.*"):
        path.unlink()
    shapes.to_file(folder / "districts.geojson")
    units = plain("units").assign(lon=TOWN.units["lon"] + 0.4, lat=TOWN.units["lat"] + 0.4)
    put(folder, "units.csv", units.to_csv(index=False))
    (folder / "branches.csv").unlink()
    settings(folder, f'[tables.hospitals]\ndatum = "{datum}"\n')
    put_hospitals(folder, lon=ddmmss(lon), lat=ddmmss(lat))
    (finding,) = check(folder).errors
    assert finding.code == "table-elsewhere" and "decimals are minutes and seconds (120.2" in finding.hint.en


def test_utm_read_as_gauss_krueger_is_named_by_the_districts(folder):
    at = TOWN.hospitals.assign(lat=[30.07, 30.01, 30.07, 30.002, 30.003, 30.004, 30.08])
    points = gpd.GeoSeries(gpd.points_from_xy(at["lon"], at["lat"], crs=4326)).to_crs(32651)
    put_hospitals(folder, x=points.x, y=points.y)
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4550"\n')  # the same middle, 123°
    found = {f.code: f for f in check(folder)}
    assert set(found) == {"other-frame"} and 'crs = "EPSG:32651"' in found["other-frame"].hint.en
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:32651"\n')
    assert codes(folder) == set()


def test_web_mercator_has_no_zones(folder):
    x, y = metres(3857)
    put_hospitals(folder, x=x, y=y)
    (finding,) = [f for f in check(folder) if f.code == "missing-crs"]
    assert 'crs = "EPSG:3857"' in finding.hint.en
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:3857"\n')
    assert_in_place(folder)
    assert codes(folder) == set()
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4549"\n')
    (finding,) = check(folder).errors
    assert 'crs = "EPSG:3857"' in finding.hint.en


def test_eastings_without_the_number_that_their_frame_has(folder):
    x, y = metres(4549)
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4528"\n')
    put_hospitals(folder, x=x, y=y)
    assert_in_place(folder)
    assert codes(folder) == {"zone-prefix"}
    settings(folder, '[tables.hospitals]\ncrs = "EPSG:4549"\n')
    for eastings, code in ((x + 39e6, "wrong-zone"), (x + 55e6, "wrong-crs")):  # one cause, one error
        put_hospitals(folder, x=eastings, y=y)
        assert [f.code for f in check(folder)] == [code]
