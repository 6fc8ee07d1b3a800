"""Cells of one district are a valid coverage that fills it, wherever the points lie."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely import MultiPolygon, Point, Polygon, box

from gridplan.geography.adjacency import touching
from gridplan.geography.tessellate import unit_areas
from gridplan.inputs.sample import tiny_town

METRIC = CRS.from_epsg(4549)
L_SHAPE = Polygon([(120, 30), (120.2, 30), (120.2, 30.05), (120.05, 30.05), (120.05, 30.2), (120, 30.2)])
WITH_ISLAND = MultiPolygon([box(120.3, 30, 120.4, 30.1), box(120.42, 30, 120.44, 30.02)])


def points(places, district="D"):
    lon, lat = zip(*places, strict=True)
    table = {"unit_id": [f"U{i}" for i in range(len(lon))], "district_id": district, "lon": lon, "lat": lat}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([None] * len(lon), crs=4326))


def one_district(shape):
    return gpd.GeoDataFrame({"district_id": ["D"]}, geometry=[shape], crs=4326)


def assert_fills(areas, shape):
    cells = areas.to_crs(METRIC)
    whole = gpd.GeoSeries([shape], crs=4326).segmentize(0.001).to_crs(METRIC).iloc[0]
    assert cells.is_valid.all()
    assert shapely.coverage_is_valid(np.asarray(cells))
    assert cells.area.sum() == pytest.approx(whole.area, rel=1e-6)
    assert shapely.union_all(np.asarray(cells)).symmetric_difference(whole).area < 1e-5 * whole.area


near = st.tuples(st.floats(119.95, 120.5), st.floats(29.95, 30.25))


@settings(max_examples=60)
@given(st.lists(near, min_size=1, max_size=25), st.sampled_from([L_SHAPE, WITH_ISLAND]))
def test_cells_of_a_district_are_a_valid_coverage_that_fills_it(places, shape):
    areas = unit_areas(points(places), one_district(shape), METRIC)
    assert_fills(areas, shape)
    assert not areas.is_empty.any()


def test_a_cell_is_what_is_nearer_to_its_point_than_to_any_other():
    rng = np.random.default_rng(7)
    places = rng.random((30, 2)) * 0.05 + [120, 30]
    areas = unit_areas(points(places), one_district(L_SHAPE), METRIC).to_crs(METRIC)
    seeds = shapely.get_coordinates(np.asarray(gpd.points_from_xy(*places.T, crs=4326).to_crs(METRIC)))
    middles = shapely.get_coordinates(np.asarray(areas.representative_point()))
    nearest = np.hypot(*(middles[:, None] - seeds[None]).T).T.argmin(axis=1)
    assert nearest.tolist() == list(range(30))


def test_many_cells_far_from_the_border_meet_those_beside_it_corner_by_corner():
    """Lines far from the border are not cut with it, yet they end where the others begin."""
    rng = np.random.default_rng(11)
    round_one = Point(120.1, 30.1).buffer(0.08, quad_segs=64)
    areas = unit_areas(points(rng.random((1500, 2)) * 0.2 + [120, 30]), one_district(round_one), METRIC)
    assert_fills(areas, round_one)
    assert (
        len(touching(areas, METRIC)) > 3 * 1500 * 0.8
    )  # three a cell, fewer for those brought in from outside


@pytest.mark.parametrize(("n", "metres", "aside"), [(12, 100, 0.1), (12, 1000, 0.01), (30, 100, 1e-4)])
@pytest.mark.parametrize("seed", range(6))
def test_points_on_a_circle_each_have_a_cell(n, metres, aside, seed):
    """Corners of cells lie within a millimetre of each other: edges far from the border may cross on the grid, too."""
    rng = np.random.default_rng(seed)
    angle = np.arange(n) * 2 * np.pi / n if seed % 2 else rng.random(n) * 2 * np.pi
    places = metres * np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(0, aside, (n, 2))
    lon_lat = gpd.points_from_xy(places[:, 0] + 500_000, places[:, 1] + 3_322_000, crs=METRIC).to_crs(4326)
    whole = lon_lat.union_all().centroid.buffer(0.03)
    areas = unit_areas(points(shapely.get_coordinates(np.asarray(lon_lat))), one_district(whole), METRIC)
    assert_fills(areas, whole)
    assert not areas.is_empty.any()


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # of making it valid
def test_a_polygon_that_is_not_on_earth_is_none():
    """As where lon and lat are swapped in it: the cell of its point is drawn, as always."""
    units = points([(120.02, 30.02), (120.04, 30.04)]).set_geometry(
        gpd.GeoSeries([box(30, 120, 30.01, 120.01), box(120.03, 30.03, 120.05, 30.05)], crs=4326)
    )
    first, second = unit_areas(units, one_district(L_SHAPE), METRIC)
    assert first.within(L_SHAPE.buffer(1e-6)) and first.area > 0
    assert second.equals(units.geometry[1])


def test_points_in_one_place_share_its_cell():
    """Twice the same point: two halves of about the same size, and the third point keeps its own cell."""
    areas = unit_areas(
        points([(120.02, 30.02), (120.02, 30.02), (120.15, 30.02)]), one_district(L_SHAPE), METRIC
    )
    assert_fills(areas, L_SHAPE)
    assert not areas.is_empty.any()


def test_a_single_unit_has_the_whole_district():
    areas = unit_areas(points([(120.02, 30.02)]), one_district(L_SHAPE), METRIC)
    assert areas.iloc[0].symmetric_difference(L_SHAPE).area < 1e-9


def test_a_units_own_polygon_stays_and_the_rest_is_shared_by_the_points():
    units = points([(120.02, 30.02), (120.15, 30.02), (120.02, 30.15)])
    own = box(120, 30, 120.05, 30.05)
    units.loc[0, "geometry"] = own
    areas = unit_areas(units, one_district(L_SHAPE), METRIC)
    assert areas.iloc[0].equals_exact(own, 1e-8)
    assert shapely.coverage_is_valid(np.asarray(areas.iloc[1:]))
    assert areas.union_all().symmetric_difference(L_SHAPE).area < 1e-8
    assert touching(areas, METRIC).tolist()[:2] == [[0, 1], [0, 2]]


def test_units_with_polygons_of_their_own_keep_them():
    town = tiny_town()
    areas = unit_areas(town.units, town.districts, town.metric_crs)
    assert areas.index.equals(town.units.index)
    assert areas.crs == 4326 and areas.name == "geometry"
    for area, own in zip(areas, town.units.geometry, strict=True):
        assert area.equals_exact(own, 1e-8)


def test_a_district_without_geometry_is_the_widened_hull_of_its_units():
    districts = one_district(None)
    alone = unit_areas(points([(120.02, 30.02)]), districts, METRIC).to_crs(METRIC).iloc[0]
    assert alone.area == pytest.approx(np.pi * 500**2, rel=0.02)
    several = unit_areas(points([(120.0, 30.0), (120.1, 30.0), (120.0, 30.1)]), districts, METRIC)
    assert shapely.coverage_is_valid(np.asarray(several.to_crs(METRIC)))
    assert all(several.iloc[i].intersects(Point(p)) for i, p in enumerate([(120.0, 30.0), (120.1, 30.0)]))


def test_an_unlocated_unit_has_no_area_and_an_unknown_district_is_no_obstacle():
    units = points([(120.02, 30.02), (np.nan, np.nan), (120.03, 30.02)])
    units.loc[2, "district_id"] = "elsewhere"
    areas = unit_areas(units, one_district(L_SHAPE), METRIC)
    assert areas.is_empty.tolist() == [False, True, False]


def test_an_invalid_district_is_made_valid_for_cutting_only():
    bow_tie = Polygon([(120, 30), (120.1, 30.1), (120.1, 30), (120, 30.1)])
    areas = unit_areas(points([(120.01, 30.05), (120.09, 30.05)]), one_district(bow_tie), METRIC)
    assert areas.is_valid.all() and not areas.is_empty.any()


def test_areas_do_not_depend_on_the_order_of_units():
    town = tiny_town()
    units = town.units.set_geometry(gpd.GeoSeries([None] * len(town.units), crs=4326))
    areas = unit_areas(units, town.districts, METRIC)
    turned = unit_areas(units.iloc[::-1], town.districts, METRIC).iloc[::-1]
    assert all(a.equals(b) for a, b in zip(areas, turned, strict=True))
