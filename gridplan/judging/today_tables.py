"""Today, as the judge works it out: partners from the tables, minutes and priorities by its own means.

Nothing here comes from `plans/` or from the pair table: `gp.today` is compared with it figure by figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.geography.travel import TIE, Travel
from gridplan.inputs.region import Region
from gridplan.judging.breaches import MINUTE
from gridplan.judging.judge_tables import (
    PAIR,
    PlanTables,
    grounds_of,
    layer_of_hospitals,
    minutes_of,
    pairs_of_today,
)
from gridplan.judging.rules import judges, slack_of
from gridplan.judging.rules.pair_scores import score_minutes
from gridplan.judging.verdict import Breach, Verdict
from gridplan.policies.policy import Policy
from gridplan.policies.rules import (
    Ban,
    Cap,
    Capacity,
    DistrictCap,
    Eligibility,
    HospitalCap,
    LeastPartners,
    LeastShare,
    Rule,
    TravelStandard,
)  # fmt: skip
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text

# What can be said of today; goals, prices and what speaks of changes or grids cannot.
ASKED = (DistrictCap, HospitalCap, Eligibility, Ban, Capacity, TravelStandard, LeastPartners, LeastShare)


def partners_today(region: Region, policy: Policy) -> pd.DataFrame:
    """Today's pairs of candidates: layer, district_id, hospital_id, agreed (False: an open campus alone)."""
    layers = layer_of_hospitals(region, policy)
    agreed, present = pairs_of_today(region, policy)
    rows = [(layers[h], d, h, (d, h) in agreed) for d, h in agreed | present if h in layers]
    return pd.DataFrame(sorted(rows), columns=[*PAIR, "agreed"]).astype({"agreed": bool})


def today_tables(
    region: Region, policy: Policy, travel: Travel | None, said: pd.DataFrame | None = None
) -> PlanTables:
    """Each unit at the cheapest partner of its district, by tables alone; units without one have no row.

    Of partners that cost the same to a millionth of a minute the nearest serves, then the first by hospital_id. A pair
    counts toward the caps whether or not anybody is nearest to it.

    Parameters
    ----------
    said : layer, unit_id, hospital_id as printed: the unit is there wherever that is as cheap as any, within rounding.
    """
    goals = tuple(
        goal for goal in policy.goals if goal != "deviations"
    )  # caps that bend are caps all the same
    policy = replace(policy.on(region), goals=goals or ("travel",))
    pairs = partners_today(region, policy)
    grounds = grounds_of(region, policy)
    pairs["priority"] = [grounds.get((p.district_id, p.hospital_id), 5) for p in pairs.itertuples()]
    category = region.hospitals.set_index("hospital_id")["category"]
    pairs["counted"] = pairs["hospital_id"].map(category).isin(policy.candidates.counted)
    ways = region.units[["unit_id", "district_id", "people"]].merge(pairs, on="district_id")
    ways["people"] = ways["people"].astype("int64")
    ways["minutes"] = minutes_of(region, policy, ways, travel)
    ways = ways[np.isfinite(ways["minutes"])].assign(cost=lambda w: _cost(w, policy))
    ways["level"] = ways["priority"] if "priority" in policy.goals else 0
    ways["said"] = False if said is None else _said_ties(ways, said)
    ways[["tie", "near"]] = ways[["cost", "minutes"]].round(TIE)
    order = ways.sort_values(["said", "level", "tie", "near", "hospital_id"], ascending=[False, *[True] * 4])
    best = order.drop_duplicates(["layer", "unit_id"])
    best = best.sort_values(["layer", "unit_id"], ignore_index=True).assign(row=lambda b: b.index + 2)
    served = best.groupby(PAIR)["people"].sum()
    keys = pd.MultiIndex.from_frame(pairs[PAIR])
    pairs["people"] = served.reindex(keys).fillna(0).to_numpy().astype("int64")
    pairs = pairs.assign(pinned=False, listed=True, rows=[()] * len(pairs))
    columns = ["row", "layer", "unit_id", "district_id", "people", "hospital_id", "minutes"]
    return PlanTables(region, policy, best[columns], pairs, travel)


def _cost(ways: pd.DataFrame, policy: Policy) -> pd.Series:
    """Minutes, the price of the pair's priority (SH-5), and that of minutes beyond a standard with a price."""
    standard = policy.rule(TravelStandard)
    price = ways["priority"].map(dict(enumerate(policy.prices, start=1)))
    beyond = 0.0
    if standard is not None and standard.price is not None:
        beyond = standard.price * (ways["minutes"] - standard.minutes).clip(lower=0)
    return ways["minutes"] + price + beyond + score_minutes(policy, ways)


def _said_ties(ways: pd.DataFrame, said: pd.DataFrame) -> np.ndarray:
    """Ways that are printed and cost no more than the cheapest of the unit's best level, within rounding."""
    keys = ["layer", "unit_id", "hospital_id"]
    printed = pd.MultiIndex.from_frame(ways[keys]).isin(pd.MultiIndex.from_frame(said[keys]))
    first = ways.sort_values(["level", "cost"]).drop_duplicates(["layer", "unit_id"])
    least = ways[keys[:2]].merge(first[[*keys[:2], "level", "cost"]], on=keys[:2], how="left")
    tied = (ways["level"].to_numpy() == least["level"].to_numpy()) & (
        ways["cost"].to_numpy() <= least["cost"].to_numpy() + MINUTE
    )
    return np.asarray(printed & tied)


