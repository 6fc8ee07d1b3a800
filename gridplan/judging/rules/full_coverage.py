"""The judge of SH-1: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import numpy as np

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import FullCoverage
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, layer_title


def full_coverage(rule: FullCoverage, tables: PlanTables) -> Judged:
    """Every unit exactly once in every layer, at a partner of its district (or a lead) that it can reach.

    In the layer of grids only units of the districts that are divided into grids (ZJ-1).
    """
    for layer in tables.policy.layers:
        units = tables.region.units["unit_id"]
        units = units[units.isin(tables.grids.units)] if layer == GRID else units
        rows = tables.assignment[tables.assignment["layer"] == layer]
        if rows.empty and len(units):
            what = Text(
                f"layer {layer} has no rows: no unit is assigned",
                f"{layer_title(layer).zh}没有任何一行：没有单元被分配",
            )
            yield Breach(rule.id, what, layer)
            continue
        for unit in units[~units.isin(rows["unit_id"])]:
            what = Text(f"unit {unit} has no partner hospital", f"单元 {unit} 没有合作医院")
            if layer == GRID:
                what = Text(f"unit {unit} has no grid lead", f"单元 {unit} 没有牵头医院")
            yield Breach(rule.id, what, layer, unit_id=unit)
        again = rows["unit_id"].duplicated(keep=False)
        for unit, twice in rows[again].groupby("unit_id") if again.any() else ():
            what = Text(f"unit {unit} is assigned {len(twice)} times", f"单元 {unit} 被分配 {len(twice)} 次")
            yield Breach(rule.id, what, layer, unit_id=str(unit), rows=tuple(twice["row"]))
    for row in tables.assignment[np.isinf(tables.assignment["minutes"])].itertuples():
        what = Text(
            f"unit {row.unit_id} cannot reach {row.hospital_id}",
            f"单元 {row.unit_id} 无法到达 {row.hospital_id}",
        )
        yield Breach(rule.id, what, row.layer, row.district_id, row.hospital_id, row.unit_id, (row.row,))
    units = tables.region.units
    lived = set(units.loc[units["people"] > 0, "district_id"])
    for pair in tables.pairs[~tables.pairs["listed"]].itertuples():
        if pair.district_id not in lived:  # where nobody lives there is no partner to follow
            continue
        what = Text(
            f"only units without residents go through {tables.pair(pair)}: no partner",
            f"只有无居民的单元经由 {tables.pair(pair)}：并非合作医院",
        )
        yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)
