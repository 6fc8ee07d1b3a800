"""draw_difference, draw_scenarios: plans of one region beside each other, as one page that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.plans.plan import Plan
from gridplan.scenario.runs.open_runs import Runs
from gridplan.scenario.runs.row import SOLVED
from gridplan.show.difference.difference_sheet import Named, difference_sheet
from gridplan.show.map.draw_map import PlanMap
from gridplan.show.shared.areas import Areas, drawn_areas
from gridplan.show.shared.offline import own, vendored
from gridplan.show.shared.told_apart import told_apart
from gridplan.words.arguments import a_plan
from gridplan.words.errors import ScenarioError
from gridplan.words.progress import note
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import layer_title

BODY = """<a id="skip" href="#map_after"></a>
<header id="head"></header>
<main><div id="pair" class="beside">
<section class="half" id="half_before"><div class="half-name"></div><div class="half-map" id="map_before"></div></section>
<section class="half" id="half_after"><div class="half-name"></div><div class="half-map" id="map_after"></div></section>
<div id="divider" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="100" hidden><i></i></div>
<div id="legend"></div></div>
<aside id="side"><div id="search" role="search"></div><div id="panel"></div></aside>
<div id="alternative" class="unseen"></div></main>
<footer id="foot"></footer>
<div id="live" class="unseen" role="status" aria-live="polite"></div>"""
SCRIPTS = (
    "pair.js",
    "say.js",
    "popups.js",
    "shapes.js",
    "difference.js",
    "match.js",
    "search.js",
    "paper.js",
    "insets.js",
    "difference_panel.js",
)
STYLES = ("page.css", "difference.css")


def draw_difference(before: Plan, after: Plan, *, names: tuple[str, str] | None = None) -> PlanMap:
    """Draw what changes from one plan to another: two maps that move as one, or one over the other with a divider.

    A hospital has the same colour and number in both; units that change their hospital are outlined and hatched. Beside
    the maps: who changes, pairs added and dropped, minutes before and after, by district. Figures are those of
    `compare`, `movers` and `pair_changes`.

    Parameters
    ----------
    before : Plan
        The plan that is compared with.
    after : Plan
        The plan whose changes are shown; of the same units as `before`.
    names : tuple[str, str], optional
        What the two plans are called, by default by their policies where these differ.

    Returns
    -------
    PlanMap
        The page: `.save(path)` writes it.

    Raises
    ------
    ArgumentError
        `before` or `after` is no Plan.
    ScenarioError
        The plans are not of the same units, or have no layer in common.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> one = gp.plan(plan.region, plan.policy.with_rule(gp.rules.DistrictCap(1)))
    >>> gp.draw_difference(plan, one).save("difference.html").name
    'difference.html'
    """
    a_plan(before, "draw_difference")
    a_plan(after, "draw_difference")
    titles = [plan.policy.title for plan in (before, after)]
    said = (
        [both(name) for name in names] if names else titles if titles[0] != titles[1] else [Text("", "")] * 2
    )
    return draw_named([Named(said[0], before), Named(said[1], after)], 0, drawn_areas(before.region))


def draw_scenarios(plans: Mapping[str, Plan] | Runs, *, base: str | None = None) -> PlanMap:
    """Draw many plans of one region on one page, with a switch; each is shown against one of them.

    Parameters
    ----------
    plans : Mapping[str, Plan] or Runs
        By name, in the order of the switch; or a run folder (`open_runs`), of which those are drawn that have a plan
        with the layer that is compared; the log names others.
    base : str, optional
        Name of the plan that the others are compared with, by default the first.

    Returns
    -------
    PlanMap
        The page: `.save(path)` writes it.

    Raises
    ------
    ScenarioError
        Fewer than two plans, no such base, plans of different units, or no layer in common.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> one = gp.plan(plan.region, plan.policy.with_rule(gp.rules.DistrictCap(1)))
    >>> gp.draw_scenarios({"two": plan, "one": one}).save("scenarios.html").name
    'scenarios.html'
    """
    named = comparable(plans_of(plans), base) if isinstance(plans, Runs) else dict(plans)
    cases = {name: plans.case(name) for name in named} if isinstance(plans, Runs) else {}
    if len(named) < 2:
        what = Text("there are fewer than two plans to compare", "可供比较的方案不足两个")
        raise ScenarioError(what, Text("give two plans at least", "请至少给出两个方案"), list(named))
    if base is not None and base not in named:
        what = Text(f"there is no plan {base!r} to compare with", f"没有可供比较的方案 {base!r}")
        raise ScenarioError(what, did_you_mean(base, list(named)))
    position = 0 if base is None else list(named).index(base)
    plans_named = [Named(both(name), plan, *_case(cases.get(name))) for name, plan in named.items()]
    return draw_named(plans_named, position, drawn_areas(plans_named[position].plan.region))


def _case(case: Mapping[str, Any] | None) -> tuple[Text, bool]:
    """What run.json says of a scenario: its description, and whether it changes nothing."""
    if case is None:
        return Text("", ""), False
    about = case.get("description") or {}
    return Text(str(about.get("en", "")), str(about.get("zh", ""))), not case.get("changes")


def comparable(plans: Mapping[str, Plan], base: str | None = None) -> dict[str, Plan]:
    """The plans that have a layer in common with the one that they are compared with; a note names those left out."""
    against = plans.get(base or next(iter(plans), ""))
    if against is None:
        return dict(plans)
    layers = [result.layer for result in against.layers]
    layer = "general" if "general" in layers else layers[0]
    has_it = {name: plan for name, plan in plans.items() if layer in {result.layer for result in plan.layers}}
    if out := [name for name in plans if name not in has_it]:
        word = layer_title(layer)
        note(
            Text(
                f"not on the map, having no layer {word.en}: {', '.join(out)}",
                f"未绘入地图（没有{word.zh}）：{'、'.join(out)}",
            )
        )
    return has_it


def plans_of(runs: Runs) -> dict[str, Plan]:
    """The scenarios of a run folder that have a plan.

    Raises
    ------
    ScenarioError : the folder holds more than one city.
    """
    if runs.table["city"].nunique() > 1:
        what = Text("the run is of more than one city", "该运行包含多个城市")
        hint = Text(
            "draw the plans of one city: gp.draw_scenarios({name: runs.plan(name), ...})",
            "请只绘制一个城市的方案：gp.draw_scenarios({name: runs.plan(name), ...})",
        )
        raise ScenarioError(what, hint, sorted(set(runs.table["city"])))
    solved = set(runs.table.loc[runs.table["status"].isin(SOLVED), "name"])
    return {name: runs.plan(name) for name in runs.names if name in solved}


def draw_named(plans: Sequence[Named], base: int, areas: Areas) -> PlanMap:
    """The page of plans, against the one at the position `base`, with areas that were drawn before."""
    layers = shared_layers(plans, base)
    plans = [replace(one, plan=told_apart(one.plan)) for one in plans]
    first = plans[base].plan
    scripts, styles = vendored(["leaflet", "leaflet_css"])
    parts = {
        "body": BODY,
        "styles": [*styles, *map(own, STYLES)],
        "scripts": [*scripts, *map(own, SCRIPTS)],
        "data": difference_sheet(plans, base, layers, areas),
    }
    return PlanMap(first.region.title or first.region.name, parts)


def shared_layers(plans: Sequence[Named], base: int) -> list[str]:
    """The layers that every plan has, once it is sure that all are of the same units in the same districts.

    Raises
    ------
    ScenarioError : they are not, or there is no such layer.
    """
    first = plans[base].plan
    units = first.region.units.set_index("unit_id")["district_id"].astype(str)
    for other in plans:
        theirs = other.plan.region.units.set_index("unit_id")["district_id"].astype(str)
        strangers = sorted({*units.index} ^ {*theirs.index})
        if not strangers:
            strangers = sorted(units.index[np.asarray(units != theirs.reindex(units.index))])
        if strangers:
            what = Text(
                f"{first.name} and {other.plan.name} are not of the same units",
                f"{first.name} 与 {other.plan.name} 的单元不一致",
            )
            hint = Text(
                "compare plans whose regions have the same units, in the same districts",
                "请比较单元及其所属区均相同的方案",
            )
            raise ScenarioError(what, hint, strangers)
    theirs_too = [{layer.layer for layer in other.plan.layers} for other in plans]
    layers = [layer.layer for layer in first.layers if all(layer.layer in one for one in theirs_too)]
    if not layers:
        what = Text("the plans have no layer in common", "各方案没有共同的服务类别")
        hint = Text("compare plans of the same kind of policy", "请比较同类政策的方案")
        raise ScenarioError(what, hint, sorted(set().union(*theirs_too)))
    return layers
