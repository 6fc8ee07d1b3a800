"""Public instances as folders with certificates: `python -m tests.proving.instances pmed [pmed1 …]` (or `cpmp SJC1 …`, `city`) prints figures.

Each becomes one district whose units are all hospitals, too; minutes come from a table. The engine is the one that "auto"
chooses, the certificate that of `gp.certify`, and the checker reads what it reads of a plan folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import gridplan as gp
from benchmarks.cases.city import City, problem
from benchmarks.cases.instance import Instance
from benchmarks.cases.read import instances_of
from gridplan.optimise.arrays import from_arrays
from gridplan.optimise.engines.choose import solve
from gridplan.optimise.model.goal_rows import stage_value
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.plans.folder.certificate import FILE
from gridplan.policies.profile import to_dict
from gridplan.policies.rules.priority import PRICES
from gridplan.proving.certify import tree_of
from gridplan.proving.check_certificate import check
from gridplan.proving.partner_tree import prove
from gridplan.proving.site_tree import fits, prove_sites

R = gp.rules
SCALE = 1000.0  # minutes are kept to four decimals


def problem_of(one: Instance) -> tuple[Problem, float]:
    """The problem of an instance in minutes per person, and what its values are divided by to be those of the instance."""
    n, m = one.cost.shape
    people = np.ones(n) if one.use is None else one.use
    minutes = one.cost if one.use is None else np.round(one.cost * SCALE / people[:, None], 4)
    ids = {"unit_ids": [f"U{u:04}" for u in range(n)], "hospital_ids": [f"S{h:04}" for h in range(m)]}
    made = from_arrays(minutes, leads=one.shown_leads, people=people, capacity=one.capacity, **ids)
    return made, 1.0 if one.use is None else SCALE


def write_folder(p: Problem, serves: np.ndarray, value: float, proof: dict[str, object], home: Path) -> None:
    """What the checker reads: the tables of a region, a plan, and the certificate. Priorities stand in as branches."""
    (home / "region").mkdir()
    (home / "region" / "region.toml").write_text('name = "instance"\n', encoding="utf-8")
    limited = bool(np.isfinite(p.capacity).any())
    people, minutes = p.people.tolist(), p.minutes.reshape(len(p.unit_ids), -1)
    prices = PRICES if (p.stages[0].cost != p.minutes).any() else (0.0,) * 5
    most = int(p.hospital_cap[0])
    rules = [R.DistrictCap(int(p.district_cap[0])), R.Priority(prices), R.Candidates(exempt=())]
    rules += [R.HospitalCap(most if most != NO_CAP else len(p.district_ids))]
    rules += [R.Capacity(source="capacity_people")] if limited else []
    policy = to_dict(gp.policy("shanghai-2025").with_rule(*rules))
    ds, where = p.district_ids, p.district_ids[p.district]
    strong = [
        (int(level), ds[d], p.hospital_ids[h]) for (d, h), level in np.ndenumerate(p.priority) if level < 5
    ]
    tables: dict[str, tuple[list[str], Iterable[Iterable[object]]]] = {
        "region/districts": (["district_id", "kind", "people"], ((d, "central", int(n)) for d, n in zip(ds, p.district_people, strict=True))),
        "region/units": (
            ["unit_id", "people", "district_id", "lon", "lat"],
            ((u, n, d, 120, 30) for u, n, d in zip(p.unit_ids, people, where, strict=True)),
        ),
        "region/hospitals": (
            ["hospital_id", "tier", "category", "ownership", "grade", "district_id", "lon", "lat", "capacity_people"],
            ((h, "municipal", "general", "public", "3A", "abroad", 120, 30, c if limited else "") for h, c in
             zip(p.hospital_ids, p.capacity.tolist(), strict=True)),
        ),
        "region/branches": (
            ["hospital_id", "district_id", "status", "relation", "lon", "lat"],
            ((h, d, "planned" if level == 2 else "open", "affiliate" if level == 3 else "campus", 120, 30)
             for level, d, h in strong if level < 4),
        ),
        "region/partnerships": (["hospital_id", "district_id", "basis", "since"], ((h, d, "other", "") for level, d, h in strong if level == 4)),
        "travel": (
            ["unit_id", "hospital_id", "minutes"],
            ((p.unit_ids[u], p.hospital_ids[h], t) for (u, h), t in np.ndenumerate(minutes)),
        ),
        "assignment": (
            ["layer", "unit_id", "district_id", "hospital_id", "people", "minutes"],
            (("general", p.unit_ids[u], where[u], p.hospital_ids[h], people[u], minutes[u, h]) for u, h in enumerate(serves)),
        ),
    }  # fmt: skip
    for name, (columns, rows) in tables.items():
        with (home / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
    goal = {"goal": "travel", "value": value, "reached": value}
    plan = {
        "policy": policy,
        "travel": {"method": "table"},
        "layers": [{"layer": "general", "goals": [goal]}],
    }
    (home / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    whole = {"layers": [{"layer": "general", "goals": [{**goal, **proof}]}]}
    (home / FILE).write_text(json.dumps(whole, indent=1), encoding="utf-8")


def figures(one: Instance, home: Path, seconds: float | None = None) -> str:
    """What the certificate of an instance proves, and what it takes."""
    p, scale = problem_of(one)
    return _figures(f"{one.name}: known {one.known}", p, scale, home, seconds)


def city_figures(city: City, home: Path, seconds: float | None = None) -> str:
    """The same of a random city of many districts, whose partners are sets."""
    return _figures(city.name, problem(city), 1.0, home, seconds)


def _figures(name: str, p: Problem, scale: float, home: Path, seconds: float | None) -> str:
    begun = time.process_time()
    outcome = solve(p, seconds=seconds)
    value = stage_value(p, p.stages[0], outcome.serves)
    planned = time.process_time()
    proof = prove_sites(p, value) if fits(p) else prove(p, p.stages[0], [], value)
    assert proof is not None, "every unit of an instance has somewhere to go"
    bound = min(proof.bound, value)
    made = time.process_time()
    written = {"bound": bound - 1e-9 * abs(bound), "leaves": proof.leaves, "tree": tree_of(p, proof.tree)}
    write_folder(p, outcome.serves, value, written, home)
    begin = time.process_time()
    told = check(home)[-1]
    size = (home / FILE).stat().st_size / 1e6
    return (
        f"{name}, value {value / scale:.2f}, certified {bound / scale:.2f}, "
        f"gap {(value - bound) / max(1.0, value):.5%}, {proof.leaves} leaves, {size:.2f} MB; solve {planned - begun:.1f} s, "
        f"certificate {made - planned:.1f} s, check {time.process_time() - begin:.1f} s{' OPTIMAL' if 'optimal' in told else ''}"
    )


def main() -> None:
    """Print the figures of each instance."""
    words = argparse.ArgumentParser()
    words.add_argument("family", choices=["pmed", "cpmp", "city"])
    words.add_argument("names", nargs="*")
    words.add_argument("--seconds", type=float)
    asked = words.parse_args()
    if asked.family == "city":
        with tempfile.TemporaryDirectory(prefix="instance-") as home:
            sys.stdout.write(
                city_figures(City(6000, 45, 16, capacity_ratio=3.0), Path(home), asked.seconds) + "\n"
            )
        return
    for one in instances_of(asked.family, []):
        if one.name in asked.names or not asked.names:
            with tempfile.TemporaryDirectory(prefix="instance-") as home:
                sys.stdout.write(figures(one, Path(home), asked.seconds) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
