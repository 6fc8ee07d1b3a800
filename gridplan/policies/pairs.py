"""Every district × candidate: its layer, whether it counts, its priority and why, whether it may be chosen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.policies.leads import district_forms, grid_leads
from gridplan.policies.named import numbered, overridden, paired, unknown_names
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Grids, Pin, Priority
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

PAIR_KEYS = ["district_id", "hospital_id"]


def candidates(region: Region, policy: Policy) -> pd.DataFrame:
    """The hospitals that may be partners (SH-4), and those that may lead a grid (ZJ-2).

    Returns
    -------
    DataFrame hospital_id, layer, counted (bool), district_id (home); partners in the order of ids, then leads. A
    hospital may stand in both.
    """
    partners = _partners(region, policy) if policy.partner_layers else None
    if partners is not None and len(partners) and policy.rule(Grids) is None:
        return partners
    tables = [t for t in (partners, grid_leads(region, policy)) if t is not None and len(t)]
    return pd.concat(tables, ignore_index=True) if tables else grid_leads(region, policy)


def _partners(region: Region, policy: Policy) -> pd.DataFrame:
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
    partnership today), present (bool: an open campus there today without a partnership; to choose or to leave it is no
    change).

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
    table["priority"] = _priority(region, policy, key, table.pop("home").to_numpy(dtype=bool))
    banned, table["pinned"] = _named(table, policy.rules_of(Ban)), _named(table, policy.rules_of(Pin))
    table["allowed"] = (table["priority"] <= policy.worst_priority) & ~banned
    table["existing"] = key.isin(_keys(region.partnerships))
    there = key.isin(_keys(open_campuses(region, policy))) & policy.campuses_present
    table["present"] = there & ~table["existing"]
    _on_grids(region, policy, table, banned)
    partners = who[who["layer"] != GRID]
    able = {False: set(partners["hospital_id"]), True: set(who.loc[who["layer"] == GRID, "hospital_id"])}
    counted = set(partners.loc[partners["counted"], "hospital_id"])
    named = [*overridden(policy), *numbered(policy), *paired(policy)]
    faults = Findings(
        [*unknown_names(region, policy, named, able, counted), *_clashes(region, policy, table, banned)]
    )
    if faults:
        what = Text("the policy names what it cannot act on", "政策所指对象无法适用")
        raise PolicyError(what, findings=faults)
    return table


def open_campuses(region: Region, policy: Policy) -> pd.DataFrame:
    """The branches that are open, located campuses (SH-5), clinics where the policy says that they are."""
    branches = region.branches
    located = branches["lon"].notna() & branches["lat"].notna()
    campus = _is_campus(branches, policy.rule(Priority) or Priority())
    return branches[(branches["status"] == "open") & campus & located]


def _is_campus(branches: pd.DataFrame, rule: Priority) -> pd.Series:
    return (branches["relation"] == "campus") | ((branches["relation"] == "clinic") & rule.clinics)


def _named(table: pd.DataFrame, rules: tuple[Pin, ...] | tuple[Ban, ...]) -> np.ndarray:
    """Which rows are pairs that a pin or ban names, each in the layers that it speaks of."""
    named = {(r.district_id, r.hospital_id, r.concerns(GRID)) for r in rules}
    rows = zip(table["district_id"], table["hospital_id"], table["layer"] == GRID, strict=True)
    return np.array([row in named for row in rows], dtype=bool)


def _on_grids(region: Region, policy: Policy, table: pd.DataFrame, banned: np.ndarray) -> None:
    """A grid lead needs no basis (SH-6) and is no partnership; it leads at home unless grids may cross borders."""
    rule, grid = policy.rule(Grids), table["layer"] == GRID
    if rule is None:
        return
    forms = district_forms(region, policy)
    homes = table["hospital_id"].map(region.hospitals.set_index("hospital_id")["district_id"])
    form, home = table["district_id"].map(forms), homes == table["district_id"]
    across = rule.across_districts & (form == "urban") & (homes.map(forms) == "urban")
    table.loc[grid, "allowed"] = ((form != "left_out") & (home | across) & ~banned)[grid]
    table.loc[grid, ["existing", "present"]] = False


def _priority(region: Region, policy: Policy, key: pd.MultiIndex, home: np.ndarray) -> np.ndarray:
    """SH-5, the strongest ground of each pair ("Meanings, fixed")."""
    branches, partnerships = region.branches, region.partnerships
    rule = policy.rule(Priority) or Priority()
    is_open, planned = branches["status"] == "open", branches["status"] == "planned"
    campus, affiliate = _is_campus(branches, rule), branches["relation"] == "affiliate"
    supported = partnerships["basis"].isin(["custody", "counterpart", "affiliate"])
    supported = supported & ~_weak_counterpart(partnerships, rule.youngest(region))
    grounds = [
        (1, home | key.isin(_keys(open_campuses(region, policy)))),
        (2, key.isin(_keys(branches[planned & campus]))),
        (3, key.isin(_keys(branches[is_open & affiliate])) | key.isin(_keys(partnerships[supported]))),
        (4, key.isin(_keys(partnerships))),
    ]
    priority = np.full(len(key), 5)
    for level, holds in reversed(grounds):
        priority[holds] = level
    return priority


def _weak_counterpart(partnerships: pd.DataFrame, youngest: int | None) -> pd.Series:
    """SH-6: counterpart support that had no effect, or is younger than asked; what nobody states is believed."""
    weak = pd.Series(False, index=partnerships.index)
    if "effect" in partnerships:
        weak |= partnerships["effect"] == "no"
    if youngest is not None:
        weak |= partnerships["since"].str.extract(r"(\d{4})", expand=False).astype(float) > youngest
    return (partnerships["basis"] == "counterpart") & weak


def _keys(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(table[PAIR_KEYS].itertuples(index=False, name=None))


def _clashes(region: Region, policy: Policy, table: pd.DataFrame, banned: np.ndarray) -> Iterator[Finding]:
    """A pinned pair must be one that may be chosen."""
    homes = region.hospitals.set_index("hospital_id")["district_id"]
    where = policy.where("pin")
    away = (table["layer"] == GRID) & (table["hospital_id"].map(homes) != table["district_id"])
    for row in table.assign(banned=banned)[table["pinned"] & (~table["allowed"] | away)].itertuples():
        pair = f"{row.district_id} – {row.hospital_id}"
        reasons = []
        if row.layer == GRID and not row.banned:
            home = region.label("district", homes[row.hospital_id])
            reasons.append(
                Text(f"cannot be: it leads from its own district {home}", f"不可行：只能由所在的{home}牵头")
            )
        if row.layer != GRID and row.priority > policy.worst_priority:
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
