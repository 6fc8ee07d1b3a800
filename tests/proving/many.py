"""Certificates by the hundred: random towns with rules drawn at random. `python -m tests.proving.many 300` prints figures.

Of each town: the program agrees with the engine (it proves the plan whole, or less where a rule is left out of the tree,
never more); digits changed at random are noticed or only weaken the bound; a leaf left out is noticed; of each rule a wrong
engine forgets it on purpose, and what it makes is noticed, unless the rule is one that the program names as left out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import gridplan as gp
from gridplan.plans.folder.certificate import BORDERS, FILE
from gridplan.plans.folder.store import write_tables
from gridplan.proving.check_certificate import KNOWN, Fails, check
from tests.plans.gridtown import grid_town

R = gp.rules
TOWN = grid_town()
FLIPS = 6  # digits of each town
FILES = (
    FILE, FILE, "plan.json", "assignment.csv", "region/hospitals.csv", "region/partnerships.csv", "region/units.csv", "travel.csv", "borders.csv",
)  # fmt: skip
FAULTS = (Fails, KeyError, ValueError, TypeError, IndexError, OSError)


@dataclass(frozen=True)
class Drawn:
    """A town and a policy, minutes where they are given, and rules that a wrong engine may forget."""

    region: gp.Region
    policy: gp.Policy
    travel: np.ndarray | None
    rules: tuple[gp.rules.Rule, ...]


def drawn(seed: int) -> Drawn:
    """Other people, places, minutes, partners of today and rules for each seed."""
    chance = np.random.default_rng(seed)
    units = TOWN.units.assign(
        people=chance.integers(0, 20_000, len(TOWN.units)).astype(float),
        lon=TOWN.units["lon"] + chance.uniform(-0.01, 0.01, len(TOWN.units)),
    )
    totals = units.groupby("district_id")["people"].sum()
    hospitals = TOWN.hospitals.assign(
        lon=TOWN.hospitals["lon"] + chance.uniform(-0.03, 0.03, len(TOWN.hospitals)),
        lat=TOWN.hospitals["lat"] + chance.uniform(-0.03, 0.03, len(TOWN.hospitals)),
    )
    shares = units["people"].clip(upper=3_000.0) // 2
    region = TOWN.with_tables(
        units=units.drop(columns="people_0_14").assign(people_65plus=shares),
        districts=TOWN.districts.assign(people=TOWN.districts["district_id"].map(totals)),
        hospitals=hospitals,
    )
    caps = R.DistrictCap(int(chance.integers(1, 4))), R.HospitalCap(int(chance.integers(1, 4)))
    ids = [h for h in hospitals["hospital_id"] if h.startswith("H")]
    others: list[gp.rules.Rule] = [
        R.Priority(tuple(float(x) for x in np.sort(chance.integers(0, 40, 5)))),
        R.Capacity(source="beds", people_per_bed=float(chance.integers(80, 300))),
        R.GroupWeights({"people_65plus": float(chance.integers(2, 5))}),
        R.TravelStandard(float(chance.integers(8, 40)), price=float(chance.integers(1, 9))),
        R.TravelStandard(float(chance.integers(15, 60))),
        R.ChangePrice(float(chance.integers(1, 200)) * 1000),
        R.Ban(f"T{chance.integers(1, 4)}", str(chance.choice(ids)), reason="drawn"),
        R.Pin(f"T{chance.integers(1, 4)}", str(chance.choice(ids[:3])), reason="drawn"),
        R.LeastPartners(int(chance.integers(1, 3))),
        R.Eligibility("strict"),
        R.LeastShare(float(chance.choice([0.05, 0.15]))),
        R.ConnectedParts(),
        R.MostChanges(int(chance.integers(4, 12))),
        R.HomeFirst(),
        R.Candidates(merge_layers=True),
    ]
    mine = [rule for rule in others if chance.random() < 0.2]
    if chance.random() < 0.3:
        number = R.Grids(most_per_district=int(chance.integers(1, 4)))
        mine += [number, R.GridLeads(), R.GridShape(), R.WillingPrivate()]
    base = gp.policy("shanghai-2025")
    policy = base.with_rule(*caps, *mine)
    if chance.random() < 0.3:
        policy = replace(policy, goals=("coverage", "travel"), tolerance=float(chance.choice([0.0, 0.02])))
    given = chance.random() < 0.25
    shape = len(region.units), len(region.hospitals)
    minutes = np.round(chance.uniform(1, 60, shape), 4) if given else None
    return Drawn(region, policy, minutes, (*caps, *mine))


def bounds(folder: Path) -> dict[str, float]:
    """The bounds that a folder proves, by goal."""
    found = {}
    for line in check(folder)[2:]:
        what, number, rest = line.partition(": value / 目标值 ")
        if number:
            found[what] = float(rest.split("bound / 下界 ")[1].split(", ")[0].replace(",", ""))
    return found


def town(seed: int, home: Path, forget: bool = True) -> Counter[str]:
    """What came of one town; `forget`: and of engines that forget a rule."""
    came, one = Counter[str](), drawn(seed)
    try:
        plan = gp.plan(one.region, one.policy, travel=one.travel)
    except (gp.InfeasibleError, gp.PolicyError, gp.DataError):
        return Counter({"without a plan": 1})
    folder = home / "plan"
    folder.mkdir()
    write_tables(plan, folder)
    gp.certify(plan).save(folder)
    told, true = check(folder)[2:], bounds(folder)
    reached = {f"{layer.layer}, {g.goal}": g.reached for layer in plan.layers for g in layer.goals}
    came["towns"] += 1
    came["goals"] += len(reached)
    came["certified whole"] += sum("optimal" in line for line in told)
    came["certified in part"] += sum("gap /" in line for line in told)
    came["not certified"] += sum("not certified / 未出具证书" in line for line in told)
    came["more than the plan"] += sum(true[g] > reached[g] * (1 + 1e-6) + 1e-6 for g in true)
    came += flips(folder, true, random.Random(seed))
    came += cut(folder)
    for n, rule in enumerate(one.rules if forget else ()):
        came += wrong_engine(one, rule, reached, home / f"wrong-{n}")
    return came


def flips(folder: Path, true: dict[str, float], dice: random.Random) -> Counter[str]:
    """Digits changed, one at a time."""
    came = Counter[str]()
    for _ in range(FLIPS):
        file = folder / dice.choice([name for name in FILES if (folder / name).exists()])
        text = file.read_text(encoding="utf-8")
        places = [m.start() for m in re.finditer(r"\d", text)]
        if not places:
            continue
        at = dice.choice(places)
        other = dice.choice([d for d in "0123456789" if d != text[at]])
        file.write_text(text[:at] + other + text[at + 1 :], encoding="utf-8")
        came["digits"] += 1
        try:
            now = bounds(folder)
            better = [g for g in true if now.get(g, 0.0) > true[g] + 1e-6 * max(1.0, abs(true[g]))]
            came["digits believed"] += bool(better) and not _another_problem(file)
            came["digits of another problem"] += bool(better) and _another_problem(file)
        except FAULTS:
            came["digits noticed"] += 1
        file.write_text(text, encoding="utf-8")
    return came


def _another_problem(file: Path) -> bool:
    """Whether a file states the problem: another capacity or partner of today has another proof, which may hold."""
    return file.name in ("hospitals.csv", "partnerships.csv", "plan.json", "units.csv", "travel.csv")


def cut(folder: Path) -> Counter[str]:
    """A tree without one of its sides."""
    file = folder / FILE
    text = file.read_text(encoding="utf-8")
    proof = json.loads(text)
    came = Counter[str]()
    for layer in proof["layers"]:
        for goal in layer["goals"]:
            if "pair" in goal.get("tree", {}):
                whole, goal["tree"] = goal["tree"], {k: v for k, v in goal["tree"].items() if k != "out"}
                file.write_text(json.dumps(proof), encoding="utf-8")
                came["leaves cut"] += 1
                came["leaves cut, believed"] += _holds(folder)
                goal["tree"] = whole
    file.write_text(text, encoding="utf-8")
    return came


def wrong_engine(one: Drawn, rule: gp.rules.Rule, best: dict[str, float], folder: Path) -> Counter[str]:
    """The plan of an engine that forgets a rule, with the certificate that it makes, under the policy that was asked for."""
    looser = replace(one.policy, rules=tuple(own for own in one.policy.rules if own != rule))
    try:
        forgetful = gp.plan(one.region, looser, travel=one.travel)
    except (gp.InfeasibleError, gp.PolicyError):
        return Counter({"rules that cannot be forgotten": 1})
    rows = forgetful.assignment[["layer", "unit_id", "hospital_id"]]
    verdict = gp.judge(one.region, one.policy, rows, travel=forgetful.travel)
    keys = {own.id: own.key for own in one.policy.rules}
    broken = {keys.get(breach.rule, breach.rule) for breach in verdict.breaches}
    folder.mkdir()
    write_tables(forgetful, folder)
    gp.certify(forgetful).save(folder)
    if (folder.parent / "plan" / BORDERS).exists():
        shutil.copy(folder.parent / "plan" / BORDERS, folder)
    record = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    asked = json.loads((folder.parent / "plan" / "plan.json").read_text(encoding="utf-8"))
    (folder / "plan.json").write_text(json.dumps({**record, "policy": asked["policy"]}), encoding="utf-8")
    try:
        told = bounds(folder)
    except FAULTS:
        return Counter({"wrong engines noticed": 1})
    named = check(folder)[1].partition(": ")[2].split(", ")
    if broken and broken <= set(named) and not broken & set(KNOWN):
        return Counter({"wrong engines told apart: the rule is named, exit status 3": 1})
    if broken:
        return Counter({"wrong engines believed": 1})
    more = any(told[goal] > best[goal] * (1 + 1e-6) + 1e-6 for goal in told if goal in best)
    return Counter(
        {"wrong engines believed" if more else "wrong engines that keep the rules all the same": 1}
    )


def _holds(folder: Path) -> bool:
    try:
        check(folder)
    except FAULTS:
        return False
    return True


def main() -> None:
    """Try so many towns, print what came of them; 1 where something was believed that should not be."""
    words = argparse.ArgumentParser()
    words.add_argument("towns", type=int)
    words.add_argument("seed", type=int, nargs="?", default=0)
    words.add_argument("--seconds", type=float, default=1e9)
    asked = words.parse_args()
    came, until = Counter[str](), time.monotonic() + asked.seconds
    for seed in range(asked.seed, asked.seed + asked.towns):
        if time.monotonic() > until:
            break
        with tempfile.TemporaryDirectory(prefix="proofs-") as home:
            try:
                came += town(seed, Path(home))
            except Exception as error:  # noqa: BLE001  # to find those is what this is for
                sys.stderr.write(f"seed {seed}: {type(error).__name__}: {error}\n")
                came["towns that broke"] += 1
    bad = [key for key in came if "believed" in key or key in ("more than the plan", "towns that broke")]
    sys.stdout.write(json.dumps(dict(came), ensure_ascii=False) + "\n")
    sys.exit(any(came[key] for key in bad))


if __name__ == "__main__":
    main()
