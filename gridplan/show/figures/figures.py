"""gp.figures: still pictures of a plan for slides. Matplotlib is loaded when the first one is drawn, not before."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from gridplan.files.whole import told, write_whole
from gridplan.plans.plan import Plan
from gridplan.policies.goals import GOALS
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.told_apart import as_named
from gridplan.words.arguments import a_plan
from gridplan.words.errors import DataError
from gridplan.words.text import Text, both

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gridplan.programmes.programme import Programme

DPI = 160


def map_figure(plan: Plan, layer: str | None = None) -> Figure:
    """The catchments of a layer (the plan's first) with legend, scale bar and north arrow, as a wide slide.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    layer : str, optional
        By default the plan's first.

    Returns
    -------
    Figure
        Save it with `.savefig("map.png")` or `.savefig("map.svg")`, or change it further.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    KeyError
        The plan has no such layer.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.pictures.map_figure(plan).savefig("map.png")
    """
    a_plan(plan, "pictures.map_figure")
    from gridplan.show.figures.plots import draw_map

    return draw_map(as_named(plan), _layer(plan, layer), drawn_areas(plan.region))


def load_figure(plan: Plan, layer: str | None = None) -> Figure:
    """A bar per hospital of a layer: residents served, and its capacity where the tables give one.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    layer : str, optional
        By default the plan's first.

    Returns
    -------
    Figure
        Residents on the horizontal axis, a bar per hospital.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    KeyError
        The plan has no such layer.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.pictures.load_figure(plan).savefig("load.png")
    """
    a_plan(plan, "pictures.load_figure")
    from gridplan.show.figures.plots import draw_load

    return draw_load(as_named(plan), _layer(plan, layer))


def travel_figure(plan: Plan) -> Figure:
    """How many residents travel how many minutes, a panel per layer, with the mean and one hour marked.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    Figure
        Minutes on the horizontal axis, residents on the vertical one.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.pictures.travel_figure(plan).savefig("travel.png")
    """
    a_plan(plan, "pictures.travel_figure")
    from gridplan.show.figures.plots import draw_travel

    return draw_travel(as_named(plan))


def access_figure(programme: Programme, tier: str = "primary") -> Figure:
    """How near care of a tier is, district by district: before (all that is near) and after (under the plan), with Gini and Theil.

    Parameters
    ----------
    programme : Programme
        Made, or opened again.
    tier : str, default "primary"
        "primary", "district" or "municipal".

    Returns
    -------
    Figure
        A line per district from before to after; the city's Gini and Theil stand above.

    Raises
    ------
    DataError
        Nothing of that tier states what it supplies.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.pictures.access_figure(gp.programme(plan, only=["scorecard"]), "municipal").savefig("access.png")
    """
    from gridplan.programmes.way.access_change import access_change
    from gridplan.show.figures.access_plot import draw_access

    table = access_change(programme)
    if tier not in set(table["tier"]):
        raise DataError(
            Text(f"nothing of tier {tier} states what it can supply", f"{tier} 层级没有填写供给能力"),
            Text("fill in visits_capacity, or beds of hospitals", "请填写 visits_capacity 或医院床位"),
        )
    return draw_access(programme, table[table["tier"] == tier], tier)


def trade_off_figure(points: pd.DataFrame, x: str, y: str) -> Figure:
    """One point per plan on two goals, joined to a curve; whiskers lead down to what is proven of each.

    Parameters
    ----------
    points : DataFrame
        A row per plan with its values in the columns `x` and `y`, less is better; the proven bounds in
        `x_bound` and `y_bound` ("travel_bound") and a `label`, where there are any.
    x, y : str
        Names of columns; that of a goal ("travel", "changes") is written out in words.

    Returns
    -------
    Figure
        `x` on the horizontal axis, `y` on the vertical one.

    Raises
    ------
    KeyError
        A column is missing.

    Examples
    --------
    >>> import gridplan as gp
    >>> curve = gp.frontier(gp.tiny_town(), gp.policy("shanghai-2025"), "travel", "partners", points=2)
    >>> gp.pictures.trade_off_figure(curve.to_frame().rename(columns={"value": "partners"}), "partners", "travel").savefig("curve.png")
    """
    from gridplan.show.figures.plots import draw_trade_off

    for name in (x, y):
        if name not in points:
            raise KeyError(f"no column {name!r}; there are {', '.join(map(str, points.columns))}")
    labels: tuple[Text, Text] = (GOALS.get(x, both(x)), GOALS.get(y, both(y)))
    return draw_trade_off(points, x, y, labels)


def figures(plan: Plan, folder: str | Path) -> list[Path]:
    """Write all figures of a plan as PNG into a folder, which is made where it does not exist.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    folder : str or Path
        Where the files go; made where it does not exist.

    Returns
    -------
    list[Path]
        The files: map and loads of each layer, and travel.png.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    DataError
        The folder cannot be made or written; what is there already is as it was.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> [file.name for file in gp.figures(plan, "figures")]
    ['load-general.png', 'load-tcm.png', 'map-general.png', 'map-tcm.png', 'travel.png']
    """
    a_plan(plan, "figures")
    from gridplan.show.figures.plots import draw_map

    folder, areas = Path(folder), drawn_areas(plan.region)
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    drawn = {"travel": travel_figure(plan)}
    for layer in plan.policy.layers:
        name = re.sub(
            r"[^\w-]", "_", layer
        )  # an exempt layer is named by the policy: no path in a file's name
        drawn |= {
            f"map-{name}": draw_map(as_named(plan), layer, areas),
            f"load-{name}": load_figure(plan, layer),
        }
    files = []
    for name, figure in drawn.items():
        files.append(folder / f"{name}.png")
        write_whole(files[-1], partial(figure.savefig, dpi=DPI, format="png"))
    return sorted(files)


def _layer(plan: Plan, layer: str | None) -> str:
    return plan.layer(layer or plan.layers[0].layer).layer
