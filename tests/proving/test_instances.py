"""Public instances of the p-median become plans whose certificates hold; `python -m tests.proving.instances` does all of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cases.instance import Instance
from benchmarks.cases.read import instances_of
from gridplan.optimise.engines.columns.partner_sets import count_sets
from gridplan.plans.folder.certificate import FILE
from gridplan.proving.certify import MOST_SETS
from gridplan.proving.check_certificate import Fails, check
from gridplan.proving.site_tree import fits
from tests.proving.instances import figures, problem_of


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
