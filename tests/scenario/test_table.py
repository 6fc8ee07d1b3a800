"""Scenario files: the example of the docs reads, and every fault is told with its key, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

import gridplan as gp
from gridplan.scenario.scenario_table import changes_of
from gridplan.words.errors import ScenarioError

EXAMPLE = """
[scenario.one_each]
description = "每区一家 / one partner each"
policy.district_cap = 1
[scenario.ageing_2035]
population = { all = 1.02, "T3" = 0.94 }   # a district's own factor replaces `all`
open_branch = ["B3"]
close_hospital = ["H1"]
[scenario.both]
extends = ["one_each", "ageing_2035"]
goals = ["changes", "travel"]
travel_factor = 1.1
"""


def read(tmp_path: Path, text: str) -> dict[str, gp.Scenario]:
    (tmp_path / "scenarios.toml").write_text(text, encoding="utf-8")
    return gp.read_scenarios(tmp_path / "scenarios.toml")


def test_the_example_reads_and_composes(tmp_path: Path) -> None:
    found = read(tmp_path, EXAMPLE)
    assert list(found) == ["one_each", "ageing_2035", "both"]
    region, policy = gp.edits.apply(gp.tiny_town(), gp.policy("shanghai-2025"), found["both"])
    assert policy.rule(gp.rules.DistrictCap) == gp.rules.DistrictCap(1) and policy.goals == (
        "changes",
        "travel",
    )
    assert "H1" not in set(region.hospitals["hospital_id"]) and region.units["people"].sum() == 81580
    assert "每区一家" in found["one_each"].page("zh")


def test_changes_are_written_as_they_are_read(tmp_path: Path) -> None:
    for change in read(tmp_path, EXAMPLE)["both"].changes:
        assert changes_of(change.table()) == (change,)


def test_another_profile_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'extends = "shanghai-2025"\n[district_cap]\nmost = 1\n', encoding="utf-8"
    )
    found = read(tmp_path, '[scenario.mine]\npolicy = "mine.toml"\n')
    assert gp.edits.apply(gp.tiny_town(), gp.policy("shanghai-2025"), found["mine"])[1].rule(
        gp.rules.DistrictCap
    ) == gp.rules.DistrictCap(1)


FAULTS = {
    "no TOML": ("[scenario", "not valid TOML"),
    "nothing": ("", "no scenario"),
    "another table": ("[scenarios.a]\n", "scenarios is no key"),
    "no table": ("scenario.a = 1\n", "scenario.a must be a table"),
    "key": ("[scenario.a]\nclose_hospitals = ['H1']\n", "scenario.a.close_hospitals is no key"),
    "id as number": ("[scenario.a]\nclose_hospital = [1]\n", "must be a text"),
    "population as number": ("[scenario.a]\npopulation = 1.02\n", "must be a table"),
    "factor": ("[scenario.a]\npopulation = {all = -1}\n", "population"),
    "group": ("[scenario.a]\ngroups = {people_65plus = 1.2}\n", "people_65plus must be a table"),
    "rule": ("[scenario.a]\npolicy.distrct_cap = 1\n", "distrct_cap"),
    "profile": ("[scenario.a]\npolicy = 'shanghai-2026'\n", "no policy named"),
    "policy": ("[scenario.a]\npolicy = 3\n", "must be a table"),
    "extends": ("[scenario.a]\nextends = 'b'\n", "no scenario 'b'"),
    "ring": ("[scenario.a]\nextends = 'b'\n[scenario.b]\nextends = 'a'\n", "in turn"),
    "extends as number": ("[scenario.a]\nextends = 1\n", "must be a name"),
    "branch": ("[scenario.a]\nopen_branch = [{hospital_id = 'H1'}]\n", "lon is missing"),
    "branch key": ("[scenario.a]\nopen_branch = [{hopsital_id = 'H1'}]\n", "hopsital_id is no key"),
    "roads": ("[scenario.a]\nclose_roads = 'river'\n", "four numbers"),
    "speed": ("[scenario.a]\nspeeds = {centre = 10}\n", "no kind of district"),
    "factor of travel": ("[scenario.a]\ntravel_factor = 'slow'\n", "must be a number"),
    "description": ("[scenario.a]\ndescription = 1\n", "must be a text"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_key(tmp_path: Path, fault: str) -> None:
    text, said = FAULTS[fault]
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path, text)
    assert said in refused.value.say("en") and "scenarios.toml" in refused.value.say("en")
    assert refused.value.say("zh") != refused.value.say("en")


def test_all_faults_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path, "[scenario.a]\nx = 1\npopulation = 2\n[scenario.b]\nextends = 'c'\n")
    assert len(refused.value.findings) == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        gp.read_scenarios(tmp_path / "none.toml")
