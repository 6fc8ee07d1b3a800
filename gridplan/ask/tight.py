"""gp.tight: the rules that bind in a plan, and what loosening each by one would gain."""

from __future__ import annotations

import pandas as pd

from gridplan.ask.explanation import Explanation
from gridplan.ask.pairs.borne import FEW
from gridplan.ask.question import Change, LayerQuestions
from gridplan.optimise.rules import constraints
from gridplan.optimise.solved_layer import Loosened
from gridplan.plans.plan import Plan
from gridplan.policies.goals import UNITS, tells
from gridplan.words.arguments import a_plan, check_limits
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import LAYERS, both_words

COLUMNS = [
    "rule", "layer", "district_id", "hospital_id", "limit", "loosened", "gain", "at_least", "at_most", "goal",
    "proven", "what", "what_zh",
]  # fmt: skip


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
        for kind, constraint in constraints().items():
            rows += [_row(q, kind.id, loosened) for loosened in constraint.binds(q)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = ["gain", "rule", "layer", "district_id", "hospital_id"]
    table = table.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)
    title = Text(
        f"{plan.name}: {len(table)} rule(s) bind; each loosened alone",
        f"{plan.name}：{len(table)} 处规则起约束作用；逐一单独放宽",
    )
    return Explanation(title, (), table, lang)


def _row(q: LayerQuestions, rule: str, case: Loosened) -> tuple[object, ...]:
    p, d, h, change = q.problem, case.district, case.hospital, q.ask(case.problem)
    layer, what = both_words(LAYERS, p.layer), case.what
    gain = _gain(change, float(p.demand.sum()))
    said = Text(f"{rule} [{layer.en}] {what.en}: {gain.en}", f"{rule}［{layer.zh}］{what.zh}：{gain.zh}")
    district = str(p.district_ids[d]) if d >= 0 else ""
    hospital = str(p.hospital_ids[h]) if h >= 0 else ""
    gains = (round(0.0 - x, 4) for x in (change.change, change.at_most, change.at_least))
    return (
        rule, p.layer, district, hospital, case.limit, case.loosened, *gains, change.goal, int(change.proven), said.en,
        said.zh,
    )  # fmt: skip


def _gain(change: Change, people: float) -> Text:
    """The gain in words; of goals other than travel as a change of their value."""
    if change.outcome is None or (change.goal != "travel" and tells(change.change, change.unit)):
        return change.text()
    proof = change.proof
    if change.change > -0.5 or change.goal != "travel":
        return Text(f"gains nothing ({proof.en})", f"没有收益（{proof.zh}）")
    if not change.proven:
        sure = max(0.0, -change.at_most)
        proof = Text(f"at least {sure:,.0f} for sure", f"至少 {sure:,.0f}")
    each, total = -change.change / max(1.0, people), UNITS[change.unit]
    if abs(change.price) >= FEW:
        ways = change.travel / max(1.0, people)
        return Text(
            f"saves {-change.change:,.0f} {total.en} of the goal, {each:.2g} per resident with priorities counted: travel "
            f"{change.travel:+,.0f} ({ways:+.2f} min per resident), priorities {change.price:+,.0f} ({proof.en})",
            f"目标值节省 {-change.change:,.0f} {total.zh}，计入优先级折算人均 {each:.2g}：出行 {change.travel:+,.0f}"
            f"（人均 {ways:+.2f} 分钟）、优先级折算 {change.price:+,.0f}（{proof.zh}）",
        )
    return Text(
        f"saves {-change.change:,.0f} {total.en}, {each:.2g} min per resident ({proof.en})",
        f"节省 {-change.change:,.0f} {total.zh}，人均 {each:.2g} 分钟（{proof.zh}）",
    )
