"""What was worked out for the same content is not worked out again; what was changed in place is."""

from __future__ import annotations

import pytest

import gridplan as gp
from gridplan.doctor import names
from gridplan.inputs import region as region_module
from gridplan.words.same import MOST, once_per_content


def fuller_town() -> gp.Region:
    town = gp.tiny_town()
    return town.with_tables(units=town.units.assign(people=town.units["people"] + 7))


def test_the_doctor_looks_once_at_the_same_content(monkeypatch: pytest.MonkeyPatch) -> None:
    town, again = fuller_town(), fuller_town()
    looked: list[object] = []
    read = names.tables
    monkeypatch.setattr(names, "tables", lambda region: looked.append(region) or read(region))
    found = gp.check(town)
    times = len(looked)
    assert found and times > 0
    assert gp.check(town) == gp.check(again) == found
    assert town.fingerprint and gp.check(town) == found  # what a region works out for itself is no content
    assert len(looked) == times
    town.units.loc[0, "people"] = -5
    assert [f.code for f in gp.check(town).errors] and len(looked) == 2 * times


def test_what_reading_noticed_and_the_rows_of_the_file_count_as_content() -> None:
    town = gp.tiny_town()
    twice = town.hospitals.assign(hospital_id=["H1", *town.hospitals["hospital_id"][:-1]])
    first = gp.check(town.with_tables(hospitals=twice)).errors
    later = gp.check(town.with_tables(hospitals=twice.assign(row=twice["row"] + 100))).errors
    assert [f.row + 100 for f in first if f.row] == [f.row for f in later if f.row] != []


def test_a_table_changed_in_place_has_another_hash() -> None:
    town = gp.tiny_town()
    before = region_module._table_hash(town.units)
    assert region_module._table_hash(gp.tiny_town().units) == before
    town.units.loc[3, "people"] += 1
    assert region_module._table_hash(town.units) != before


def test_only_the_answers_of_late_are_kept() -> None:
    asked: list[int] = []

    @once_per_content
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(n) for n in range(MOST)] == [double(n) for n in range(MOST)] and len(asked) == MOST
    assert double(MOST) == 2 * MOST and double(0) == 0 and asked[-2:] == [MOST, 0]
