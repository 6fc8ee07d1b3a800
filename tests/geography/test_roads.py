"""Shortest paths on graphs small enough to follow with a finger."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from gridplan.geography.travel import TravelSettings, travel_times
from gridplan.inputs.sample import tiny_town

SPEEDS = {"central": 18.0, "suburban": 25.0, "outer_suburban": 35.0}
A, B, C, D = (120.02, 30.07), (120.08, 30.03), (120.08, 30.07), (120.17, 30.07)  # A = H1, B = H2, D = H3
ROADS = pd.DataFrame(
    [(*A, *B, 10.0), (*B, *C, 3.0), (*A, *C, 4.0), (*A, *C, 40.0), (*C, *C, 1.0)],
    columns=["from_lon", "from_lat", "to_lon", "to_lat", "minutes"],
)
SETTINGS = TravelSettings(1.3, SPEEDS, walk_km_h=6, snap_km=2)


def km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Haversine on a sphere of radius 6371.0088 km."""
    p1, p2, dl = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    a = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(a))


def town(roads, places):
    """tiny_town with these roads, no branches, and its first units at `places`."""
    region = tiny_town()
    units = region.units.iloc[: len(places)].assign(lon=[p[0] for p in places], lat=[p[1] for p in places])
    return region.with_tables(units=units, roads=roads, branches=region.branches.iloc[:0])


def test_the_quickest_way_is_found_both_ways_and_parallel_roads_count_once():
    """From A to B: A–C–B takes 4 + 3 = 7 minutes, quicker than the direct 10."""
    travel = travel_times(town(ROADS, [A, B, C]), ["H1", "H2"], SETTINGS)
    assert travel.method == "roads"
    assert travel.minutes.tolist() == [[0, 7], [7, 0], [4, 3]]


def test_walking_to_the_nearest_node_is_added_at_both_ends():
    place = (120.025, 30.072)
    roads = ROADS.assign(from_lon=ROADS["from_lon"] + 0.001, to_lon=ROADS["to_lon"] + 0.001)
    travel = travel_times(town(roads, [place]), ["H2"], SETTINGS)
    walked = km(*place, A[0] + 0.001, A[1]) + km(*B, B[0] + 0.001, B[1])
    assert travel.minutes[0, 0] == pytest.approx(7 + walked / 6 * 60, abs=1e-4)


def test_what_is_off_the_roads_or_without_a_way_is_left_out_with_its_reason():
    far = (120.30, 30.40)
    island = pd.DataFrame([(*D, D[0] + 0.01, D[1], 2.0)], columns=ROADS.columns)
    region = town(pd.concat([ROADS, island], ignore_index=True), [A, far])
    travel = travel_times(region, ["H1", "H3"], SETTINGS)
    assert travel.minutes[0, :2].tolist() == [0, np.inf]
    reasons = {(u, h): r for u, h, r in travel.left_out.to_numpy()}
    first, second = region.units["unit_id"]
    assert reasons[first, "H3"] == "no way on the road graph"
    assert reasons[second, "H1"] == "no road within 2 km"
    assert not np.isnan(travel.minutes).any()


def test_a_hospital_far_from_every_road_is_left_out_for_that_reason():
    travel = travel_times(town(ROADS, [A]), ["H3"], SETTINGS)
    assert travel.left_out["reason"].tolist() == ["no road within 2 km"]


def test_roads_without_a_usable_edge_leave_everything_out():
    travel = travel_times(town(ROADS.assign(minutes=np.nan), [A]), ["H1"], SETTINGS)
    assert travel.left_out["reason"].tolist() == ["no road within 2 km"]


def test_a_road_of_no_minutes_is_still_a_road():
    travel = travel_times(town(ROADS.assign(minutes=0.0), [A]), ["H2"], SETTINGS)
    assert travel.minutes.tolist() == [[0]]
