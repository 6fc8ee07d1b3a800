"""Plan: who partners whom, who is served by whom, and how good that is proven to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from gridplan.geography.tessellate import areas_of
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.judging.grid_tables import GridTables, grid_tables
from gridplan.optimise.run.outcome import GoalResult, Status
from gridplan.plans.folder.certificate import Certificate, kept_with
from gridplan.plans.once import once
from gridplan.plans.prices import prices_text
from gridplan.plans.supporters import supporters_of
from gridplan.plans.today import Today, today
from gridplan.policies.goals import figure, tells
from gridplan.policies.groups import demand
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.policy import Policy
from gridplan.words.findings import Findings
from gridplan.words.html import card, html_row, html_table, said
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import GRID, LAYERS, OUTCOMES, both_words, layer_title

MOST_IN_A_WORKBOOK = 20_000  # units: a sheet of more rows opens slowly and is read by nobody


@dataclass(frozen=True)
class LayerResult:
    """One layer's goals in the order they were solved, by which engine, in how many seconds.

    Parameters
    ----------
    preference_minutes : what travel comes to more than without any preference for priorities (SH-5), in its unit; None
        where that was not proven in time, where goals besides priorities and travel are set, and for grids.
    without : id of a rule whose price is told → value of the last goal without it; proven, and only where one goal is
        all that the policy has.
    """

    layer: str
    goals: tuple[GoalResult, ...]
    engine: str
    seconds: float
    preference_minutes: float | None
    without: Mapping[str, float] = field(default_factory=dict)

    @property
    def last(self) -> GoalResult:
        """The goal solved last."""
        return self.goals[-1]

    @property
    def value(self) -> float:
        """Value of the last goal, in its unit."""
        return self.last.value

    @property
    def bound(self) -> float:
        """Proven lower bound of the last goal, in its unit."""
        return self.last.bound

    @property
    def gap(self) -> float:
        """The largest relative gap of any goal."""
        return max(goal.gap for goal in self.goals)

    @property
    def status(self) -> Status:
        """ "optimal" only when every goal is."""
        return "optimal" if all(goal.status == "optimal" for goal in self.goals) else "feasible"


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan of one region under one policy.

    Parameters
    ----------
    region, policy : Region
        What was planned, and under what.
    travel : Travel
        The minutes that it was planned with.
    assignment : DataFrame
        layer, unit_id, district_id, people, hospital_id, minutes; a row per unit and layer. In the layer "grid"
        hospital_id is the grid lead, and districts that are left out have no rows.
    pairs : DataFrame
        layer, district_id, hospital_id, priority (1–5), counted (0/1), people, change ("new"/"kept"/"present").
    layers : tuple[LayerResult, ...]
        What each layer reached and what is proven.
    findings : Findings
        Warnings of the data that travel with the plan.
    provenance : Mapping[str, Any]
        versions, input hashes, seconds, when.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> plan.status, len(plan.pairs)
    ('optimal', 10)
    """

    region: Region
    policy: Policy
    travel: Travel
    assignment: pd.DataFrame
    pairs: pd.DataFrame
    layers: tuple[LayerResult, ...]
    findings: Findings
    provenance: Mapping[str, Any]

    @property
    def units_in_parquet(self) -> bool:
        """Whether its units are too many for a workbook: their rows then stand in assignment.parquet beside the CSV."""
        return len(self.region.units) > MOST_IN_A_WORKBOOK

    @property
    def name(self) -> str:
        """Region and policy."""
        return f"{self.region.name}, {self.policy.name}"

    @property
    def status(self) -> Status:
        """ "optimal" when every layer is proven optimal, else "feasible" (best found)."""
        return "optimal" if all(layer.status == "optimal" for layer in self.layers) else "feasible"

    @property
    def gap(self) -> float:
        """The largest relative gap of any layer."""
        return max(layer.gap for layer in self.layers)

    @property
    def outcome(self) -> Text:
        """The first words of every report: proven optimal, or best found with its gap."""
        return outcome_text(self.status, self.gap)

    def layer(self, name: str) -> LayerResult:
        """The result of one layer."""
        for result in self.layers:
            if result.layer == name:
                return result
        raise KeyError(f"no layer {name!r}; this plan has {', '.join(r.layer for r in self.layers)}")

    @cached_property
    def grid_tables(self) -> GridTables:
        """What the region's tables say of the grids: forms, areas, who leads, parts. Empty without the layer "grid"."""
        return grid_tables(self.region, self.policy.on(self.region), self.assignment)

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """Who may be a partner or lead a grid here; not to be written to (`policies.pairs.candidates`)."""
        return candidates(self.region, self.policy)

    @cached_property
    def pair_table(self) -> pd.DataFrame:
        """Every district with every candidate, and what the policy says of the pair; not to be written to."""
        return pair_table(self.region, self.policy)

    @cached_property
    def today(self) -> Today:
        """Today under the plan's policy and minutes (`gp.today`), worked out once.

        Raises
        ------
        PolicyError : the policy speaks of grids alone.
        """
        return today(self.region, self.policy, travel=self.travel)

    @property
    def certificate(self) -> Certificate | None:
        """The proof that `gp.certify` worked out, or that lies in the folder the plan was opened from; None without one."""
        return next(iter(kept_with(self)), None)

    def to_frame(self, layer: str | None = None) -> pd.DataFrame:
        """The assignment with names of units, districts and hospitals, and the pair's priority beside the ids."""
        rows = _named_rows(self)
        return rows.copy() if layer is None else rows[rows["layer"] == layer].reset_index(drop=True)

    def to_geoframe(self, layer: str | None = None) -> gpd.GeoDataFrame:
        """`to_frame` with the area of each unit, WGS 84: for those who go on by hand.

        Areas are the units' own, or, where a unit is a point, the part of its district nearest to it. Catchments:
        `.dissolve("hospital_id")`; `.explore("hospital")` asks the network for its tiles, `gp.draw` does not.
        """
        areas = areas_of(self.region)
        of_unit = dict(zip(self.region.units["unit_id"], areas, strict=True))
        rows = self.to_frame(layer)
        return gpd.GeoDataFrame(rows, geometry=list(rows["unit_id"].map(of_unit)), crs=4326)

    def pairs_frame(self, layer: str | None = None) -> pd.DataFrame:
        """The pairs with names, mean minutes and `main`, 1 for a district's main technical supporter (SH-7).

        Of the layer "grid" alone: districts and grid leads, with the `form` of the grids ("urban", "county").
        """
        pairs = _named_pairs(self)
        if layer is None:
            return pairs.copy()
        pairs = pairs[pairs["layer"] == layer].reset_index(drop=True)
        return pairs.assign(form=pairs["district_id"].map(self.grid_tables.forms)) if layer == GRID else pairs

    def summary(self, lang: Language = "en") -> str:
        """The plan in a few lines a planner understands."""
        lines = [f"{self.name}: {self.outcome.say(lang)}"]
        for result in self.layers:
            lines.append(f"  {self._layer_line(result).say(lang)}")
            goals = [goal_text(goal).say(lang) for goal in result.goals]
            lines += [f"    {n}. {goal}" for n, goal in enumerate(goals, start=1)]
        lines += [note.say(lang) for note in self._notes()]
        return "\n".join(lines)

    def _notes(self) -> list[Text]:
        """What a reader must know beside the figures."""
        notes, people, count = [], self.region.people, len(self.findings)
        if self.region.modelled:
            notes.append(Text(f"People of units are {people}.", "单元人口为推算值，非普查数。"))
        if self.findings:
            zh = f"数据有 {count} 条提醒，见 findings。"
            notes.append(Text(f"{count} warning(s) about the data, see findings.", zh))
        return notes

    def _grid_line(self, result: LayerResult) -> Text:
        rows = self.assignment[self.assignment["layer"] == GRID]
        people, outcome = rows["people"].sum(), outcome_text(result.status, result.gap)
        mean = (rows["people"] * rows["minutes"]).sum() / max(1, people)
        longest = rows.loc[rows["people"] > 0, "minutes"].max()
        out = [d for d, form in self.grid_tables.forms.items() if form == "left_out"]
        names = [self.region.label("district", d) for d in out]
        left = Text("", "")
        if out:
            left = Text(
                f"; left out (county consortium): {', '.join(names)}",
                f"；不划网格（县域医共体）：{'、'.join(names)}",
            )
        grids, districts = rows["hospital_id"].nunique(), rows["district_id"].nunique()
        layer = both_words(LAYERS, GRID)
        return Text(
            f"{layer.en}: {outcome.en}; {grids} grids in {districts} districts, mean {mean:.1f} min, "
            f"longest {longest:.1f} min{left.en}",
            f"{layer_title(GRID).zh}：{outcome.zh}；{districts} 个区共 {grids} 个网格，人均 {mean:.1f} 分钟，"
            f"最长 {longest:.1f} 分钟{left.zh}",
        )

    def preference_each(self, layer: str) -> float | None:
        """Minutes per resident that the priorities cost; per resident as the goal travel counts them (CD-5)."""
        cost = self.layer(layer).preference_minutes
        total = float(demand(self.region, self.policy).sum())
        return None if cost is None else cost / max(1.0, total)

    def _layer_line(self, result: LayerResult) -> Text:
        if result.layer == GRID:
            return self._grid_line(result)
        rows = self.assignment[self.assignment["layer"] == result.layer]
        pairs = self.pairs[self.pairs["layer"] == result.layer]
        people = rows["people"].sum()
        mean = (rows["people"] * rows["minutes"]).sum() / max(1, people)
        beyond = rows.loc[rows["minutes"] > 60, "people"].sum()
        each = self.preference_each(result.layer)
        price = prices_text(self.policy, each, result.value, result.without, people, result.goals[-1].unit)
        layer = both_words(LAYERS, result.layer)
        outcome = outcome_text(result.status, result.gap)
        return Text(
            f"{layer.en}: {outcome.en}; {len(pairs)} pairs, {pairs['hospital_id'].nunique()} hospitals, "
            f"mean {mean:.1f} min, {beyond:,} residents beyond 60 min{price.en}",
            f"{layer.zh}类结对：{outcome.zh}；{len(pairs)} 对，{pairs['hospital_id'].nunique()} 家医院，"
            f"人均 {mean:.1f} 分钟，{beyond:,} 人超过 60 分钟{price.zh}",
        )

    def __repr__(self) -> str:
        return f"Plan {self.summary()}"

    def _repr_html_(self) -> str:
        headings = (
            Text("layer", "服务类别"),
            Text("in short", "概况"),
            Text("goals, in order", "目标（按次序）"),
        )
        rows = []
        for result in self.layers:
            goals = [goal_text(goal) for goal in result.goals]
            told = Text("; ".join(goal.en for goal in goals), "；".join(goal.zh for goal in goals))
            rows.append(html_row((both_words(LAYERS, result.layer), self._layer_line(result), told)))
        notes = [said(note, "p") for note in self._notes()]
        head = Text(f"{self.name}: {self.outcome.en}", f"{self.name}：{self.outcome.zh}")
        return card(head, html_table(headings, rows), *notes)