def judge_today(
    region: Region,
    policy: Policy,
    assignment: pd.DataFrame,
    pairs: pd.DataFrame,
    travel: Travel | None,
) -> Verdict:
    """What today keeps and breaks of the policy, and every printed figure that is not what the tables give.

    Parameters
    ----------
    assignment : layer, unit_id, district_id, people, hospital_id ("" where there is none), minutes.
    pairs : layer, district_id, hospital_id, priority, counted, people, agreed.
    """
    tables = today_tables(region, policy, travel, assignment)
    judged, breaches, unasked = [], [], []
    for rule in tables.policy.rules:
        if not isinstance(rule, ASKED):
            unasked.append(rule)
            continue
        broken = list(judges()[type(rule)](rule, tables))
        breaches += [Breach(b.rule, b.what, b.layer, b.district_id, b.hospital_id, b.unit_id) for b in broken]
        judged.append(
            (rule.id, rule.sentence(), slack_of(rule, tables) if isinstance(rule, Cap) else Text("", ""))
        )
    what = Text("Every figure of today is what the tables give.", "现状的所有数字均与数据表一致。")
    judged.append(("FIGURES", what, Text("", "")))
    breaches += [*_row_faults(assignment, tables), *_pair_faults(pairs, tables)]
    return Verdict(f"{region.name}, {policy.name}", tuple(judged), tuple(breaches), _not_asked(unasked))


def _not_asked(rules: list[Rule]) -> Findings:
    """Which rules of the policy are not asked of today, so that nobody takes them for kept."""
    ids = list(dict.fromkeys(rule.id for rule in rules))
    what = Text(
        f"Not asked of today: {', '.join(ids)}; they speak of a plan: its coverage, prices, changes or grids.",
        f"未对现状核验：{'、'.join(ids)}；这些规则针对方案：全覆盖、折算、变动或网格。",
    )
    return Findings(
        [Finding("warning", "not-asked-of-today", "partnerships", what, Text("", ""))] if ids else []
    )


def _row_faults(printed: pd.DataFrame, tables: PlanTables) -> Iterator[Breach]:
    """Units that are elsewhere than at their cheapest partner, or with other people or minutes."""
    keys = ["layer", "unit_id"]
    units = tables.region.units[["unit_id", "district_id", "people"]]
    every = units.merge(pd.DataFrame({"layer": list(tables.policy.partner_layers)}), how="cross")
    true = every.merge(tables.assignment[[*keys, "hospital_id", "minutes"]], on=keys, how="left")
    both = printed.merge(true, on=keys, how="outer", suffixes=("", "_is"), indicator="found")
    same = both["found"] == "both"
    same &= (both["district_id"] == both["district_id_is"]) & (both["people"] == both["people_is"])
    near = (both["minutes"] - both["minutes_is"]).abs() <= MINUTE
    nobody = (both["hospital_id"] == "") & both["minutes"].isna() & both["hospital_id_is"].isna()
    same &= nobody | ((both["hospital_id"] == both["hospital_id_is"]) & near)
    for row in both[~same].itertuples():
        what = Text(
            f"unit {row.unit_id} goes to {row.hospital_id or 'nobody'} in {row.minutes:.4f} minutes as printed, "
            f"to {row.hospital_id_is} in {row.minutes_is:.4f} by the tables",
            f"单元 {row.unit_id} 写作由 {row.hospital_id or '无'} 服务、{row.minutes:.4f} 分钟，"
            f"据数据表应为 {row.hospital_id_is}、{row.minutes_is:.4f} 分钟",
        )
        yield Breach("FIGURES", what, str(row.layer), unit_id=str(row.unit_id))


def _pair_faults(printed: pd.DataFrame, tables: PlanTables) -> Iterator[Breach]:
    """Pairs of today that are missing, too many, or printed with other figures."""
    columns = ["priority", "counted", "people", "agreed"]
    true = tables.pairs.set_index(PAIR)[columns].astype("int64")
    said = printed.set_index(PAIR)[columns].astype("int64")
    for key in sorted(set(true.index) ^ set(said.index)):
        what = Text(
            f"pair {key[1]} – {key[2]} of today is {'not listed' if key in true.index else 'none by the tables'}",
            f"现有结对 {key[1]} – {key[2]} {'未列出' if key in true.index else '在数据表中不存在'}",
        )
        yield Breach("FIGURES", what, *key)
    printed_as, is_so = said.to_dict("index"), true.to_dict("index")
    for key in sorted(set(true.index) & set(said.index)):
        for column in columns:
            if printed_as[key][column] != is_so[key][column]:
                what = Text(
                    f"pair {key[1]} – {key[2]} has {column} {printed_as[key][column]}, is {is_so[key][column]}",
                    f"结对 {key[1]} – {key[2]} 的 {column} 写作 {printed_as[key][column]}，应为 {is_so[key][column]}",
                )
                yield Breach("FIGURES", what, *key)
