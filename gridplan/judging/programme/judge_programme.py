"""The judge of a programme: every part that is there, every broken row at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gridplan.judging.programme.alliances import judge_alliances
from gridplan.judging.programme.chains import judge_chains
from gridplan.judging.programme.claims import Claimed
from gridplan.judging.programme.guarantee import judge_guarantee
from gridplan.judging.programme.hosts import judge_hosts
from gridplan.judging.programme.links import judge_links
from gridplan.judging.programme.members import judge_members
from gridplan.judging.programme.posts import judge_posts
from gridplan.judging.programme.slots import judge_slots
from gridplan.judging.programme.support import judge_support
from gridplan.judging.programme.upstream import judge_upstream
from gridplan.judging.programme.way.scorecard import judge_scorecard
from gridplan.judging.programme.way.tiers import judge_tiers_of_care
from gridplan.judging.verdict import Breach, Verdict
from gridplan.policies.programme_rules import (
    Alliances,
    Exchange,
    GroupGuarantee,
    Hubs,
    Members,
    Posts,
    Referral,
    Release,
    Scorecard,
    SharedCentres,
    Signatures,
    Support,
    Tiers,
)
from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class PartJudge:
    """How a part is judged.

    Parameters
    ----------
    rules : that ask for it; any of them is enough.
    tables : that the judge reads.
    judge : the rules that it was made under, and what it is given → breaches.
    shown : tables that are made beside, and not judged.
    """

    rules: tuple[type[Rule], ...]
    tables: tuple[str, ...]
    judge: Callable[[Any, Claimed], Iterator[Breach]]
    shown: tuple[str, ...] = ()


JUDGES: Mapping[str, PartJudge] = {
    "posts": PartJudge((Posts,), ("custody", "deployment"), judge_posts),
    "alliances": PartJudge((Alliances, Signatures), ("alliances", "signatures"), judge_alliances),
    "upstream": PartJudge((Exchange,), ("upstream", "teams"), judge_upstream),
    "tiers": PartJudge((Tiers,), ("case_mix",), judge_tiers_of_care),
    "members": PartJudge((Members,), ("members", "care"), judge_members),
    "guarantee": PartJudge((GroupGuarantee,), ("guarantee", "unserved"), judge_guarantee),
    "chains": PartJudge((Referral,), ("chains", "loads", "tier_loads"), judge_chains, ("first_contact",)),
    "links": PartJudge((Hubs,), ("links", "far"), judge_links),
    "slots": PartJudge((Release,), ("released", "slots"), judge_slots),
    "hosts": PartJudge((SharedCentres,), ("hosts",), judge_hosts),
    "support": PartJudge((Support,), ("support", "running", "missed", "gaps"), judge_support),
    "scorecard": PartJudge((Scorecard,), ("scorecard", "heads"), judge_scorecard),
}


def judge_programme(name: str, claimed: Claimed, rules: Mapping[str, tuple[Rule, ...]]) -> Verdict:
    """Judge the parts of a programme.

    Parameters
    ----------
    name : of the programme, for the first line.
    rules : part → the rules that it was made under.
    """
    judged: list[tuple[str, Text, Text]] = []
    breaches: list[Breach] = []
    for part, kept in rules.items():
        one = JUDGES[part]
        rows = sum(len(claimed.tables[table]) for table in one.tables)
        judged += [(rule.id, rule.sentence(), Text(f"{rows} rows", f"{rows} 行")) for rule in kept]
        breaches += one.judge(kept if len(one.rules) > 1 else kept[0], claimed)
    return Verdict(name, tuple(judged), tuple(breaches))
