"""gp.figures: still pictures of a plan for slides. Matplotlib is loaded when the first one is drawn, not before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.policies.goals import GOALS
from gridplan.show.shared.areas import drawn_areas
from gridplan.words.arguments import a_plan
from gridplan.words.text import Text, both

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 160


def map_figure(plan: Plan, layer: str | None = None) -> Figure:
    """The catchments of a layer (the plan's first) with legend, scale bar and north arrow, as a wide slide.

    Returns
    -------
    matplotlib Figure: save it with `.savefig("map.png")` or `.savefig("map.svg")`, or change it further.
    """
    from gridplan.show.figures.plots import draw_map

    return draw_map(plan, _layer(plan, layer), drawn_areas(plan.region))


def load_figure(plan: Plan, layer: str | None = None) -> Figure:
    """A bar per hospital of a layer: residents served, and its capacity where the tables give one."""
    from gridplan.show.figures.plots import draw_load

    return draw_load(plan, _layer(plan, layer))


def travel_figure(plan: Plan) -> Figure:
    """How many residents travel how many minutes, a panel per layer, with the mean and one hour marked."""
    from gridplan.show.figures.plots import draw_travel

    return draw_travel(plan)


def trade_off_figure(points: pd.DataFrame, x: str, y: str) -> Figure:
    """One point per plan on two goals, joined to a curve; whiskers lead down to what is proven of each.

    Parameters
    ----------
    points : a row per plan with its values in the columns `x` and `y`, less is better; the proven bounds in
        `x_bound` and `y_bound` ("travel_bound") and a `label`, where there are any.
    x, y : names of columns; that of a goal ("travel", "changes") is written out in words.

    Raises
    ------
    KeyError : a column is missing.
    """
    from gridplan.show.figures.plots import draw_trade_off

    for name in (x, y):
        if name not in points:
            raise KeyError(f"no column {name!r}; there are {', '.join(map(str, points.columns))}")
    labels: tuple[Text, Text] = (GOALS.get(x, both(x)), GOALS.get(y, both(y)))
    return draw_trade_off(points, x, y, labels)


def figures(plan: Plan, folder: str | Path) -> list[Path]:
    """Write all figures of a plan as PNG into a folder, which is made where it does not exist.

    Returns
    -------
    The files: map and loads of each layer, and travel.png.
    """
    a_plan(plan, "figures")
    from gridplan.show.figures.plots import draw_map

    folder, areas = Path(folder), drawn_areas(plan.region)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {"travel": travel_figure(plan)}
    for layer in plan.policy.layers:
        name = re.sub(
            r"[^\w-]", "_", layer
        )  # an exempt layer is named by the policy: no path in a file's name
        drawn |= {f"map-{name}": draw_map(plan, layer, areas), f"load-{name}": load_figure(plan, layer)}
    files = []
    for name, figure in drawn.items():
        files.append(folder / f"{name}.png")
        figure.savefig(files[-1], dpi=DPI)
    return sorted(files)


def _layer(plan: Plan, layer: str | None) -> str:
    return plan.layer(layer or plan.layers[0].layer).layer
