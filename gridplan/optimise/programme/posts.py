"""SH-11 as an integer programme: custody, and the posts of resident experts (FORMULATION.md, "Programme", D).

A post is an expert's place of a sender at a receiver in a discipline; it is held for 1 to F phases. What is counted is
phases of a post, y_k = "held for at least k phases", not which phases: with custody fixed the rows of posts are two
families, each nested (by receiver within sender, by department within sender), so that the relaxed posts are whole at
a corner, and posts over F phases fall apart into whole phases. That is why one model holds all phases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order

GOALS = ("missing", "need", "travel", "handovers")
MUCH = 1000.0  # columns run from 0 to 1; shortages are counted in thousands
DAYS_PER_SEAT = 5.0  # an extra seat weighs as much as so many extra expert-days, where a shortage is cured


@dataclass(frozen=True, eq=False)
class PostsProblem:
    """Numbers of the programme.

    Parameters
    ----------
    sender, receiver : (pairs,) who may manage whom.
    minutes : (pairs,) one way.
    kept : (pairs,) bool, custody that must stay.
    district : (receivers,) group of each receiver, for rules per pair: its district, TCM hospitals apart.
    room : (receivers, disciplines) whole, 3 − level; 0 = strong already, or not known.
    need : (receivers, disciplines) people in need while the gap is whole.
    seats : (senders, disciplines) whole, experts away at once.
    posts_of_week : (senders,) posts that the expert-days of a week allow, inf = no limit.
    managers : (senders,) who may be sent, inf = no limit.
    within : (pairs,) bool, whether experts travel so far.
    managers_each, least, most, phases : of the rule.
    one_per_pair : only as many receivers of a district are managed as it has senders.
    price : need that a minute of a post's way weighs.
    total : posts of all phases at most.
    """

    sender: np.ndarray
    receiver: np.ndarray
    minutes: np.ndarray
    kept: np.ndarray
    district: np.ndarray
    room: np.ndarray
    need: np.ndarray
    seats: np.ndarray
    posts_of_week: np.ndarray
    managers: np.ndarray
    within: np.ndarray
    managers_each: int
    least: int
    most: int
    phases: int
    one_per_pair: bool = False
    price: float = 0.0
    total: float = np.inf


@dataclass(frozen=True, eq=False)
class Cure:
    """The least that would cure what is missing.

    Parameters
    ----------
    seats : extra seats (sender, discipline, how many).
    weeks : extra posts a week (sender, how many).
    left : (receivers,) posts at once that stay missing all the same: the departments have no more experts.
    """

    seats: tuple[tuple[int, int, int], ...]
    weeks: tuple[tuple[int, int], ...]
    left: np.ndarray


@dataclass(frozen=True, eq=False)
class PostsSolution:
    """custody : (pairs,) bool. posts : rows pair, discipline, phase (from 0). missing : (receivers,) phases of posts."""

    custody: np.ndarray
    posts: np.ndarray
    missing: np.ndarray
    missing_managers: np.ndarray
    reached: tuple[Reached, ...]


class PostsModel:
    """The model's columns by meaning."""

    def __init__(self, p: PostsProblem) -> None:
        self.p, self.model = p, Assembly()
        pairs, receivers, senders = len(p.sender), len(p.district), len(p.seats)
        self.m = self.model.columns(pairs, name="m")
        can = (p.room[p.receiver] > 0) & (p.seats[p.sender] > 0) & p.within[:, None]
        self.pair, self.discipline = np.nonzero(can)
        self.y = self.model.columns(len(self.pair) * p.phases, name="y").reshape(len(self.pair), p.phases)
        self.q = self.model.columns(receivers, whole=False, name="q")
        self.u = self.model.columns(senders, whole=False, name="u")
        self.rows()

    def rows(self) -> None:
        p, model = self.p, self.model
        receiver, sender = p.receiver[self.pair], p.sender[self.pair]
        for r in range(len(p.district)):
            mine = np.flatnonzero(p.receiver == r)
            kept = int(p.kept[mine].sum())
            if p.one_per_pair:
                model.row(self.m[mine], 1.0, high=float(max(1, kept)))
            else:
                model.row(self.m[mine], 1.0, low=1.0, high=1.0)  # (D1)
        self.rows_of_pairs()
        for pair in np.flatnonzero(p.kept):
            model.row(self.m[[pair]], 1.0, low=1.0)  # (D3)
        for i in range(len(self.pair)):
            held = self.y[i]
            model.row(np.array([held[0], self.m[self.pair[i]]]), np.array([1.0, -1.0]), high=0.0)  # (D4)
            for k in range(1, p.phases):
                model.row(held[[k, k - 1]], np.array([1.0, -1.0]), high=0.0)
        least, most = p.phases * p.least, p.phases * p.most
        for r in range(len(p.district)):
            posts, mine = self.y[receiver == r].ravel(), self.m[p.receiver == r]
            rows = np.concatenate([posts, [self.q[r]], mine])
            ones = np.ones(len(posts))
            model.row(rows, np.concatenate([ones, [least], np.full(len(mine), -least)]), low=0.0)  # (D5)
            model.row(posts, 1.0, high=float(most))  # (D10)
        if np.isfinite(p.total):
            model.row(self.y.ravel(), 1.0, high=float(p.total))
        for h in range(len(p.seats)):
            here = sender == h
            for s in np.unique(self.discipline[here]):
                model.row(
                    self.y[here & (self.discipline == s)].ravel(), 1.0, high=float(p.phases * p.seats[h, s])
                )  # (D6)
            if np.isfinite(p.posts_of_week[h]):
                model.row(self.y[here].ravel(), 1.0, high=float(p.phases * p.posts_of_week[h]))  # (D7)
            if np.isfinite(p.managers[h]) and p.managers_each:
                mine = self.m[p.sender == h]
                values = np.append(np.full(len(mine), float(p.managers_each)), -MUCH)
                model.row(np.append(mine, self.u[h]), values, high=float(p.managers[h]))  # (D8)
            else:
                model.row(self.u[[h]], 1.0, high=0.0)

    def rows_of_pairs(self) -> None:
        """(D2) Each partner manages one where there are enough; one per pair: exactly as many as there are pairs."""
        p = self.p
        for d in np.unique(p.district):
            here = np.flatnonzero(p.district[p.receiver] == d)
            senders, receivers = np.unique(p.sender[here]), np.unique(p.receiver[here])
            bound = {int(p.receiver[i]): int(p.sender[i]) for i in here if p.kept[i]}
            idle = [h for h in senders if h not in bound.values()]
            free = len(receivers) - len(bound)
            if free >= len(idle):
                for h in idle:
                    self.model.row(self.m[here[p.sender[here] == h]], 1.0, low=1.0)
            if p.one_per_pair:
                count = float(max(len(bound), min(len(senders), len(receivers))))
                self.model.row(self.m[here], 1.0, low=count, high=count)

    def aims(self) -> list[Aim]:
        p, n = self.p, len(self.model.whole)
        missing = np.zeros(n)
        missing[self.q], missing[self.u] = p.phases * p.least, MUCH
        need = np.zeros(n)
        k, room = np.arange(p.phases), p.room[p.receiver[self.pair], self.discipline]
        gain = np.maximum(0.0, (room[:, None] - k) / np.maximum(1, room)[:, None])
        need[self.y] = -gain * p.need[p.receiver[self.pair], self.discipline][:, None]
        travel = np.zeros(n)
        travel[self.y] = p.minutes[self.pair][:, None]
        need += p.price * travel
        handovers = np.zeros(n)
        handovers[self.y[:, 0]] += 1.0
        handovers[self.y[:, -1]] -= 1.0
        return [
            Aim("missing", missing),
            Aim("need", need),
            Aim("travel", travel),
            Aim("handovers", handovers),
        ]


