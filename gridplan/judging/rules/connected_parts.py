"""The judge of PARTS: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.judging.breaches import NAMED
from gridplan.judging.grid_tables import hang_together
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import ConnectedParts
from gridplan.words.text import Text


def connected_parts(rule: ConnectedParts, tables: PlanTables) -> Iterator[Breach]:
    """Within each piece of a district, each part of a partner that stands apart from its largest one."""
    near, units = tables.grids.beside, tables.region.units
    pieces = {
        unit: (district, n)
        for district, rows in units.groupby("district_id")
        for n, piece in enumerate(hang_together(rows["unit_id"], near))
        for unit in piece
    }
    rows = tables.of(rule, tables.assignment)
    rows = rows[rows["unit_id"].isin(pieces)]
    people = dict(zip(units["unit_id"], units["people"], strict=True))
    for (layer, hospital, (district, _)), mine in rows.groupby(
        ["layer", "hospital_id", rows["unit_id"].map(pieces)]
    ):
        parts = hang_together(mine["unit_id"], near)
        largest = max(parts, key=lambda part: (sum(people[u] for u in part), len(part)))
        for part in (part for part in parts if part is not largest):
            lived, listed = int(sum(people[u] for u in part)), ", ".join(part[:NAMED])
            listed += " …" if len(part) > NAMED else ""
            what = Text(
                f"{len(part)} unit(s) ({lived:,} residents) of {tables.district(district)} that "
                f"{tables.hospital(hospital)} serves stand apart from its others there: {listed}",
                f"{tables.district(district)} 由 {tables.hospital(hospital)} 服务的 {len(part)} 个单元（{lived:,} 人）"
                f"与其在该区的其他单元不相连：{listed}",
            )
            here = tuple(sorted(mine.loc[mine["unit_id"].isin(part), "row"]))
            yield Breach(rule.id, what, str(layer), str(district), str(hospital), rows=here)
