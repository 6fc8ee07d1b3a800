"""Still pictures for slides with matplotlib, without pyplot: nothing global is opened or set."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import ceil, floor, log10

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter
from shapely.geometry.base import BaseGeometry

from gridplan.geography.made_borders import made_borders
from gridplan.plans.plan import Plan, outcome_text
from gridplan.show.figures.fonts import chinese_type
from gridplan.show.shared.areas import Areas, joined_by, middle_of
from gridplan.show.shared.bilingual_table import two
from gridplan.show.shared.catchments import catchment_colours
from gridplan.show.shared.palette import INK, NOBODY
from gridplan.show.shared.words import NOT_PUBLIC, WORDS
from gridplan.words.html import text_of
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, LAYERS, both_words, layer_title

SLIDE = (13.33, 7.5)  # inches: a wide slide
BLUE, GREY, RED = "#4A7BB7", "#8899AA", "#A3202F"
# Where maps stand on a slide, as parts of it: left, bottom, width, height.
ALONE, LEFT, RIGHT = (0.02, 0.07, 0.66, 0.81), (0.02, 0.07, 0.33, 0.81), (0.36, 0.07, 0.32, 0.81)
MOST_IN_A_COLUMN = 22  # names in a legend
HALO = [withStroke(linewidth=2.0, foreground="white")]


def draw_map(plan: Plan, layer: str, areas: Areas) -> Figure:
    """Catchments in metres with their numbers, districts, a legend, a scale bar and a north arrow; the centre beside."""
    with chinese_type():
        figure = slide(plan, Text("Who serves whom", "服务范围"), _layer_name(layer), layer)
        crs = plan.region.metric_crs
        colours = catchment_colours(plan, layer, areas.touching)
        units, districts = (
            np.asarray(gpd.GeoSeries(shapes, crs=4326).to_crs(crs), dtype=object)
            for shapes in (areas.units, areas.districts)
        )
        rows = plan.assignment[plan.assignment["layer"] == layer].set_index("unit_id")
        rows = rows.reindex(plan.region.units["unit_id"]).reset_index()
        # "\n" parts district and hospital: no cleaned id holds one
        pieces = joined_by(
            units, rows["district_id"].astype("str") + "\n" + rows["hospital_id"].astype("str")
        )
        central = (plan.region.districts["kind"] == "central").to_numpy()
        whole, centre = shapely.total_bounds(districts), shapely.total_bounds(districts[central])
        views = [(ALONE, np.ones(len(central), dtype=bool), whole)]
        if not central.all() and np.isfinite(centre).all():
            views = [(LEFT, ~central, whole), (RIGHT, central, centre)]
        for place, named, bounds in views:
            axes = figure.add_axes(place)
            _catchments(axes, pieces, colours, set(plan.region.districts["district_id"][named]))
            _districts(axes, plan, districts, named)
            _look_at(axes, bounds)
            _scale_bar(axes)
            _north(axes)
        _legend(figure, plan, layer, colours)
        if (made := made_borders(plan.region).text) is not None:
            figure.text(0.03, 0.05, two(made), fontsize=8, color="#5B6874")
        return figure


def _catchments(
    axes: Axes, pieces: Mapping[Hashable, BaseGeometry], colours: Mapping[str, str], named: set[str]
) -> None:
    """Areas in the colours of their hospitals, with the numbers in the districts that are `named` here."""
    numbers = {hospital: n for n, hospital in enumerate(colours, start=1)}
    for key in sorted(pieces, key=str):
        district, hospital = str(key).split("\n")
        _area(axes, pieces[key], facecolor=colours.get(hospital, NOBODY), edgecolor="white", linewidth=0.3)
        if hospital in numbers and district in named:
            _label(axes, middle_of(pieces[key]), str(numbers[hospital]), 8.5)


def _districts(axes: Axes, plan: Plan, shapes: np.ndarray, named: np.ndarray) -> None:
    made = made_borders(plan.region).districts
    for name, shape, here, drawn in zip(plan.region.districts["name"], shapes, named, made, strict=True):
        if shape is not None and not shape.is_empty:
            style = "dashed" if drawn else "solid"
            _area(axes, shape, fill=False, edgecolor=INK, linewidth=0.8, linestyle=style)
            if here:
                _label(axes, middle_of(shape), text_of(name), 9.5, bold=True, raised=9)


def _look_at(axes: Axes, bounds: Sequence[float]) -> None:
    """Show these metres, with a little room around them; what lies outside is cut."""
    west, south, east, north = bounds
    room = 0.04 * max(east - west, north - south, 1.0)
    axes.set_xlim(west - room, east + room)
    axes.set_ylim(south - room, north + room)
    axes.set_aspect("equal")
    axes.set_axis_off()


def draw_load(plan: Plan, layer: str) -> Figure:
    """A bar per hospital: residents served, and its capacity where the tables give one."""
    with chinese_type():
        what = Text("Residents per hospital", "各医院服务人口")
        figure = slide(plan, what, _layer_name(layer), layer)
        axes = figure.add_axes((0.30, 0.13, 0.64, 0.75))
        served = plan.pairs[plan.pairs["layer"] == layer].groupby("hospital_id")["people"].sum()
        served = served.sort_values(kind="stable")
        facts = plan.region.hospitals.set_index("hospital_id")
        places = np.arange(len(served))
        axes.barh(places, served.to_numpy(), color=BLUE)
        room = facts["capacity_people"].reindex(served.index).to_numpy(dtype=float)
        if np.isfinite(room).any():
            axes.plot(room, places, "|", color=RED, markersize=14, markeredgewidth=2, label=two(CAPACITY))
            axes.legend(frameon=False, loc="lower right")
        for place, people in zip(places, served, strict=True):
            axes.text(float(people), float(place), f" {people:,}", va="center", fontsize=9, color=INK)
        names = [text_of(name) for name in facts["name"].reindex(served.index)]
        axes.set_yticks(places, names, fontsize=10 if len(names) <= 25 else 6.5)
        plain_axes(axes, Text("residents served", "服务人口"), None)
        return figure


def draw_travel(plan: Plan) -> Figure:
    """Residents by minutes of travel, a panel per layer, with the mean and one hour marked."""
    with chinese_type():
        what = Text("How long residents travel", "居民出行时间分布")
        figure = slide(plan, what, Text("", ""))
        longest = float(plan.assignment["minutes"].max())
        steps = np.arange(0, max(60.0, longest) + 5, 5)
        for n, result in enumerate(plan.layers):
            wide = 0.90 / len(plan.layers)
            axes = figure.add_axes((0.08 + n * wide, 0.14, wide - 0.06, 0.63))
            rows = plan.assignment[plan.assignment["layer"] == result.layer]
            axes.hist(
                rows["minutes"], bins=list(steps), weights=rows["people"], color=BLUE, edgecolor="white"
            )
            mean = float((rows["people"] * rows["minutes"]).sum() / max(1, rows["people"].sum()))
            beyond = int(rows.loc[rows["minutes"] > 60, "people"].sum())
            axes.axvline(mean, color=INK, linestyle="--", linewidth=1.2)
            axes.axvline(60, color=RED, linewidth=1.2)
            layer = both_words(LAYERS, result.layer)
            told = Text(
                f"mean {mean:.1f}, beyond 60 min: {beyond:,}",
                f"人均 {mean:.1f} 分钟，超过 60 分钟 {beyond:,} 人",
            )
            axes.set_title(f"{two(layer)}\n{told.zh}\n{told.en}", fontsize=10.5, loc="left")
            plain_axes(
                axes, Text("minutes", "分钟"), Text("residents", "居民") if n == 0 else None, across=False
            )
        return figure


def draw_trade_off(points: pd.DataFrame, x: str, y: str, labels: tuple[Text, Text]) -> Figure:
    """One point per plan on two goals; a whisker down to what is proven that no plan can go below."""
    with chinese_type():
        figure = Figure(figsize=SLIDE)
        axes = figure.add_axes((0.10, 0.13, 0.85, 0.74))
        rows = points.sort_values([x, y], kind="stable")
        reached = rows[[x, y]].to_numpy(dtype=float)
        axes.plot(*reached.T, "-", color=GREY, linewidth=1, zorder=1)
        axes.plot(*reached.T, "o", color=BLUE, markersize=8, zorder=3, label=two(REACHED))
        down = [_room(rows, reached[:, n], f"{name}_bound") for n, name in enumerate((x, y))]
        if any(sides is not None for sides in down):
            axes.errorbar(
                reached[:, 0], reached[:, 1], xerr=down[0], yerr=down[1], fmt="none", color=RED, capsize=4, zorder=2, label=two(BOUNDED),
            )  # fmt: skip
        if "label" in rows:
            for (a, b), label in zip(reached, rows["label"], strict=True):
                axes.annotate(
                    _literal(text_of(label)), (a, b), (6, 6), textcoords="offset points", fontsize=9
                )
        axes.legend(frameon=False, loc="upper right")
        plain_axes(axes, labels[0], labels[1], across=False)
        axes.xaxis.set_major_formatter(FuncFormatter(_thousands))
        axes.grid(True, color="#E3E8EC", linewidth=0.6)
        _head(figure, TRADE_OFF, Text("", ""))
        return figure


def _room(rows: pd.DataFrame, reached: np.ndarray, bound: str) -> np.ndarray | None:
    """How far below each point its bound is, (2, n): down and up; None where no bounds are given."""
    if bound not in rows:
        return None
    down = np.clip(reached - rows[bound].to_numpy(dtype=float), 0, None)
    return np.vstack([down, np.zeros(len(down))])


CAPACITY = Text("capacity", "承载能力")
REACHED = Text("reached by a plan", "方案达到的值")
BOUNDED = Text("down to the proven bound", "至已证明的下界")
TRADE_OFF = Text("What one goal costs the other", "两个目标之间的取舍")


def _layer_name(layer: str) -> Text:
    return Text(both_words(LAYERS, layer).en, layer_title(layer).zh)


def slide(plan: Plan, what: Text, layer: Text, result: str | None = None) -> Figure:
    """A slide with its title, the policy, how sure the plan is, and the note that it is not for the public."""
    figure = Figure(figsize=SLIDE)
    name = plan.region.title or plan.region.name
    sure = plan.layer(result) if result else plan
    outcome = outcome_text(sure.status, sure.gap)
    of = Text(f" ({layer.en})" if layer.en else "", f"（{layer.zh}）" if layer.zh else "")
    title = Text(f"{what.en}{of.en}", f"{name}：{what.zh}{of.zh}")
    _head(
        figure, title, Text(f"{plan.policy.title.en}; {outcome.en}", f"{plan.policy.title.zh}；{outcome.zh}")
    )
    return figure


def _head(figure: Figure, title: Text, below: Text) -> None:
    figure.text(0.03, 0.955, _literal(two(title)), fontsize=16, fontweight="bold", color=INK, va="center")
    if below.zh:
        figure.text(0.03, 0.912, _literal(two(below)), fontsize=9.5, color="#5B6874", va="center")
    figure.text(0.03, 0.025, two(NOT_PUBLIC), fontsize=8, color=RED)


def _literal(text: str) -> str:
    """Names as they are: a dollar sign would start a formula."""
    return text.replace("$", r"\$")


def plain_axes(axes: Axes, x: Text, y: Text | None, across: bool = True) -> None:
    """Named axes without a frame, numbers with thousands."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(f"{x.zh}\n{x.en}" if x.en != x.zh else x.zh)
    if y is not None:
        axes.set_ylabel(f"{y.zh}\n{y.en}" if y.en != y.zh else y.zh)
    (axes.xaxis if across else axes.yaxis).set_major_formatter(FuncFormatter(_thousands))


