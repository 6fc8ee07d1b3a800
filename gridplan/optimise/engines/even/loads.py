"""Least load of the fullest hospital: partners and shares of districts from a small model, whole units by moves and swaps."""

from __future__ import annotations

import numpy as np

from gridplan.optimise.engines.even.rows import Rows
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock

MOST_STEPS = 20_000  # moves and swaps


def level_loads(p: Problem, full: np.ndarray, most: float, clock: Clock) -> tuple[np.ndarray | None, float]:
    """Hospitals of the units, and a bound on the largest load / full; (None, inf) where no plan keeps the rules.

    min B;  Σ_h f_dh = 1;  f_dh ≤ r_dh y_dh;  1 ≤ Σ_{h that u reaches} y_dh;  caps on y;  Σ_d P_d f_dh ≤ B full_h;  y whole

    f_dh is the share of a district that a hospital serves, r_dh the share that it may serve: whole units are shares, too.

    Parameters
    ----------
    full : (H,) residents against which a load is measured, inf where it is not.
    most : B may not be above.
    """
    may = _may(p)
    people = p.district_people
    reach = np.array([(p.people[:, None] * may)[p.district == d].sum(axis=0) for d in range(len(people))])
    lived = np.flatnonzero(people > 0)
    least = max(_least(p, d, full) for d in lived.tolist())
    least = max(least, float(people.sum() / full.sum()) if full.sum() > 0 else 0.0)
    worth = least or 1.0  # of one unit of B in the model
    rows, share, open_ = Rows(), dict[tuple[int, int], int](), dict[tuple[int, int], int]()
    fullest = rows.column(1.0, most / worth if np.isfinite(most) else np.inf)
    rows.row([(fullest, 1.0)], 1.0 if least > 0 else 0.0)
    for d in lived.tolist():
        for h in np.flatnonzero((reach[d] > 0) | p.pinned[d]).tolist():
            share[d, h] = rows.column(most=float(reach[d, h] / people[d]))
            if p.counted[h]:
                open_[d, h] = rows.column(whole=True)
                rows.row([(open_[d, h], 1.0)], 1.0 if p.pinned[d, h] else 0.0)
                rows.row([(share[d, h], 1.0), (open_[d, h], -float(reach[d, h] / people[d]))], most=0.0)
        rows.row([(column, 1.0) for (e, _), column in share.items() if e == d], 1.0, 1.0)
        for reached in np.unique(may[(p.district == d) & (p.people > 0)], axis=0):
            if not all(reached[h] for e, h in open_ if e == d) and not (reached & ~p.counted).any():
                rows.row([(y, 1.0) for (e, h), y in open_.items() if e == d and reached[h]], 1.0)
        if p.district_cap[d] != NO_CAP:
            rows.row([(y, 1.0) for (e, _), y in open_.items() if e == d], most=float(p.district_cap[d]))
    for h in range(len(full)):
        if p.counted[h] and p.hospital_cap[h] != NO_CAP:
            rows.row([(y, 1.0) for (_, g), y in open_.items() if g == h], most=float(p.hospital_cap[h]))
        if np.isfinite(full[h]):
            terms = [(f, float(people[d] / worth)) for (d, g), f in share.items() if g == h]
            rows.row([*terms, (fullest, -float(full[h]))], most=0.0)
    answer = rows.minimise(clock.left)
    if answer.impossible:
        return None, np.inf
    bound = max(least, worth * answer.bound)
    if answer.values is None:
        return None, bound
    aim, partner = np.zeros(reach.shape), np.zeros(reach.shape, dtype=bool)
    for pair, column in share.items():
        aim[pair] = answer.values[column] * people[pair[0]]
        partner[pair] = pair not in open_ or answer.values[open_[pair]] > 0.5
    may &= partner[p.district]
    serves = _filled(p, may, aim)
    if serves is None:
        return None, bound
    _smooth(p, may, serves, full, clock)
    return serves, bound


def _may(p: Problem) -> np.ndarray:
    """(n, H) whether a unit may go to a hospital."""
    may = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
    usable = p.usable
    may[p.unit[usable], p.hospital[usable]] = True
    return may


def _least(p: Problem, d: int, full: np.ndarray) -> float:
    """The load of a district's partners if it alone were served by the largest that it may have."""
    counted = np.sort(full[p.allowed[d] & p.counted])[::-1]
    held = counted[: int(p.district_cap[d])].sum() + full[p.allowed[d] & ~p.counted].sum()
    return float(p.district_people[d] / held) if held > 0 else 0.0


def _filled(p: Problem, may: np.ndarray, aim: np.ndarray) -> np.ndarray | None:
    """Each unit, the largest first, where most is missing; None where one may go nowhere."""
    if not may.any(axis=1).all():
        return None
    serves, left = np.zeros(len(may), dtype=int), aim.copy()
    for u in np.argsort(-p.people, kind="stable").tolist():
        d = int(p.district[u])
        serves[u] = int(np.where(may[u], left[d], -np.inf).argmax())
        left[d, serves[u]] -= p.people[u]
    return serves


def _smooth(p: Problem, may: np.ndarray, serves: np.ndarray, full: np.ndarray, clock: Clock) -> None:
    """Moves and swaps of units within their district as long as Σ load² / full falls, whose least is least for the fullest, too."""
    full, load = np.maximum(full, 1e-9), np.bincount(serves, weights=p.people, minlength=len(full))
    mine = [np.flatnonzero(p.district == d) for d in range(len(p.district_ids))]
    pairs = [
        (d, h, g)
        for d, units in enumerate(mine)
        for h in np.flatnonzero(may[units].any(axis=0)).tolist()
        for g in np.flatnonzero(may[units].any(axis=0)).tolist()
        if h != g
    ]
    steps, better = 0, True
    while better and steps < MOST_STEPS and not clock.over:
        better = False
        for d, h, g in pairs:
            differ, slope = load[h] / full[h] - load[g] / full[g], 1 / full[h] + 1 / full[g]
            if differ <= 0:
                continue
            wish = differ / slope
            step = _nearest(p.people, mine[d], may, serves, h, g, wish)
            if step is not None:
                there, back, people = step
                serves[there], load[h], load[g] = g, load[h] - people, load[g] + people
                if back >= 0:
                    serves[back] = h
                steps, better = steps + 1, True


def _nearest(
    people: np.ndarray, units: np.ndarray, may: np.ndarray, serves: np.ndarray, h: int, g: int, wish: float
) -> tuple[int, int, float] | None:
    """The unit to send from h to g, the one to send back (−1: none), and by how many residents h is lighter, nearest to a wish.

    None where nothing makes both more even.
    """
    here = units[(serves[units] == h) & may[units, g]]
    there = units[(serves[units] == g) & may[units, h]]
    if not len(here):
        return None
    back = np.append(there[np.argsort(people[there], kind="stable")], -1)  # people[-1] is not asked
    lighter = np.append(people[back[:-1]], 0)
    order = np.argsort(lighter, kind="stable")
    back, lighter = back[order], lighter[order]
    at = np.clip(np.searchsorted(lighter, people[here] - wish), 1, max(1, len(lighter) - 1))
    sent, came = np.repeat(here, 2), np.stack([at - 1, np.minimum(at, len(lighter) - 1)], axis=1).ravel()
    net = people[sent] - lighter[came]
    far = np.abs(net - wish)
    best = int(far.argmin())
    if not 0 < net[best] < 2 * wish - 1e-9 * max(1.0, wish):
        return None
    return int(sent[best]), int(back[came[best]]), float(net[best])
