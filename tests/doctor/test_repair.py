"""A repaired copy: only what has one safe answer, every change listed, the original untouched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gridplan.doctor.doctor import check
from gridplan.doctor.repair import repair_folder
from gridplan.geography.reading import read
from gridplan.inputs.datum import wgs84_to
from gridplan.inputs.sample import tiny_town
from gridplan.words.errors import DataError
from tests.doctor.broken import (
    again,
    appended,
    both,
    cells,
    district,
    drawn,
    good_folder,
    polygon,
    rows_of,
    turned,
)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.fixture
def folder(tmp_path):
    return good_folder(tmp_path / "town")


def test_a_good_folder_is_copied_without_a_change(folder, tmp_path):
    changes = repair_folder(folder, tmp_path / "new")
    assert changes.empty
    assert list(changes.columns) == ["table", "row", "id", "column", "before", "after", "why"]
    assert read(tmp_path / "new").fingerprint == read(folder).fingerprint


def test_safe_repairs_are_made_and_listed_and_the_original_stays(folder, tmp_path):
    both(
        cells("hospitals", "H2", lon="30.03", lat="120.08"),
        cells("units", "T1-02", lon="30.025", lat="120.075"),
        again("branches", "B2"),
        turned("T2"),
    )(folder)
    before = contents(folder)
    changes = repair_folder(folder, tmp_path / "new")
    assert contents(folder) == before
    assert check(read(tmp_path / "new")) == ()
    assert read(tmp_path / "new").fingerprint == read(good_folder(tmp_path / "good")).fingerprint
    assert set(zip(changes["table"], changes["row"], changes["id"], strict=True)) == {
        ("hospitals", 3, "H2"),
        ("units", 3, "T1-02"),
        ("branches", 5, "B2"),
        ("districts", 3, "T2"),
    }
    hospital = changes[changes["table"] == "hospitals"].iloc[0]
    assert (hospital["before"], hospital["after"], hospital["why"]) == (
        "30.03, 120.08",
        "120.08, 30.03",
        "swapped",
    )
    listed = pd.read_csv(tmp_path / "new" / "repairs.csv", encoding="utf-8-sig")
    assert listed["id"].tolist() == changes["id"].tolist()


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_swapped_coordinates_of_a_shifted_datum_come_out_right(folder, tmp_path, datum):
    town = tiny_town().hospitals.set_index("hospital_id")
    lon, lat = wgs84_to(np.array([town.at["H2", "lon"]]), np.array([town.at["H2", "lat"]]), datum)
    appended("region.toml", f'[tables.hospitals]\ndatum = "{datum}"\n')(folder)
    cells("hospitals", "H2", lon=repr(float(lat[0])), lat=repr(float(lon[0])))(folder)
    repair_folder(folder, tmp_path / "new")
    mended = read(tmp_path / "new").hospitals.set_index("hospital_id").loc["H2"]
    assert (mended["lon"], mended["lat"]) == pytest.approx((120.08, 30.03), abs=1e-6)


def test_a_former_code_becomes_todays_only_where_todays_is_a_district(folder, tmp_path):
    both(
        district("T3", district_id="310151"),
        *(cells("units", f"T3-0{i}", district_id="310230") for i in (1, 2, 3, 4)),
        *(cells("branches", branch, district_id="310230") for branch in ("B2", "B3")),
        cells("partnerships", "H1", district_id="310151"),
        cells("hospitals", "H7", district_id="310108"),
    )(folder)
    changes = repair_folder(folder, tmp_path / "new")
    assert changes["before"].tolist() == ["310230"] * 6
    assert changes["after"].tolist() == ["310151"] * 6
    assert [f.id for f in check(read(tmp_path / "new")).errors] == ["H7"]


def test_an_invalid_polygon_is_made_valid(folder, tmp_path):
    drawn("T2", polygon((2, 0), (4, 2), (4, 0), (2, 2)))(folder)
    changes = repair_folder(folder, tmp_path / "new")
    assert changes[["table", "id", "column"]].to_numpy().tolist() == [["districts", "T2", "geometry"]]
    assert read(tmp_path / "new").districts.geometry.is_valid.all()


def test_what_has_no_safe_answer_stays_as_it_is(folder, tmp_path):
    again("hospitals", "H2", name="other")(folder)
    cells("units", "T1-02", people="-5")(folder)
    assert repair_folder(folder, tmp_path / "new").empty
    assert {f.code for f in check(read(tmp_path / "new")).errors} == {"duplicate-id", "negative-number"}


def test_what_reading_did_on_its_way_is_listed(folder, tmp_path):
    cells("units", "T1-02", people="many")(folder)
    changes = repair_folder(folder, tmp_path / "new")
    assert changes[["table", "row", "id"]].to_numpy().tolist() == [["units", 3, "T1-02"]]
    assert changes["why"].tolist() == ["reading: people = 'many' is not a whole number."]
    assert rows_of(tmp_path / "new" / "units.csv")[2][2] == ""


def test_a_folder_with_something_in_it_is_refused(folder, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    for new in (tmp_path / "full", folder, folder / "region.toml"):
        with pytest.raises(DataError, match="not empty"):
            repair_folder(folder, new)


def test_people_are_shared_out_after_the_repair(folder, tmp_path):
    """A unit under a former code gets its share only because the code is put right first."""
    appended("region.toml", '[people]\nshare = "equal"\n')(folder)
    both(
        district("T3", district_id="310151"),
        *(cells("units", f"T3-0{i}", district_id="310230", people="") for i in (1, 2, 3, 4)),
        *(cells("branches", branch, district_id="310151") for branch in ("B2", "B3")),
        cells("partnerships", "H1", district_id="310151"),
    )(folder)
    repair_folder(folder, tmp_path / "new")
    mended = read(tmp_path / "new")
    assert mended.units.groupby("district_id")["people"].sum()["310151"] == 13_000
    assert mended.modelled and not check(mended).errors
