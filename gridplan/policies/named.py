"""The ids that a policy names: pins, bans and overrides of what the region has, and of what they can act on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.policies.leads import lead_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, DistrictCap, Grids, HospitalCap, Pin
from gridplan.words.findings import Finding
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import GRID

Named = tuple[
    str, str, str, bool
]  # key of the policy, "district" or "hospital", id, whether it speaks of grids
NOUNS = {"district": Text("district", "区"), "hospital": Text("hospital", "医院")}


def overridden(policy: Policy) -> list[Named]:
    """Every district and hospital that has a cap of its own."""
    kinds = (("district", DistrictCap), ("hospital", HospitalCap))
    return [
        (f"{kind.key}.override.{id}", noun, id, False)
        for noun, kind in kinds
        for rule in policy.rules_of(kind)
        for id in rule.override
    ]


def paired(policy: Policy) -> list[Named]:
    """Every district and hospital of a pin or a ban."""
    pairs = (*policy.rules_of(Pin), *policy.rules_of(Ban))
    return [(p.key, noun, getattr(p, f"{noun}_id"), p.concerns(GRID)) for p in pairs for noun in NOUNS]


def numbered(policy: Policy) -> list[Named]:
    """Every district with a number of grids of its own (ZJ-1)."""
    return [
        (f"{Grids.key}.number.{id}", "district", id, True)
        for rule in policy.rules_of(Grids)
        for id in rule.number
    ]


def unknown_names(
    region: Region,
    policy: Policy,
    named: list[Named],
    able: Mapping[bool, Collection[str]],
    counted: Collection[str],
) -> Iterator[Finding]:
    """Every id that the region lacks, or that its rule cannot act on.

    Parameters
    ----------
    able : hospitals that may be partners (False), and that may lead a grid (True).
    counted : partners whose pairs count.
    """
    for key, noun, id, grid in named:
        table = region.districts if noun == "district" else region.hospitals
        if id not in set(table[f"{noun}_id"]):
            yield _unknown(policy, key, noun, id, table)
        elif noun == "hospital" and id not in able[grid]:
            what, hint = _no_lead(region, policy, id) if grid else _no_candidate(key, id, id in able[True])
            yield _fault(policy, "policy-no-candidate", key, id, what, hint)
        elif noun == "hospital" and ".override." in key and id not in counted:
            what = Text(f"{id} is exempt, no cap binds it", f"{id} 不受数量限制，例外无从适用")
            yield _fault(policy, "policy-no-cap", key, id, what, Text("drop the override", "请去掉该例外"))


def _no_candidate(key: str, id: str, leads: bool) -> tuple[Text, Text]:
    if leads and ".override." not in key:
        what = Text(f"{id} is no partner, but may lead a grid", f"{id} 不是合作医院，但可牵头网格")
        return what, Text(f'write layer = "{GRID}" if its grid is meant', f'如指网格，请写 layer = "{GRID}"')
    what = Text(f"{id} is not a candidate under [candidates]", f"按 [candidates]，{id} 不是候选医院")
    return what, Text(
        "widen tiers, ownerships or categories, or drop the rule", "请放宽层级、所有制或类别，或去掉该规则"
    )


def _no_lead(region: Region, policy: Policy, id: str) -> tuple[Text, Text]:
    if policy.rule(Grids) is None:
        what = Text("the policy plans no grids", "该政策不划分网格")
        return what, Text("add [grids], or drop layer", "请加入 [grids]，或去掉 layer")
    rule = str(lead_table(region, policy).set_index("hospital_id").loc[id, "rule"])
    label = region.label("hospital", id)
    what = Text(f"{label} may not lead a grid ({rule})", f"{label} 不能牵头网格（{rule}）")
    return what, Text(f"widen what {rule} asks, or drop the rule", f"请放宽 {rule} 的要求，或去掉该规则")


def _unknown(policy: Policy, key: str, noun: str, id: str, table: pd.DataFrame) -> Finding:
    ids, word = table[f"{noun}_id"], NOUNS[noun]
    same = ids[table["name"] == id].tolist()
    near = both("") if same else did_you_mean(id, ids)
    if same:
        hint = Text(f"write the id: {', '.join(same)}", f"请写编号：{'、'.join(same)}")
    elif "?" in near.en:
        hint = near
    else:
        hint = Text(f"use a {noun}_id of the table {noun}s", f"请使用 {noun}s 表中的 {noun}_id")
    what = Text(f"the region has no {word.en} {id!r}", f"本地区没有{word.zh} {id!r}")
    return _fault(policy, "policy-unknown-id", key, id, what, hint)


def _fault(policy: Policy, code: str, key: str, id: str, what: Text, hint: Text) -> Finding:
    where = policy.where(key)
    said = Text(f"{where.en}: {what.en}", f"{where.zh}：{what.zh}")
    return Finding("error", code, "policy", said, hint, id=id)
