"""The embedded router on a lattice of roads: minutes known by hand, snapping told, what is out of reach named."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from conftest import ON_CI
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.geography.router.road_tiles import road_tiles, router
from gridplan.geography.router.telling import told
from gridplan.geography.router.valhalla import MODES, Valhalla, _Question
from gridplan.inputs.sample import tiny_town
from tests.geography.made_map import EAST_KM_H, NORTH_KM_H, km_along, write_lattice

HOSPITALS = ["H1", "H2", "H3", "H4", "H5"]
SETTINGS = gp.policy("shanghai-2025").travel
ON_FOOT = 5.1  # km/h, Valhalla's own
OFF_THE_ROAD, NO_ROAD = "T1-02", "T3-04"


@pytest.fixture(scope="session")
def valhalla_here() -> None:
    if sys.version_info < (3, 12):
        here = f"{sys.version_info[0]}.{sys.version_info[1]}"
        pytest.skip(f"this is Python {here}; pyvalhalla builds tiles on Python 3.12 or newer only")
    lacking = [name for name in ("valhalla", "osmium") if find_spec(name) is None]
    if lacking:
        reason = f"not installed: {', '.join(lacking)} (extra test)"
        pytest.fail(reason) if ON_CI else pytest.skip(reason)


def on_the_lattice() -> gp.Region:
    """The tiny town with everybody on a crossing, but one unit 300 m off the road and one far from any."""
    town = tiny_town()
    units = town.units.assign(lon=town.units["lon"].round(2), lat=town.units["lat"].round(2))
    units = units.astype({"lon": float, "lat": float}).set_index("unit_id", drop=False)
    units.loc[OFF_THE_ROAD, "lat"] -= 0.0027
    units.loc[OFF_THE_ROAD, "lon"] -= 0.005  # beside the middle of a block
    units.loc[NO_ROAD, ["lon", "lat"]] = [120.6, 30.6]
    hospitals = town.hospitals.assign(lon=town.hospitals["lon"].round(2), lat=town.hospitals["lat"].round(2))
    return town.with_tables(
        units=units.reset_index(drop=True), hospitals=hospitals, branches=town.branches.iloc[:0]
    )


@pytest.fixture(scope="module")
def city(valhalla_here: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lon, lat = np.arange(119.98, 120.22, 0.01).round(2), np.arange(29.98, 30.17, 0.01).round(2)
    return write_lattice(tmp_path_factory.mktemp("map") / "city.osm.pbf", lon.tolist(), lat.tolist())


@pytest.fixture(scope="module")
def by_mode(city: Path) -> dict[str, gp.results.Travel]:
    region = on_the_lattice()
    return {mode: gp.travel_times(region, HOSPITALS, SETTINGS, Valhalla(city, mode)) for mode in MODES}


def by_hand(region: gp.Region, east: float, north: float) -> np.ndarray:
    sites = region.hospitals.set_index("hospital_id").loc[HOSPITALS]
    return np.array(
        [
            [
                (km[0] / east + km[1] / north) * 60
                for site in sites.itertuples()
                for km in [km_along((unit.lon, unit.lat), (site.lon, site.lat))]
            ]
            for unit in region.units.itertuples()
        ]
    )


@pytest.mark.parametrize(
    ("mode", "east", "north"), [("auto", EAST_KM_H, NORTH_KM_H), ("walk", ON_FOOT, ON_FOOT)]
)
def test_minutes_are_those_of_the_lattice(
    by_mode: dict[str, gp.results.Travel], mode: str, east: float, north: float
) -> None:
    region = on_the_lattice()
    here = ~region.units["unit_id"].isin([OFF_THE_ROAD, NO_ROAD]).to_numpy()
    minutes, hand = by_mode[mode].minutes[here], by_hand(region, east, north)[here]
    assert hand.max() > 15
    assert (
        np.abs(minutes - hand).max() < 0.01 * hand.max()
    )  # the earth is 0.1% larger to Valhalla, and a turn takes seconds


def test_a_bicycle_is_quicker_than_feet_and_slower_than_a_car(by_mode: dict[str, gp.results.Travel]) -> None:
    auto, walk, bicycle = (by_mode[mode].minutes for mode in MODES)
    far = np.isfinite(auto) & (auto > 2)
    assert far.sum() > 20
    assert (auto[far] < bicycle[far]).all() and (bicycle[far] < walk[far]).all()


def test_a_car_has_the_quicker_way_where_valhalla_goes_out_of_its_way(
    valhalla_here: None, tmp_path: Path
) -> None:
    lon, lat = np.arange(119.9, 120.1001, 0.005).round(3), np.arange(29.9, 30.1001, 0.005).round(3)
    valhalla = router()
    actor = road_tiles(write_lattice(tmp_path / "c.osm.pbf", lon.tolist(), lat.tolist()), tmp_path, valhalla)
    ask = _Question(actor, valhalla, "auto", SETTINGS)
    south = np.array([(x, 29.905) for x in lon[2:-2:4]])
    north = np.array([(x, 30.095) for x in lon[2:-2:4]])
    every = np.arange(len(north))
    longest = {"asked": 0.0, "ways": 0.0}
    for here in south:
        km = [km_along(tuple(here), tuple(there)) for there in north]
        hand = np.array([(east / EAST_KM_H + up / NORTH_KM_H) * 60 for east, up in km])
        for name, found in (
            ("asked", ask.asked(here, north, every, {})),
            ("ways", ask.ways(here, north, every)),
        ):
            known = dict(found)
            minutes = np.array([known[j] for j in every])
            longest[name] = max(longest[name], float(np.abs(minutes - hand).max()))
    assert longest["ways"] < 0.5 < 2 < longest["asked"]


def test_who_stands_beside_the_road_walks_to_it_and_is_told(by_mode: dict[str, gp.results.Travel]) -> None:
    travel, region = by_mode["auto"], on_the_lattice()
    row = region.units["unit_id"].tolist().index(OFF_THE_ROAD)
    to_road = 0.0027 * 111.195  # km; 3.6 minutes at 5 km/h
    site = region.hospitals.set_index("hospital_id").loc["H1"]
    unit = region.units.iloc[row]
    east, north = km_along((unit["lon"], round(unit["lat"], 2)), (site["lon"], site["lat"]))
    hand = to_road / 5 * 60 + (east / EAST_KM_H + north / NORTH_KM_H) * 60
    assert travel.minutes[row, 0] == pytest.approx(hand, abs=0.3)
    assert travel.settings["snapped_far"] == {OFF_THE_ROAD: pytest.approx(300, abs=2)}
    assert travel.settings["snapped_farthest_m"] == pytest.approx(300, abs=2)
    lines = list(told(travel, region))
    name = region.units["name"][row]
    assert any("300 m" in line.en and f"{name} ({OFF_THE_ROAD})" in line.en for line in lines)


def test_who_has_no_road_is_out_of_reach_by_name(by_mode: dict[str, gp.results.Travel]) -> None:
    travel, region = by_mode["walk"], on_the_lattice()
    assert set(travel.left_out["unit_id"]) == {NO_ROAD} and len(travel.left_out) == len(HOSPITALS)
    (line,) = [line for line in told(travel, region) if NO_ROAD in line.en]
    assert line.en.startswith("5: no road within 2 km: ") and "之内没有道路" in line.zh


def test_the_command_keeps_the_minutes_with_their_source(city: Path, tmp_path: Path) -> None:
    gp.write_region(on_the_lattice(), tmp_path / "town")
    out = tmp_path / "town" / "travel.csv"
    words = ["travel", str(tmp_path / "town"), "--osm", str(city), "--mode", "bicycle", "--out", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "by valhalla" in result.output and NO_ROAD in result.output
    region = gp.read(tmp_path / "town")
    assert any(
        "Valhalla 3" in source and "city.osm.pbf" in source and "bicycle" in source
        for source in region.sources
    )
    assert region.travel is not None and len(region.travel) == 11 * 5
    again = CliRunner().invoke(app, ["travel", str(tmp_path / "town"), "--out", str(tmp_path / "travel.csv")])
    assert again.exit_code == 0 and "by table" in again.output
    CliRunner().invoke(app, ["travel", str(tmp_path / "town"), "--out", str(out)])
    assert not (tmp_path / "town" / "travel.source.txt").exists()


def test_what_is_no_map_is_refused(valhalla_here: None, tmp_path: Path) -> None:
    note = tmp_path / "note.osm.pbf"
    note.write_text("no map", encoding="utf-8")
    with pytest.raises(gp.DataError, match=r"no roads in note\.osm\.pbf"):
        gp.travel_times(tiny_town(), ["H1"], SETTINGS, Valhalla(note))
    with pytest.raises(gp.DataError, match="There is no map"):
        gp.travel_times(tiny_town(), ["H1"], SETTINGS, Valhalla(tmp_path / "none.osm.pbf"))


def test_without_the_extra_the_command_says_which_and_on_which_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valhalla", None)
    gp.write_region(tiny_town(), tmp_path / "town")
    words = ["travel", str(tmp_path / "town"), "--osm", "city.osm.pbf", "--out", str(tmp_path / "t.csv")]
    for lang, said in (("en", "Python 3.12 or newer"), ("zh", "Python 3.12 或更新版本")):
        result = CliRunner().invoke(app, [*words, "--lang", lang])
        assert result.exit_code == 1 and said in result.output and 'pip install ".[router]"' in result.output
    assert not (tmp_path / "t.csv").exists()


def test_a_mode_without_a_map_is_refused(tmp_path: Path) -> None:
    gp.write_region(tiny_town(), tmp_path / "town")
    words = ["travel", str(tmp_path / "town"), "--mode", "walk", "--out", str(tmp_path / "t.csv")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1 and "--mode goes with --osm" in result.output
    with pytest.raises(gp.errors.ArgumentError):
        Valhalla(tmp_path / "city.osm.pbf", "boat")  # type: ignore[arg-type]
