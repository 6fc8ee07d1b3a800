"""The judge of NOWORSE: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.judging.breaches import MINUTE, Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.today_tables import today_tables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import NoWorse
from gridplan.words.text import Text


def no_worse(rule: NoWorse, tables: PlanTables) -> Judged:
    """A district's mean minutes against today's, of the residents who have a partner today."""
    for layer, district, was, now, most in _districts(rule, tables):
        if now > was + most + MINUTE:
            what = Text(
                f"{tables.district(district)} travels {now:.1f} minutes on average, today {was:.1f}, at most {most:g} more",
                f"{tables.district(district)} 人均 {now:.1f} 分钟，现状 {was:.1f}，至多增加 {most:g}",
            )
            yield Breach(rule.id, what, layer, district)


def slack(rule: NoWorse, tables: PlanTables) -> Text:
    """The district that is nearest to its limit."""
    found = list(_districts(rule, tables))
    if not found:
        return Text("no district has a partner today", "各区现均无合作医院")
    _, district, was, now, _ = max(found, key=lambda row: row[3] - row[2] - row[4])
    name = tables.district(district)
    return Text(f"most {now - was:+.1f} min, {name}", f"最多 {now - was:+.1f} 分钟，{name}")


def _districts(rule: NoWorse, tables: PlanTables) -> Iterator[tuple[str, str, float, float, float]]:
    """Layer, district, mean minutes today and in the plan of the same residents, minutes more that are allowed."""
    before = today_tables(tables.region, tables.policy, tables.travel).assignment
    now = tables.of(rule, tables.assignment)[["layer", "unit_id", "minutes"]]
    same = before.merge(now, on=["layer", "unit_id"], suffixes=("_today", ""))
    kinds = tables.region.districts.set_index("district_id")["kind"]
    for (layer, district), rows in same[same["people"] > 0].groupby(["layer", "district_id"]):
        people = rows["people"]
        was, is_now = (float((people * rows[c]).sum() / people.sum()) for c in ("minutes_today", "minutes"))
        yield str(layer), str(district), was, is_now, rule.above(kinds[district])
