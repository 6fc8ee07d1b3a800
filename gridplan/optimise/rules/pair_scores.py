"""SCORES in the model: what the score of a pair adds to the minutes of its residents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import PairScores
from gridplan.words.text import Text


def numbers(problem: Problem, rule: PairScores, region: Region) -> Fields:
    """Minutes of each scored pair, added to what else makes a way dearer."""
    told = {pair: minutes for pair in rule.scores if (minutes := rule.minutes_of(pair)) > 0}
    if not told:
        return {}
    return {"excess_price": problem.excess_price + price_of_scores(problem, told), "pair_scores": told}


def price_of_scores(p: Problem, told: dict[str, float]) -> np.ndarray:
    """(K,) minutes that the scores add to each way."""
    district = {str(d): n for n, d in enumerate(p.district_ids)}
    hospital = {str(h): n for n, h in enumerate(p.hospital_ids)}
    price = np.zeros((len(district), len(hospital)))
    for pair, minutes in told.items():
        d, h = pair.split()
        if d in district and h in hospital:
            price[district[d], hospital[h]] = minutes
    added: np.ndarray = price[p.pair_district, p.hospital]
    return added


def demands(p: Problem) -> Iterator[Demand]:
    """All scores together."""
    yield from [Demand("SCORES")] if p.numbers.get("pair_scores") else []


def without(p: Problem, demand: Demand) -> Problem:
    """Nobody was scored."""
    told = p.numbers.get("pair_scores")
    if not told:
        return p
    price = price_of_scores(p, told)
    stages = [replace(s, cost=s.cost - price) if s.goal == "travel" else s for s in (*p.stages, p.ties) if s]
    ties = stages.pop() if p.ties is not None else None
    plain = replace(p, excess_price=p.excess_price - price, stages=tuple(stages), ties=ties)
    return plain.with_numbers(pair_scores=None)


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """That scores cost."""
    return Text("scores of pairs cost minutes", "结对评价得分折算分钟")


CONSTRAINT = Constraint(numbers=numbers, demands=demands, without=without, says=says, priced=True)
