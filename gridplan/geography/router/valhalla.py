"""Minutes by car, on foot or by bicycle on a map of OpenStreetMap: Valhalla in the same process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from gridplan.files.scratch import scratch
from gridplan.geography.router.road_tiles import road_tiles, router
from gridplan.geography.sources import (
    EARTH_RADIUS_KM,
    NO_LOCATION,
    NO_WAY,
    OFF_ROAD,
    Minutes,
    TravelSettings,
    nearest_point,
    without_point,
)
from gridplan.inputs.region import Region
from gridplan.words.arguments import one_of
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

Mode = Literal["auto", "walk", "bicycle"]
MODES: tuple[Mode, ...] = get_args(Mode)
COSTING = {"auto": "auto", "walk": "pedestrian", "bicycle": "bicycle"}
# A car's way of least cost shuns dense streets and crossings, and makes detours for it; so the shortest is asked for, too.
ALSO: dict[str, dict[str, float]] = {"auto": {"use_distance": 1.0}}
AT_A_TIME = 100  # places of one question
TOLD = 5  # places that are named as farthest from a road
FAR_M = 200  # metres from a road from which on a place is named
NO_ROUTE = (154, 170, 171, 442)  # Valhalla's numbers for: too far, not connected, no road near, no path


@dataclass(frozen=True)
class Valhalla:
    """Shortest times on the roads of a map: walk to the road, travel, walk from the road.

    Parameters
    ----------
    osm : Path
        Map of OpenStreetMap that holds the region, .osm.pbf.
    mode : Mode, default "auto"
        "auto", "walk" or "bicycle", at Valhalla's own speeds for each kind of road.
    progress : Progress, optional
        Called with each step.

    Raises
    ------
    ArgumentError
        An unknown mode.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gridplan.geography.router.valhalla import Valhalla
    >>> Valhalla(Path("city.osm.pbf"), "walk").name
    'valhalla'
    """

    osm: Path
    mode: Mode = "auto"
    progress: Progress = silent
    name: str = "valhalla"

    def __post_init__(self) -> None:
        one_of("mode", self.mode, MODES)

    def minutes(
        self, region: Region, hospital_ids: Sequence[str], points: pd.DataFrame, settings: TravelSettings
    ) -> Minutes:
        """Minutes = way of Valhalla + straight line to and from its ends at `walk_km_h`; no road within `snap_km` is no way.

        Raises
        ------
        ArgumentError : the router is not installed.
        DataError : the map has no roads.
        """
        valhalla = router()
        with scratch() as folder:
            self.progress(
                Step(Text(f"building roads from {self.osm.name}", f"正在由 {self.osm.name} 生成路网"))
            )
            actor = road_tiles(self.osm, folder, valhalla)
            ask = _Question(actor, valhalla, COSTING[self.mode], settings)
            units, sites = _lon_lat(region.units), _lon_lat(points)
            to_road = ask.km_to_a_road(units), ask.km_to_a_road(sites)
            unit_near, site_near = (np.isfinite(km) for km in to_road)
            to_points = np.full((len(units), len(sites)), np.inf)
            rows, columns = np.flatnonzero(unit_near), np.flatnonzero(site_near)
            for done, row in enumerate(rows.tolist()):
                if done % AT_A_TIME == 0:
                    self.progress(Step(_so_far(done, len(rows))))
                for j, way in ask.ways(units[row], sites, columns):
                    walked = (to_road[0][row] + to_road[1][j]) / settings.walk_km_h * 60
                    to_points[row, j] = way + walked
        off_road = f"{OFF_ROAD} {settings.snap_km:g} km"
        unit_reasons = {
            int(i): off_road if np.isfinite(units[i]).all() else NO_LOCATION
            for i in np.flatnonzero(~unit_near)
        }
        on_road = set(points["hospital_id"].to_numpy()[site_near])
        stranded = {j: off_road for j, hospital in enumerate(hospital_ids) if hospital not in on_road}
        ids = [*region.units["unit_id"], *points["site"]]
        used: dict[str, object] = {
            "router": f"Valhalla {_version()}",
            "mode": self.mode,
            "osm": self.osm.name,
            "osm_sha256": _sha256(self.osm),
            "walk_km_h": settings.walk_km_h,
            "snap_km": settings.snap_km,
            **_snapping(ids, np.concatenate(to_road) * 1000),
        }
        minutes = nearest_point(to_points, points, hospital_ids)
        return Minutes(minutes, used, NO_WAY, unit_reasons, stranded | without_point(points, hospital_ids))


@dataclass(frozen=True)
class _Question:
    """What is asked of Valhalla's actor; places as (n, 2) longitude, latitude."""

    actor: Any
    valhalla: ModuleType
    costing: str
    settings: TravelSettings

    def km_to_a_road(self, places: np.ndarray) -> np.ndarray:
        """km from each place to the nearest road; NaN where there is none within `snap_km`."""
        km = np.full(len(places), np.nan)
        known = np.flatnonzero(np.isfinite(places).all(axis=1))
        for start in range(0, len(known), AT_A_TIME):
            some = known[start : start + AT_A_TIME]
            answer = self.actor.locate(
                {"locations": [self._place(places[k]) for k in some], "costing": self.costing}
            )
            for k, one in zip(some, answer, strict=True):
                if edges := one.get("edges"):
                    on_road = np.array([(e["correlated_lon"], e["correlated_lat"]) for e in edges])
                    km[k] = _km(places[[k]], on_road).min()
        return km

    def ways(self, here: np.ndarray, there: np.ndarray, columns: np.ndarray) -> Iterator[tuple[int, float]]:
        """column and minutes on the road of every place that can be reached from one: of the quicker of Valhalla's ways.

        One source at a time: of many sources at once Valhalla's matrices miss ways that exist, or make detours.
        """
        found = dict(self.asked(here, there, columns, {}))
        if also := ALSO.get(self.costing):
            for j, minutes in self.asked(here, there, columns, also):
                found[j] = min(minutes, found.get(j, np.inf))
        yield from found.items()

    def asked(
        self, here: np.ndarray, there: np.ndarray, columns: np.ndarray, options: dict[str, float]
    ) -> Iterator[tuple[int, float]]:
        """The same, of Valhalla's best way under these options of its costing."""
        if not len(columns):
            return
        question = {
            "sources": [self._place(here)],
            "targets": [self._place(there[j]) for j in columns],
            "costing": self.costing,
            "costing_options": {self.costing: options},
        }
        try:
            (answer,) = self.actor.matrix(question)["sources_to_targets"]
        except self.valhalla.ValhallaError as fault:
            if fault.code not in NO_ROUTE:
                raise
            if len(columns) > 1:  # one of them has no way, and all are refused for it
                yield from self.asked(here, there, columns[: len(columns) // 2], options)
                yield from self.asked(here, there, columns[len(columns) // 2 :], options)
            return
        for j, cell in zip(columns.tolist(), answer, strict=True):
            if cell["time"] is not None:
                yield j, cell["time"] / 60

    def _place(self, lon_lat: np.ndarray) -> dict[str, float]:
        return {
            "lon": float(lon_lat[0]),
            "lat": float(lon_lat[1]),
            "search_cutoff": self.settings.snap_km * 1000,
        }


def _so_far(done: int, of: int) -> Text:
    return Text(f"routes from {done:,} of {of:,} units", f"路径计算：{done:,}/{of:,} 个单元")


def _lon_lat(table: pd.DataFrame) -> np.ndarray:
    places: np.ndarray = table[["lon", "lat"]].to_numpy(dtype=float)
    return places


def _km(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Great circle from each place to the one of the same row."""
    lon, lat = np.radians(here).T
    lon_there, lat_there = np.radians(there).T
    haversine = (
        np.sin((lat - lat_there) / 2) ** 2
        + np.cos(lat) * np.cos(lat_there) * np.sin((lon - lon_there) / 2) ** 2
    )
    km: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
    return km


def _snapping(ids: Sequence[str], metres: np.ndarray) -> dict[str, object]:
    """How far places lie from the road they were put on: the middle one, and the farthest by id."""
    known = np.flatnonzero(np.isfinite(metres))
    if not len(known):
        return {}
    far = known[np.argsort(-metres[known], kind="stable")][:TOLD]
    return {
        "snapped_middle_m": round(float(np.median(metres[known])), 1),
        "snapped_farthest_m": round(float(metres[far[0]]), 1),
        "snapped_far": {ids[k]: round(float(metres[k])) for k in far if metres[k] > FAR_M},
    }


def _version() -> str:
    from importlib.metadata import version

    return version("pyvalhalla")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
