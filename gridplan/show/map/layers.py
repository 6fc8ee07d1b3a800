"""The map's layers in folium: pairs and sites, and positions in the sheet's tables. Never a name.

folium writes its data through templates that run again over what they wrote, so a name with `{{` in it would be
carried out as code. Here only numbers and our own constants meet folium; the page's own scripts (`assets/say.js`,
`page.js`) find each layer by the name given here and say the rest from the sheet. Units and districts are no layers of
folium: they travel packed (`packed.py`) and are drawn on one canvas (`assets/shapes.js`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import folium
import numpy as np
import pandas as pd
import shapely
from branca.element import Element, Figure

from gridplan.plans.plan import Plan
from gridplan.show.shared.areas import Areas
from gridplan.words.vocabulary import GRID


def folium_map(plan: Plan, areas: Areas) -> folium.Map:
    """All layers on one folium map, none of them shown yet: page.js shows those that are on."""
    south, west, north, east = _bounds(areas)
    board = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=10,
        prefer_canvas=True,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=120,
        maxZoom=18,  # without tiles Leaflet knows no deepest zoom of its own
        attribution_control=False,  # its prefix flies a flag
    )
    board._id = "plan"
    for n, result in enumerate(plan.layers):
        _named(_pair_lines(plan, result.layer, areas), f"pairs_{n}").add_to(board)
        hospitals = candidates_of(plan, result.layer)
        branches = plan.region.branches["hospital_id"].isin(
            plan.region.hospitals.loc[hospitals, "hospital_id"]
        )
        _named(_sites(plan.region.hospitals, hospitals), f"candidates_{n}").add_to(board)
        _named(_sites(plan.region.branches, branches), f"branches_{n}").add_to(board)
        _named(_sites(plan.region.hospitals, _others(plan, result.layer)), f"others_{n}").add_to(board)
    _number(board)
    return board


def _named(layer: folium.map.Layer, name: str) -> folium.map.Layer:
    """The layer under a fixed name in the page's script: `geo_json_units`, `feature_group_others`."""
    layer._id = name
    return layer


def _number(element: Element, next_number: int = 0) -> int:
    """Number what has no fixed name: folium's own ids are random, and the same plan must give the same bytes."""
    for child in element._children.values():
        if len(child._id) == 32:
            child._id = str(next_number)
            next_number += 1
        if isinstance(child, _Sites):
            child.first = next_number
            next_number += 2 * len(child.places)
        next_number = _number(child, next_number)
    return next_number


def _bounds(areas: Areas) -> tuple[float, float, float, float]:
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(areas.units))
    return south, west, north, east


def _features(shapes: np.ndarray) -> list[dict[str, Any]]:
    """GeoJSON features whose ids are the positions of the shapes; empty ones are left out."""
    return [
        {"type": "Feature", "id": n, "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for n, shape in enumerate(shapes)
        if shape is not None and not shape.is_empty
    ]


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _pair_lines(plan: Plan, layer: str, areas: Areas) -> folium.GeoJson:
    """A line from the middle of each district to each of its partners, in the order of the sheet's pairs.

    None to grid leads, which stand in their district.
    """
    middle = dict(zip(plan.region.districts["district_id"], areas.middles, strict=True))
    seat = plan.region.hospitals.set_index("hospital_id")[["lon", "lat"]]
    lines = []
    for row in plan.pairs_frame(layer).itertuples() if layer != GRID else ():
        ends = np.array([middle[row.district_id], seat.loc[row.hospital_id]], dtype=float)
        lines.append(shapely.LineString(ends) if np.isfinite(ends).all() else None)
    return folium.GeoJson(_collection(_features(np.array(lines, dtype=object))), smooth_factor=0, show=False)


def candidates_of(plan: Plan, layer: str) -> np.ndarray:
    """Which hospitals of the region may be partners in a layer, or lead in the layer of grids."""
    able = plan.candidates
    return (
        plan.region.hospitals["hospital_id"].isin(able.loc[able["layer"] == layer, "hospital_id"]).to_numpy()
    )


def _others(plan: Plan, layer: str) -> np.ndarray:
    """Which hospitals are none: neither in this layer nor, beside partners, in another layer of partners."""
    near = [layer] if layer == GRID else list(plan.policy.partner_layers)
    return ~np.logical_or.reduce([candidates_of(plan, one) for one in near])


class _Sites(folium.FeatureGroup):
    """Markers that carry their position in a table, written at once.

    folium compiles a template of its own for each marker and icon; here it writes one, and the others are that one
    with another place, position and number.
    """

    first = 0  # number of the first marker; each takes two, one for its icon
    pattern = ([11.25, 22.5], 987_654_321)  # a place and a position that are then put in their places

    def __init__(self, places: list[tuple[list[float], int]]) -> None:
        super().__init__(show=False)
        self.places = places

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as folium's own layers
        """Write the group, then its markers."""
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        if self.places:
            cast(Figure, self.get_root()).script.add_child(Element("\n    ".join(self._markers())))

    def _markers(self) -> Iterator[str]:
        place, position = self.pattern
        icon = folium.DivIcon(class_name="site")
        marker = folium.Marker(place, icon=icon, index=position)
        marker._id, icon._id = "#", "##"
        marker.add_to(self)
        parts = (marker, icon, folium.Marker.SetIcon(marker, icon))
        text = "\n    ".join(part._template.module.script(part, {}).removesuffix("\n") for part in parts)
        del self._children[marker.get_name()]
        for n, (lat_lon, row) in enumerate(self.places):
            number = self.first + 2 * n
            yield (
                text.replace("icon_##", f"icon_{number + 1}")
                .replace("marker_#", f"marker_{number}")
                .replace(json.dumps(place), json.dumps(lat_lon))
                .replace(str(position), str(row))
            )


def _sites(table: pd.DataFrame, chosen: np.ndarray | pd.Series) -> _Sites:
    """Located rows of a table as markers that carry their position in it."""
    lat_lon = table[["lat", "lon"]].to_numpy(dtype=float)
    rows = np.flatnonzero(np.asarray(chosen) & ~np.isnan(lat_lon).any(axis=1))
    return _Sites([(lat_lon[n].tolist(), n) for n in rows.tolist()])
