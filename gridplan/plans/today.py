"""gp.today: the partnerships of today as a plan, so that every plan can be told against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.doctor.minutes import forms_of_minutes, minutes_given
from gridplan.geography.travel import TIE, Travel, travel_times
from gridplan.inputs.region import Region
from gridplan.judging.today_tables import judge_today
from gridplan.judging.verdict import Verdict
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Eligibility, PairScores, Pin, TravelStandard
from gridplan.words.amount import people_text
from gridplan.words.arguments import a_kind, a_policy, a_region
from gridplan.words.errors import PolicyError
from gridplan.words.html import card, html_row, html_table, said
from gridplan.words.text import Language, Text, both
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS, GRID, LAYERS, both_words

FAR = 60.0  # minutes beyond which residents are counted, as in reports
PAIRS_TODAY = [
    "layer", "district_id", "hospital_id", "priority", "counted", "agreed", "people", "mean_minutes",
]  # fmt: skip
DISTRICTS_TODAY = [
    "layer", "district_id", "district", "partners", "people", "people_without", "mean_minutes", "people_beyond",
]  # fmt: skip
HOSPITALS_TODAY = ["layer", "hospital_id", "hospital", "districts", "people", "mean_minutes"]


@dataclass(frozen=True, eq=False)
class Today:
    """Residents under today's partnerships: each unit at the cheapest of its district's partners.

    Parameters
    ----------
    region, policy, travel : Region
        What was asked about.
    assignment : DataFrame
        layer, unit_id, district_id, people, hospital_id, minutes; a row per unit and layer of partners. A unit
        whose district has no partner that it can reach has hospital_id "" and no minutes (NaN).
    pairs : DataFrame
        layer, district_id, hospital_id, priority (1–5), counted (0/1), agreed (1: a partnership is in the tables,
        0: an open campus without one), people (residents served), mean_minutes; every pair of today.
    verdict : Verdict
        What of the policy today keeps and breaks; its figures are the judge's too.

    Examples
    --------
    >>> import gridplan as gp
    >>> today = gp.today(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> len(today.pairs)
    2
    """

    region: Region
    policy: Policy
    travel: Travel
    assignment: pd.DataFrame
    pairs: pd.DataFrame
    verdict: Verdict

    @property
    def name(self) -> str:
        """Region and policy."""
        return f"{self.region.name}, {self.policy.name}"

    def districts_frame(self, layer: str | None = None) -> pd.DataFrame:
        """Each district today.

        Returns
        -------
        DataFrame layer, district_id, district, partners (number), people (residents), people_without (of them in units
        without a partner), mean_minutes (of the others; NaN where there are none), people_beyond (of them beyond 60
        minutes).
        """
        names = self.region.districts.set_index("district_id")["name"]
        partners = self.pairs.groupby(["layer", "district_id"]).size()
        rows = []
        for name in self._layers(layer):
            mine = self.assignment[self.assignment["layer"] == name]
            for district in self.region.districts["district_id"]:
                figures = figures_of(mine[mine["district_id"] == district])
                rows.append(
                    (name, district, names[district], int(partners.get((name, district), 0)), *figures)
                )
        return pd.DataFrame(rows, columns=DISTRICTS_TODAY)

    def hospitals_frame(self, layer: str | None = None) -> pd.DataFrame:
        """The load of each hospital with a partner district today: layer, hospital_id, hospital, districts (number),
        people (residents served), mean_minutes.
        """
        names = self.region.hospitals.set_index("hospital_id")["name"]
        districts = self.pairs.groupby(["layer", "hospital_id"]).size()
        rows = []
        for name in self._layers(layer):
            mine = self.assignment[self.assignment["layer"] == name]
            for hospital in sorted(self.pairs.loc[self.pairs["layer"] == name, "hospital_id"].unique()):
                people, _, mean, _ = figures_of(mine[mine["hospital_id"] == hospital])
                rows.append((name, hospital, names[hospital], int(districts[name, hospital]), people, mean))
        return pd.DataFrame(rows, columns=HOSPITALS_TODAY)

    def summary(self, lang: Language = "en") -> str:
        """Today in a few lines, what of the policy it keeps and breaks last."""
        lines = [Text(f"{self.name}: today", f"{self.name}：现状"), *self.lines()]
        return "\n".join([*(line.say(lang) for line in lines), self.verdict.report(lang)])

    def lines(self) -> list[Text]:
        """A sentence per layer: partners, residents with and without, minutes, beyond 60 minutes."""
        return [self._line(layer) for layer in self._layers(None)]

    def _line(self, layer: str) -> Text:
        name, pairs = both_words(LAYERS, layer), self.pairs[self.pairs["layer"] == layer]
        people, without, mean, beyond = figures_of(self.assignment[self.assignment["layer"] == layer])
        none = len(set(self.region.districts["district_id"]) - set(pairs["district_id"]))
        agreed = int(pairs["agreed"].sum())
        gap = Text(
            f"; {none} district(s), {without:,} residents without a partner, counted apart"
            if without or none
            else "",
            f"；{none} 个区、{people_text(without).zh}无合作医院，单独统计" if without or none else "",
        )
        told = "–" if np.isnan(mean) else f"{mean:.1f}"
        return Text(
            f"{name.en}: {len(pairs)} pairs ({agreed} agreed, {len(pairs) - agreed} open campuses without an agreement), "
            f"{people - without:,} residents in {told} minutes on average, {beyond:,} beyond {FAR:g} minutes{gap.en}",
            f"{name.zh}：现有结对 {len(pairs)} 对（已签约 {agreed} 对，已有院区未签约 {len(pairs) - agreed} 对），"
            f"{people_text(people - without).zh}有合作医院，人均 {told} 分钟，超过 {FAR:g} 分钟 {beyond:,} 人{gap.zh}",
        )

    def _layers(self, layer: str | None) -> tuple[str, ...]:
        layers = tuple(self.policy.partner_layers)
        if layer is not None and layer not in layers:
            raise KeyError(f"no layer {layer!r}; there are {', '.join(layers)}")
        return layers if layer is None else (layer,)

    def __repr__(self) -> str:
        return "\n".join([f"Today of {self.name}", *(f"  {line.en}" for line in self.lines())])

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        lines = "".join(said(line, "li") for line in self.lines())
        headings = (
            Text("district", "区"), Text("layer", "服务类别"), Text("partners", "合作医院数"), Text("residents", "常住人口"),
            Text("without a partner", "无合作医院人口"), Text("mean minutes", "人均出行时间（分钟）"),
            Text(f"beyond {FAR:g} min", f"超过 {FAR:g} 分钟人口"),
        )  # fmt: skip
        rows = (
            html_row(
                (
                    str(d.district), both_words(LAYERS, str(d.layer)), d.partners, d.people, d.people_without,
                    d.mean_minutes, d.people_beyond,
                )
            )
            for d in self.districts_frame().itertuples()
        )  # fmt: skip
        title = Text(f"Today of {self.name}", f"现状：{self.name}")
        return card(title, f"<ul>{lines}</ul>", html_table(headings, rows))


def today(
    region: Region,
    policy: Policy,
    *,
    travel: Travel | pd.DataFrame | np.ndarray | None = None,
    campuses: bool | None = None,
) -> Today:
    """Today as a plan: residents under the partnerships that stand in the region's tables.

    Each unit goes to the partner of its district with the least minutes plus price of the pair's priority (SH-5), as the
    goal of the policy has it; where the policy wants priorities in strict order, to one of the best priority. Of partners
    that cost the same (to a millionth of a minute) it goes to the one with the least minutes, then to the first by
    hospital_id; to the judge any of them is right. Caps bind nobody: what today breaks of them is told. Partnerships of hospitals that are no candidates of the policy (SH-4), and
    the layer of grids, are left out.

    Parameters
    ----------
    region : Region
        Whose `partnerships` and `branches` say who partners whom today.
    policy : Policy
        Candidates, layers, prices and travel assumptions.
    travel : Travel or DataFrame or array, optional
        Minutes made elsewhere, with every candidate, in any form that `plan` takes; by default made as the policy says.
    campuses : bool, optional
        Whether an open, located campus of a candidate in a district counts as present there, though no agreement is
        in the tables (SH-5); by default as the policy says (`[priority] campuses_present`, on).

    Returns
    -------
    Today
        Recomputed by the judge.

    Raises
    ------
    ArgumentError
        No Region, Policy or minutes where they belong.
    DataError
        Nobody can travel in the minutes given.
    PolicyError
        The policy speaks of grids alone.
    BrokenPlanError
        The judge finds other figures (a defect of gridplan, please report it).

    Examples
    --------
    >>> import gridplan as gp
    >>> now = gp.today(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> now.districts_frame("general")[["district_id", "partners", "people_without"]].to_dict("list")
    {'district_id': ['T1', 'T2', 'T3'], 'partners': [0, 1, 1], 'people_without': [42000, 0, 0]}
    """
    a_region(region, "today")
    a_policy(policy, "today")
    a_kind(region, Region, "region", Text('read one with gp.read("folder")', '请用 gp.read("文件夹") 读取'))
    a_kind(policy, Policy, "policy", both(f"gp.policy({str(policy)!r})"))
    forms_of_minutes(travel)
    if not policy.partner_layers:
        what = Text(
            f"{policy.name} speaks of grids alone: it has no partners of today",
            f"{policy.name} 只规定网格，没有合作结对，无现状可言",
        )
        raise PolicyError(
            what,
            Text(
                "take a policy with partners, such as shanghai-2025",
                "请改用含合作结对的政策，如 shanghai-2025",
            ),
        )
    policy = policy if campuses is None else policy.with_campuses(campuses)
    pairs = pairs_today(region, policy)
    travel = minutes_given(region, travel) or travel_times(
        region, sorted(set(pairs["hospital_id"])), policy.travel
    )
    assignment = _assigned(region, policy, pairs, travel)
    keys = ["layer", "district_id", "hospital_id"]
    sums = (
        assignment.assign(total=assignment["people"] * assignment["minutes"])
        .groupby(keys)[["people", "total"]]
        .sum()
    )
    pairs = pairs.merge(sums, left_on=keys, right_index=True, how="left")
    pairs["people"] = pairs["people"].fillna(0).astype("int64")
    pairs["mean_minutes"] = pairs.pop("total") / pairs["people"].where(pairs["people"] > 0)
    pairs = pairs[PAIRS_TODAY].reset_index(drop=True)
    verdict = judge_today(region, policy, assignment, pairs, travel)
    Verdict(
        verdict.name, verdict.judged, tuple(b for b in verdict.breaches if b.rule == "FIGURES")
    ).raise_if_broken()
    return Today(region, policy, travel, assignment, pairs, verdict)


def pairs_today(region: Region, policy: Policy) -> pd.DataFrame:
    """Today's pairs of candidates, those that the policy would not allow too.

    Returns
    -------
    DataFrame layer, district_id, hospital_id, priority, counted (0/1), agreed (0/1).
    """
    pairs = pair_table(region, policy.without(Ban, Pin, Eligibility))
    pairs = pairs[pairs["layer"] != GRID]
    pairs = pairs.assign(agreed=pairs["existing"].astype(int), counted=pairs["counted"].astype(int))
    columns = ["layer", "district_id", "hospital_id", "priority", "counted", "agreed"]
    return pairs.loc[pairs["existing"] | pairs["present"], columns].reset_index(drop=True)


def _assigned(region: Region, policy: Policy, pairs: pd.DataFrame, travel: Travel) -> pd.DataFrame:
    """Each unit at the cheapest partner of its district, layer by layer."""
    units = region.units.sort_values("unit_id")
    minutes = travel.minutes[pd.Index(travel.unit_ids).get_indexer(units["unit_id"])]
    column = {str(h): n for n, h in enumerate(travel.hospital_ids)}
    tables = []
    for layer in policy.partner_layers:
        serves, takes = np.full(len(units), "", dtype=object), np.full(len(units), np.nan)
        for district, mine in (
            pairs[pairs["layer"] == layer].sort_values("hospital_id").groupby("district_id")
        ):
            here = np.flatnonzero((units["district_id"] == district).to_numpy())
            t = minutes[np.ix_(here, np.array([column[h] for h in mine["hospital_id"]], dtype=np.int64))]
            dearer = score_minutes(policy, mine)
            rank = preference(policy, t, mine["priority"].to_numpy(), dearer)
            best = rank.argmin(axis=1)
            nearest = t[np.arange(len(here)), best]
            reached = np.isfinite(nearest)
            serves[here[reached]] = mine["hospital_id"].to_numpy(dtype=object)[best[reached]]
            takes[here[reached]] = nearest[reached]
        people = units["people"].to_numpy(dtype=np.int64)
        values = [layer, units["unit_id"].to_numpy(), units["district_id"].to_numpy(), people, serves, takes]
        tables.append(pd.DataFrame(dict(zip(ASSIGNMENT_COLUMNS, values, strict=True))))
    return pd.concat(tables, ignore_index=True)


def score_minutes(policy: Policy, partners: pd.DataFrame) -> np.ndarray:
    """(partners,) minutes that the scores of pairs (district_id, hospital_id) add; 0 where the policy has none."""
    rule = policy.rule(PairScores)
    keys = zip(partners["district_id"], partners["hospital_id"], strict=True)
    return np.array([0.0 if rule is None else rule.minutes_of(f"{d} {h}") for d, h in keys])


def preference(policy: Policy, minutes: np.ndarray, priority: np.ndarray, dearer: np.ndarray) -> np.ndarray:
    """(units, partners) places in each unit's order of partners, 0 the first that it goes to.

    By least cost (minutes, and the prices of the priority and of a priced travel standard), where priorities come strictly
    first by the best in reach; then by least minutes, then as the partners stand. Costs and minutes that are equal to a
    millionth of a minute are the same: two hospitals at the same distance tie.

    Parameters
    ----------
    minutes : (units, partners), inf where out of reach.
    priority : (partners,) 1 to 5.
    dearer : (partners,) minutes that the scores of pairs add.
    """
    standard = policy.rule(TravelStandard)
    cost = minutes + np.array(policy.prices)[priority - 1] + dearer
    if standard is not None and standard.price is not None:
        cost = cost + standard.price * np.maximum(0, minutes - standard.minutes)
    level = priority if "priority" in policy.goals else np.zeros_like(priority)
    levels = np.where(np.isfinite(minutes), level, level.max(initial=0) + 1)
    order = np.lexsort((np.round(minutes, TIE), np.round(cost, TIE), levels), axis=-1)
    place: np.ndarray = np.argsort(order, axis=-1)
    return place


def figures_of(rows: pd.DataFrame) -> tuple[int, int, float, int]:
    """Residents; of them without a hospital; mean minutes of the others (NaN where none); of them beyond 60 minutes."""
    with_one = rows[rows["hospital_id"] != ""]
    people, served = int(rows["people"].sum()), int(with_one["people"].sum())
    total = float((with_one["people"] * with_one["minutes"]).sum())
    beyond = int(with_one.loc[with_one["minutes"] > FAR, "people"].sum())
    return people, people - served, total / served if served else float("nan"), beyond
