"""Minutes against hand-computed values and against the plainest recomputation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplan.geography.travel import (
    StraightLine,
    TravelSettings,
    nearest_point,
    service_points,
    travel_times,
)
from gridplan.inputs.sample import tiny_town
from gridplan.words.errors import DataError, PolicyError

SPEEDS = {"central": 18.0, "suburban": 25.0, "outer_suburban": 35.0, "county": 40.0}
SETTINGS = TravelSettings(detour=1.3, speed_km_h=SPEEDS)
GENERAL = ["H1", "H2", "H3"]


def km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Haversine, written out on a sphere of radius 6371.0088 km."""
    p1, p2, dl = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    a = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(a))


def test_one_degree_of_latitude_at_18_km_h_is_known_by_hand():
    """1° is 111.195 km; × 1.3 ÷ 18 km/h × 60 = 481.8453 minutes."""
    region = tiny_town()
    units = region.units.assign(lon=120.02, lat=31.07, district_id="T1")
    travel = travel_times(region.with_tables(units=units), ["H1"], SETTINGS)
    by_hand = 6371.0088 * math.pi / 180 * 1.3 / 18 * 60
    assert travel.minutes[0, 0] == round(by_hand, 4) == 481.8453


def test_every_minute_is_the_nearest_open_site_of_the_hospital():
    region = tiny_town()
    travel = travel_times(region, GENERAL, SETTINGS)
    sites = {
        "H1": [(120.02, 30.07), (120.12, 30.02)],
        "H2": [(120.08, 30.03), (120.12, 30.13)],
        "H3": [(120.17, 30.07)],
    }
    kind = dict(zip(region.districts["district_id"], region.districts["kind"], strict=True))
    for i, unit in enumerate(region.units.itertuples()):
        for j, hospital in enumerate(GENERAL):
            nearest = min(km(unit.lon, unit.lat, *site) for site in sites[hospital])
            assert travel.minutes[i, j] == pytest.approx(
                nearest * 1.3 / SPEEDS[kind[unit.district_id]] * 60, abs=6e-5
            )
    assert travel.method == "straight_line" and travel.left_out.empty
    assert travel.settings == {"detour": 1.3, "speed_km_h": SPEEDS, "earth_radius_km": 6371.0088}


def test_service_points_are_the_main_site_and_open_located_branches():
    """B3 is planned, so H3 has its main site only; an unlocated branch is no service point."""
    region = tiny_town()
    points = service_points(region, ["H2", "H3", "H1"])
    assert points[["hospital_id", "site"]].to_numpy().tolist() == [
        ["H2", "H2"], ["H2", "B2"], ["H3", "H3"], ["H1", "H1"], ["H1", "B1"],
    ]  # fmt: skip
    blank = region.branches.assign(lon=np.nan)
    assert set(service_points(region.with_tables(branches=blank), GENERAL)["site"]) == set(GENERAL)
    assert len(service_points(region.with_tables(branches=blank.iloc[:0]), GENERAL)) == 3


def test_order_of_hospitals_asked_for_is_kept():
    region = tiny_town()
    there, back = travel_times(region, GENERAL, SETTINGS), travel_times(region, GENERAL[::-1], SETTINGS)
    assert np.array_equal(there.minutes, back.minutes[:, ::-1])
    assert list(back.hospital_ids) == ["H3", "H2", "H1"]


@settings(max_examples=40, deadline=None)
@given(st.floats(119.5, 120.7), st.floats(29.5, 30.7), st.sampled_from(GENERAL))
def test_a_new_open_branch_never_lengthens_travel(lon, lat, hospital):
    region = tiny_town()
    before = travel_times(region, GENERAL, SETTINGS).minutes
    new = region.branches.iloc[[0]].assign(
        branch_id="B9", hospital_id=hospital, status="open", lon=lon, lat=lat
    )
    branches = pd.concat([region.branches, new], ignore_index=True)
    after = travel_times(region.with_tables(branches=branches), GENERAL, SETTINGS).minutes
    others = [h != hospital for h in GENERAL]
    assert (after <= before).all()
    assert np.array_equal(after[:, others], before[:, others])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=9), st.integers(0, 1000))
def test_folding_points_to_hospitals_is_the_least_per_hospital(owners, seed):
    owners = sorted(owners)
    minutes = np.random.default_rng(seed).random((4, len(owners)))
    folded = nearest_point(minutes, pd.DataFrame({"hospital_id": owners}), ["a", "b", "c"])
    for j, hospital in enumerate("abc"):
        own = [k for k, owner in enumerate(owners) if owner == hospital]
        least = minutes[:, own].min(axis=1) if own else np.full(4, np.inf)
        assert np.array_equal(folded[:, j], least)


