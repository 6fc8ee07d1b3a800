"""Nothing made up looks like fact: borders that were drawn from points are dashed, counted and said, and do not overlap."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import shapely

import gridplan as gp
from gridplan.geography.made_borders import made_borders
from gridplan.geography.tessellate import unit_areas
from gridplan.inputs.region import Region
from gridplan.show.map.draw_map import draw
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.provenance_sheet import provenance_table


def without_shapes(districts: tuple[str, ...], units: bool = True) -> Region:
    """tiny_town in which these districts have no polygon, nor any unit."""
    town = gp.tiny_town()
    drawn = town.districts.copy()
    drawn.loc[drawn["district_id"].isin(districts), "geometry"] = None
    points = town.units.copy()
    if units:
        points["geometry"] = None
    return town.with_tables(districts=drawn, units=points)


@pytest.fixture(scope="module")
def plan() -> gp.Plan:
    return gp.plan(without_shapes(("T2", "T3")), gp.policy("shanghai-2025"))


def test_districts_without_shapes_do_not_overlap_and_each_has_an_area() -> None:
    for districts in (("T1", "T2", "T3"), ("T2",), ("T1", "T3")):
        region = without_shapes(districts)
        region = region.with_tables(
            units=region.units[
                ~region.units["unit_id"].isin(
                    list(region.units.loc[region.units["district_id"] == "T3", "unit_id"])[1:]
                )
            ]
        )
        cells = unit_areas(region.units, region.districts, region.metric_crs).to_crs(region.metric_crs)
        of = region.units["district_id"].to_numpy()
        joined = [shapely.union_all(list(cells[of == d])) for d in region.districts["district_id"]]
        assert all(shape.area > 0 for shape in joined)
        for one, other in itertools.combinations(joined, 2):
            assert one.intersection(other).area < 1e-3 * min(one.area, other.area)
        shapes = drawn_areas(region).districts
        assert all(shape is not None and shape.area > 0 for shape in shapes)


def test_map_report_record_and_provenance_say_so(plan: gp.Plan) -> None:
    made = made_borders(plan.region)
    assert made.record == {"units": len(plan.region.units), "districts": 2}
    assert plan.provenance["borders_from_points"] == made.record
    areas, said = drawn_areas(plan.region), made.text
    assert said is not None and "3 个区中的 2 个" in said.zh and "2 of 3 districts" in said.en
    data = draw(plan).parts["data"]
    assert [said.zh, said.en] in data["notes"]
    assert data["from_points"] == {"units": 1, "districts": np.flatnonzero(made.districts).tolist()}
    page = report(plan, areas)
    assert said.zh in page and page.count("stroke-dasharray") >= 2
    rows = [row for row in provenance_table(plan).rows if "边界由点位推算" in str(row[0])]
    assert [row[1] for row in rows] == [len(plan.region.units), 2]


def test_what_the_tables_state_is_not_called_made(tmp_path: Path) -> None:
    town = gp.tiny_town()
    areas = unit_areas(town.units, town.districts, town.metric_crs)
    stated = town.with_tables(units=town.units.assign(geometry=list(areas)))
    made = made_borders(stated)
    assert made.text is None and made.record == {}
    plan = gp.plan(stated, gp.policy("shanghai-2025"))
    assert "borders_from_points" not in plan.provenance
    assert "stroke-dasharray" not in report(plan, drawn_areas(plan.region))
    assert draw(plan).parts["data"]["from_points"] == {"units": 0, "districts": []}
