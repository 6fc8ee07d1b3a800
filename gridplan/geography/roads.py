"""Minutes on a road graph that the region brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gridplan.geography.sources import (
    EARTH_RADIUS_KM,
    NO_LOCATION,
    NO_WAY,
    OFF_ROAD,
    Minutes,
    TravelSettings,
    nearest_point,
    radians_lat_lon,
    without_point,
)
from gridplan.inputs.region import Region

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from sklearn.neighbors import BallTree

SAME_NODE_DECIMALS = 6  # ends of roads within about 0.1 m are one node


@dataclass(frozen=True)
class RoadGraph:
    """Shortest paths on the region's roads: walk to the nearest node, drive, walk from the nearest node."""

    name: str = "roads"

    def minutes(
        self, region: Region, hospital_ids: Sequence[str], points: pd.DataFrame, settings: TravelSettings
    ) -> Minutes:
        """Minutes by Dijkstra (scipy); roads are driven both ways, of parallel roads the quickest counts."""
        assert region.roads is not None, "travel_times asks for roads only where there are some"
        from scipy.sparse.csgraph import dijkstra  # heavy; only roads need them
        from sklearn.neighbors import BallTree

        nodes, graph = road_graph(region.roads)
        tree = BallTree(radians_lat_lon(nodes), metric="haversine") if len(nodes) else None
        unit_node, unit_walk = snap(region.units, tree, settings)
        point_node, point_walk = snap(points, tree, settings)

        to_points = np.full((len(unit_node), len(point_node)), np.inf)
        for k in np.flatnonzero(point_node >= 0):
            driven = dijkstra(graph, directed=True, indices=point_node[k])
            to_points[:, k] = np.where(unit_node >= 0, driven[unit_node] + unit_walk + point_walk[k], np.inf)

        off_road = f"{OFF_ROAD} {settings.snap_km:g} km"
        unlocated = region.units[["lon", "lat"]].isna().any(axis=1).to_numpy()
        no_node = np.flatnonzero(unit_node < 0).tolist()
        unit_reasons = {i: NO_LOCATION if unlocated[i] else off_road for i in no_node}
        on_road = set(points["hospital_id"].to_numpy()[point_node >= 0])
        stranded = {j: off_road for j, hospital in enumerate(hospital_ids) if hospital not in on_road}
        used: dict[str, object] = {
            "file": region.files.get("roads", "roads"),
            "walk_km_h": settings.walk_km_h,
            "snap_km": settings.snap_km,
            "earth_radius_km": EARTH_RADIUS_KM,
        }
        minutes = nearest_point(to_points, points, hospital_ids)
        return Minutes(minutes, used, NO_WAY, unit_reasons, stranded | without_point(points, hospital_ids))


def road_graph(roads: pd.DataFrame) -> tuple[pd.DataFrame, csr_array]:
    """Nodes (lon, lat) and the sparse matrix of minutes between them, both ways."""
    from scipy.sparse import csr_array

    edges = roads.dropna(subset=["from_lon", "from_lat", "to_lon", "to_lat", "minutes"])
    ends = [edges[[f"{end}_lon", f"{end}_lat"]].set_axis(["lon", "lat"], axis=1) for end in ("from", "to")]
    both_ends = pd.concat(ends, ignore_index=True).astype(float).round(SAME_NODE_DECIMALS)
    number = both_ends.groupby(["lon", "lat"], sort=False).ngroup().to_numpy()
    nodes = both_ends.drop_duplicates(ignore_index=True)
    start, end = number[: len(edges)], number[len(edges) :]
    minutes = np.tile(edges["minutes"].to_numpy(dtype=float), 2)
    ways = pd.DataFrame({"i": np.r_[start, end], "j": np.r_[end, start], "minutes": minutes})
    quickest = ways[ways["i"] != ways["j"]].groupby(["i", "j"])["minutes"].min().reset_index()
    shape = (len(nodes), len(nodes))
    return nodes, csr_array((quickest["minutes"].to_numpy(), (quickest["i"], quickest["j"])), shape=shape)


def snap(
    places: pd.DataFrame, tree: BallTree | None, settings: TravelSettings
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest node of each place (-1 where none is within snap_km) and the minutes to walk there."""
    node, walk = np.full(len(places), -1), np.full(len(places), np.inf)
    located = np.flatnonzero(places[["lon", "lat"]].notna().all(axis=1))
    if tree is None or not len(located):
        return node, walk
    angle, nearest = tree.query(radians_lat_lon(places.iloc[located]))
    km = angle[:, 0] * EARTH_RADIUS_KM
    near = km <= settings.snap_km
    node[located[near]] = nearest[near, 0]
    walk[located[near]] = km[near] / settings.walk_km_h * 60
    return node, walk