def test_chunks_do_not_change_the_minutes(monkeypatch):
    whole = travel_times(tiny_town(), GENERAL, SETTINGS).minutes
    monkeypatch.setattr("gridplan.geography.sources.UNITS_AT_A_TIME", 5)
    assert np.array_equal(travel_times(tiny_town(), GENERAL, SETTINGS).minutes, whole)


def test_a_hospital_or_unit_without_location_is_left_out_with_a_reason_and_never_nan():
    region = tiny_town()
    hospitals = region.hospitals.assign(
        lon=region.hospitals["lon"].where(region.hospitals["hospital_id"] != "H3")
    )
    units = region.units.assign(lat=region.units["lat"].where(region.units["unit_id"] != "T1-01"))
    units.loc[units["unit_id"] == "T1-02", "district_id"] = "X"
    travel = travel_times(region.with_tables(hospitals=hospitals, units=units), GENERAL, SETTINGS)
    assert not np.isnan(travel.minutes).any()
    reasons = {(unit, hospital): reason for unit, hospital, reason in travel.left_out.to_numpy()}
    assert len(reasons) == np.isinf(travel.minutes).sum() == 12 + 2 + 2
    assert reasons["T1-01", "H1"] == "the unit has no location"
    assert reasons["T1-02", "H1"] == "the kind of the unit's district is not known"
    assert reasons["T2-01", "H3"] == "the hospital has no service point with a location"


def test_the_frame_of_a_travel_holds_the_reachable_pairs():
    frame = travel_times(tiny_town(), GENERAL, SETTINGS).to_frame()
    assert list(frame.columns) == ["unit_id", "hospital_id", "minutes"] and len(frame) == 36
    assert frame["minutes"].iloc[0] == travel_times(tiny_town(), GENERAL, SETTINGS).minutes[0, 0]


def with_table(rows):
    return tiny_town().with_tables(travel=pd.DataFrame(rows, columns=["unit_id", "hospital_id", "minutes"]))


def test_a_given_table_is_taken_as_it_is_and_its_gaps_are_said():
    region = with_table(
        [("T1-01", "H1", 12.5), ("T1-01", "H2", np.nan), ("T1-02", "H2", 7.00004), ("T1-02", "H9", 3)]
    )
    travel = travel_times(region, ["H1", "H2"], SETTINGS)
    assert travel.method == "table"
    assert travel.minutes[:2].tolist() == [[12.5, np.inf], [np.inf, 7.0]]
    assert len(travel.left_out) == 22
    assert set(travel.left_out["reason"]) == {"not in the travel table"}


def test_the_straight_line_can_be_asked_for_although_there_is_a_table():
    region = with_table([("T1-01", "H1", 12.5)])
    assert travel_times(region, ["H1"], SETTINGS, method="straight_line").method == "straight_line"
    asked = TravelSettings(1.3, SPEEDS, method="straight_line")
    assert travel_times(region, ["H1"], asked).method == "straight_line"


def test_a_source_of_ones_own_can_be_given():
    class Crow(StraightLine):
        name = "crow"

    assert travel_times(tiny_town(), ["H1"], SETTINGS, method=Crow("crow")).method == "crow"


def test_a_table_or_roads_asked_for_but_missing_are_an_error():
    for method in ("table", "roads"):
        with pytest.raises(DataError, match="has no table"):
            travel_times(tiny_town(), ["H1"], SETTINGS, method=method)


def test_an_unknown_hospital_is_an_error_that_names_it():
    with pytest.raises(DataError, match="H77"):
        travel_times(tiny_town(), ["H1", "H77"], SETTINGS)


def test_a_kind_without_speed_is_named():
    with pytest.raises(PolicyError, match="outer_suburban"):
        travel_times(tiny_town(), ["H1"], TravelSettings(1.3, {"central": 18, "suburban": 20}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"detour": 0.9}, "at least 1"),
        ({"detour": math.nan}, "at least 1"),
        ({"speed_km_h": {"central": 0}}, "central: 0 km/h"),
        ({"speed_km_h": {"central": -5}}, "central: -5 km/h"),
        ({"speed_km_h": {"central": "fast"}}, "central: fast km/h"),
        ({"speed_km_h": {"urban": 20}}, "urban"),
        ({"method": "rocket"}, "rocket"),
        ({"walk_km_h": 0}, "walk_km_h: 0"),
        ({"snap_km": -1}, "snap_km"),
    ],
)
def test_bad_settings_are_refused_in_both_languages(change, says):
    with pytest.raises(PolicyError) as refused:
        TravelSettings(**{"detour": 1.3, "speed_km_h": SPEEDS, **change})
    assert says in str(refused.value)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.value.say("zh"))
