"""Text of tables is kept as Python's own in the command and in most tests, as Arrow's in notebooks: nothing else may differ."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import gridplan as gp
from gridplan.inputs.column import Table
from gridplan.inputs.read_settings import TableSettings
from gridplan.inputs.read_table import read_table
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.notes import Notes
from tests.sample import CITY

KINDS = ("python", "pyarrow")
HOSPITALS: Table = TABLES["hospitals"]


def test_both_give_the_same_plan_folder_byte_for_byte(tmp_path: Path) -> None:
    policy, written = gp.policy("shanghai-2025-grids"), []
    for kind in KINDS:
        with pd.option_context("mode.string_storage", kind):
            region = gp.read(CITY)
            assert region.units["unit_id"].dtype.storage == kind
            plan = gp.plan(region, policy)
            gp.save(plan, tmp_path / kind, gis=(), certificate=False)
        files = sorted(
            file
            for file in (tmp_path / kind).rglob("*")
            if file.suffix in (".csv", ".toml") or file.name == "map.html"
        )
        written.append({file.relative_to(tmp_path / kind): file.read_bytes() for file in files})
    assert len(written[0]) > 8 and written[0].keys() == written[1].keys()
    assert [name for name in written[0] if written[0][name] != written[1][name]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_character_is_refused_by_both(kind: str, tmp_path: Path) -> None:
    text = '{"type": "FeatureCollection", "features": [{"properties": {"name": "\\ud800", "id": "1"}, "geometry": null}]}'
    (tmp_path / "hospitals.json").write_text(text, encoding="utf-8")
    notes = Notes()
    with pd.option_context("mode.string_storage", kind):
        assert read_table(tmp_path, HOSPITALS, TableSettings(), "wgs84", notes) is None
    assert ["half a character" in finding.what.en for finding in notes.findings] == [True]
