"""A region written is the same region read."""

from dataclasses import replace

import pandas as pd
import pytest

from gridplan.geography.reading import read
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region
from gridplan.words.errors import DataError

TOWN = tiny_town()


def test_what_is_written_reads_back_the_same(tmp_path):
    files = write_region(TOWN, tmp_path / "town")
    again = read(tmp_path / "town")
    assert again.fingerprint == TOWN.fingerprint and not again.findings
    assert (again.name, again.title, again.sources, again.people) == (
        TOWN.name,
        TOWN.title,
        TOWN.sources,
        TOWN.people,
    )
    assert [f.name for f in files] == [
        "region.toml", "districts.geojson", "units.geojson", "hospitals.csv",
        "branches.csv", "partnerships.csv",
    ]  # fmt: skip


def test_travel_roads_points_and_modelled_people_too(tmp_path):
    region = replace(
        TOWN,
        units=TOWN.units.assign(geometry=None),
        travel=pd.DataFrame({"unit_id": ["T1-01"], "hospital_id": ["H1"], "minutes": [12.3456], "row": [2]}),
        roads=pd.DataFrame({"from_lon": [120.0], "from_lat": [30.0], "to_lon": [120.1], "to_lat": [30.0],
                            "minutes": [8.5], "row": [2]}),
        people="modelled: a grid",
        sources=('a "quoted" \\ source',),
        data_date="2024-12-31",
        map_approval="沪S(2024)001号",
    )  # fmt: skip
    write_region(region, tmp_path)
    again = read(tmp_path)
    assert again.fingerprint == region.fingerprint
    assert again.people == "modelled: a grid" and again.sources == region.sources
    assert (again.data_date, again.map_approval) == ("2024-12-31", "沪S(2024)001号")
    assert (tmp_path / "units.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_name_that_is_a_formula_is_guarded_and_comes_back(tmp_path):
    names = ['=HYPERLINK("http://x")', "@cmd", "-1", "＝1", "a,b\nc", '"', "七"]
    region = TOWN.with_tables(hospitals=TOWN.hospitals.assign(name=names))
    write_region(region, tmp_path)
    assert read(tmp_path).fingerprint == region.fingerprint
    assert "'=HYPERLINK" in (tmp_path / "hospitals.csv").read_text(encoding="utf-8-sig")


def test_nothing_is_overwritten_unasked(tmp_path):
    write_region(TOWN, tmp_path)
    with pytest.raises(DataError, match="already"):
        write_region(TOWN, tmp_path)
    write_region(TOWN.with_tables(units=TOWN.units.assign(geometry=None)), tmp_path, overwrite=True)
    assert not (tmp_path / "units.geojson").exists() and len(read(tmp_path).units) == 12


def test_the_fingerprint_overlooks_a_decimetre_and_empty_columns_but_no_person():
    moved = TOWN.hospitals.assign(lon=TOWN.hospitals["lon"] + 1e-8, note="")
    assert TOWN.with_tables(hospitals=moved).fingerprint == TOWN.fingerprint
    one_more = TOWN.units.assign(people=TOWN.units["people"].where(TOWN.units.index > 0, 9001))
    assert TOWN.with_tables(units=one_more).fingerprint != TOWN.fingerprint
