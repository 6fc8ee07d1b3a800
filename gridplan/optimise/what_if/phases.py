"""Steps from today's partnerships to a plan's: a few changes at a time, never worse against the caps than before.

Only the changes of the plan are made, each once. `next_step` takes as many as it may at once; where that ends in a
corner, `whole_way` plans all phases together, part by part, so that a way is found wherever there is one. That no
district is left farther away than it may (`Served`) is asked of each answer; what it does is then forbidden, and asked anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from gridplan.optimise.model.pulp_door import Model
from gridplan.optimise.what_if.served import SLIP, Served
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.text import Text

SECONDS = 120.0
GAP = 0.2  # of the order in which the whole way makes its changes; whether there is a way is exact


@dataclass(frozen=True, eq=False)
class Steps:
    """n changes, and the counts that they move.

    Parameters
    ----------
    gain : (n,) from 0 to 1, which change comes first where the choice is free.
    count, cap : (P,) counted pairs today of each district and hospital that has a cap, and the cap.
    moves : (P, n) what each change adds to the count: 1, −1 or 0.
    partners : (Q,) partners today of each district in each layer where it has any.
    partner_moves : (Q, n) what each change adds to them.
    size : (n,) 1 for a change that counts toward a phase; 0 for one that nobody has to agree on; 1 throughout where None.
    served : districts in layers where they have a partner, and how far their residents travel by which changes.
    no_worse : minutes by which a district may be worse off after a phase than before it.
    """

    gain: np.ndarray
    count: np.ndarray
    cap: np.ndarray
    moves: np.ndarray
    partners: np.ndarray
    partner_moves: np.ndarray
    size: np.ndarray | None = None
    served: tuple[Served, ...] = ()
    no_worse: float = float("inf")

    @property
    def sizes(self) -> np.ndarray:
        """(n,) what each change counts toward a phase."""
        return np.ones(self.n) if self.size is None else self.size

    def worse(self, before: np.ndarray, after: np.ndarray) -> Iterator[Served]:
        """Districts that are worse off by more than they may, once the changes `after` (n,) are made instead of `before`."""
        for one in self.served:
            if one.jump(before[one.changes], after[one.changes]) > self.no_worse + SLIP:
                yield one

    @property
    def n(self) -> int:
        """How many changes there are."""
        return len(self.gain)


def phases(steps: Steps, most: int) -> list[np.ndarray] | None:
    """The changes of each phase as indices, at most `most` in one; None where there is no such way.

    Raises
    ------
    NoPlanInTimeError : no way was found, nor that there is none, within two minutes.
    """
    done, out = np.zeros(steps.n, dtype=bool), []
    while not done.all():
        step = next_step(steps, done, most)
        if step is None:
            return _part_by_part(steps, most)
        done[step] = True
        out.append(step)
    return out


def _part_by_part(steps: Steps, most: int) -> list[np.ndarray] | None:
    """The whole way of each part; parts do not hinder each other, so their phases go together where they fit."""
    ways = []
    for part in _parts(steps):
        moves, partner_moves = steps.moves[:, part], steps.partner_moves[:, part]
        mine = tuple(one.of_part(part) for one in steps.served if np.isin(one.changes, part).any())
        own = replace(
            steps,
            gain=steps.gain[part],
            moves=moves,
            partner_moves=partner_moves,
            size=steps.sizes[part],
            served=mine,
        )
        way = whole_way(own, most)
        if way is None:
            return None
        ways.append([part[step] for step in way])
    out = []
    while any(ways):
        phase: list[int] = []
        for way in ways:
            if way and steps.sizes[phase].sum() + steps.sizes[way[0]].sum() <= most:
                phase += way.pop(0).tolist()
        out.append(np.array(phase, dtype=np.int64))
    return out


def _parts(steps: Steps) -> list[np.ndarray]:
    """Changes that a cap or a last partner may tie together."""
    more, fewer = steps.moves.clip(min=0).sum(axis=1), steps.partner_moves.clip(max=0).sum(axis=1)
    binding = steps.moves[(more > 0) & (steps.count + more > steps.cap)]
    last = steps.partner_moves[steps.partners + fewer < 1]
    label = np.arange(steps.n)
    together = np.zeros((len(steps.served), steps.n))
    for row, one in zip(together, steps.served, strict=True):
        row[one.changes] = 1
    for row in (*binding, *last, *together):
        if not row.any():
            continue
        joined = np.unique(label[row != 0])
        label[np.isin(label, joined)] = joined[0]
    return [np.flatnonzero(label == one) for one in np.unique(label)]


def next_step(steps: Steps, done: np.ndarray, most: int) -> np.ndarray | None:
    """As many changes as one phase may make after those done, the gainful ones first; None where none can be.

    max Σ_c z_c + gain;  1 ≤ Σ_c z_c,  Σ_c size_c z_c ≤ most
    count_p + Σ_c moves_pc z_c ≤ max(cap_p, count_p)    for every capped place p, count_p as it is now
    partners_q + Σ_c moves_qc z_c ≥ 1                   for every district with a partner
    Σ_{c in S} (1 − z_c) + Σ_{c not in S} z_c ≥ 1       for every set S of a district's changes that leaves it too far away
    """
    model, open_ = Model("next_step"), np.flatnonzero(~done).tolist()
    z = {c: model.binary(f"z[{c}]") for c in open_}
    sizes = steps.sizes
    model.add([(z[c], float(sizes[c])) for c in open_ if sizes[c]], "<=", float(most), "most")
    counts = [c for c in open_ if sizes[c]] or open_
    model.add([(z[c], 1.0) for c in counts], ">=", 1.0, "some")
    now, held = steps.count + steps.moves @ done, steps.partners + steps.partner_moves @ done
    for p, spare in enumerate((np.maximum(steps.cap, now) - now).tolist()):
        terms = [(z[c], float(steps.moves[p, c])) for c in open_ if steps.moves[p, c]]
        if terms:
            model.add(terms, "<=", float(spare), f"cap[{p}]")
    for q, spare in enumerate((held - 1).tolist()):
        terms = [(z[c], float(steps.partner_moves[q, c])) for c in open_ if steps.partner_moves[q, c]]
        if terms:
            model.add(terms, ">=", -float(spare), f"partner[{q}]")
    model.minimise([(z[c], -1.0 - float(steps.gain[c]) / (2 * steps.n)) for c in open_])
    forbidden = 0
    while model.solve("highs", None, 0.0).has_values:
        step = np.array([c for c in open_ if model.is_on(z[c])], dtype=np.int64)
        after = done.copy()
        after[step] = True
        worse = list(steps.worse(done, after))
        if not worse:
            return step
        for one in worse:
            forbidden += 1
            mine = [int(c) for c in one.changes if not done[c]]
            taken = [c for c in mine if after[c]]
            terms = [(z[c], -1.0 if after[c] else 1.0) for c in mine]
            model.add(terms, ">=", 1.0 - len(taken), f"too_far[{forbidden}]")
    return None


def whole_way(steps: Steps, most: int) -> list[np.ndarray] | None:
    """All phases at once: s_ct = 1 where change c is made in phase t or before; None where there is no way.

    s_c,t−1 ≤ s_ct;  s_cn = 1;  Σ_c size_c (s_ct − s_c,t−1) ≤ most
    count_pt ≤ cap_p                                                 where today's count is within the cap
    count_pt ≤ cap_p + M w_pt  and  count_pt ≤ count_p,t−1 + M (1 − w_pt)   elsewhere
    partners_qt ≥ 1                                                  for every t
    not (s_·,t−1 = S and s_·t = S')          for every t and every step of a district that leaves it too far away
    """
    model, n = Model("whole_way"), steps.n
    if not n:
        return []
    s = [[model.binary(f"s[{c},{t}]") for t in range(n)] for c in range(n)]
    for c in range(n):
        for t in range(1, n):
            model.add([(s[c][t - 1], 1.0), (s[c][t], -1.0)], "<=", 0.0, f"stays[{c},{t}]")
        model.add([(s[c][n - 1], 1.0)], "==", 1.0, f"made[{c}]")
    for t in range(n):
        sized = np.flatnonzero(steps.sizes).tolist()
        terms = [(s[c][t], 1.0) for c in sized]
        terms += [(s[c][t - 1], -1.0) for c in sized] if t else []
        model.add(terms, "<=", float(most), f"most[{t}]")
        for q, held in enumerate(steps.partners.tolist()):
            if terms := _moved(s, steps.partner_moves[q], t):
                model.add(terms, ">=", 1.0 - held, f"partner[{q},{t}]")
        for p in range(len(steps.cap)):
            _never_worse(model, steps, s, p, t)
    late = [(s[c][t], -1.0 - float(steps.gain[c]) / 2) for c in range(n) for t in range(n)]
    model.minimise(late)
    end, forbidden = time.monotonic() + SECONDS, 0
    while True:
        solved = model.solve("highs", max(1.0, end - time.monotonic()), GAP)
        if solved.found == "infeasible":
            return None
        if not solved.has_values or time.monotonic() > end:
            raise NoPlanInTimeError(
                Text("no transition was found in time", "时限内未找到过渡方案"),
                Text("allow more changes per phase", "请增加每期变动数"),
                None,
            )
        on = np.array([[model.is_on(v) for v in row] for row in s])
        states = [np.zeros(n, dtype=bool), *on.T]
        broken = [
            (one, before, after) for before, after in pairwise(states) for one in steps.worse(before, after)
        ]
        if not broken:
            first = on.argmax(axis=1)
            return [np.flatnonzero(first == t) for t in range(n) if (first == t).any()]
        for one, before, after in broken:
            forbidden += 1
            for t in range(n):
                terms, limit = _as_it_is(s, one, after, t)
                earlier, more = _as_it_is(s, one, before, t - 1) if t else ([], 0.0)
                if t or not before[one.changes].any():
                    model.add([*terms, *earlier], ">=", 1.0 + limit + more, f"too_far[{forbidden},{t}]")


def _as_it_is(
    s: list[list[Any]], one: Served, state: np.ndarray, t: int
) -> tuple[list[tuple[Any, float]], float]:
    """Terms that, less the limit, count in how many changes a district is not in a state after phase t."""
    mine = one.changes.tolist()
    return [(s[c][t], -1.0 if state[c] else 1.0) for c in mine], -float(state[mine].sum())


def _never_worse(model: Model, steps: Steps, s: list[list[Any]], p: int, t: int) -> None:
    count, cap = int(steps.count[p]), int(steps.cap[p])
    terms = _moved(s, steps.moves[p], t)
    if not terms:
        return
    if count <= cap:
        model.add(terms, "<=", float(cap - count), f"cap[{p},{t}]")
        return
    big, over = float(np.abs(steps.moves[p]).sum() + count), model.binary(f"w[{p},{t}]")
    model.add([*terms, (over, -big)], "<=", float(cap - count), f"cap[{p},{t}]")
    before = [(v, -weight) for v, weight in _moved(s, steps.moves[p], t - 1)] if t else []
    model.add([*terms, *before, (over, big)], "<=", big, f"no_more[{p},{t}]")


def _moved(s: list[list[Any]], moves: np.ndarray, t: int) -> list[tuple[Any, float]]:
    return [(s[c][t], float(moves[c])) for c in np.flatnonzero(moves).tolist()]
