"""gp.project: the population of later years by cohort, from yearly rates of districts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from gridplan.geography.sharing import share_out
from gridplan.inputs.read_rates import DEFAULTS, REST, read_rates
from gridplan.inputs.region import Region
from gridplan.words.arguments import a_region
from gridplan.words.errors import DataError
from gridplan.words.text import Text, both

MODELLED = "modelled: projected by cohort from "
FARTHEST = 100


def project(
    region: Region, rates: str | Path | pd.DataFrame, years: Iterable[int], *, base: int | None = None
) -> dict[int, Region]:
    """The region in later years, its people projected by cohort (队列要素法).

    The cohorts of a unit are the groups named in the rates, and "rest", who are in none of them. Each year, with the
    rates of the unit's district::

        P'_g = P_g · survival_g · (1 − ageing_g) + Σ_f→g P_f · survival_f · ageing_f
               + P_g · (growth_g + migration_g) + births_g · Σ_f P_f

    f→g are the groups whose `ages_to` is g. Real numbers go on from year to year; a district's whole persons are rounded
    once per year and cohort, and shared out to its units (largest remainders). Other groups of people, which the rates
    do not name, keep their share of each unit.

    Parameters
    ----------
    region : Region
        The city in the base year.
    rates : str or Path or DataFrame
        A file or a table: district_id ("all" for those without a row of their own), group (a column `people_…` of
        the units, or "rest"), births, growth, survival, ageing, migration (shares per year; blank = 0, survival
        1), ages_to.
    years : Iterable[int]
        Those wanted, from `base` on.
    base : int, optional
        The year of the region's people; the first of `years` where it is not given.

    Returns
    -------
    dict[int, Region]
        Year → Region.

    Raises
    ------
    ArgumentError
        `region` is no Region.
    DataError
        The rates have faults (each with its row); a year before the base, or more than 100 after it; groups
        that add up to more people than there are; or fewer than no people left.

    References
    ----------
    Leslie (1945), On the use of matrices in certain population mathematics, Biometrika 33(3); Smith, Tayman and
    Swanson (2013), A practitioner's guide to state and local population projections.

    Examples
    --------
    >>> import gridplan as gp
    >>> import pandas as pd
    >>> rates = pd.DataFrame({"district_id": ["all"], "group": ["rest"], "growth": [0.01]})
    >>> later = gp.project(gp.tiny_town(), rates, [2025, 2026])
    >>> int(later[2026].units["people"].sum())
    81810
    """
    a_region(region, "project")
    wanted = [int(year) for year in years]
    start = min(wanted, default=0) if base is None else base
    _refuse_years(wanted, start)
    table = read_rates(rates, region)
    cohorts = [g for g in dict.fromkeys([*table["group"], *table["ages_to"]]) if g not in ("", REST)]
    state = _cohorts(region, cohorts)
    made = {}
    for year in range(start, max(wanted) + 1):
        if year in wanted:
            made[year] = region if year == start else _region(region, state, cohorts)
        state = _next(state, table, region.units["district_id"])
    return {year: made[year] for year in wanted}


def _refuse_years(wanted: list[int], start: int) -> None:
    bad = [str(year) for year in wanted if not start <= year <= start + FARTHEST]
    if not wanted or bad:
        raise DataError(
            Text(
                f"years must be from {start} to {start + FARTHEST}, at least one",
                f"年份须在 {start} 至 {start + FARTHEST} 之间，至少一个",
            ),
            both("years=range(2026, 2036)"),
            bad,
        )


def _cohorts(region: Region, cohorts: list[str]) -> pd.DataFrame:
    """People of each unit (rows) and cohort, "rest" last."""
    units = region.units
    state = units[cohorts].fillna(0.0).astype(float)
    rest = units["people"].astype(float) - state.sum(axis=1)
    if (rest < 0).any():
        where = units.loc[rest < 0, "unit_id"].tolist()
        raise DataError(
            Text(
                f"groups {', '.join(cohorts)} add up to more than the people of {len(where)} unit(s)",
                f"有 {len(where)} 个单元的人群 {'、'.join(cohorts)} 之和超过总人口",
            ),
            Text("name groups that do not overlap", "请使用互不重叠的人群"),
            where,
        )
    return state.assign(**{REST: rest})


def _next(state: pd.DataFrame, rates: pd.DataFrame, districts: pd.Series) -> pd.DataFrame:
    """One year on."""
    of = {group: rows.set_index("district_id").reindex(districts) for group, rows in rates.groupby("group")}
    total, gone = state.sum(axis=1), {}
    after = pd.DataFrame(index=state.index)
    for group in state:
        now = of.get(group)
        rate = {
            name: np.full(len(state), default)
            if now is None
            else now[name].astype(float).fillna(default).to_numpy()
            for name, default in DEFAULTS.items()
        }
        alive = state[group] * rate["survival"]
        gone[group] = alive * rate["ageing"]
        after[group] = alive - gone[group] + state[group] * (rate["growth"] + rate["migration"])
        after[group] += total * rate["births"]
    for group, rows in of.items():
        for target in rows["ages_to"].dropna().unique():
            if target:
                joins = (rows["ages_to"] == target).to_numpy()
                after[target] += gone[str(group)].where(joins, 0.0)
    return after.clip(lower=0.0)


def _region(region: Region, state: pd.DataFrame, cohorts: list[str]) -> Region:
    """The region with these people, whole persons in each unit and cohort."""
    units, districts = region.units.copy(), region.districts.copy()
    whole = pd.DataFrame(0.0, index=state.index, columns=state.columns)
    for rows in units.groupby("district_id").groups.values():
        for group in state:
            values = state.loc[rows, group].to_numpy()
            total = round(float(values.sum()))
            if total:
                whole.loc[rows, group] = share_out(total, values)
    before = units["people"].astype(float)
    units["people"] = whole.sum(axis=1)
    for column in units.columns:
        if column in cohorts:
            units[column] = whole[column]
        elif str(column).startswith("people_"):
            share = (units[column] / before.where(before > 0)).fillna(0.0)
            units[column] = np.minimum((share * units["people"]).round(), units["people"]).where(
                units[column].notna()
            )
    gained = (units["people"] - before).groupby(units["district_id"]).sum()
    districts["people"] = districts["people"] + districts["district_id"].map(gained).fillna(0)
    if units["people"].sum() == 0:
        raise DataError(Text("the rates leave nobody", "按此变动率人口为零"))
    people = region.people if region.people.startswith(MODELLED) else MODELLED + region.people
    return replace(region.with_tables(units=units, districts=districts), people=people)
