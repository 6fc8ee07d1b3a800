"""HOME in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.policies.rules import HomeFirst
from gridplan.words.text import Text


def numbers(problem: Problem, rule: HomeFirst, region: Region) -> Fields:
    """Where each hospital is at home, by ids; without counted hospitals there is nothing to keep."""
    homes = dict(zip(region.hospitals["hospital_id"], region.hospitals["district_id"], strict=True))
    counted = problem.hospital_ids[problem.counted].tolist()
    return {"home_first": {h: homes[h] for h in counted}} if counted else {}


def home_first(ref: Reference) -> None:
    """g_h y_dh ≤ y_{home of h, h} + f_{home of h} for every district d that is not the home of h          (24) HOME

    f_e = 1 only where the places of e are all taken by partners of priority 1 (`_full`); a home where nobody lives binds nobody.
    """
    p, place = ref.problem, {str(d): n for n, d in enumerate(ref.problem.district_ids)}
    homes = p.numbers.get("home_first") or {}
    full = {}
    for h, name in enumerate(p.hospital_ids):
        home = place.get(homes.get(name, ""), -1)
        if home < 0 or not p.counted[h] or not p.district_people[home]:
            continue
        if home not in full:
            full[home] = _full(ref, home)
        for d in [d for d, other in ref.y if other == h and d != home]:
            terms = [(ref.y[d, h], 1.0)]
            terms += [(ref.y[home, h], -1.0)] if (home, h) in ref.y else []
            terms += [(full[home], -1.0)] if full[home] is not None else []
            ref.row(terms, "<=", 0.0, f"home_first[{p.district_ids[d]},{name}]", "HOME", d=d, h=h)


def _full(ref: Reference, home: int) -> object:
    """K_e f_e ≤ Σ_h g_h y_eh over the hospitals of priority 1 in e                                        (25) HOME

    None where the district has no cap, or fewer such hospitals than places.
    """
    p = ref.problem
    first = [ref.y[d, h] for d, h in ref.counted_pairs() if d == home and p.priority[d, h] == 1]
    most = int(p.district_cap[home])
    if most == NO_CAP or len(first) < most:
        return None
    full = ref.model.binary(f"full[{p.district_ids[home]}]")
    ref.model.add(
        [(full, float(most)), *((y, -1.0) for y in first)], "<=", 0.0, f"all_places[{p.district_ids[home]}]"
    )
    return full


def demands(p: Problem) -> Iterator[Demand]:
    """Each hospital's home."""
    homes = p.numbers.get("home_first") or {}
    yield from (Demand("HOME", -1, h) for h, name in enumerate(p.hospital_ids) if name in homes)


def _free(p: Problem, h: int) -> Problem:
    homes = {name: home for name, home in p.numbers["home_first"].items() if name != p.hospital_ids[h]}
    return p.with_numbers(home_first=homes or None)


def without(p: Problem, demand: Demand) -> Problem:
    """The hospital may leave its home district."""
    return _free(p, demand.hospital)


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Home first."""
    return Text(f"{h}: its home district first", f"{h}：本部所在区优先")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """The hospital may leave its home district."""
    return (
        _free(p, slack.hospital) if p.hospital_ids[slack.hospital] in p.numbers.get("home_first", {}) else p
    )


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(home_first,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    priced=True,
    gives_way=(
        Text(
            "HOME {h}: would partner {d}, not its home district",
            "HOME {h}：将与 {d} 合作，而未与本部所在区合作",
        ),
        Text("let {h} partner {d} without its home district", "允许 {h} 与 {d} 合作而不与本部所在区合作"),
    ),
)
