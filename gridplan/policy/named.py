"""The ids that a policy names: pins, bans and overrides of what the region has, and of what they can act on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from gridplan.findings import Finding
from gridplan.inputs.notes import did_you_mean
from gridplan.inputs.region import Region
from gridplan.policy.policy import Policy
from gridplan.policy.rules import Ban, DistrictCap, HospitalCap, Pin
from gridplan.text import Text, both

Named = tuple[str, str, str]  # key of the policy, "district" or "hospital", id
NOUNS = {"district": Text("district", "区"), "hospital": Text("hospital", "医院")}


def overridden(policy: Policy) -> list[Named]:
    """Every district and hospital that has a cap of its own."""
    kinds = (("district", DistrictCap), ("hospital", HospitalCap))
    return [
        (f"{kind.key}.override.{id}", noun, id)
        for noun, kind in kinds
        for rule in policy.rules_of(kind)
        for id in rule.override
    ]


def paired(policy: Policy) -> list[Named]:
    """Every district and hospital of a pin or a ban."""
    pairs = (*policy.rules_of(Pin), *policy.rules_of(Ban))
    return [(p.key, noun, getattr(p, f"{noun}_id")) for p in pairs for noun in NOUNS]


def unknown_names(
    region: Region, policy: Policy, named: list[Named], able: Collection[str], counted: Collection[str]
) -> Iterator[Finding]:
    """Every id that the region lacks, or that its rule cannot act on.

    Parameters
    ----------
    able, counted : hospitals that may be partners, and of them those whose pairs count.
    """
    for key, noun, id in named:
        table = region.districts if noun == "district" else region.hospitals
        if id not in set(table[f"{noun}_id"]):
            yield _unknown(policy, key, noun, id, table)
        elif noun == "hospital" and id not in able:
            what = Text(f"{id} is not a candidate under [candidates]", f"按 [candidates]，{id} 不是候选医院")
            hint = Text(
                "widen tiers, ownerships or categories, or drop the rule",
                "请放宽层级、所有制或类别，或去掉该规则",
            )
            yield _fault(policy, "policy-no-candidate", key, id, what, hint)
        elif noun == "hospital" and ".override." in key and id not in counted:
            what = Text(f"{id} is exempt, no cap binds it", f"{id} 不受数量限制，例外无从适用")
            yield _fault(policy, "policy-no-cap", key, id, what, Text("drop the override", "请去掉该例外"))


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
