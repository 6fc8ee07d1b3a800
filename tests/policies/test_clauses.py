"""Every clause of the five policies is in a profile or in a list, and docs/clauses.md says where, truly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.policies.profile import RULE_KEYS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "clauses.md").read_text(encoding="utf-8")
CLAUSES = {"shanghai-2025": ("SH", 21), "zhejiang-2020": ("ZJ", 7), "chengdu-2018": ("CD", 7), "jianggan-2019": ("JG", 5), "liuzhou-2016": ("LZ", 4)}  # fmt: skip


def part(name: str) -> str:
    return PAGE.partition(f"## {name}\n")[2].partition("\n## ")[0]


def rows(name: str) -> dict[str, str]:
    lines = [line.split("|") for line in part(name).splitlines() if re.match(r"\| [A-Z]{2}-\d", line)]
    return {cells[1].strip(): cells[3] for cells in lines}


@pytest.mark.parametrize("name", CLAUSES)
def test_no_clause_is_missing_and_each_names_a_rule_or_a_list(name: str) -> None:
    letters, count = CLAUSES[name]
    listed = rows(name)
    assert list(listed) == [f"{letters}-{n}" for n in range(1, count + 1)]
    for clause, where in listed.items():
        assert re.findall(r"`\[(\w+)\]`", where) or "list: `" in where, clause


@pytest.mark.parametrize("name", CLAUSES)
def test_the_profile_has_the_rules_that_the_page_names(name: str) -> None:
    """In the profile itself, or in the one that the row names; what is "on request" need only exist."""
    for clause, where in rows(name).items():
        for piece in re.split(r"; ", where):
            keys = re.findall(r"`\[(\w+)\]`", piece)
            named = re.search(r"in `([a-z0-9-]+)`", piece)
            policies = [gp.policy(name)] + ([gp.policy(named[1])] if named else [])
            for key in keys:
                kind = RULE_KEYS[key]
                there = any(policy.rules_of(kind) or policy.rule(kind) for policy in policies)
                assert there or "on request" in piece, f"{clause}: {key}"


@pytest.mark.parametrize("name", CLAUSES)
def test_what_a_plan_does_not_decide_is_said(name: str) -> None:
    assert "Not decided by a plan: " in part(name)


def test_jianggan_and_liuzhou_are_whole_and_any_district_may_use_the_first() -> None:
    jianggan, liuzhou = gp.policy("jianggan-2019"), gp.policy("liuzhou-2016")
    assert {r.key for r in jianggan.programme} >= {"tiers", "members", "referral", "support", "shared"}
    assert jianggan.rule(gp.rules.Support).fill[0] == "16"  # type: ignore[union-attr]
    assert {r.key for r in liuzhou.programme} == {"referral", "release", "shared", "exchange", "signatures"}
