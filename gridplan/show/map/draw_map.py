"""draw(plan): the map as one page that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gridplan.files.whole import told
from gridplan.plans.folder.mark import mark_of
from gridplan.plans.plan import Plan
from gridplan.show.map.board import board
from gridplan.show.map.folium_map import folium_map, script_of
from gridplan.show.map.packed import packed_areas
from gridplan.show.map.paints import COLOURS, noted, ramps
from gridplan.show.map.sheet import sheet
from gridplan.show.map.tiles import Tiles, in_datum, tile_service
from gridplan.show.shared.areas import Areas, drawn_areas
from gridplan.show.shared.offline import Asset, own, page, vendored
from gridplan.show.shared.told_apart import told_apart
from gridplan.words.arguments import a_plan
from gridplan.words.text import halves

if TYPE_CHECKING:
    from gridplan.programmes.programme import Programme

BODY = """<a id="skip" href="#map_plan"></a>
<header id="head"></header>
<main><div class="folium-map" id="map_plan"></div>
<aside id="side"><div id="search" role="search"></div><div id="panel"></div></aside>
<div id="alternative" class="unseen"></div></main>
<footer id="foot"></footer>
<div id="inset" class="inset" role="img" hidden></div>
<div id="live" class="unseen" role="status" aria-live="polite"></div>"""
SCRIPTS = (
    "say.js",
    "board.js",
    "popups.js",
    "shapes.js",
    "paint.js",
    "page.js",
    "panel.js",
    "match.js",
    "places.js",
    "search.js",
    "inset.js",
    "paper.js",
    "frame.js",
)


@dataclass(frozen=True)
class PlanMap:
    """A map as a page of HTML that fetches nothing but the tiles it was asked for. Save it, or show it in a notebook."""

    title: str
    parts: Mapping[str, Any] = field(repr=False)

    @cached_property
    def html(self) -> str:
        """The page, whole in itself."""
        return page(self.title, **self.parts)

    def save(self, path: str | Path, assets: bool = False) -> Path:
        """Write the page to a file and return its path.

        Parameters
        ----------
        assets : whether scripts and styles stand beside the file, in a folder `assets` that all maps there share,
            instead of inside it: for many maps in one folder. Such a map must travel with that folder.

        Raises
        ------
        DataError
            It cannot be written.
        """
        path = Path(path)
        html = page(self.title, **self.parts, beside=True) if assets else self.html
        for one in [*self.parts["styles"], *self.parts["scripts"]] if assets else ():
            if isinstance(one, Asset):
                file = path.parent / one.address
                with told(file):
                    file.parent.mkdir(exist_ok=True)
                    file.write_text(one.text, encoding="utf-8", newline="\n")
        with told(path):
            path.write_text(html, encoding="utf-8", newline="\n")
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.title)}" srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            'style="width:100%;height:720px;border:0"></iframe>'
        )


def draw(plan: Plan | Programme, *, tiles: str | None = None, key: str | None = None) -> PlanMap:
    """Draw a plan: districts, units by partner, hospitals and branches, pairs by priority, in every layer.

    Names from the data never run: they stand in one JSON block and are shown as text. The page holds all it
    needs, forbids everything else, and is the same to the byte for the same plan.

    Parameters
    ----------
    plan : Plan or Programme
        A plan, made or opened again; or a programme: then who manages whom, alliances and signatures lie over its plan.
    tiles : str, optional
        A background of map tiles, "osm", "tianditu" (天地图) or "amap" (高德); the page then fetches them from that
        service, and from nobody else. Without it no request leaves the page.
    key : str, optional
        The key that the service gave you; tianditu needs one. It stands in the page for everyone to read.

    Returns
    -------
    PlanMap
        The page: `.html` is its text, `.save(path)` writes it, Jupyter shows it.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    DataError
        Unknown tiles, or a key that is missing or not needed.
    NotSelfContainedError
        The page would need something from outside (a folium of another kind).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> page = gp.draw(plan)
    >>> page.save("plan.html").name
    'plan.html'
    """
    programme = None
    if not isinstance(plan, Plan):
        from gridplan.programmes.programme import Programme as Made  # not for a plan alone

        programme, plan = (plan, plan.plan) if isinstance(plan, Made) else (None, plan)
    a_plan(plan, "draw")
    service = tile_service(tiles, key)
    return draw_areas(plan, drawn_areas(plan.region), service, programme)


def draw_areas(
    plan: Plan, areas: Areas, tiles: Tiles | None = None, programme: Programme | None = None
) -> PlanMap:
    """The same with areas that were drawn before."""
    mark, proof, plan = mark_of(plan), plan.certificate, told_apart(plan)
    if tiles is not None:
        plan, areas = in_datum(plan, areas, tiles.datum)
    places = board(plan, areas)
    map_script, linked = script_of(
        folium_map(places["centre"], [layer.pop("pairs") for layer in places["layers"]])
    )
    scripts, styles = vendored(linked)
    said = sheet(plan, areas, tiles)
    said["proof"] = None if proof is None else [proof.sentence.zh, proof.sentence.en]
    files: tuple[str, ...] = SCRIPTS
    if programme is not None:
        from gridplan.show.programme.programme_sheet import programme_sheet, programme_words

        shown = replace(programme, plan=plan)  # names told apart, places in the datum of the tiles
        said["programme"] = programme_sheet(shown, areas)
        said["words"] |= programme_words()
        said["notes"] += [[note.zh, note.en] for note in programme.notes]
        files = (*SCRIPTS[:-1], "programme.js", SCRIPTS[-1])
    parts = {
        "body": BODY,
        "styles": [*styles, own("page.css")],
        "scripts": [*scripts, map_script, *map(own, files)],
        "data": painted(plan, areas, {**said, "board": places["layers"]}),
        "images": () if tiles is None else tiles.hosts,
        "mark": mark,
    }
    return PlanMap(f"{plan.region.title or plan.region.name} · {halves(plan.policy.title)[0]}", parts)


def painted(plan: Plan, areas: Areas, told: dict[str, Any]) -> dict[str, Any]:
    """The sheet with the shapes and what they are painted by."""
    shapes = packed_areas(areas, [np.array(one["of_unit"], dtype=int) for one in told["layers"]])
    return {
        **told,
        "shapes": shapes,
        "ramps": ramps(),
        "colours": COLOURS,
        "noted": noted(plan, areas),
    }
