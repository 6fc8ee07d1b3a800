"""Fourteen offices that send files of ten kinds: each has its plan within two rounds, and every value is read as it was meant."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import gridplan as gp
from tests.intake import more_offices, offices
from tests.intake.messy import CITY, DISTRICTS, town
from tests.intake.test_rounds import MOST_ROUNDS, rounds_until_a_plan

TOLD = {
    "two_row_headers": "counts in 万人",
    "several_datums": "",
    "shapes_without_frame": "stars",
    "matrix_in_seconds": "7 columns, is read as a pair per cell",
    "ids_that_excel_made": "is a date",
    "hidden_things": "hidden columns 常住人口",
    "headings_over_rows": "headings over rows (一、云溪区",
    "answer_of_a_router": "in seconds; it is read in minutes",
    "short_names": "市第一医院 → 第一医院",
}
WITH_60 = (
    offices.matrix_in_seconds,
    offices.answers_of_a_map_service,
    offices.ids_that_excel_made,
    more_offices.answer_of_a_router,
)


@pytest.mark.parametrize(
    "office", [*offices.OFFICES, *more_offices.OFFICES], ids=lambda office: office.__name__
)
def test_an_office_has_its_plan_in_two_rounds(office: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    office(folder)
    rounds, region = rounds_until_a_plan(folder, planned=office is offices.two_row_headers)
    assert rounds <= MOST_ROUNDS
    right = town()
    read, wanted = region.units.set_index("name"), right.units.set_index("name")
    assert read["people"].to_dict() == wanted["people"].to_dict()
    assert np.allclose(read[["lon", "lat"]], wanted.loc[read.index, ["lon", "lat"]], atol=2e-6)
    names = dict(zip(region.districts["district_id"], region.districts["name"], strict=True))
    assert read["district_id"].map(names).to_dict() == wanted["district_id"].map(DISTRICTS).to_dict()
    if office not in WITH_60:
        assert read["people_65plus"].to_dict() == wanted["people_65plus"].to_dict()
    hospitals = region.hospitals.assign(
        name=[n if n[0] in "云军" else CITY + n for n in region.hospitals["name"]]
    ).set_index("name")
    listed = right.hospitals.set_index("name")
    for column in ("tier", "category", "grade", "ownership"):
        assert hospitals[column].to_dict() == listed[column].to_dict(), column
    assert hospitals["beds"].fillna(0).to_dict() == listed["beds"].fillna(0).to_dict()
    assert np.allclose(hospitals[["lon", "lat"]], listed.loc[hospitals.index, ["lon", "lat"]], atol=2e-6)
    if (folder / "帮扶关系.csv").exists():
        assert region.partnerships["basis"].tolist() == ["custody"]
    if said := TOLD.get(office.__name__):
        assert any(said in finding.what.en for finding in gp.check(folder))


def test_the_datum_of_one_header_is_not_that_of_the_city(tmp_path: Path) -> None:
    offices.several_datums(tmp_path)  # of which the headers of the units lose theirs
    rows = offices.unit_rows("id", "district", "name", "people", "lon", "lat")
    offices.csv(
        tmp_path / "units_final_v3.csv", [["街道代码", "区", "街道", "常住人口", "经度", "纬度"], *rows]
    )
    begun = gp.start(tmp_path, lang="en")
    settings = tomllib.loads((tmp_path / "region.toml").read_text(encoding="utf-8"))
    datums = {table: said.get("datum") for table, said in settings["tables"].items()}
    assert settings["datum"] == "wgs84"
    assert {table: datum for table, datum in datums.items() if datum} == {"hospitals": "bd09"}
    assert any("NOTHING SAYS IT of units, districts" in one.en for one in begun.confirm)
    region, right = gp.read(tmp_path), town()
    for read, wanted in ((region.units, right.units), (region.hospitals, right.hospitals)):
        assert np.allclose(read[["lon", "lat"]].mean(), wanted[["lon", "lat"]].mean(), atol=1e-4)


@pytest.mark.parametrize(
    "office", [offices.matrix_in_seconds, offices.answers_of_a_map_service, more_offices.answer_of_a_router]
)
def test_the_minutes_of_a_router_are_those_it_was_asked_for(
    office: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    office(folder)
    _, region = rounds_until_a_plan(folder, planned=False)
    assert region.travel is not None
    unit = dict(zip(region.units["unit_id"], region.units["name"], strict=True))
    hospital = dict(zip(region.hospitals["hospital_id"], region.hospitals["name"], strict=True))
    right = offices.minutes()
    read = [
        (unit[u], hospital[h], m)
        for u, h, m in region.travel[["unit_id", "hospital_id", "minutes"]].to_numpy()
    ]
    assert len(read) == right.size
    assert all(m == pytest.approx(right.loc[u, h], abs=0.01) for u, h, m in read)


def test_a_matrix_may_have_its_hospitals_in_rows(tmp_path: Path) -> None:
    gp.write_region(town(), tmp_path / "town")
    (tmp_path / "town" / "travel.csv").unlink(missing_ok=True)
    region = gp.read(tmp_path / "town")
    turned = offices.minutes().T
    offices.csv(
        tmp_path / "town" / "travel.csv",
        [
            ["医院", *turned.columns],
            *([n, *v] for n, v in zip(turned.index, turned.to_numpy().tolist(), strict=True)),
        ],
    )
    travel = gp.read(tmp_path / "town").travel
    assert travel is not None and len(travel) == len(region.units) * len(region.hospitals)
    assert set(travel["hospital_id"]) == set(region.hospitals["hospital_id"])


def test_a_hidden_column_is_read_where_nothing_else_says_the_same(tmp_path: Path) -> None:
    offices.hidden_things(tmp_path)
    book = offices.openpyxl.load_workbook(tmp_path / "街道人口.xlsx")
    del book["2020年"]
    book["2024年"].delete_cols(4)  # the one that could be seen
    book["2024年"].column_dimensions["C"].hidden = True
    book.save(tmp_path / "街道人口.xlsx")
    findings = gp.start(tmp_path, lang="en").findings
    assert any("hidden columns 常住人口 are read" in f.what.en for f in findings)
    people = gp.read(tmp_path).units.set_index("name")["people"]
    assert (people == town().units.set_index("name")["people"].loc[people.index] // 2).all()


def test_a_folder_without_partnerships_has_no_gap_in_them(tmp_path: Path) -> None:
    offices.base(tmp_path)
    assert not any("is this the full list" in f.what.en for f in gp.start(tmp_path).findings)


def test_an_old_workbook_is_refused_with_the_cure(tmp_path: Path) -> None:
    offices.base(tmp_path)
    (tmp_path / "医院.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    chosen = gp.start(tmp_path, lang="en").chosen.set_index("file")
    assert "not read" in chosen.loc["医院.xls", "why"]
