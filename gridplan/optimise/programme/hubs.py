"""CD-4 as an integer programme: which departments become hubs, which grids they are linked to (FORMULATION.md, H)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class HubsProblem:
    """Numbers.

    Parameters
    ----------
    need : (spokes,) people far from any strong department of the discipline.
    spoke_discipline, hub_discipline : (spokes,), (hubs,) indices.
    link_spoke, link_hub : (links,) that may be. own : (links,) bool, the hub's hospital is a partner of the spoke's district.
    most_hubs, most_links : limits.
    """

    need: np.ndarray
    spoke_discipline: np.ndarray
    hub_discipline: np.ndarray
    link_spoke: np.ndarray
    link_hub: np.ndarray
    own: np.ndarray
    most_hubs: int
    most_links: int


@dataclass(frozen=True, eq=False)
class HubsSolution:
    """hub : (spokes,) index of its hub, −1 = none."""

    hub: np.ndarray
    reached: tuple[Reached, ...]


def hubs_model(p: HubsProblem) -> tuple[Assembly, np.ndarray, list[Aim]]:
    """The rows, the columns x (links), the goals."""
    model = Assembly()
    x = model.columns(len(p.link_spoke), name="x")
    y = model.columns(len(p.hub_discipline), name="y")
    for spoke in range(len(p.need)):
        mine = x[p.link_spoke == spoke]
        if len(mine):
            model.row(mine, 1.0, high=1.0)  # (H1)
    for hub in range(len(p.hub_discipline)):
        mine = p.link_hub == hub
        most = min(p.most_links, int(mine.sum()))
        model.row(
            np.append(x[mine], y[hub]), np.append(np.ones(int(mine.sum())), -float(most)), high=0.0
        )  # (H2)
    model.row(y, 1.0, high=float(p.most_hubs))  # (H3)
    gain, hubs, own = (np.zeros(len(model.whole)) for _ in range(3))
    gain[x] = -p.need[p.link_spoke]
    hubs[y] = 1.0
    own[x] = np.where(p.own, -p.need[p.link_spoke], 0.0)
    return model, x, [Aim("gain", gain), Aim("hubs", hubs), Aim("own", own)]


def solve_hubs(p: HubsProblem, seconds: float | None = None) -> HubsSolution:
    """Goals in order: most far need that is linked; fewest hubs; most of it linked to a partner of the district.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    if not len(p.link_spoke):
        none = tuple(Reached(name, 0.0, 0.0, 0.0, 0) for name in ("gain", "hubs", "own"))
        return HubsSolution(np.full(len(p.need), -1), none)
    model, x, aims = hubs_model(p)
    whole = np.arange(len(model.whole))
    solution = solve_in_order(model, aims, whole[:0], whole, seconds)
    hub = np.full(len(p.need), -1)
    for n in np.flatnonzero(solution.values[x] > 0.5).tolist():
        hub[p.link_spoke[n]] = p.link_hub[n]
    return HubsSolution(hub, solution.reached)
