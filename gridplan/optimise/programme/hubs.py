"""CD-4 as integer programmes: how many hubs each discipline has and which grids they reach, then which hospitals they are
(FORMULATION.md, H)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order
from gridplan.optimise.run.clock import Clock


@dataclass(frozen=True, eq=False)
class HubsProblem:
    """Numbers. Any hub of a discipline may reach any spoke of it.

    Parameters
    ----------
    need : (spokes,) people far from any strong department of the discipline.
    spoke_discipline, hub_discipline : (spokes,), (hubs,) indices.
    own : (spokes, hubs) bool, the hub's hospital is a partner of the spoke's district.
    most_hubs, most_links : limits.
    """

    need: np.ndarray
    spoke_discipline: np.ndarray
    hub_discipline: np.ndarray
    own: np.ndarray
    most_hubs: int
    most_links: int


@dataclass(frozen=True, eq=False)
class HubsSolution:
    """hub : (spokes,) index of its hub, −1 = none."""

    hub: np.ndarray
    reached: tuple[Reached, ...]


def reach_model(p: HubsProblem) -> tuple[Assembly, np.ndarray, list[Aim]]:
    """Which spokes are reached: columns z (spokes) and w (a discipline has at least so many hubs)."""
    model = Assembly()
    z = model.columns(len(p.need), name="z")
    counts = [(int(s), k) for s in np.unique(p.spoke_discipline) for k in range(_most(p, int(s)))]
    w = model.columns(len(counts), name="w")
    of = np.array([s for s, _ in counts], dtype=int)
    for s in np.unique(p.spoke_discipline).tolist():
        mine, hubs = z[p.spoke_discipline == s], w[of == s]
        model.row(
            np.append(mine, hubs),
            np.append(np.ones(len(mine)), np.full(len(hubs), -float(p.most_links))),
            high=0.0,
        )  # (H1)
        for more, fewer in pairwise(hubs.tolist()):
            model.row(np.array([more, fewer]), np.array([-1.0, 1.0]), high=0.0)  # (H2)
    model.row(w, 1.0, high=float(p.most_hubs))  # (H3)
    gain, used = np.zeros(len(model.whole)), np.zeros(len(model.whole))
    gain[z], used[w] = -p.need, 1.0
    return model, z, [Aim("gain", gain), Aim("hubs", used)]


def whose_model(
    p: HubsProblem, spokes: np.ndarray, hubs: np.ndarray
) -> tuple[Assembly, np.ndarray, list[Aim]]:
    """Of one discipline: which hospitals are its hubs, and which reaches which; columns x (spokes, hubs) and y (hubs)."""
    model = Assembly()
    x = model.columns(len(spokes) * len(hubs), name="x").reshape(len(spokes), len(hubs))
    y = model.columns(len(hubs), name="y")
    for n in range(len(spokes)):
        model.row(x[n], 1.0, low=1.0, high=1.0)  # (H4)
    for m in range(len(hubs)):
        model.row(
            np.append(x[:, m], y[m]), np.append(np.ones(len(spokes)), -float(p.most_links)), high=0.0
        )  # (H5)
    model.row(y, 1.0, high=float(-(-len(spokes) // p.most_links)))  # (H6)
    own = np.zeros(len(model.whole))
    own[x] = -np.where(p.own[np.ix_(spokes, hubs)], p.need[spokes][:, None], 0.0)
    return model, x, [Aim("own", own)]


def solve_hubs(p: HubsProblem, seconds: float | None = None) -> HubsSolution:
    """Goals in order: most far need that is reached; fewest hubs; given the spokes, most of it by a partner of the district.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    hub, clock = np.full(len(p.need), -1), Clock(seconds)
    if not len(p.need):
        return HubsSolution(hub, tuple(Reached(name, 0.0, 0.0, 0.0, 0) for name in ("gain", "hubs", "own")))
    model, z, aims = reach_model(p)
    whole = np.arange(len(model.whole))
    solution = solve_in_order(model, aims, whole[:0], whole, clock.share(2))
    chosen = solution.values[z] > 0.5
    parts: list[Reached] = []
    disciplines = np.unique(p.spoke_discipline[chosen]).tolist()
    for n, s in enumerate(disciplines):
        spokes = np.flatnonzero(chosen & (p.spoke_discipline == s))
        hubs = np.flatnonzero(p.hub_discipline == s)
        model, x, aims = whose_model(p, spokes, hubs)
        whole = np.arange(len(model.whole))
        found = solve_in_order(model, aims, whole[:0], whole, clock.share(len(disciplines) - n))
        hub[spokes] = hubs[found.values[x].argmax(axis=1)]
        parts += found.reached
    value, bound, took = (
        sum(float(getattr(one, what)) for one in parts) for what in ("value", "bound", "seconds")
    )
    return HubsSolution(hub, (*solution.reached, Reached("own", value, bound, took, len(parts))))


def _most(p: HubsProblem, discipline: int) -> int:
    """Hubs of a discipline that are of any use."""
    spokes = int((p.spoke_discipline == discipline).sum())
    return min(p.most_hubs, int((p.hub_discipline == discipline).sum()), -(-spokes // p.most_links))