@once
def _named_rows(plan: Plan) -> pd.DataFrame:
    """`to_frame` of all layers."""
    keys = ["layer", "district_id", "hospital_id"]
    rows = plan.assignment.merge(plan.pairs[[*keys, "priority"]], on=keys, how="left")
    return _named(plan.region, rows, ("unit", "district", "hospital"))


@once
def _named_pairs(plan: Plan) -> pd.DataFrame:
    """`pairs_frame` of all layers."""
    keys = ["layer", "district_id", "hospital_id"]
    weighted = plan.assignment.assign(total=plan.assignment["minutes"] * plan.assignment["people"])
    sums = weighted.groupby(keys, as_index=False)[["total"]].sum()
    pairs = plan.pairs.merge(sums, on=keys, how="left")
    pairs["mean_minutes"] = pairs["total"] / pairs["people"].where(pairs["people"] > 0)
    main = pairs["district_id"].map(supporters_of(plan.region, plan.pairs)) == pairs["hospital_id"]
    pairs["main"] = (main & (pairs["counted"] == 1)).astype(int)
    return _named(plan.region, pairs.drop(columns="total"), ("district", "hospital"))


def _named(region: Region, rows: pd.DataFrame, nouns: tuple[str, ...]) -> pd.DataFrame:
    """The rows with names beside the ids."""
    tables = {"unit": region.units, "district": region.districts, "hospital": region.hospitals}
    named = rows.copy()
    for noun in nouns:
        names = tables[noun].set_index(f"{noun}_id")["name"]
        named.insert(named.columns.get_loc(f"{noun}_id") + 1, noun, named[f"{noun}_id"].map(names))
    return named.reset_index(drop=True)


def goal_text(goal: GoalResult) -> Text:
    """A goal with its value, its bound and how sure it is; what it reached in its turn where that was less."""
    value, bound, outcome = (
        figure(goal.value, goal.unit),
        figure(goal.bound, goal.unit),
        outcome_text(goal.status, goal.gap),
    )
    before = Text("", "")
    if tells(goal.value - goal.reached, goal.unit):
        reached = figure(goal.reached, goal.unit)
        before = Text(f" ({reached.en} reached before later goals)", f"（后续目标之前曾达 {reached.zh}）")
    return Text(
        f"{goal.text.en}: {value.en}{before.en}, bound {bound.en}; {outcome.en}",
        f"{goal.text.zh}：{value.zh}{before.zh}，下界 {bound.zh}；{outcome.zh}",
    )


def outcome_text(status: Status, gap: float) -> Text:
    """Proven optimal, or "best found, gap x %": a run stopped early is never called optimal."""
    if status == "optimal":
        return OUTCOMES["optimal"]
    found = OUTCOMES["feasible"]
    return Text(f"{found.en}, gap {gap:.2%}", f"{found.zh}，差距 {gap:.2%}")
