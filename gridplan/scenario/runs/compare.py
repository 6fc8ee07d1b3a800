"""gp.compare: scenarios side by side against one of them; who moves, which pairs come and go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.plans.plan import Plan
from gridplan.scenario.runs.open_runs import Runs
from gridplan.scenario.runs.row import FIGURES, SOLVED
from gridplan.scenario.runs.run_files import frame, pairs_of
from gridplan.scenario.runs.run_folder import RunFolder
from gridplan.words.arguments import some_runs
from gridplan.words.errors import ScenarioError
from gridplan.words.text import Text
from gridplan.words.vocabulary import LAYERS, both_words

AGAINST = ("person_minutes", "mean_minutes", "worst_minutes", "people_beyond")
COLUMNS = [
    "name", "city", "scenario", "layer", "status", *FIGURES, *(f"{name}_more" for name in AGAINST), "pairs_added",
    "pairs_dropped", "people_moved", "seconds", "reason", "reason_zh",
]  # fmt: skip


def compare(runs: Runs, base: str | None = None, layer: str | None = None) -> pd.DataFrame:
    """A row per scenario, against one of them.

    Parameters
    ----------
    runs : Runs
        A run folder, as `gp.scenarios` returns and `gp.open_runs` opens it.
    base : str, optional
        Name of a scenario with a plan, by default the first; with many cities the scenario of each city.
    layer : str, optional
        "general" where the plans of the base have it, by default; else their first layer.

    Returns
    -------
    DataFrame
        In the order of the scenarios, none left out: name, city, scenario, layer, status, figures in persons, minutes and
        pairs, `…_more` (more than in the base), pairs_added, pairs_dropped, people_moved (residents whose
        hospital is another one than in the base), seconds, reason, reason_zh. What a scenario without a plan
        lacks is missing. A plan without the layer has the row of its own first layer: nothing in it is compared, and
        the reason says so.

    Raises
    ------
    ArgumentError
        `runs` are no Runs.
    ScenarioError
        No such base or layer, or the base has no plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> policy = gp.policy("shanghai-2025")
    >>> one = policy.with_rule(gp.rules.DistrictCap(1))
    >>> runs = gp.scenarios(gp.tiny_town(), {"two": policy, "one": one}, workers=1)
    >>> gp.compare(runs)["status"].tolist()
    ['optimal', 'optimal']
    """
    some_runs(runs, "compare")
    table = runs.table
    solved = table[table["status"].isin(SOLVED)]
    base_of = _bases(runs, solved, base)
    layer = _layer(solved, base_of, layer)
    has_it = solved[solved["layer"] == layer]
    others = solved[~solved["key"].isin(has_it["key"])].drop_duplicates("key")
    mine = table[table.index.isin([*has_it.index, *others.index]) | ~table["status"].isin(SOLVED)].copy()
    _tell(mine, others, layer)
    lists = _lists(runs, layer)
    figures = has_it.drop_duplicates("key").set_index("key")
    added, dropped, moved = [], [], []
    for key, city in zip(mine["key"], mine["city"], strict=True):
        one, other = lists.get(key), lists.get(base_of.get(city, ""))
        came, went, people = difference(one, other)
        added.append(came)
        dropped.append(went)
        moved.append(people)
    mine["pairs_added"], mine["pairs_dropped"], mine["people_moved"] = added, dropped, moved
    against = mine["city"].map(base_of)
    for name in AGAINST:
        mine[f"{name}_more"] = (mine[name] - against.map(figures[name])).mask(mine.index.isin(others.index))
    whole = [
        "people",
        "people_beyond",
        "fullest_people",
        "pairs",
        "hospitals",
        "changes",
        "people_beyond_more",
    ]
    whole += ["pairs_added", "pairs_dropped", "people_moved"]
    return mine[COLUMNS].astype(dict.fromkeys(whole, "Int64")).reset_index(drop=True)


def movers(runs: Runs, name: str, base: str, layer: str = "general") -> pd.DataFrame:
    """The units whose hospital is another one in scenario `name` than in `base`.

    Parameters
    ----------
    runs : Runs
        A run folder, as `gp.scenarios` returns and `gp.open_runs` opens it.
    name : str
        The scenario.
    base : str
        The scenario that it is compared with.
    layer : str, default "general"
        Layer of the plan: "general", "tcm", "merged" or "grid".

    Returns
    -------
    DataFrame
        Columns unit_id, unit, district_id, people (of `name`), from_hospital, to_hospital, minutes_more.

    Raises
    ------
    ArgumentError
        `runs` are no Runs.
    ScenarioError
        No such scenario or layer, or one without a plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> policy = gp.policy("shanghai-2025")
    >>> one = policy.with_rule(gp.rules.DistrictCap(1))
    >>> runs = gp.scenarios(gp.tiny_town(), {"two": policy, "one": one}, workers=1)
    >>> len(gp.measures.movers(runs, "one", "two"))
    4
    """
    some_runs(runs, "measures.movers")
    return moved_units(runs.plan(base), runs.plan(name), layer)


def moved_units(before: Plan, after: Plan, layer: str) -> pd.DataFrame:
    """`movers` of two plans; `from_hospital` is missing where nobody served a unit before."""
    now, then = after.to_frame(layer), before.to_frame(layer)
    both = now.merge(then, on="unit_id", how="left", suffixes=("", "_before"))
    both = both[both["hospital_id"] != both["hospital_id_before"]]
    both = both.assign(minutes_more=both["minutes"] - both["minutes_before"])
    columns = {"hospital_id_before": "from_hospital", "hospital_id": "to_hospital"}
    wanted = ["unit_id", "unit", "district_id", "people", "from_hospital", "to_hospital", "minutes_more"]
    return both.rename(columns=columns)[wanted].reset_index(drop=True)


def pair_changes(runs: Runs, name: str, base: str) -> pd.DataFrame:
    """The pairs that scenario `name` has and `base` has not ("added"), and the other way round ("dropped").

    Parameters
    ----------
    runs : Runs
        A run folder, as `gp.scenarios` returns and `gp.open_runs` opens it.
    name : str
        The scenario.
    base : str
        The scenario that it is compared with.

    Returns
    -------
    DataFrame
        Columns layer, district_id, hospital_id, people, change.

    Raises
    ------
    ArgumentError
        `runs` are no Runs.
    ScenarioError
        No such scenario, or one without a plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> policy = gp.policy("shanghai-2025")
    >>> one = policy.with_rule(gp.rules.DistrictCap(1))
    >>> runs = gp.scenarios(gp.tiny_town(), {"two": policy, "one": one}, workers=1)
    >>> set(gp.measures.pair_changes(runs, "one", "two")["change"])
    {'dropped'}
    """
    some_runs(runs, "measures.pair_changes")
    return changed_pairs(runs.plan(base), runs.plan(name))


def changed_pairs(before: Plan, after: Plan) -> pd.DataFrame:
    """`pair_changes` of two plans."""
    keys = ["layer", "district_id", "hospital_id"]
    both = after.pairs.merge(before.pairs, on=keys, how="outer", suffixes=("", "_before"), indicator=True)
    both = both[both["_merge"] != "both"]
    both["change"] = np.where(both["_merge"] == "left_only", "added", "dropped")
    both["people"] = both["people"].fillna(both["people_before"]).astype("int64")
    return both[[*keys, "people", "change"]].reset_index(drop=True)


def layer_compared(runs: Runs, base: str | None = None, layer: str | None = None) -> str:
    """The layer that `compare` compares; arguments as there."""
    solved = runs.table[runs.table["status"].isin(SOLVED)]
    return _layer(solved, _bases(runs, solved, base), layer)


def _layer(solved: pd.DataFrame, base_of: Mapping[str, str], asked: str | None) -> str:
    layers = list(dict.fromkeys(solved.loc[solved["key"].isin(base_of.values()), "layer"]))
    if asked is not None and layers and asked not in layers:
        what = Text(
            f"the plan that is compared with has no layer {asked!r}",
            f"作为比较基准的方案没有服务类别“{asked}”",
        )
        raise ScenarioError(what, Text(f"it has {', '.join(layers)}", f"其服务类别：{'、'.join(layers)}"))
    return asked or ("general" if "general" in layers or not layers else layers[0])


def _tell(mine: pd.DataFrame, others: pd.DataFrame, layer: str) -> None:
    """Say of plans without the layer that their row is of another one."""
    wanted = both_words(LAYERS, layer)
    for position, own in zip(others.index, others["layer"], strict=True):
        has = both_words(LAYERS, own)
        mine.loc[position, "reason"] = (
            f"has no layer {wanted.en}; the row is of its layer {has.en} and is not compared"
        )
        mine.loc[position, "reason_zh"] = f"没有“{wanted.zh}”类别；本行为其“{has.zh}”类别，未作比较"


def _bases(runs: Runs, solved: pd.DataFrame, base: str | None) -> dict[str, str]:
    """City → key of what it is compared with."""
    if base is None:
        return dict(solved.drop_duplicates("city").set_index("city")["key"])
    mine = solved[(solved["name"] == base) | (solved["scenario"] == base)].drop_duplicates("city")
    if mine.empty:
        known = runs.names
        what = Text(
            f"there is no plan of scenario {base!r} to compare with", f"没有可供比较的情景 {base!r} 的方案"
        )
        reason = "".join(runs.table.loc[runs.table["name"] == base, "reason"].head(1))
        raise ScenarioError(what, Text(reason, reason) if reason else did_you_mean(base, known))
    return dict(mine.set_index("city")["key"])


def _lists(runs: Runs, layer: str) -> dict[str, dict[str, Any]]:
    """Key → who serves each unit, its people, and the pairs, of one layer."""
    table = RunFolder(runs.folder).read(
        ["key", "layer", "served_by", "served_people", "pair_list"], set(runs.table["key"])
    )
    table = table.filter([one == layer for one in table["layer"].to_pylist()])
    plain = frame(table.select(["key", "served_by", "served_people"]))
    return {
        key: {"served_by": served, "served_people": people, "pair_keys": pairs}
        for key, served, people, pairs in zip(
            plain["key"], plain["served_by"], plain["served_people"], pairs_of(table), strict=True
        )
    }


def difference(
    one: Mapping[str, Any] | None, other: Mapping[str, Any] | None
) -> tuple[int | None, int | None, int | None]:
    """Pairs added, pairs dropped, people who move; None where one has no plan, or other units.

    Parameters
    ----------
    one, other : `served_by`, `served_people`, one per unit, and `pair_keys` (district_id, hospital_id), of a scenario and of its base.
    """
    if one is None or other is None:
        return None, None, None
    came, went = len(one["pair_keys"] - other["pair_keys"]), len(other["pair_keys"] - one["pair_keys"])
    if len(one["served_by"]) != len(other["served_by"]):
        return came, went, None
    elsewhere = np.asarray(one["served_by"]) != np.asarray(other["served_by"])
    return came, went, int(np.asarray(one["served_people"])[elsewhere].sum())
