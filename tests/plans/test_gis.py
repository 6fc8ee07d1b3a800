"""plan.gpkg and GeoParquet: the plan as layers, styled, and part of the folder that is verified."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from xml.etree import ElementTree

import geopandas as gpd
import pyogrio
import pytest

import gridplan as gp
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
    gp.save(plan, folder)
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
