"""The map in folium: the board itself and the lines of pairs. Numbers and our own constants alone, never a name.

folium writes its data through templates that run again over what they wrote, so a name with `{{` in it would be
carried out as code. The page's own scripts find each layer by the name given here and say the rest from the sheet; sites
and areas are many, so they travel as plain numbers (`board.py`, `packed.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import folium
from branca.element import Figure, Link

# What folium links by default and our maps do without: they have popups, icons and buttons of their own.
NOT_NEEDED = frozenset(
    {
        "jquery", "bootstrap", "bootstrap_css", "glyphicons_css", "awesome_markers", "awesome_markers_css",
        "awesome_markers_font_css", "awesome_rotate_css",
    }
)  # fmt: skip
Ends = Sequence[Any]  # of a pair: its position in the sheet, then (lon, lat) of its two ends


def folium_map(centre: tuple[float, float], pairs: Sequence[Sequence[Ends]]) -> folium.Map:
    """A board without tiles, and per layer of the plan the lines of its pairs, none of them shown yet.

    Parameters
    ----------
    centre : lat, lon.
    pairs : per layer of the plan, each pair's position and ends.
    """
    board = folium.Map(
        location=centre,
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
    for n, layer in enumerate(pairs):
        lines = folium.GeoJson(
            {"type": "FeatureCollection", "features": [_line(*pair) for pair in layer]},
            smooth_factor=0,
            show=False,
        )
        lines._id = f"pairs_{n}"  # folium's own ids are random, and the same plan must give the same bytes
        lines.add_to(board)
    return board


def _line(position: int, *ends: Sequence[float]) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": ends}
    return {"type": "Feature", "id": position, "properties": {}, "geometry": geometry}


def script_of(board: folium.Map) -> tuple[str, list[str]]:
    """What folium writes into the page, and the names of the files that it links and the page needs."""
    figure = cast(Figure, board.get_root())
    figure.render()
    linked = [
        name
        for name, child in figure.header._children.items()
        if isinstance(child, Link) and name not in NOT_NEEDED
    ]
    return figure.script.render(), linked
