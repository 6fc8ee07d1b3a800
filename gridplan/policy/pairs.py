"""Every district × candidate: its layer, whether it counts, its priority and why, whether it may be chosen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.errors import PolicyError
from gridplan.findings import Finding, Findings
from gridplan.inputs.region import Region
from gridplan.policy.named import overridden, paired, unknown_names
from gridplan.policy.policy import Policy
from gridplan.policy.rules import Ban, Pin
from gridplan.text import Text

PAIR_KEYS = ["district_id", "hospital_id"]


def candidates(region: Region, policy: Policy) -> pd.DataFrame:
    """The hospitals that may be partners (SH-4).

    Returns
    -------
    DataFrame hospital_id, layer, counted (bool), district_id (home), in the order of ids.
    """
    who = policy.candidates
    hospitals = region.hospitals
    fit = hospitals["tier"].isin(who.tiers) & hospitals["ownership"].isin(who.ownerships)
    layer_of = {category: layer for layer, categories in who.layers.items() for category in categories}
    chosen = hospitals[fit & hospitals["category"].isin(layer_of)]
    table = chosen[["hospital_id", "district_id", "category"]].copy()
    table["layer"] = table["category"].map(layer_of)
    table["counted"] = table["category"].isin(who.counted)
    table = table.drop(columns="category").sort_values("hospital_id", ignore_index=True)
    return table[["hospital_id", "layer", "counted", "district_id"]]


def pair_table(region: Region, policy: Policy) -> pd.DataFrame:
    """Every district with every candidate, and what the policy says of the pair.

    Returns
    -------
    DataFrame, a row per layer, district and candidate: layer, district_id, hospital_id, counted (bool),
    priority (1–5, SH-5), allowed (bool: basis by SH-6 and no ban), pinned (bool), existing (bool: a
    partnership today).

    Raises
    ------
    PolicyError : a pin, ban or override names something that the region does not have, or clashes.
    """
    who = candidates(region, policy)
    rows = [
        (c.layer, district, c.hospital_id, bool(c.counted), c.district_id == district)
        for district, c in itertools.product(sorted(region.districts["district_id"]), who.itertuples())
    ]
    table = pd.DataFrame(rows, columns=["layer", *PAIR_KEYS, "counted", "home"])
    key = pd.MultiIndex.from_frame(table[PAIR_KEYS])
    table["priority"] = _priority(region, key, table.pop("home").to_numpy(dtype=bool))
    banned = key.isin([(b.district_id, b.hospital_id) for b in policy.rules_of(Ban)])
    table["pinned"] = key.isin([(p.district_id, p.hospital_id) for p in policy.rules_of(Pin)])
    table["allowed"] = (table["priority"] <= policy.worst_priority) & ~banned
    table["existing"] = key.isin(_keys(region.partnerships))
    able, counted = set(who["hospital_id"]), set(who.loc[who["counted"], "hospital_id"])
    named = [*overridden(policy), *paired(policy)]
    faults = Findings(
        [*unknown_names(region, policy, named, able, counted), *_clashes(policy, table, banned)]
    )
    if faults:
        what = Text("the policy names what it cannot act on", "政策所指对象无法适用")
        raise PolicyError(what, findings=faults)
    return table


def _priority(region: Region, key: pd.MultiIndex, home: np.ndarray) -> np.ndarray:
    """SH-5, the strongest ground of each pair ("Meanings, fixed")."""
    branches, partnerships = region.branches, region.partnerships
    located = branches["lon"].notna() & branches["lat"].notna()
    is_open, planned = branches["status"] == "open", branches["status"] == "planned"
    campus, affiliate = branches["relation"] == "campus", branches["relation"] == "affiliate"
    supported = partnerships["basis"].isin(["custody", "counterpart", "affiliate"])
    grounds = [
        (1, home | key.isin(_keys(branches[is_open & campus & located]))),
        (2, key.isin(_keys(branches[planned & campus]))),
        (3, key.isin(_keys(branches[is_open & affiliate])) | key.isin(_keys(partnerships[supported]))),
        (4, key.isin(_keys(partnerships))),
    ]
    priority = np.full(len(key), 5)
    for level, holds in reversed(grounds):
        priority[holds] = level
    return priority


def _keys(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(table[PAIR_KEYS].itertuples(index=False, name=None))


def _clashes(policy: Policy, table: pd.DataFrame, banned: np.ndarray) -> Iterator[Finding]:
    """A pinned pair must be one that may be chosen."""
    where = policy.where("pin")
    for row in table.assign(banned=banned)[table["pinned"] & ~table["allowed"]].itertuples():
        pair = f"{row.district_id} – {row.hospital_id}"
        reasons = []
        if row.priority > policy.worst_priority:
            weak = Text(
                f"has priority {row.priority}, SH-6 allows 1 to 3",
                f"优先级为 {row.priority}，SH-6 只许 1 至 3",
            )
            reasons.append(weak)
        if row.banned:
            reasons.append(Text("is banned as well", "同时被禁止"))
        for why in reasons:
            what = Text(f"{where.en}: {pair} {why.en}", f"{where.zh}：{pair} {why.zh}")
            hint = Text("drop the pin, or the rule against it", "请去掉该指定，或去掉与之相悖的规则")
            yield Finding("error", "policy-clash", "policy", what, hint, id=pair)
