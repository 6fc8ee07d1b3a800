"""Which areas touch: on a chessboard everybody can see it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import Polygon, box

from gridplan.geography.adjacency import components, islands, touching
from gridplan.geography.tessellate import unit_areas
from gridplan.inputs.sample import tiny_town

METRIC = CRS.from_epsg(4549)


def board(columns, rows, side=1000.0):
    """Squares of a chessboard, row by row from the south, made in metres."""
    squares = [
        box(x * side, y * side, (x + 1) * side, (y + 1) * side) for y in range(rows) for x in range(columns)
    ]
    return metres(squares)


def metres(shapes):
    return gpd.GeoSeries(shapes, crs=METRIC).translate(500_000, 3_400_000).to_crs(4326)


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (1, 5), (4, 3), (8, 8)])
def test_squares_of_a_chessboard_touch_beside_and_above_but_not_at_corners(columns, rows):
    number = np.arange(columns * rows).reshape(rows, columns)
    beside = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    above = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    assert touching(board(columns, rows), METRIC).tolist() == sorted([*beside.tolist(), *above.tolist()])


def test_borders_drawn_twice_slightly_apart_still_touch():
    apart = metres([box(0, 0, 1000, 1000), box(1000.6, 0, 2000, 1000), box(2003, 0, 3000, 1000)])
    assert touching(apart, METRIC).tolist() == [[0, 1]]
    assert touching(apart, METRIC, tolerance_m=5).tolist() == [[0, 1], [1, 2]]


def test_borders_with_other_corners_still_touch():
    """One long edge against two short ones: no segment is the same."""
    shapes = metres([box(0, 0, 1000, 1000), box(1000, 0, 2000, 500), box(1000, 500, 2000, 1000)])
    assert touching(shapes, METRIC).tolist() == [[0, 1], [0, 2], [1, 2]]


def test_a_short_edge_counts_only_when_asked_for():
    shapes = metres([box(0, 0, 1000, 1000), box(1000, 992, 2000, 2000)])
    assert touching(shapes, METRIC).tolist() == []
    assert touching(shapes, METRIC, least_edge_m=5).tolist() == [[0, 1]]


def test_empty_and_missing_areas_touch_nothing():
    shapes = gpd.GeoSeries([*board(2, 1), Polygon(), None], crs=4326)
    assert touching(shapes, METRIC).tolist() == [[0, 1]]
    assert touching(shapes.iloc[2:], METRIC).shape == (0, 2)


def test_tiny_town_touches_as_drawn():
    town = tiny_town()
    pairs = touching(unit_areas(town.units, town.districts, town.metric_crs), town.metric_crs)
    assert len(pairs) == 3 * 3 + 2 * 4
    ids = town.units["unit_id"].to_numpy()
    assert ["T1-02", "T2-01"] in ids[pairs].tolist()
    assert ["T1-01", "T1-04"] not in ids[pairs].tolist()


def test_components_within_groups_and_their_islands():
    """A row of five; the middle is another group, so the left two are cut off from the heavier right two."""
    pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4]])
    groups = np.array(["a", "a", "b", "a", "a"])
    assert components(5, pairs).tolist() == [0, 0, 0, 0, 0]
    parts = components(5, pairs, groups)
    assert parts.tolist() == [0, 0, 1, 2, 2]
    people = np.array([1, 1, 9, 2, 2])
    assert islands(parts, groups, people).tolist() == [True, True, False, False, False]
    assert components(3, np.empty((0, 2), dtype=int)).tolist() == [0, 1, 2]


def test_components_of_random_graphs_are_scipys():
    rng = np.random.default_rng(0)
    for _ in range(100):
        n = int(rng.integers(1, 40))
        pairs = rng.integers(0, n, size=(int(rng.integers(1, 50)), 2))
        graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(n, n))
        _, labels = connected_components(graph, directed=False)
        found = components(n, pairs)
        assert ((found[:, None] == found) == (labels[:, None] == labels)).all()
        assert found[np.sort(np.unique(found, return_index=True)[1])].tolist() == list(range(found.max() + 1))
