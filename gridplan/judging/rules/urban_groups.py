"""The judge of CD-1: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import UrbanGroups
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def urban_groups(rule: UrbanGroups, tables: PlanTables) -> Judged:
    """In districts of these kinds a grid is an urban hospital group, not part of a county community."""
    g, kinds = tables.grids, tables.region.districts.set_index("district_id")["kind"]
    for (lead, district), rows in g.rows.groupby(["hospital_id", "district_id"]):
        urban = kinds.get(district) in rule.kinds and g.forms.get(district) == "urban"
        if urban and g.forms.get(g.home[lead]) == "county":
            what = Text(
                f"{len(rows)} unit(s) of {tables.district(district)} are in the county community of {tables.hospital(lead)}",
                f"{tables.district(district)} 的 {len(rows)} 个单元归入 {tables.hospital(lead)} 的县域医疗共同体",
            )
            yield Breach(rule.id, what, GRID, str(district), str(lead), rows=tuple(rows["row"]))
