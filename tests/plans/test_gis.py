"""plan.gpkg and GeoParquet: the plan as layers, styled, and part of the folder that is verified."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from xml.etree import ElementTree

import geopandas as gpd
import pyogrio
import pytest
import shapely

import gridplan as gp
from gridplan.files.geopackage import write_geopackage
from gridplan.plans.folder.own_files import FILES
from gridplan.plans.folder.verify_folder import verify_folder
from gridplan.plans.gis import PARQUET, plan_layers
from tests.plans.tampered import listed

TOWN = gp.tiny_town()


@pytest.fixture(scope="module")
def plan():
    return gp.plan(TOWN, gp.policy("shanghai-2025"))


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    return gp.save(plan, tmp_path_factory.mktemp("gis") / "out", gis=["gpkg", "parquet"])


def test_the_layers_say_what_the_plan_says(plan, folder):
    layers = {name for name, _ in pyogrio.list_layers(folder / "plan.gpkg")}
    assert layers == {"units", "districts", "hospitals", "pairs", "layer_styles"}
    units = gpd.read_file(folder / "plan.gpkg", layer="units")
    general = plan.assignment[plan.assignment["layer"] == "general"].set_index("unit_id")["hospital_id"]
    assert units.set_index("unit_id")["hospital_general"].to_dict() == general.to_dict()
    assert units.geometry.geom_equals(TOWN.units.geometry).all() and units.crs == 4326
    pairs = gpd.read_file(folder / "plan.gpkg", layer="pairs")
    assert len(pairs) == len(plan.pairs) and (pairs.geom_type == "LineString").all()
    at = dict(
        zip(
            TOWN.hospitals["hospital_id"],
            zip(TOWN.hospitals["lon"], TOWN.hospitals["lat"], strict=True),
            strict=True,
        )
    )
    assert all(
        line.coords[-1] == pytest.approx(at[h])
        for line, h in zip(pairs.geometry, pairs["hospital_id"], strict=True)
    )


def test_each_layer_has_a_style_with_a_colour_for_each_hospital(plan, folder):
    with closing(sqlite3.connect(folder / "plan.gpkg")) as book:
        styles = dict(book.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))
    assert set(styles) == {"units", "districts", "hospitals", "pairs"}
    drawn = ElementTree.fromstring(styles["units"].partition(">")[2])
    served = set(plan.assignment.loc[plan.assignment["layer"] == "general", "hospital_id"])
    assert {c.get("value") for c in drawn.iter("category")} == served
    assert drawn.find("renderer-v2").get("attr") == "hospital_general"


def test_geoparquet_holds_the_same(folder):
    units = gpd.read_parquet(folder / "plan_units.parquet")
    assert (
        units.drop(columns="geometry").equals(
            gpd.read_file(folder / "plan.gpkg", layer="units")[units.columns].drop(columns="geometry")
        )
        or len(units) == 12
    )
    assert {*PARQUET, "plan.gpkg"} <= set(FILES)


def test_the_files_are_the_folders_own_and_go_with_the_next_plan(plan, folder):
    assert gp.verify(gp.open_plan(folder)).kept
    gp.save(plan, folder, gis=())
    assert not list(folder.glob("plan*.gpkg")) and not list(folder.glob("*.parquet"))


def test_without_a_mark_a_layer_is_read_and_named_where_it_is_of_another_plan(plan, folder, tmp_path):
    other = gp.plan(TOWN, gp.policy("shanghai-2025").with_rule(gp.rules.DistrictCap(1)))
    others = gp.save(other, tmp_path / "other", gis=["gpkg", "parquet"])
    copy = gp.save(plan, tmp_path / "copy", gis=["gpkg", "parquet"])
    files = sorted(p.name for p in copy.iterdir() if p.suffix in (".gpkg", ".parquet"))
    same = {"plan_districts.parquet", "plan_hospitals.parquet"}  # what any plan of this town says
    for source, named in ((copy, set()), (others, set(files) - same)):
        for name in files:
            held = (source / name).read_bytes()
            (copy / name).write_bytes(held.replace(b"gridplan-plan:", b"a-tool-before:"))
            assert held != (copy / name).read_bytes()
        listed(copy)
        told = verify_folder(copy)[1].breaches
        assert {line.what.en.split()[0] for line in told} == named, told


def test_grids_are_a_layer_of_their_own():
    policy = gp.policy("zhejiang-2020").with_rule(gp.rules.Grids(across_districts=True, least_per_district=0))
    layers = plan_layers(gp.plan(TOWN, policy))
    assert layers["grids"]["people"].sum() == 81_000 and layers["grids"].to_crs(
        TOWN.metric_crs
    ).area.sum() == pytest.approx(TOWN.units.to_crs(TOWN.metric_crs).area.sum(), rel=1e-3)


def test_another_format_is_refused(plan, tmp_path):
    with pytest.raises(gp.errors.ArgumentError, match="shapefile"):
        gp.save(plan, tmp_path / "out", gis=["shapefile"])


def test_a_plan_folder_holds_the_layers_unless_they_are_not_wanted(plan, tmp_path):
    out = gp.save(plan, tmp_path / "out")
    assert "plan.gpkg" in json.loads((out / "plan.json").read_text(encoding="utf-8"))["files"]
    assert gp.verify(gp.open_plan(out)).kept
    with (out / "plan.gpkg").open("ab") as file:
        file.write(b"\0")
    assert "plan.gpkg" in str(verify_folder(out)[1].breaches)
    gp.save(plan, out, gis=())
    assert not (out / "plan.gpkg").exists()


def test_a_geopackage_is_what_gdal_says_it_is(tmp_path):
    square, far = shapely.box(0, 0, 1, 1), shapely.multipolygons([shapely.box(2, 2, 3, 3)])
    table = gpd.GeoDataFrame(
        {"a 'b\"": ["x", None, "云"], "n": [1, 2, 3], "f": [0.5, None, 2.0], "yes": [True, False, True]},
        geometry=[square, far, None],
        crs=4326,
    )
    write_geopackage(tmp_path / "a.gpkg", {"units": table, "none": table.iloc[:0]}, {"units": "<qgis/>"}, {})
    back = gpd.read_file(tmp_path / "a.gpkg", layer="units")
    assert back.crs == 4326 and back.geometry.isna().tolist() == [False, False, True]
    assert back.geometry[:2].geom_equals(table.geometry[:2]).all()
    assert back.drop(columns="geometry").astype(object).where(back.notna(), None).to_dict("list") == {
        "a 'b\"": ["x", None, "云"], "n": [1, 2, 3], "f": [0.5, None, 2.0], "yes": [True, False, True]
    }  # fmt: skip
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer="units")["total_bounds"] == (0, 0, 3, 3)
    assert gpd.read_file(tmp_path / "a.gpkg", layer="none").empty
