"""A made-up town's roads as OpenStreetMap has them: a lattice whose minutes are known by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

EAST_KM_H, NORTH_KM_H = 60, 30


def write_lattice(file: Path, lon: Sequence[float], lat: Sequence[float]) -> Path:
    """Roads along every lat at 60 km/h, along every lon at 30 km/h, crossing at every corner; needs osmium."""
    import osmium
    from osmium.osm.mutable import Node, Way

    number = np.arange(1, len(lon) * len(lat) + 1).reshape(len(lat), len(lon))
    with osmium.SimpleWriter(str(file)) as writer:
        for n, y in enumerate(lat):
            for m, x in enumerate(lon):
                writer.add_node(Node(id=int(number[n, m]), location=(x, y), version=1))
        lines = [
            *((row, "primary", EAST_KM_H) for row in number),
            *((row, "residential", NORTH_KM_H) for row in number.T),
        ]
        for way, (nodes, kind, km_h) in enumerate(lines, 1):
            tags = {"highway": kind, "maxspeed": str(km_h)}
            writer.add_way(Way(id=way, nodes=[int(node) for node in nodes], tags=tags, version=1))
    return file


def km_along(here: tuple[float, float], there: tuple[float, float]) -> tuple[float, float]:
    """km to go east or west, and north or south, on a sphere of radius 6371.0088 km."""
    degree = 6371.0088 * np.pi / 180
    middle = np.radians((here[1] + there[1]) / 2)
    return abs(here[0] - there[0]) * degree * float(np.cos(middle)), abs(here[1] - there[1]) * degree
