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
            unit_near, site_near = ask.near_a_road(units), ask.near_a_road(sites)
            to_points = np.full((len(units), len(sites)), np.inf)
            snapped = np.full(len(units), np.nan), np.full(len(sites), np.nan)
            rows, columns = np.flatnonzero(unit_near), np.flatnonzero(site_near)
            for start in range(0, len(rows), AT_A_TIME):
                some = rows[start : start + AT_A_TIME]
                self.progress(Step(_so_far(start, len(rows))))
                for i, j, way, from_km, to_km in ask.ways(units, some, sites, columns):
                    to_points[i, j] = way
                    snapped[0][i], snapped[1][j] = (
                        np.fmax(snapped[0][i], from_km),
                        np.fmax(snapped[1][j], to_km),
                    )
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
            **_snapping(ids, np.concatenate(snapped) * 1000),
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

    def near_a_road(self, places: np.ndarray) -> np.ndarray:
        """Which places have a road within `snap_km`."""
        near = np.zeros(len(places), dtype=bool)
        known = np.flatnonzero(np.isfinite(places).all(axis=1))
        for start in range(0, len(known), AT_A_TIME):
            some = known[start : start + AT_A_TIME]
            answer = self.actor.locate(
                {"locations": [self._place(places[k]) for k in some], "costing": self.costing}
            )
            near[some] = [bool(one.get("edges")) for one in answer]
        return near

    def ways(
        self, here: np.ndarray, rows: np.ndarray, there: np.ndarray, columns: np.ndarray
    ) -> Iterator[tuple[int, int, float, float, float]]:
        """row, column, minutes, and the km to the road at both ends, of every pair that has a way."""
        if not len(rows) or not len(columns):
            return
        question = {
            "sources": [self._place(here[i]) for i in rows],
            "targets": [self._place(there[j]) for j in columns],
            "costing": self.costing,
        }
        try:
            answer = self.actor.matrix(question)
        except self.valhalla.ValhallaError as fault:
            if fault.code not in NO_ROUTE:
                raise
            if len(rows) > 1:  # one of them has no way, and all are refused for it
                yield from self.ways(here, rows[: len(rows) // 2], there, columns)
                yield from self.ways(here, rows[len(rows) // 2 :], there, columns)
            elif len(columns) > 1:
                yield from self.ways(here, rows, there, columns[: len(columns) // 2])
                yield from self.ways(here, rows, there, columns[len(columns) // 2 :])
            return
        cells = [cell for row in answer["sources_to_targets"] for cell in row if cell["time"] is not None]
        if not cells:
            return
        i, j = rows[[c["from_index"] for c in cells]], columns[[c["to_index"] for c in cells]]
        begin = np.array([(c["begin_lon"], c["begin_lat"]) for c in cells])
        end = np.array([(c["end_lon"], c["end_lat"]) for c in cells])
        from_km, to_km = _km(here[i], begin), _km(there[j], end)
        walked = (from_km + to_km) / self.settings.walk_km_h * 60
        minutes = np.array([c["time"] for c in cells]) / 60 + walked
        yield from zip(
            i.tolist(), j.tolist(), minutes.tolist(), from_km.tolist(), to_km.tolist(), strict=True
        )

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