def solve_posts(
    p: PostsProblem,
    seconds: float | None = None,
    told: Callable[[Reached], None] = lambda reached: None,
    goals: Sequence[str] = GOALS,
) -> PostsSolution:
    """Custody and posts, all goals in order: fewest missing, most need, least travel, fewest handovers.

    A handover is a post that is not held through all phases.

    Parameters
    ----------
    goals : those that are solved, in this order of theirs.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    made = PostsModel(p)
    solution = solve_in_order(
        made.model, [aim for aim in made.aims() if aim.name in goals], made.m, made.y.ravel(), seconds, told
    )
    custody = solution.values[made.m] > 0.5
    held = np.round(solution.values[made.y].sum(axis=1)).astype(int)
    receiver = p.receiver[made.pair]
    count = np.bincount(receiver, weights=held, minlength=len(p.district))
    managed = np.isin(np.arange(len(p.district)), p.receiver[custody])
    missing = np.where(managed, np.maximum(0, p.phases * p.least - count), 0).astype(int)
    sent = np.bincount(p.sender[custody], minlength=len(p.seats)) * p.managers_each
    short = np.where(
        np.isfinite(p.managers), np.maximum(0, sent - np.where(np.isfinite(p.managers), p.managers, 0)), 0
    )
    posts = split_into_phases(p, made.pair, made.discipline, held)
    return PostsSolution(custody, posts, missing, short.astype(int), solution.reached)


def split_into_phases(
    p: PostsProblem, pair: np.ndarray, discipline: np.ndarray, held: np.ndarray
) -> np.ndarray:
    """Posts held for so many phases → rows pair, discipline, phase, each phase keeping all limits.

    There always is one: the limits are two nested families (see above).
    """
    on = np.flatnonzero(held)
    if p.phases == 1 or not len(on):
        return np.column_stack([pair[on], discipline[on], np.zeros(len(on), dtype=int)])
    model = Assembly()
    v = model.columns(len(on) * p.phases).reshape(len(on), p.phases)
    for i, n in enumerate(held[on]):
        model.row(v[i], 1.0, low=float(n), high=float(n))
    sender, receiver = p.sender[pair[on]], p.receiver[pair[on]]
    for f in range(p.phases):
        for r in np.unique(receiver):
            total = held[on][receiver == r].sum()
            model.row(
                v[receiver == r, f], 1.0, low=float(total // p.phases), high=float(-(-total // p.phases))
            )
        for h in np.unique(sender):
            if np.isfinite(p.posts_of_week[h]):
                model.row(v[sender == h, f], 1.0, high=float(p.posts_of_week[h]))
            for s in np.unique(discipline[on][sender == h]):
                model.row(v[(sender == h) & (discipline[on] == s), f], 1.0, high=float(p.seats[h, s]))
    answer = model.solve(np.tile(np.arange(p.phases, dtype=float), len(on)), None)  # early phases first
    assert answer.values is not None, "posts over all phases always fall apart into phases"
    post, phase = np.nonzero(answer.values[v] > 0.5)
    return np.column_stack([pair[on][post], discipline[on][post], phase])


def cure_of(p: PostsProblem, custody: np.ndarray, experts: np.ndarray) -> Cure:
    """The least extra seats and expert-days with which this custody leaves as little missing as can be (a linear programme).

    Parameters
    ----------
    experts : (senders, disciplines) whole, who could be away at once if everybody went: seats are no more than these.
    """
    model, on = Assembly(), np.flatnonzero(custody)
    can = (p.room[p.receiver[on]] > 0) & p.within[on][:, None]
    i, codes = np.nonzero(can)
    pair = on[i]
    y = model.columns(len(pair), whole=False)
    seats = {
        key: n for n, key in enumerate(sorted(set(zip(p.sender[pair].tolist(), codes.tolist(), strict=True))))
    }
    e = model.columns(len(seats), whole=False)
    w = model.columns(len(p.seats), whole=False)
    z = model.columns(len(p.district), whole=False)
    for served in np.unique(p.receiver[on]):
        mine = y[p.receiver[pair] == served]
        model.row(np.append(mine, z[served]), np.append(np.ones(len(mine)), MUCH), low=float(p.least))
    for (h, d), n in seats.items():
        model.row(e[[n]], MUCH, high=float(max(0, experts[h, d] - p.seats[h, d])))
    for (h, d), n in seats.items():
        mine = y[(p.sender[pair] == h) & (codes == d)]
        model.row(np.append(mine, e[n]), np.append(np.ones(len(mine)), -MUCH), high=float(p.seats[h, d]))
    for sending in np.flatnonzero(np.isfinite(p.posts_of_week)):
        mine = y[p.sender[pair] == sending]
        model.row(
            np.append(mine, w[sending]),
            np.append(np.ones(len(mine)), -MUCH),
            high=float(p.posts_of_week[sending]),
        )
    cost = np.zeros(len(model.whole))
    cost[e], cost[w], cost[z] = MUCH, MUCH / DAYS_PER_SEAT, MUCH * MUCH
    answer = model.solve(cost, None)
    assert answer.values is not None, "with something left missing every custody is possible"
    count = np.ceil(answer.values * MUCH - 1e-4).astype(int)
    return Cure(
        tuple((h, d, int(count[e[n]])) for (h, d), n in seats.items() if count[e[n]]),
        tuple((h, int(n)) for h, n in enumerate(count[w]) if n),
        count[z],
    )
