"""GCJ-02 and BD-09: known points, round trips, sizes, and where they do not apply."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gridplan.inputs.datum import gcj02_to_bd09, geometry_to_wgs84, to_wgs84, wgs84_to, wgs84_to_gcj02

EARTH = Geod(ellps="WGS84")
IN_CHINA = st.tuples(st.floats(74, 134), st.floats(4, 53))


def metres(a, b):
    return EARTH.inv(*(np.atleast_1d(v) for v in (*a, *b)))[2]


def test_known_points_of_the_public_formulas():
    """The example point of coordtransform's documentation."""
    assert np.allclose(wgs84_to_gcj02(116.404, 39.915), (116.41024449916938, 39.91640428150164), atol=1e-11)
    assert np.allclose(gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021), atol=1e-11)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@given(point=IN_CHINA)
def test_there_and_back_is_the_same_place(datum, point):
    assert metres(to_wgs84(*wgs84_to(*point, datum), datum), point) < 1e-3


@given(IN_CHINA)
def test_gcj02_lies_tens_to_hundreds_of_metres_off(point):
    assert 10 < metres(wgs84_to_gcj02(*point), point) < 750


def test_outside_china_gcj02_is_wgs84():
    lon, lat = np.array([2.35, -74.0, 151.2]), np.array([48.85, 40.7, -33.9])
    assert np.array_equal(to_wgs84(lon, lat, "gcj02"), (lon, lat))


def test_cgcs2000_is_taken_as_wgs84_and_an_unknown_datum_is_refused():
    assert to_wgs84(np.array([121.5]), np.array([31.2]), "cgcs2000")[0] == 121.5
    with pytest.raises(ValueError, match="beijing54"):
        to_wgs84(np.array([1.0]), np.array([1.0]), "beijing54")


def test_missing_coordinates_stay_missing():
    assert np.isnan(to_wgs84(np.array([np.nan]), np.array([31.0]), "bd09")[0]).all()


def test_shapes_move_with_all_their_corners():
    square = shapely.box(121, 31, 121.1, 31.1)
    moved = geometry_to_wgs84(np.array([square, None], dtype=object), "gcj02")
    assert moved[1] is None
    assert (metres(shapely.get_coordinates(moved[0]).T, shapely.get_coordinates(square).T) > 100).all()
