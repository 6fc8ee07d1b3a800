"""The judge of CAPACITY: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import numpy as np

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Capacity
from gridplan.words.text import Text


def capacity(rule: Capacity, tables: PlanTables) -> Judged:
    """Residents of each hospital against what it states, blank = no limit."""
    stated = tables.region.hospitals.set_index("hospital_id")[rule.source] * (rule.people_per_bed or 1.0)
    for (layer, hospital), rows in tables.assignment.groupby(["layer", "hospital_id"]):
        room, load = stated.get(hospital, np.nan), int(rows["people"].sum())
        if load > room + 1e-6:
            what = Text(
                f"{tables.hospital(hospital)} serves {load:,} residents, room for {room:,.0f}",
                f"{tables.hospital(hospital)} 服务 {load:,} 人，可承载 {room:,.0f} 人",
            )
            yield Breach(rule.id, what, str(layer), hospital_id=str(hospital), rows=tuple(rows["row"]))
