"""draw(plan): the map as one page that opens without a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import cast

from branca.element import Figure, Link

from gridplan.plan.plan import Plan
from gridplan.show.areas import Areas, drawn_areas
from gridplan.show.layers import folium_map
from gridplan.show.offline import asset, page, vendored
from gridplan.show.sheet import sheet

BODY = """<header id="head"></header>
<main><div class="folium-map" id="map_plan"></div><aside id="side"></aside></main>
<footer id="foot"></footer>"""


@dataclass(frozen=True)
class PlanMap:
    """A map as a page of HTML that fetches nothing. Save it, or show it in a notebook."""

    html: str = field(repr=False)
    title: str

    def save(self, path: str | Path) -> Path:
        """Write the page to a file and return its path."""
        path = Path(path)
        path.write_text(self.html, encoding="utf-8", newline="\n")
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.title)}" srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            'style="width:100%;height:720px;border:0"></iframe>'
        )


def draw(plan: Plan) -> PlanMap:
    """Draw a plan: districts, units by partner, hospitals and branches, pairs by priority, in every layer.

    Names from the data never run: they stand in one JSON block and are shown as text. The page holds all it
    needs, forbids everything else, and is the same to the byte for the same plan.

    Raises
    ------
    NotSelfContainedError : the page would need something from outside (a folium of another kind).
    """
    return draw_areas(plan, drawn_areas(plan.region))


def draw_areas(plan: Plan, areas: Areas) -> PlanMap:
    """The same with areas that were drawn before."""
    board = folium_map(plan, areas)
    figure = cast(Figure, board.get_root())
    figure.render()
    linked = [name for name, child in figure.header._children.items() if isinstance(child, Link)]
    scripts, styles = vendored(linked)
    title = f"{plan.region.title or plan.region.name} · {plan.policy.title.zh}"
    html = page(
        title,
        BODY,
        styles=[*styles, asset("page.css")],
        scripts=[*scripts, figure.script.render(), asset("say.js"), asset("page.js")],
        data=sheet(plan, areas),
    )
    return PlanMap(html, title)
