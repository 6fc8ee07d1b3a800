"""A still map of the catchments as SVG, for paper: drawn from the same areas and colours as the live map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gridplan.geography.made_borders import made_borders
from gridplan.plans.plan import Plan
from gridplan.show.shared.areas import Areas, middle_of
from gridplan.show.shared.palette import INK, NOBODY
from gridplan.show.shared.words import WORDS
from gridplan.words.text import halves

DASHED = ' stroke-dasharray="6 4"'  # a border that was drawn from points

LABEL, NUMBER = 14.0, 12.5  # pixels
KM_PER_DEGREE = 111.195  # of latitude, on the sphere


class Frame:
    """Longitude and latitude to pixels: a box of degrees in the middle of a picture, a little room around it."""

    def __init__(self, bounds: Sequence[float], width: float, height: float) -> None:
        west, south, east, north = (float(edge) for edge in bounds)
        self.squeeze = float(np.cos(np.radians((south + north) / 2)))
        self.scale = 0.96 * min(width / ((east - west) * self.squeeze), height / (north - south))
        self.width, self.height = width, height
        wide, high = width / self.scale / self.squeeze / 2, height / self.scale / 2
        self.west, self.east = (west + east) / 2 - wide, (west + east) / 2 + wide
        self.south, self.north = (south + north) / 2 - high, (south + north) / 2 + high

    def pixels(self, lon_lat: np.ndarray) -> np.ndarray:
        """(n, 2) degrees → (n, 2) pixels from the top left."""
        x = (lon_lat[:, 0] - self.west) * self.squeeze * self.scale
        return np.column_stack([x, (self.north - lon_lat[:, 1]) * self.scale])

    def path(self, area: BaseGeometry) -> str:
        """An SVG path of an area, its holes left open (fill-rule evenodd)."""
        rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: BaseGeometry) -> str:
        """Points to half a pixel, each once: neighbours share their points, so they part nowhere."""
        points = np.round(self.pixels(shapely.get_coordinates(ring)) * 2) / 2
        points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z" if len(points) > 2 else ""


def catchment_figure(
    plan: Plan,
    layer: str,
    areas: Areas,
    colours: Mapping[str, str],
    bounds: Sequence[float],
    size: tuple[float, float],
    title: str,
) -> str:
    """Catchments of one layer in colour, with partners' numbers, district borders and names.

    Parameters
    ----------
    colours : partner → fill, in the order of their numbers.
    bounds : west, south, east, north in degrees: what the picture must show.
    size : width and height in pixels.
    """
    frame = Frame(bounds, *size)
    rows = plan.assignment[plan.assignment["layer"] == layer].set_index("unit_id")
    rows = rows.reindex(plan.region.units["unit_id"]).reset_index()
    inside = shapely.box(frame.west, frame.south, frame.east, frame.north)
    catchments = areas.joined(rows["district_id"].astype("str") + "\n" + rows["hospital_id"].astype("str"))
    numbers = {hospital: str(n) for n, hospital in enumerate(colours, start=1)}
    shapes, written = [], _names(plan, areas, frame)
    for key in sorted(catchments, key=str):
        hospital, area = str(key).split("\n")[-1], shapely.clip_by_rect(catchments[key], *inside.bounds)
        if area.is_empty or not area.area:
            continue
        shapes.append(
            f'<path d="{frame.path(_polygons(area))}" fill="{colours.get(hospital, NOBODY)}" fill-rule="evenodd"/>'
        )
        written.append(
            (*frame.pixels(np.array([middle_of(area)]))[0], numbers.get(hospital, ""), NUMBER, True)
        )
    outlines = [
        (_polygons(shapely.clip_by_rect(d, *inside.bounds)), DASHED if made else "")
        for d, made in zip(areas.districts, made_borders(plan.region).districts, strict=True)
        if d is not None
    ]
    borders = "".join(f'<path d="{frame.path(d)}"{dashes}/>' for d, dashes in outlines if not d.is_empty)
    return (
        f'<svg viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" role="img" aria-label="{escape(title)}">'
        f"<g>{''.join(shapes)}</g>"
        f'<g fill="none" stroke="{INK}" stroke-width="0.9" stroke-linejoin="round">{borders}</g>{_written(written, frame)}'
        f"{_scale_bar(frame)}{_north(frame)}</svg>"
    )


def _scale_bar(frame: Frame) -> str:
    """A bar of a round length, at most a fifth of the picture, in the lower left."""
    pixels = frame.scale / KM_PER_DEGREE  # of a kilometre, in the middle of the picture
    power = 10.0 ** np.floor(np.log10(frame.width / 5 / pixels))
    km = max(step * power for step in (1, 2, 5) if step * power * pixels <= frame.width / 5)
    x, y, wide = 12.0, frame.height - 14, km * pixels
    said = f"{km:g} km" if km >= 1 else f"{km * 1000:g} m"
    return (
        f'<g class="scale"><path d="M{x:g} {y - 5:g}V{y:g}H{x + wide:.1f}V{y - 5:g}" fill="none" stroke="{INK}" stroke-width="1.6"/>'
        f'<text x="{x + wide + 5:.1f}" y="{y + 1:g}" font-size="11">{said}</text></g>'
    )


def _north(frame: Frame) -> str:
    x, north = frame.width - 18, WORDS["north"]
    return (
        f'<g class="north"><path d="M{x:g} 8L{x + 6:g} 24L{x:g} 20L{x - 6:g} 24Z" fill="{INK}"/>'
        f'<text x="{x:g}" y="37" font-size="11" text-anchor="middle">{" ".join(filter(None, halves(north)))}</text></g>'
    )


def _polygons(area: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(area)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


Written = tuple[float, float, str, float, bool]  # x, y, text, size, whether it may move up or down


def _names(plan: Plan, areas: Areas, frame: Frame) -> list[Written]:
    names = plan.region.districts["name"]
    places = frame.pixels(areas.middles)
    return [
        (float(x), float(y), str(name), LABEL, False)
        for name, (x, y) in zip(names, places, strict=True)
        if np.isfinite(x) and not pd.isna(name)
    ]


def _written(texts: Sequence[Written], frame: Frame) -> str:
    """Texts where there is room, the first ones first; a text that would lie on another is left out."""
    taken: list[tuple[float, float, float, float]] = []
    lines = []
    for x, y, text, size, may_move in texts:
        wide = sum(size if ord(sign) > 0x2E80 else size * 0.62 for sign in text) / 2 + 1
        moves = (0.0, size + 2, -size - 2) if may_move else (0.0,)
        boxes = [(x - wide, y + move - size / 2, x + wide, y + move + size / 2) for move in moves]
        free = [
            box for box in boxes if _inside(box, frame) and not any(_overlap(box, other) for other in taken)
        ]
        if text and free:
            taken.append(free[0])
            style = f'font-size="{size:g}" font-weight="{600 if may_move else 700}"'
            lines.append(
                f'<text x="{x:.1f}" y="{free[0][3] - size * 0.14:.1f}" {style}>{escape(text)}</text>'
            )
    return f'<g text-anchor="middle">{"".join(lines)}</g>'


def _inside(box: tuple[float, ...], frame: Frame) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= frame.width and box[3] <= frame.height


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
