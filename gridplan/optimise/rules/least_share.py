"""SHARE in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, rounded_up
from gridplan.optimise.model.reference import Reference, served
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import LeastShare
from gridplan.words.text import Text


def numbers(problem: Problem, rule: LeastShare, region: Region) -> Fields:
    """The share."""
    return {"least_share": rule.share}


def least_share(ref: Reference) -> None:
    """Σ_{u in d} P_u · x_uh ≥ s · P_d · y_dh for every pair                          (12) SHARE"""
    p = ref.problem
    for (d, h), residents in served(ref, 0).items() if p.least_share else ():
        needed = p.least_share * float(p.district_people[d])
        terms = [*residents, (ref.y[d, h], -needed)]
        name = f"least_share[{p.district_ids[d]},{p.hospital_ids[h]}]"
        ref.row(terms, ">=", 0.0, name, "SHARE", d=d, h=h, step=max(1.0, needed))


def demands(p: Problem) -> Iterator[Demand]:
    """The share, for all pairs at once."""
    yield from [Demand("SHARE")] if p.least_share else []


def without(p: Problem, demand: Demand) -> Problem:
    """No least share."""
    return replace(p, least_share=0.0)


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Which share at least."""
    share = p.least_share
    return Text(f"each partner serves at least {share:.0%}", f"每家合作医院至少服务 {share:.0%}")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """A smaller share."""
    short = value * slack.step / max(1.0, float(p.district_people[slack.district]))
    return replace(p, least_share=max(0.0, min(p.least_share, before.least_share - short - 1e-9)))


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(least_share,),
    least=True,
    rounding=rounded_up,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "SHARE pair {d} – {h}: {excess:,.0f} residents short of the least share",
            "SHARE 结对 {d} – {h}：距最低份额少 {excess:,.0f} 人",
        ),
        Text("lower the least share", "降低最低份额"),
    ),
)
