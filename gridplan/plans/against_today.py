"""Before and after: what a plan gives and takes, district by district, against today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from gridplan.judging.breaches import MINUTE
from gridplan.plans.plan import Plan
from gridplan.plans.today import FAR, Today
from gridplan.words.amount import people_text
from gridplan.words.arguments import a_plan
from gridplan.words.text import Text
from gridplan.words.vocabulary import LAYERS, both_words

COLUMNS = [
    "layer", "district_id", "district", "people", "people_without", "partners_today", "partners", "minutes_today",
    "minutes_same", "minutes", "beyond_today", "beyond_same", "beyond", "winners", "losers", "minutes_won",
    "minutes_lost",
]  # fmt: skip
NAMED = 3  # districts named in a sentence
WORTH = 0.05  # minutes per resident of a district that are worth a word: one decimal is printed


def against_today(plan: Plan, today: Today | None = None) -> pd.DataFrame:
    """What becomes of residents against today, per district and in all.

    Gains and losses are told of residents who have a partner today: of the others nobody knows minutes, they are counted
    apart.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    today : Today, optional
        Of the same region and policy; by default open campuses count as partners (`gp.today`).

    Returns
    -------
    DataFrame
        A row per layer of partners and district, and one per layer in all (district_id ""): layer, district_id,
        district, people (residents), people_without (of them without a partner today), partners_today, partners (of
        the plan; pairs in the row of all), minutes_today (mean of the residents with a partner today; NaN where there
        are none), minutes_same (mean of the same residents in the plan), minutes (mean of all residents in the plan),
        beyond_today, beyond_same, beyond (of the same three: residents beyond 60 minutes), winners, losers (residents
        with fewer, with more minutes than today), minutes_won, minutes_lost (person-minutes of these, both ≥ 0).

    Raises
    ------
    ArgumentError
        `plan` is no plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> table = gp.measures.against_today(plan)
    >>> table[table["layer"] == "general"][["district_id", "people_without", "winners", "losers"]].to_dict("list")
    {'district_id': ['T1', 'T2', 'T3', ''], 'people_without': [42000, 0, 0, 42000], 'winners': [0, 18000, 10000, 28000], 'losers': [0, 0, 0, 0]}
    """
    a_plan(plan, "measures.against_today")
    now = today or plan.today
    rows = now.assignment.merge(
        plan.assignment[["layer", "unit_id", "hospital_id", "minutes"]],
        on=["layer", "unit_id"],
        suffixes=("_today", ""),
    )
    names = plan.region.districts.set_index("district_id")["name"]
    told: list[tuple[Any, ...]] = []
    for layer in plan.policy.partner_layers:
        mine = rows[rows["layer"] == layer]
        before, after = (table[table["layer"] == layer] for table in (now.pairs, plan.pairs))
        columns = {name: mine[name].to_numpy() for name in ("people", "minutes", "minutes_today")}
        columns["has_one"] = (mine["hospital_id_today"] != "").to_numpy(dtype=bool)
        groups = mine.groupby("district_id").indices
        partners = [table["district_id"].value_counts() for table in (before, after)]
        for district in plan.region.districts["district_id"]:
            part = groups.get(district, np.zeros(0, dtype=int))
            pairs = [int(counts.get(district, 0)) for counts in partners]
            here = {name: column[part] for name, column in columns.items()}
            told.append((layer, district, names[district], *_figures(here, *pairs)))
        told.append((layer, "", "", *_figures(columns, len(before), len(after))))
    return pd.DataFrame(told, columns=COLUMNS)


def _figures(rows: Mapping[str, np.ndarray], before: int, after: int) -> tuple[Any, ...]:
    same = {name: column[rows["has_one"]] for name, column in rows.items()}
    more = same["minutes"] - same["minutes_today"]
    won, lost = more < -MINUTE, more > MINUTE
    people = same["people"]
    return (
        int(rows["people"].sum()), int(rows["people"].sum() - people.sum()), before, after,
        _mean(same, "minutes_today"), _mean(same, "minutes"), _mean(rows, "minutes"),
        int(people[same["minutes_today"] > FAR].sum()), int(people[same["minutes"] > FAR].sum()),
        int(rows["people"][rows["minutes"] > FAR].sum()), int(people[won].sum()), int(people[lost].sum()),
        abs(float(np.nansum((more * people)[won]))), float(np.nansum((more * people)[lost])),
    )  # fmt: skip


def _mean(rows: Mapping[str, np.ndarray], column: str) -> float:
    people = rows["people"].sum()
    return float(np.nansum(rows[column] * rows["people"]) / people) if people else float("nan")


def against_text(plan: Plan, table: pd.DataFrame, layer: str) -> Text:
    """A layer against today in a sentence: minutes, beyond 60 minutes, who wins and loses, which districts most.

    Parameters
    ----------
    table : of `against_today`.
    """
    name = both_words(LAYERS, layer)
    mine = table[table["layer"] == layer]
    city, districts = mine[mine["district_id"] == ""].iloc[0], mine[mine["district_id"] != ""]
    without = Text("", "")
    if city.people_without:
        none = int((districts["people_without"] > 0).sum())
        without = Text(
            f" Without a partner today, counted apart: {city.people_without:,} residents of {none} district(s).",
            f"现无合作医院 {people_text(city.people_without).zh}（{none} 个区），单独统计。",
        )
    if city.people == city.people_without:
        return Text(
            f"Against today, {name.en}: nobody has a partner today.",
            f"与现状相比（{name.zh}）：现均无合作医院。",
        )
    more = districts["minutes_same"] - districts["minutes_today"]
    least, most = (_named(plan, districts, more * sign) for sign in (-1, 1))
    gain = Text(f" Gain most: {least.en}." if least.en else "", f"改善最多：{least.zh}。" if least.zh else "")
    loss = Text(f" Lose most: {most.en}." if most.en else "", f"增加最多：{most.zh}。" if most.zh else "")
    return Text(
        f"Against today, {name.en}: residents with a partner today travel {city.minutes_today:.1f} → "
        f"{city.minutes_same:.1f} minutes on average, {city.beyond_today:,} → {city.beyond_same:,} of them beyond "
        f"{FAR:g} minutes; {city.winners:,} travel less, {city.losers:,} more; {city.partners_today} → {city.partners} "
        f"pairs.{gain.en}{loss.en}{without.en}",
        f"现状 → 方案（{name.zh}）：现有合作医院的居民人均出行时间 {city.minutes_today:.1f} → {city.minutes_same:.1f} 分钟，"
        f"超过 {FAR:g} 分钟 {city.beyond_today:,} → {city.beyond_same:,} 人；缩短 {people_text(city.winners).zh}，"
        f"延长 {people_text(city.losers).zh}；结对 {city.partners_today} → {city.partners} 对。{gain.zh}{loss.zh}{without.zh}",
    )


def _named(plan: Plan, districts: pd.DataFrame, more: pd.Series) -> Text:
    """The districts where `more` is largest and above zero, with minutes before and after."""
    first = districts.assign(more=more)[more >= WORTH].sort_values("more", ascending=False, kind="stable")
    rows = list(first.head(NAMED).itertuples())
    names = plan.region.district_names
    told = [(names[d.district_id], f"{d.minutes_today:.1f} → {d.minutes_same:.1f}") for d in rows]
    return Text(", ".join(f"{n.en} {m}" for n, m in told), "、".join(f"{n.zh} {m}" for n, m in told))
