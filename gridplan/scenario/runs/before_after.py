"""Scenarios against today: for each one with a plan, the same residents before and after, who wins and who loses."""

from __future__ import annotations

import pandas as pd

from gridplan.plans.against_today import against_today
from gridplan.scenario.runs.open_runs import Runs
from gridplan.scenario.runs.row import SOLVED
from gridplan.words.arguments import some_runs
from gridplan.words.errors import ScenarioError
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

FIGURES = [
    "people_without", "partners_today", "partners", "minutes_today", "minutes_same", "minutes", "beyond_today",
    "beyond_same", "beyond", "winners", "losers",
]  # fmt: skip
COLUMNS = ["name", "city", "scenario", "layer", *FIGURES]


def before_after(runs: Runs, layer: str | None = None, *, districts: bool = False) -> pd.DataFrame:
    """Every scenario with a plan against its own today (现状 → 方案): rows of `measures.against_today`.

    Each plan is opened for it, so of thousands of scenarios this takes minutes.

    Parameters
    ----------
    runs : Runs
        A run folder, as `gp.scenarios` returns and `gp.open_runs` opens it.
    layer : str, optional
        A layer of partners: "general" where the plans have it, by default; else the first.
    districts : bool, default False
        Also a row per district; the row "in all" has the district_id "".

    Returns
    -------
    DataFrame
        A row per scenario with that layer, in their order: name, city, scenario, layer, people_without (residents without
        a partner today), partners_today, partners (pairs), minutes_today, minutes_same (mean of the residents who have a
        partner today, today and in the plan), minutes (mean of all), beyond_today, beyond_same, beyond (residents beyond
        60 minutes, of the same three), winners, losers (residents with fewer, with more minutes). With `districts`
        also district_id and district, behind layer.

    Raises
    ------
    ArgumentError
        `runs` are no Runs.
    ScenarioError
        No plan has partners in that layer.

    Examples
    --------
    >>> import gridplan as gp
    >>> policy = gp.policy("shanghai-2025")
    >>> one = policy.with_rule(gp.rules.DistrictCap(1))
    >>> runs = gp.scenarios(gp.tiny_town(), {"two": policy, "one": one}, workers=1)
    >>> gp.measures.before_after(runs)[["name", "partners_today", "partners"]].values.tolist()
    [['two', 2, 6], ['one', 2, 3]]
    """
    some_runs(runs, "measures.before_after")
    table = runs.table[runs.table["status"].isin(SOLVED)]
    there = [str(one) for one in table["layer"].unique() if one != GRID]
    wanted = layer or ("general" if "general" in there else there[0] if there else "")
    if wanted not in there:
        what = Text(f"no plan has partners in the layer {wanted!r}", f"没有方案含服务类别“{wanted}”的结对")
        raise ScenarioError(what, Text(f"there are {', '.join(there)}", f"现有：{'、'.join(there)}"))
    rows = []
    for row in table[table["layer"] == wanted].itertuples():
        told = against_today(runs.plan(str(row.name)))
        mine = told[(told["layer"] == wanted) & (districts | (told["district_id"] == ""))]
        rows.append(mine.assign(name=row.name, city=row.city, scenario=row.scenario))
    columns = [*COLUMNS[:4], "district_id", "district", *FIGURES] if districts else COLUMNS
    return pd.concat(rows, ignore_index=True)[columns]
