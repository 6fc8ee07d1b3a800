"""Why a pair is not in a plan: the rule that forbids or binds, and by whom its places are taken. Each rule answers itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridplan.ask.question import LayerQuestions
from gridplan.optimise.constraint import Constraint
from gridplan.optimise.rules import constraints
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

Reason = tuple[str, Text]
NEARER = 1e-6  # minutes


def why_not(q: LayerQuestions, d: int, h: int) -> Reason:
    """The rule(s) that keep district and hospital apart, "" where it is only the cost."""
    return forbidden(q, d, h) or _full(q, d, h) or _only_cost(q, d, h)


def forbidden(q: LayerQuestions, d: int, h: int) -> Reason | None:
    """The rule under which the pair may not be chosen at all."""
    return next(((rule, why) for rule, asked in _asked() if (why := asked.forbids(q, d, h))), None)


def kept_off(q: LayerQuestions, u: int, h: int) -> Reason | None:
    """The rule that keeps one unit from one hospital, whatever its district chooses."""
    return next(((rule, why) for rule, asked in _asked() if (why := asked.keeps_off(q, u, h))), None)


def unit_reason(q: LayerQuestions, u: int, h: int) -> Reason:
    """What keeps one unit from one hospital, "" where it is only the cost."""
    p, d = q.problem, int(q.problem.district[u])
    if not q.within[u, h]:
        return kept_off(q, u, h) or _only_cost(q, d, h)
    if not q.chosen[d, h]:
        return why_not(q, d, h)
    if reason := kept_off(q, u, h):
        return reason
    if p.grids is not None:
        return "", Text("leads a grid of the district too", "也在该区牵头网格")
    return "", Text("is a partner of the district too", "也是该区的合作医院")


def _asked() -> Iterator[tuple[str, Constraint]]:
    """Every rule by its id, in the order of the rules."""
    yield from ((kind.id, constraint) for kind, constraint in constraints().items())


def _full(q: LayerQuestions, d: int, h: int) -> Reason | None:
    """The rules whose places are taken, and by whom."""
    full = [(rule, why) for rule, asked in _asked() if (why := asked.taken(q, d, h))]
    english, chinese = "; ".join(why.en for _, why in full), "；".join(why.zh for _, why in full)
    return (", ".join(rule for rule, _ in full), Text(english, chinese)) if full else None


def _only_cost(q: LayerQuestions, d: int, h: int) -> Reason:
    """No rule stands against it: whether anybody of the district is nearer to it, priorities counted."""
    mine = np.flatnonzero((q.problem.district == d) & (q.problem.demand > 0))
    if (q.cost[mine, h] < q.cost[mine, q.serves[mine]] - NEARER).any():
        return "", Text(
            "no rule stands against it, the goals prefer the plan as it is", "没有规则阻碍，按目标次序未选"
        )
    if q.layer == GRID:
        return "", Text(
            "no rule stands against it, but it is the nearest lead for nobody of the district",
            "没有规则阻碍，但该区居民到现定牵头医院均不更远",
        )
    return "", Text(
        "no rule stands against it, but with priorities counted nobody of the district has less to it",
        "没有规则阻碍，但计入优先级折算后，该区居民到现定合作医院均不更远",
    )
