"""gp.futures: what may come, as scenarios: each hospital out, bridges closed, slower and faster, people more and fewer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gridplan.inputs.region import Region
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.close_hospital import CloseHospital
from gridplan.scenario.edits.people import Population
from gridplan.scenario.edits.places import CloseRoads
from gridplan.scenario.edits.travel_edits import TravelFactor
from gridplan.scenario.futures.ground import check_number
from gridplan.scenario.scenario import Scenario
from gridplan.words.arguments import a_policy, a_region
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

Line = tuple[float, float, float, float]


def futures(
    region: Region,
    policy: Policy,
    *,
    samples: int = 20,
    people: float = 0.1,
    travel: float = 0.2,
    hospitals: bool = True,
    bridges: Mapping[str, Line] | None = None,
    seed: int = 0,
) -> tuple[Scenario, ...]:
    """Futures of a region: today, all N−1 cases, longer and shorter journeys, and sampled populations.

    Parameters
    ----------
    region : Region
        The city as it is.
    policy : Policy
        Names the candidate hospitals.
    samples : int, default 20
        How many futures are drawn: each district's people times a factor, and all journeys times one.
    people : float, default 0.1
        A district's factor is drawn evenly from 1 − people to 1 + people, each district for itself.
    travel : float, default 0.2
        Journeys take from 1 − travel to 1 + travel times as long; both ends are a future each as well.
    hospitals : bool, default True
        Whether each counted candidate hospital is out in a future of its own.
    bridges : Mapping[str, Line], optional
        Name → lon, lat, lon, lat of a line across the roads that are closed together, a future each. Only
        minutes that come from roads know of it.
    seed : int, default 0
        Of the drawing; the same seed gives the same futures.

    Returns
    -------
    tuple[Scenario, ...]
        Scenarios, the first of them today.

    Raises
    ------
    ArgumentError
        `region` is no Region, or `policy` no Policy.
    PolicyError
        An option is outside its range.

    Examples
    --------
    >>> import gridplan as gp
    >>> some = gp.futures(gp.tiny_town(), gp.policy("shanghai-2025"), samples=2)
    >>> len(some)
    8
    """
    a_region(region, "futures")
    a_policy(policy, "futures")
    check_number("samples", samples, 0, 100_000, whole=True)
    check_number("people", people, 0, 0.9)
    check_number("travel", travel, 0, 0.9)
    check_number("seed", seed, 0, 2**32 - 1, whole=True)
    made = [Scenario("today", (), Text("as things are", "现状"))]
    if hospitals:
        who = candidates(region, policy.on(region))
        out = who[who["counted"] & (who["layer"] != GRID)]["hospital_id"]
        made += [Scenario(f"without {h}", (CloseHospital(h),)) for h in out]
    made += [Scenario(f"closed {name}", (CloseRoads(line),)) for name, line in (bridges or {}).items()]
    if travel:
        made += [
            Scenario(name, (TravelFactor(round(factor, 4)),))
            for name, factor in (("slower", 1 + travel), ("faster", 1 - travel))
        ]
    rng, districts = np.random.default_rng(seed), sorted(region.districts["district_id"])
    for n in range(1, samples + 1):
        factors = rng.uniform(1 - people, 1 + people, len(districts)).round(4)
        changes = (
            Population(dict(zip(districts, factors.tolist(), strict=True))),
            TravelFactor(round(float(rng.uniform(1 - travel, 1 + travel)), 4)),
        )
        made.append(Scenario(f"sample {n}", changes))
    return tuple(made)
