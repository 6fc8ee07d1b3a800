"""Whatever a region or a policy leaves out, the plan is drawn, written, and drawn the same when opened again."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import gridplan as gp

TOWN, POLICY = gp.tiny_town(), gp.policy("shanghai-2025")


def without_shapes(table: pd.DataFrame) -> gpd.GeoDataFrame:
    nothing = np.full(len(table), None, dtype=object)
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=nothing, crs=4326)


CASES = {
    "points in district polygons": (TOWN.with_tables(units=without_shapes(TOWN.units)), POLICY),
    "points only": (
        TOWN.with_tables(units=without_shapes(TOWN.units), districts=without_shapes(TOWN.districts)),
        POLICY,
    ),
    "no branches": (
        TOWN.with_tables(branches=TOWN.branches.iloc[:0], partnerships=TOWN.partnerships.iloc[:0]),
        POLICY,
    ),
    "one merged layer": (TOWN, POLICY.with_rule(gp.rules.Candidates(merge_layers=True))),
    "no caps": (TOWN, POLICY.without("SH-2", "SH-3")),
    "strict order": (TOWN, gp.policy("shanghai-2025-strict")),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_drawn_and_written_and_opens_again(name: str, tmp_path: Path) -> None:
    region, policy = CASES[name]
    plan = gp.plan(region, policy)
    out = gp.save(plan, tmp_path / "out")
    assert (out / "map.html").read_text(encoding="utf-8") == gp.draw(gp.open_plan(out)).html
    assert gp.pictures.map_figure(plan).axes
