"""Every district × candidate: its layer, whether it counts, its priority and why, whether it may be chosen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

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
TYPES = {"counted": bool, "priority": int, "pinned": bool, "allowed": bool, "existing": bool, "present": bool}
COLUMNS = ["layer", *PAIR_KEYS, *TYPES]


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
    who, hospitals = policy.candidates, region.hospitals
    layer_of = {category: layer for layer, categories in who.layers.items() for category in categories}
    columns = ("hospital_id", "district_id", "category", "tier", "ownership")
    rows = [
        (hospital, layer_of[category], category in who.counted, home)
        for hospital, home, category, tier, owner in zip(*(hospitals[c] for c in columns), strict=True)
        if category in layer_of and tier in who.tiers and owner in who.ownerships
    ]
    table = pd.DataFrame(sorted(rows), columns=["hospital_id", "layer", "counted", "district_id"])
    return table.astype({"counted": bool})


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
    levels, today = _grounds(region, policy), set(_pairs_in(region.partnerships))
    there = set(_pairs_in(open_campuses(region, policy))) - today if policy.campuses_present else set()
    banned, pinned = _named(policy.rules_of(Ban)), _named(policy.rules_of(Pin))
    leads = _leads(region, policy)
    rows = []
    for district, (hospital, layer, counted, home) in itertools.product(
        sorted(region.districts["district_id"]), who.itertuples(index=False, name=None)
    ):
        pair, grid = (district, hospital), layer == GRID
        priority = 1 if home == district else levels.get(pair, 5)
        basis = leads(district, home) if grid else priority <= policy.worst_priority
        of_today = (False, False) if grid else (pair in today, pair in there)
        free, wanted = (*pair, grid) not in banned, (*pair, grid) in pinned
        rows.append((layer, *pair, counted, priority, wanted, basis and free, *of_today, not free))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "banned"]).astype(TYPES)
    partners = who[who["layer"] != GRID]
    able = {False: set(partners["hospital_id"]), True: set(who.loc[who["layer"] == GRID, "hospital_id"])}
    counted = set(partners.loc[partners["counted"], "hospital_id"])
    named = [*overridden(policy), *numbered(policy), *paired(policy)]
    faults = Findings(
        [*unknown_names(region, policy, named, able, counted), *_clashes(region, policy, table)]
    )
    if faults:
        what = Text("the policy names what it cannot act on", "政策所指对象无法适用")
        raise PolicyError(what, findings=faults)
    return table[COLUMNS]


def open_campuses(region: Region, policy: Policy) -> pd.DataFrame:
    """The branches that are open, located campuses (SH-5), clinics where the policy says that they are."""
    branches = region.branches
    located = branches["lon"].notna() & branches["lat"].notna()
    campus = _is_campus(branches, policy.rule(Priority) or Priority())
    return branches[(branches["status"] == "open") & campus & located]


def _is_campus(branches: pd.DataFrame, rule: Priority) -> pd.Series:
    return (branches["relation"] == "campus") | ((branches["relation"] == "clinic") & rule.clinics)


def _named(rules: tuple[Pin, ...] | tuple[Ban, ...]) -> set[tuple[str, str, bool]]:
    """The pairs that pins or bans name, and whether they speak of grids."""
    return {(r.district_id, r.hospital_id, r.concerns(GRID)) for r in rules}


def _leads(region: Region, policy: Policy) -> Callable[[str, str], bool]:
    """Whether one at home somewhere may lead a grid of a district: at home, unless grids may cross borders; it needs no basis (SH-6)."""
    rule, forms = policy.rule(Grids), district_forms(region, policy).to_dict()

    def may(district: str, home: str) -> bool:
        across = rule is not None and rule.across_districts and forms[district] == forms[home] == "urban"
        return forms[district] != "left_out" and (home == district or across)

    return may


def _grounds(region: Region, policy: Policy) -> dict[tuple[str, str], int]:
    """SH-5, the strongest ground of each pair ("Meanings, fixed"), but for those at home; a pair that is not in it has none."""
    branches, partnerships = region.branches, region.partnerships
    rule = policy.rule(Priority) or Priority()
    is_open, planned = branches["status"] == "open", branches["status"] == "planned"
    campus, affiliate = _is_campus(branches, rule), branches["relation"] == "affiliate"
    supported = partnerships["basis"].isin(["custody", "counterpart", "affiliate"])
    supported = supported & ~_weak_counterpart(partnerships, rule.youngest(region))
    grounds = (
        (4, partnerships),
        (3, partnerships[supported]),
        (3, branches[is_open & affiliate]),
        (2, branches[planned & campus]),
        (1, open_campuses(region, policy)),
    )
    return {pair: level for level, table in grounds for pair in _pairs_in(table)}


def _weak_counterpart(partnerships: pd.DataFrame, youngest: int | None) -> pd.Series:
    """SH-6: counterpart support that had no effect, or is younger than asked; what nobody states is believed."""
    weak = pd.Series(False, index=partnerships.index)
    if "effect" in partnerships:
        weak |= partnerships["effect"] == "no"
    if youngest is not None:
        weak |= partnerships["since"].str.extract(r"(\d{4})", expand=False).astype(float) > youngest
    return (partnerships["basis"] == "counterpart") & weak


def _pairs_in(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(table["district_id"], table["hospital_id"], strict=True)


def _clashes(region: Region, policy: Policy, table: pd.DataFrame) -> Iterator[Finding]:
    """A pinned pair must be one that may be chosen."""
    if not table["pinned"].any():
        return
    homes = region.hospitals.set_index("hospital_id")["district_id"]
    where = policy.where("pin")
    away = (table["layer"] == GRID) & (table["hospital_id"].map(homes) != table["district_id"])
    for row in table[table["pinned"] & (~table["allowed"] | away)].itertuples():
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
