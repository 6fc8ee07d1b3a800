"""gp.tight: the rules that bind in a plan, and what loosening each by one would gain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.ask.explanation import Explanation
from gridplan.ask.question import Change, LayerQuestions
from gridplan.optimise.problem import Problem
from gridplan.optimise.what_if.solve_again import with_district_cap, with_hospital_cap
from gridplan.plans.plan import Plan
from gridplan.policies.goals import UNITS, tells
from gridplan.words.arguments import a_plan, check_limits
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import LAYERS, both_words

COLUMNS = [
    "rule", "layer", "district_id", "hospital_id", "limit", "loosened", "gain", "at_least", "at_most", "goal",
    "proven", "what", "what_zh",
]  # fmt: skip
MORE_CAPACITY = 0.1
MORE_MINUTES = 5.0
MORE_BALANCE = 0.05
Loosened = tuple[str, int, int, float, float, Problem, Text]


def tight(plan: Plan, *, lang: Language = "en", seconds: float | None = 60.0) -> Explanation:
    """The rules that bind, each with the gain from loosening it by one alone: re-solved, not guessed.

    One more partner for a district whose cap (SH-2) is full, one more district for a hospital whose cap (SH-3) is full,
    10 % more capacity for a hospital that has no room for the largest unit it could serve, 5 minutes more where a travel
    limit shuts out a pair, one more change from today (SH-9), one grid more or fewer in a district (ZJ-1), grids 5 % further
    from their fair part (ZJ-6), and each pin or ban dropped. The least partners and the
    least share are not loosened.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    lang : Language, default "en"
        The language in which the answer prints; it holds both.
    seconds : float or None, default 60.0
        For all re-solving together; what is not answered by then says so (`gain` empty).

    Returns
    -------
    Explanation
        Its table has a row per loosening, the largest gain first: `gain` in `goal` (person-minutes for
        "travel", else the unit of the goal), `at_least` and `at_most` what is proven of it. Gains of two
        loosenings do not add up.

    Raises
    ------
    ArgumentError
        `plan` is no Plan; or seconds is no number above 0.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> first = gp.tight(plan).table.iloc[0]
    >>> first["rule"], first["district_id"], round(first["gain"])
    ('SH-2', 'T3', 8080)
    """
    check_limits(seconds)
    a_plan(plan, "tight")
    rows: list[tuple[object, ...]] = []
    for result in plan.layers:
        q = LayerQuestions(plan, result.layer, seconds)
        rows += [_row(q, *case) for case in _cases(q)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = ["gain", "rule", "layer", "district_id", "hospital_id"]
    table = table.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)
    title = Text(
        f"{plan.name}: {len(table)} rule(s) bind; each loosened alone",
        f"{plan.name}：{len(table)} 处规则起约束作用；逐一单独放宽",
    )
    return Explanation(title, (), table, lang)


def _row(
    q: LayerQuestions, rule: str, d: int, h: int, limit: float, loosened: float, changed: Problem, what: Text
) -> tuple[object, ...]:
    p, change = q.problem, q.ask(changed)
    layer = both_words(LAYERS, p.layer)
    gain = _gain(change, float(p.demand.sum()))
    said = Text(f"{rule} [{layer.en}] {what.en}: {gain.en}", f"{rule}［{layer.zh}］{what.zh}：{gain.zh}")
    district = str(p.district_ids[d]) if d >= 0 else ""
    hospital = str(p.hospital_ids[h]) if h >= 0 else ""
    gains = (round(0.0 - x, 4) for x in (change.change, change.at_most, change.at_least))
    return (
        rule, p.layer, district, hospital, limit, loosened, *gains, change.goal, int(change.proven), said.en, said.zh,
    )  # fmt: skip


def _gain(change: Change, people: float) -> Text:
    """The gain in words; of goals other than travel as a change of their value."""
    region = Text("the region", "全市")
    if change.outcome is None or (change.goal != "travel" and tells(change.change, change.unit)):
        return change.text(people, region)
    proof = change.proof
    if change.change > -0.5 or change.goal != "travel":
        return Text(f"gains nothing ({proof.en})", f"没有收益（{proof.zh}）")
    each, total = -change.change / max(1.0, people), UNITS[change.unit]
    return Text(
        f"saves {-change.change:,.0f} {total.en}, {each:.2g} min per resident ({proof.en})",
        f"节省 {-change.change:,.0f} {total.zh}，人均 {each:.2g} 分钟（{proof.zh}）",
    )


def _cases(q: LayerQuestions) -> Iterator[Loosened]:
    yield from _caps(q)
    yield from _capacity(q)
    yield from _limit(q)
    yield from _pins_and_bans(q)
    yield from _numbers(q)
    yield from _balance(q)


def full_districts(q: LayerQuestions) -> list[int]:
    """Districts whose cap (SH-2) is full, where there is a hospital left to take."""
    p = q.problem
    return [
        d
        for d in range(len(p.district_ids))
        if (most := q.cap_of(d)) is not None and (p.allowed[d] & p.counted).sum() > len(q.partners(d)) >= most
    ]


def full_hospitals(q: LayerQuestions) -> list[int]:
    """Hospitals whose cap (SH-3) is full, where there is a district left to take."""
    p = q.problem
    return [
        h
        for h in range(len(p.hospital_ids))
        if (most := q.hospital_cap_of(h)) is not None and p.allowed[:, h].sum() > len(q.districts(h)) >= most
    ]


def short_hospitals(q: LayerQuestions) -> list[int]:
    """Hospitals that could not take the largest unit of the districts that may choose them."""
    p, short = q.problem, []
    for h in np.flatnonzero(np.isfinite(p.capacity)).tolist():
        could = p.people[p.allowed[p.district, h] & (q.serves != h) & np.isfinite(q.minutes[:, h])]
        if len(could) and p.capacity[h] - q.load[h] < could.max():
            short.append(h)
    return short


def _caps(q: LayerQuestions) -> Iterator[Loosened]:
    """Full caps, where there is somebody left to take one place more."""
    p = q.problem
    for d in full_districts(q):
        if (most := q.cap_of(d)) is not None:
            what = Text(f"one more partner for {q.district(d)}", f"{q.district(d)}增加 1 家合作医院")
            yield "SH-2", d, -1, most, most + 1, with_district_cap(p, d, most + 1), what
    for h in full_hospitals(q):
        if (most := q.hospital_cap_of(h)) is not None:
            what = Text(f"one more district for {q.hospital(h)}", f"{q.hospital(h)} 增加 1 个合作区")
            yield "SH-3", -1, h, most, most + 1, with_hospital_cap(p, h, most + 1), what
    changes = int(((q.chosen != p.existing) & p.counted).sum())
    if changes >= p.most_changes:
        what = Text("one more change from today", "多变动 1 对")
        yield "SH-9", -1, -1, p.most_changes, changes + 1, replace(p, most_changes=changes + 1), what


def _capacity(q: LayerQuestions) -> Iterator[Loosened]:
    p = q.problem
    for h in short_hospitals(q):
        room, capacity = float(p.capacity[h]), p.capacity.copy()
        capacity[h] = more = room * (1 + MORE_CAPACITY)
        what = Text(f"10 % more capacity for {q.hospital(h)}", f"{q.hospital(h)} 承载能力提高 10 %")
        yield "CAPACITY", -1, h, room, more, replace(p, capacity=capacity), what


def _limit(q: LayerQuestions) -> Iterator[Loosened]:
    """A travel limit that shuts out at least one pair which 5 minutes more would let in."""
    p = q.problem
    more = p.standard + MORE_MINUTES
    within = p.within | (p.minutes <= more)
    if (within & ~p.within).any():
        what = Text("5 minutes more for every resident", "所有居民放宽 5 分钟")
        yield "STANDARD", -1, -1, p.standard, more, replace(p, within=within, standard=more), what


def _pins_and_bans(q: LayerQuestions) -> Iterator[Loosened]:
    """Each pin that lists a pair and each ban, dropped. A ban is one that no other rule stands behind."""
    p = q.problem
    for d, h in np.argwhere(p.pinned).tolist():
        pinned = p.pinned.copy()
        pinned[d, h] = False
        what = Text(
            f"pin {q.district(d)} – {q.hospital(h)} dropped", f"去掉指定 {q.district(d)} – {q.hospital(h)}"
        )
        yield "PIN", d, h, 1, 0, replace(p, pinned=pinned), what
    dropped = p.priority <= q.plan.policy.worst_priority if p.grids is None else p.grids.in_reach
    for d, h in np.argwhere(~p.allowed & dropped).tolist():
        allowed = p.allowed.copy()
        allowed[d, h] = True
        what = Text(
            f"ban {q.district(d)} – {q.hospital(h)} dropped", f"去掉禁止 {q.district(d)} – {q.hospital(h)}"
        )
        yield "BAN", d, h, 0, 1, replace(p, allowed=allowed), what


def _numbers(q: LayerQuestions) -> Iterator[Loosened]:
    """One grid more, or one fewer, in a district whose number of grids is at its bound."""
    p, grids = q.problem, q.problem.grids
    if grids is None:
        return
    used = np.bincount(grids.home[np.unique(q.serves)], minlength=len(p.district_ids))
    for d, (n, least, most) in enumerate(zip(used.tolist(), grids.least_in, grids.most_in, strict=True)):
        where, here = q.district(d), np.arange(len(used)) == d
        if n == most and (grids.home == d).sum() > n:
            changed = replace(p, grids=replace(grids, most_in=grids.most_in + here))
            yield "ZJ-1", d, -1, n, n + 1, changed, Text(f"one grid more in {where}", f"{where}增加 1 个网格")
        if n == least and n > 1:
            changed = replace(p, grids=replace(grids, least_in=grids.least_in - here))
            yield (
                "ZJ-1",
                d,
                -1,
                n,
                n - 1,
                changed,
                Text(f"one grid fewer in {where}", f"{where}减少 1 个网格"),
            )


def _balance(q: LayerQuestions) -> Iterator[Loosened]:
    """Grids 5 % further from their fair part."""
    p, grids = q.problem, q.problem.grids
    if grids is None or grids.balance is None:
        return
    more = round(grids.balance + MORE_BALANCE, 6)
    words = f"±{100 * grids.balance:g}% → ±{100 * more:g}%"
    changed = replace(p, grids=replace(grids, balance=more))
    yield "ZJ-6", -1, -1, grids.balance, more, changed, Text(f"balance of grids {words}", f"网格均衡 {words}")
