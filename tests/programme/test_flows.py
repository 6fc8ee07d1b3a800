"""Flows: shares by hand, blank cells, whether the plan is followed, what is refused, the scorecard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from programme.test_members import WITH
from programme.town import frame, plan, region

import gridplan as gp


def flows():
    """Of one unit: 60 at its centre, 25 at its partner, 10 at another municipal hospital, and a blank."""
    units = region().units
    unit = str(units[units["district_id"] == "T1"]["unit_id"].iloc[0])
    general = plan().assignment[plan().assignment["layer"] == "general"].set_index("unit_id")["hospital_id"]
    mine = str(general[unit])
    other = next(h for h in ("H1", "H2", "H3") if h != mine)
    return unit, [(unit, "C1", 60.0), (unit, mine, 25.0), (unit, other, 10.0), (unit, "N3", np.nan)]


def town(rows):
    table = frame(["unit_id", "place_id", "visits"], rows)
    return replace(plan(), region=region(institutions=WITH, flows=table))


def test_shares_by_hand():
    unit, rows = flows()
    table = gp.measures.flow_shares(town(rows)).set_index("district_id")
    here = table.loc["T1"]
    assert here["visits"] == 98 and here["suppressed"] == 3
    assert here["primary"] == pytest.approx(60 / 98) and here["municipal"] == pytest.approx(35 / 98)
    assert here["followed"] == pytest.approx(25 / 35)
    lead = plan().assignment[plan().assignment["layer"] == "grid"].set_index("unit_id")["hospital_id"]
    made = gp.programme(town(rows), only=["members", "scorecard"])
    centre = made.tables["members"].set_index("institution_id").at["C1", "lead_id"]
    kept = 25 + (60 if centre == lead[unit] else 0)
    assert here["kept"] == pytest.approx(kept / 98)
    card = made.tables["scorecard"].set_index("indicator_id")
    assert float(card.at["kept_inside", "value"]) == pytest.approx(kept / 98, rel=1e-4) and made.verify().kept


def test_what_cannot_be_is_named():
    unit, rows = flows()
    bad = town([*rows, (unit, "H99", 5.0), ("nowhere", "H1", 5.0)])
    with pytest.raises(gp.errors.DataError, match="nowhere"):
        gp.measures.flow_shares(bad)
    people = float(region().units.set_index("unit_id").at[unit, "people"])
    found = gp.check(town([*rows, (unit, "H99", 5.0), (unit, "H1", 41 * people)]).region)
    codes = [f.code for f in found]
    assert codes.count("flow-to-nowhere") == 1 and codes.count("too-many-visits") == 1
    with pytest.raises(gp.errors.DataError, match="flows"):
        gp.measures.flow_shares(plan())


def test_two_centres_on_one_spot_are_a_warning():
    table = WITH.copy()
    table.loc[table["institution_id"] == "C2", ["lon", "lat"]] = [120.0201, 30.0201]
    told = [f for f in gp.check(region(institutions=table)) if f.code == "centres-together"]
    assert len(told) == 1 and told[0].severity == "warning"


@pytest.mark.parametrize("cell", ["<6", "＜6", "≤5", "少于6", "*", ""])
def test_a_withheld_cell_is_suppressed_and_a_wrong_one_is_not(tmp_path, cell):
    from gridplan.inputs.schema import FLOWS
    from gridplan.inputs.sheets.cells import is_withheld

    visits = next(column for column in FLOWS.columns if column.name == "visits")
    assert visits.withheld and (cell == "" or is_withheld(cell))
    assert not any(map(is_withheld, ("6", "<600", "x", "-6")))


def test_withheld_cells_are_read_from_a_folder(tmp_path):
    shown = gp.tiny_town()
    folder = tmp_path / "town"
    gp.save(gp.plan(shown, gp.policy("shanghai-2025")), tmp_path / "OUT")
    (tmp_path / "OUT" / "region").rename(folder)
    unit = str(shown.units["unit_id"].iloc[0])
    (folder / "flows.csv").write_text(
        f"单元编号,机构编号,就诊人次\n{unit},H1,<6\n{unit},H2,少于6\n{unit},H3,40\n", encoding="gbk"
    )
    told = gp.read(folder).flows
    assert told["visits"].isna().tolist() == [True, True, False] and told["visits"].iloc[2] == 40