def _thousands(value: float, _: int | None = None) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:,.2f}"


def _area(axes: Axes, shape: BaseGeometry, **style: object) -> None:
    """A (multi)polygon as one patch, its holes left open."""
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if rings:
        axes.add_patch(
            PathPatch(Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings)), **style)
        )


def _label(
    axes: Axes, place: Sequence[float], text: str, size: float, bold: bool = False, raised: float = 0
) -> None:
    if np.isfinite(place[0]):
        axes.annotate(
            _literal(text), (place[0], place[1]), (0, raised), textcoords="offset points", ha="center", va="center",
            fontsize=size, fontweight="bold" if bold else "normal", color=INK, path_effects=HALO,
            annotation_clip=True,
        )  # fmt: skip


def _scale_bar(axes: Axes) -> None:
    """A bar of a round length, about a fifth of the picture; the axes are in metres."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    wanted = (right - left) / 5
    length = max(
        step * 10 ** floor(log10(wanted)) for step in (1, 2, 5) if step * 10 ** floor(log10(wanted)) <= wanted
    )
    x, y, high = left + (right - left) * 0.02, bottom + (top - bottom) * 0.02, (top - bottom) * 0.008
    axes.add_patch(Rectangle((x, y), length / 2, high, facecolor=INK, edgecolor=INK))
    axes.add_patch(Rectangle((x + length / 2, y), length / 2, high, facecolor="white", edgecolor=INK))
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x + length, y + high * 2, said, fontsize=9, ha="center", color=INK)
    axes.text(x, y + high * 2, "0", fontsize=9, ha="center", color=INK)


def _north(axes: Axes) -> None:
    axes.annotate(
        "", (0.97, 0.98), (0.97, 0.90), xycoords="axes fraction",
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.8},
    )  # fmt: skip
    axes.text(
        0.97,
        0.885,
        two(WORDS["north"]),
        transform=axes.transAxes,
        ha="center",
        va="top",
        fontsize=10,
        color=INK,
    )


def _legend(figure: Figure, plan: Plan, layer: str, colours: dict[str, str]) -> None:
    """Number, colour, hospital and residents, the one with the most residents first; in two columns where many."""
    heading = (
        Text("grid lead, residents", "牵头医院、居民")
        if layer == GRID
        else Text("partner, residents", "合作医院、服务人口")
    )
    figure.text(0.69, 0.865, two(heading), fontsize=10, fontweight="bold", color=INK)
    served = plan.pairs[plan.pairs["layer"] == layer].groupby("hospital_id")["people"].sum()
    names = plan.region.hospitals.set_index("hospital_id")["name"]
    columns = 1 if len(colours) <= MOST_IN_A_COLUMN else 2
    step = min(0.032, 0.76 * columns / max(1, len(colours)))
    size, long = (9.0, 28) if columns == 1 else (6.2, 14)
    deep = ceil(len(colours) / columns)
    for n, (hospital, colour) in enumerate(colours.items()):
        x, y = 0.69 + (n // deep) * 0.155, 0.82 - (n % deep) * step
        box = Rectangle(
            (x, y - step * 0.36), 0.018, step * 0.72, facecolor=colour, transform=figure.transFigure
        )
        figure.patches.append(box)
        figure.text(x + 0.009, y, str(n + 1), fontsize=size * 0.9, ha="center", va="center", color=INK)
        name = text_of(names.get(hospital))
        words = f"{name if len(name) <= long else name[: long - 1] + '…'}  {served.get(hospital, 0):,}"
        figure.text(x + 0.023, y, _literal(words), fontsize=size, va="center", color=INK)
