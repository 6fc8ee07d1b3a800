"""The judge of PIN: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables, layer_of_hospitals
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Pin
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def pin(rule: Pin, tables: PlanTables) -> Judged:
    """A pinned pair is listed by definition; in a plan made by hand it must be possible. A pinned lead leads there."""
    place = ("", rule.district_id, rule.hospital_id)
    if rule.concerns(GRID):
        grid = tables.pairs[tables.pairs["layer"] == GRID]
        here = (grid["district_id"] == rule.district_id) & (grid["hospital_id"] == rule.hospital_id)
        if not here.any():
            what = Text(
                f"pinned: {tables.hospital(rule.hospital_id)} leads no unit of {tables.district(rule.district_id)}",
                f"政策指定，但 {tables.hospital(rule.hospital_id)} 在 {tables.district(rule.district_id)} 未牵头任何单元",
            )
            yield Breach(rule.id, what, GRID, *place[1:])
    elif rule.hospital_id not in layer_of_hospitals(tables.region, tables.policy):
        what = Text(
            f"pinned hospital {rule.hospital_id} is no candidate",
            f"指定的医院 {rule.hospital_id} 不是候选医院",
        )
        yield Breach(rule.id, what, *place)
    if rule.district_id not in set(tables.region.districts["district_id"]):
        what = Text(
            f"pinned district {rule.district_id} does not exist", f"指定的区 {rule.district_id} 不存在"
        )
        yield Breach(rule.id, what, *place)
