"""The judge of a programme: every part that is there, every broken row at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gridplan.judging.programme.claims import Claimed
from gridplan.judging.programme.posts import judge_posts
from gridplan.judging.programme.support import judge_support
from gridplan.judging.verdict import Breach, Verdict
from gridplan.policies.programme_rules import Posts, Support
from gridplan.policies.rule import Rule
from gridplan.words.text import Text

Judge = Callable[[Any, Claimed], Iterator[Breach]]
# part → its rule, the tables that it reads, its judge
JUDGES: Mapping[str, tuple[type[Rule], tuple[str, ...], Judge]] = {
    "posts": (Posts, ("custody", "deployment"), judge_posts),
    "support": (Support, ("support",), judge_support),
}


def judge_programme(name: str, claimed: Claimed, rules: Mapping[str, Rule]) -> Verdict:
    """Judge the parts of a programme.

    Parameters
    ----------
    name : of the programme, for the first line.
    rules : part → the rule that it was made under.
    """
    judged: list[tuple[str, Text, Text]] = []
    breaches: list[Breach] = []
    for part, rule in rules.items():
        _, tables, judge = JUDGES[part]
        rows = sum(len(claimed.tables[table]) for table in tables)
        judged.append((rule.id, rule.sentence(), Text(f"{rows} rows", f"{rows} 行")))
        breaches += judge(rule, claimed)
    return Verdict(name, tuple(judged), tuple(breaches))
