"""Public instances of the p-median become plans whose certificates hold; `python -m tests.proving.instances` does all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.cases.city import City, problem
from benchmarks.cases.instance import Instance
from benchmarks.cases.read import instances_of
from gridplan.optimise.engines.capacitated.single_source import single_source_of
from gridplan.optimise.engines.columns.partner_sets import count_sets
from gridplan.optimise.model import solve_reference as reference
from gridplan.plans.folder.certificate import FILE
from gridplan.proving.certify import MOST_SETS
from gridplan.proving.check_certificate import Fails, check
from gridplan.proving.partner_tree import prove, prove_none
from gridplan.proving.site_prices import relaxed_prices
from gridplan.proving.site_tree import fits
from tests.proving.instances import city_figures, figures, problem_of


def drawn(seed: int, capacity: float | None) -> Instance:
    """Points in a square, all of them units and sites."""
    chance = np.random.default_rng(seed)
    n = 30 if capacity is None else 18
    places = chance.uniform(0, 100, (n, 2))
    cost = np.rint(np.linalg.norm(places[:, None] - places[None], axis=2))
    use = None if capacity is None else chance.integers(1, 20, n).astype(float)
    room = None if use is None or capacity is None else np.full(n, np.ceil(capacity * use.sum() / 7))
    return Instance(f"drawn-{seed}", cost, leads=7, capacity=room, use=use)


@pytest.mark.parametrize("seed", [1, 2])
def test_many_leads_in_one_district_are_certified_by_prices_of_units(seed: int, tmp_path: Path) -> None:
    assert figures(drawn(seed, None), tmp_path).endswith("OPTIMAL")
    proof = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    tree = proof["layers"][0]["goals"][0]["tree"]
    while "pair" in tree:
        tree = tree["in"]
    for unit in tree["units"]:
        tree["units"][unit] *= 2
    (tmp_path / FILE).write_text(json.dumps(proof), encoding="utf-8")
    with pytest.raises(Fails, match="proven"):
        check(tmp_path)


def unit_nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [below for side in ("in", "out") if side in node for below in unit_nodes(node[side])]
    return [node, *inner] if "unit" in node else inner


def test_units_that_cannot_be_split_are_certified_unit_by_unit(tmp_path: Path) -> None:
    """Tight capacities: prices split units between hospitals, and only a tree of units reaches the plan."""
    city = City(80, 6, 3, capacity_ratio=1.4, seed=3)
    assert city_figures(city, tmp_path).endswith("OPTIMAL")
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    nodes = unit_nodes(json.loads(text)["layers"][0]["goals"][0]["tree"])
    assert len(nodes) > 3

    def refused(change: Callable[[dict[str, Any]], None], match: str) -> None:
        changed = json.loads(text)
        change(unit_nodes(changed["layers"][0]["goals"][0]["tree"])[0])
        (tmp_path / FILE).write_text(json.dumps(changed), encoding="utf-8")
        with pytest.raises((Fails, KeyError), match=match):
            check(tmp_path)

    refused(lambda node: node.update({"in": node["out"]}), "proven")
    refused(lambda node: node.update({"in": node["out"], "out": node["in"]}), "proven")
    refused(
        lambda node: (node.pop("unit"), node.pop("out"), node.update(node.pop("in"))), "proven"
    )  # a leaf left out
    refused(lambda node: node.update({"unit": ["nobody", node["unit"][1]]}), "nobody")
    refused(lambda node: node.update({"unit": [node["unit"][0], "nowhere"]}), "nowhere")


@pytest.mark.parametrize("seed", range(4))
def test_with_nodes_enough_every_tight_city_is_certified(seed: int, tmp_path: Path) -> None:
    """The value that HiGHS proves on the reference model is the one that the tree reaches, never more."""
    p = problem(City(24, 4, 2, capacity_ratio=1.3, seed=seed))
    truth = reference.find(p, seconds=60)
    proof = (
        prove(p, p.stages[0], [], truth.value if truth else np.inf, 4000) if truth else prove_none(p, 4000)
    )
    assert proof.bound == pytest.approx(truth.value, rel=1e-6) if truth else np.isinf(proof.bound)


def test_whole_fillings_prove_more_than_none(tmp_path: Path) -> None:
    """Tight capacities: the bound of whole units is above that without capacities, and not above the plan."""
    one = drawn(3, 1.3)
    figures(one, tmp_path)
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    goal = json.loads(text)["layers"][0]["goals"][0]
    assert '"whole": 1' in text and 0.97 * goal["reached"] < goal["bound"] <= goal["reached"] * (1 + 1e-6)
    (tmp_path / FILE).write_text(text.replace('"whole": 1', '"by": 1'), encoding="utf-8")
    with pytest.raises(Fails, match="proven"):
        check(tmp_path)


def test_certify_takes_this_way_where_sets_are_too_many() -> None:
    p, _ = problem_of(drawn(1, None))
    assert fits(p) and count_sets(p) > MOST_SETS
    assert not fits(replace(p, change_price=1.0)) and not fits(
        replace(p, district_ids=np.array(["a", "b"], dtype=object))
    )


@pytest.mark.usefixtures("real_data")
def test_an_instance_of_the_or_library(tmp_path: Path) -> None:
    (one,) = (one for one in instances_of("pmed", []) if one.name == "pmed2")
    assert figures(one, tmp_path).endswith("OPTIMAL")


def test_prices_of_the_relaxation_prove_what_the_relaxation_does() -> None:
    """Against the textbook model in another solver's hands; from poor prices, all sites told."""
    one = drawn(4, None)
    seen = single_source_of(problem_of(one)[0])
    assert seen is not None
    prices = relaxed_prices(seen, one.shown_leads, seen.cost.max(axis=1), 1.0)
    assert prices is not None
    n = len(one.cost)
    brings = -np.maximum(prices[:, None] - one.cost, 0.0).sum(axis=0)
    bound = prices.sum() + np.sort(brings)[: one.shown_leads].sum()
    unit, site = (grid.ravel() for grid in np.indices((n, n)))
    link, whole = np.zeros((n * n, n * n + n)), np.zeros((n + 1, n * n + n))
    link[np.arange(n * n), np.arange(n * n)], link[np.arange(n * n), n * n + site] = 1.0, -1.0
    whole[unit, np.arange(n * n)], whole[n, n * n :] = 1.0, 1.0
    cost = np.concatenate([one.cost.ravel(), np.zeros(n)])
    asked = np.concatenate([np.ones(n), [one.shown_leads]])
    least = linprog(cost, link, np.zeros(n * n), whole, asked, bounds=(0, 1))
    assert bound == pytest.approx(least.fun, rel=1e-7)
