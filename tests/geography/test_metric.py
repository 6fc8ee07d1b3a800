"""Degrees to metres and back: the numbers of geopandas, at a fraction of its start."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from gridplan.geography.metric import to_degrees, to_metres
from gridplan.inputs.sample import tiny_town

PLACES = [(121.47, 31.23), (118.1, 24.4), (75.9, 39.5), (-58.4, -34.6), (31.2, 121.5), (120.0, 0.0)]
ZONES = [4549, 4534, 4553, 32651, 32733]


@pytest.mark.parametrize("zone", ZONES)
def test_the_numbers_are_those_of_geopandas_both_ways(zone: int) -> None:
    crs, places = CRS.from_epsg(zone), shapely.points(PLACES)
    metres = gpd.GeoSeries(places, crs=4326).to_crs(crs)
    there = to_metres(places, crs)
    assert np.array_equal(shapely.get_coordinates(there), shapely.get_coordinates(metres))
    back = gpd.GeoSeries(there, crs=crs).to_crs(4326)
    assert np.array_equal(shapely.get_coordinates(to_degrees(there, crs)), shapely.get_coordinates(back))


def test_every_zone_that_a_region_can_have_is_on_wgs_84_as_it_is() -> None:
    """The shifts of datum that `to_crs` looks for move nothing: true of each CGCS2000 zone and of UTM."""
    for zone in (*range(4534, 4555), 32601, 32660, 32701, 32760):
        crs = CRS.from_epsg(zone)
        place = shapely.points([(crs.area_of_use.west + 1, 30.0 if zone < 32700 else -30.0)])
        assert gpd.GeoSeries(place, crs=4326).to_crs(crs).iloc[0].equals_exact(to_metres(place, crs)[0], 0)


def test_missing_and_empty_shapes_stay_what_they_are() -> None:
    shapes = np.array([None, shapely.Polygon(), shapely.Point(121, 31)], dtype=object)
    moved = to_metres(shapes, tiny_town().metric_crs)
    assert moved[0] is None and moved[1].is_empty and moved[2].x > 1000
