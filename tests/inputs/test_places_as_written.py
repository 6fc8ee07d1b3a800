"""Where things are: in one cell, in WKT, in a stated datum, in metres that are turned, and in other formats of maps."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from inputs.folders import (
    LAT,
    LON,
    assert_in_place,
    codes,
    dbf,
    plain,
    put,
    put_hospitals,
    settings,
    town_folder,
)
from shapely.geometry import mapping

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.inputs.datum import wgs84_to
from gridplan.inputs.sample import tiny_town

TOWN = tiny_town()


@pytest.fixture
def folder(tmp_path):
    return town_folder(tmp_path / "town")


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("经纬度", "{x},{y}"), ("坐标", "({x}，{y})"), ("位置", "{y} {x}"), ("location", "{y};{x}"), ("coords", "{x}E, {y}N"), ("经纬度", "{x}°E/{y}°N"),
        ("geometry", "POINT ({x} {y})"), ("wkt", "SRID=4326;POINT({x} {y})"),
        ("geom", '{{"type": "Point", "coordinates": [{x}, {y}]}}'),
    ],
)  # fmt: skip
def test_both_coordinates_in_one_cell(folder, header, form):
    put_hospitals(folder, **{header: [form.format(x=x, y=y) for x, y in zip(LON, LAT, strict=True)]})
    assert_in_place(folder)
    assert codes(folder) <= {"pair-in-cell", "number-as-written"}


def test_a_pair_of_which_nothing_says_the_order_is_not_guessed(folder):
    put_hospitals(folder, 坐标=["30.1,30.2"] * 7)
    assert "pair-unclear" in codes(folder)


@pytest.mark.parametrize("form", ["{}:{}:{:.1f}", "{}-{:02}-{:02.0f}"])
def test_degrees_minutes_and_seconds_apart_are_read_and_told(folder, form):
    def apart(degrees):
        seconds = [round(degree * 3600) for degree in degrees]
        return [form.format(s // 3600, s // 60 % 60, s % 60) for s in seconds]

    put_hospitals(folder, lon=apart(LON), lat=apart(LAT))
    assert_in_place(folder)
    assert codes(folder) == {"number-as-written"}
    put_hospitals(folder, lon=["120:61:0", "120:1", *LON[2:]], lat=LAT)
    assert [f.row for f in check(folder).errors if f.code == "not-a-number"] == [2, 3]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (("bd_lon", "bd_lat"), "bd09"), (("gcj_lng", "gcj_lat"), "gcj02"), (("WGS84_lon", "WGS84_lat"), "wgs84"),
        (("lng_bd", "lat_bd"), "bd09"), (("gaode_x", "gaode_y"), "gcj02"), (("wgs_lng", "wgs_lat"), "wgs84"),
    ],
)  # fmt: skip
def test_usual_names_of_columns_in_a_datum(folder, headers, said):
    lon, lat = wgs84_to(LON, LAT, said)
    put_hospitals(folder, **dict(zip(headers, (lon, lat), strict=True)))
    assert_in_place(folder)
    assert codes(folder) == ({"datum-in-header"} if said != "wgs84" else set())


@pytest.mark.parametrize("word", ["gcj02", "bd09"])
def test_a_datum_in_the_headers_is_heard_unless_region_toml_says_another(folder, word):
    lon, lat = wgs84_to(LON, LAT, word)
    put_hospitals(folder, **{f"经度（{word}）": lon, f"纬度（{word}）": lat})
    assert_in_place(folder)
    assert codes(folder) == {"datum-in-header"}
    settings(folder, '[tables.hospitals]\ndatum = "wgs84"\n')
    assert "datum-contradicts" in codes(folder)
    settings(folder, f'[tables.hospitals]\ndatum = "{word}"\n')
    assert_in_place(folder)
    assert codes(folder) == set()


def test_a_datum_row_by_row(folder):
    words = ["百度", "高德地图", "WGS84", "", "CGCS2000", "火星坐标系", "bd-09"]
    datums = ["bd09", "gcj02", "wgs84", "wgs84", "wgs84", "gcj02", "bd09"]
    moved = [wgs84_to(np.array([x]), np.array([y]), d) for x, y, d in zip(LON, LAT, datums, strict=True)]
    put_hospitals(folder, lon=[m[0][0] for m in moved], lat=[m[1][0] for m in moved], 坐标系=words)
    assert_in_place(folder)
    told = [f.what.en for f in check(folder) if f.code == "datum-in-rows"]
    assert len(told) == 2 and "says BD-09 in 2 of 7 rows (2, 8)" in told[0] and "GCJ-02" in told[1]
    settings(folder, '[tables.hospitals]\ndatum = "bd09"\n')
    assert [f.row for f in check(folder).errors if f.code == "datum-contradicts"] == [3, 4, 6, 7]
    settings(folder, "")
    put_hospitals(folder, lon=LON, lat=LAT, 坐标系=["北京54", *[""] * 6])
    assert [f.row for f in check(folder).errors] == [2]


def test_a_longitude_and_a_latitude_in_two_datums_are_refused(folder):
    put_hospitals(folder, 百度经度=LON, 高德纬度=LAT)
    (finding,) = check(folder).errors
    assert finding.code == "datums-mixed" and "百度经度 / 高德纬度" in finding.what.en


def properties(table):
    return (
        pd.DataFrame(table).drop(columns=["geometry", "row"]).astype(object).where(lambda d: d.notna(), None)
    )


def rings(shape):
    """As Esri draws them: outer rings clockwise, holes the other way."""
    polygon = shapely.orient_polygons(shape, exterior_cw=True)
    return [[list(c) for c in ring.coords] for ring in (polygon.exterior, *polygon.interiors)]


def test_esri_json_with_a_hole_and_an_enclave(folder):
    holed = shapely.box(120.3, 30, 120.4, 30.1) - shapely.box(120.34, 30.04, 120.36, 30.06)
    shapes = [*TOWN.districts.geometry[:2], holed]
    records = properties(TOWN.districts).to_dict("records")
    content = {
        "spatialReference": {"wkid": 102100, "latestWkid": 4490},
        "features": [
            {"attributes": a, "geometry": {"rings": rings(s)}} for a, s in zip(records, shapes, strict=True)
        ],
    }
    put(folder, "districts.json", json.dumps(content))
    drawn = read(folder).districts.geometry
    assert all(a.equals(b) for a, b in zip(drawn, shapes, strict=True))
    content["features"][0]["geometry"] = {"rings": [[["east"]]]}
    put(folder, "districts.json", json.dumps(content))
    assert [f.code for f in check(folder).errors] == ["broken-geometry"]


def test_topojson_is_put_together_from_its_arcs(folder):
    shapes = [mapping(s)["coordinates"][0] for s in TOWN.districts.geometry]
    arcs, members = [], []
    for n, ring in enumerate(shapes):
        whole = [[round(x * 1e4) - 1_200_000, round(y * 1e4) - 300_000] for x, y in ring]
        half = len(whole) // 2
        first, second = whole[: half + 1], whole[half:][::-1]  # the second runs the other way
        for arc in (first, second):
            steps = np.diff(np.array(arc), axis=0, prepend=[[0, 0]]).tolist()
            arcs.append(steps)
        record = properties(TOWN.districts).to_dict("records")[n]
        members.append({"type": "Polygon", "arcs": [[2 * n, ~(2 * n + 1)]], "properties": record})
    content = {
        "type": "Topology", "arcs": arcs, "transform": {"scale": [1e-4, 1e-4], "translate": [120, 30]},
        "objects": {"qu": {"type": "GeometryCollection", "geometries": members}},
    }  # fmt: skip
    put(folder, "districts.topojson", json.dumps(content))
    assert read(folder).districts.geometry.geom_equals_exact(TOWN.districts.geometry, 1e-6).all()
    content["objects"]["qu"]["geometries"][0]["arcs"] = [[99]]
    put(folder, "districts.topojson", json.dumps(content))
    assert codes(folder) == {"unreadable-file"}


def test_points_of_a_quantised_topojson_are_counted_from_its_origin(folder):
    members = [
        {
            "type": "Point",
            "coordinates": [round(x * 1e4) - 1_200_000, round(y * 1e4) - 300_000],
            "properties": record,
        }
        for x, y, record in zip(
            LON, LAT, plain("hospitals").drop(columns=["lon", "lat"]).to_dict("records"), strict=True
        )
    ]
    content = {
        "type": "Topology", "arcs": [], "transform": {"scale": [1e-4, 1e-4], "translate": [120, 30]},
        "objects": {"hospitals": {"type": "GeometryCollection", "geometries": members}},
    }  # fmt: skip
    put(folder, "hospitals.topojson", json.dumps(content))
    assert_in_place(folder)


def test_kml_with_its_data(folder):
    marks = "".join(
        f"<Placemark><name>{d.name}</name><ExtendedData><SchemaData>"
        f'<SimpleData name="区划代码">{d.district_id}</SimpleData><SimpleData name="类型">{d.kind}</SimpleData>'
        f'</SchemaData><Data name="常住人口"><value>{d.people:.0f}</value></Data></ExtendedData>'
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{' '.join(f'{x},{y},0' for x, y in d.geometry.exterior.coords)}"
        "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for d in TOWN.districts.itertuples()
    )
    put(
        folder,
        "districts.kml",
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>',
    )
    found = read(folder).districts
    assert found.geometry.geom_equals(TOWN.districts.geometry).all()
    assert found["people"].tolist() == TOWN.districts["people"].tolist()
    put(folder, "districts.kml", '<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>')
    assert codes(folder) == {"unreadable-file"}


def test_geoparquet_and_plain_parquet(folder):
    for path in folder.glob("units.*"):
        path.unlink()
    TOWN.units.drop(columns="row").to_parquet(folder / "units.parquet")
    (folder / "hospitals.csv").unlink()
    pd.DataFrame(TOWN.hospitals).drop(columns="row").to_parquet(folder / "hospitals.parquet")
    assert read(folder).fingerprint == TOWN.fingerprint


def test_of_several_layers_the_one_with_the_columns_is_read_and_told(folder):
    for path in folder.glob("units.*"):
        path.unlink()
    TOWN.districts[["geometry"]].assign(note="x").to_file(folder / "units.gpkg", layer="frame")
    TOWN.units.drop(columns="row").to_file(folder / "units.gpkg", layer="jiedao")
    assert len(read(folder).units) == 12 and codes(folder) == {"layer-chosen"}


def test_headers_and_names_that_a_shapefile_cut(folder):
    for path in folder.glob("units.*"):
        path.unlink()
    gpd.GeoDataFrame({"n": range(12)}, geometry=TOWN.units.geometry.values, crs=4326).to_file(
        folder / "units.shp"
    )
    (folder / "units.cpg").unlink()
    columns = TOWN.units[["unit_id", "name", "people", "people_0_14", "district_id"]].astype(
        {"people": int, "people_0_14": int}
    )
    names = ("unit_id", "name", "people", "people_0_1", "district_i")
    records = [
        [cell.encode("gb18030") for cell in row] for row in columns.astype(str).itertuples(index=False)
    ]
    records[4][1] = "第五街道办事处".encode("gb18030")[:-1] + b"  "
    (folder / "units.dbf").write_bytes(dbf([n.encode() for n in names], records))
    region = read(folder)
    assert region.units["people_0_14"].tolist() == TOWN.units["people_0_14"].tolist()
    assert region.units["district_id"].tolist() == TOWN.units["district_id"].tolist()
    assert region.units.loc[4, "name"] == "第五街道办事"
    assert {f.code for f in region.findings} == {"cut-header", "cut-text", "encoding"}
