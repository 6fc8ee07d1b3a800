"""Runs: every scenario ends, none twice, none lost; and the way back to a plan."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import gridplan as gp
from gridplan.scenario.runs import pool
from gridplan.scenario.runs.run_folder import RunFolder
from gridplan.show.difference.difference import comparable, plans_of
from gridplan.words.errors import DataError, ScenarioError

TODAY, ONE_EACH = (
    gp.Scenario("today"),
    gp.Scenario("one each", (gp.edits.WithRules((gp.rules.DistrictCap(1),)),)),
)
MANY = {
    f"factor {n}": gp.Scenario(f"factor {n}", (gp.edits.Population({"all": 1 + n / 100}),))
    for n in range(1, 7)
}


def here(
    town: gp.Region, asked: dict[str, gp.Scenario], out: Path | None = None, **settings: object
) -> gp.results.Runs:
    with ThreadPoolExecutor(1) as executor:
        return gp.scenarios(town, asked, out=out, executor=executor, **settings)  # type: ignore[arg-type]


@pytest.fixture
def town() -> gp.Region:
    return gp.tiny_town()


def test_a_plan_comes_back_whole(town: gp.Region, tmp_path: Path) -> None:
    here(town, {"today": TODAY, "more": MANY["factor 5"]}, tmp_path / "runs")
    runs = gp.open_runs(tmp_path / "runs")
    policy = gp.policy("shanghai-2025")
    for name, scenario in (("today", TODAY), ("more", MANY["factor 5"])):
        made, direct = runs.plan(name), gp.plan(*gp.edits.apply(town, policy, scenario))
        assert made.assignment.astype({"unit_id": str}).equals(
            direct.assignment.astype({"unit_id": str})
        ) or (made.assignment.to_csv() == direct.assignment.to_csv())
        assert made.pairs.to_csv() == direct.pairs.to_csv()
        assert made.summary() == direct.summary()
        assert gp.verify(made).kept
        assert runs.plan(name) is made, "opened once"


def test_figures_by_hand(town: gp.Region) -> None:
    """One partner each, and no one moves twice: from the plans' own tables, worked out here anew."""
    runs = here(town, {"today": TODAY, "one": ONE_EACH})
    rows = gp.compare(runs, base="today").set_index("name")
    before, after = (runs.plan(name).to_frame("general") for name in ("today", "one"))
    for name, table in (("today", before), ("one", after)):
        total = (table["people"] * table["minutes"]).sum()
        assert rows.loc[name, "person_minutes"] == pytest.approx(total)
        assert rows.loc[name, "mean_minutes"] == pytest.approx(total / 81000)
        assert rows.loc[name, "worst_minutes"] == table["minutes"].max()
        assert rows.loc[name, "fullest_people"] == table.groupby("hospital_id")["people"].sum().max()
    moved = before.loc[(before["hospital_id"] != after["hospital_id"]).to_numpy(), "people"].sum()
    assert rows.loc["one", "people_moved"] == moved > 0 == rows.loc["today", "people_moved"]
    assert rows.loc["one", "pairs"] == 3
    assert rows.loc["one", "pairs_dropped"] - rows.loc["one", "pairs_added"] == rows.loc["today", "pairs"] - 3
    assert gp.measures.movers(runs, "one", "today")["people"].sum() == moved
    changed = gp.measures.pair_changes(runs, "one", "today")
    assert (changed.query("layer == 'general'")["change"] == "dropped").sum() == rows.loc[
        "one", "pairs_dropped"
    ]


def test_a_policy_and_a_region_may_be_given(town: gp.Region) -> None:
    policy = gp.policy("shanghai-2025-strict")
    half = gp.edits.apply(town, policy, gp.Scenario("half", (gp.edits.Population({"all": 0.5}),)))
    runs = here(town, {"strict": policy, "half": half})  # type: ignore[dict-item]
    assert runs.plan("half").assignment["people"].sum() == 81000  # two layers of 40,500
    assert runs.plan("strict").policy.digest == policy.digest


def test_a_plan_comes_back_whose_region_changes_only_under_its_own_policy(town: gp.Region) -> None:
    """A travel table knows no new site, so the scenario travels by straight line; the policy of the run does not."""
    policy = gp.policy("shanghai-2025")
    minutes = gp.travel_times(town, list(town.hospitals["hospital_id"]), policy.travel).to_frame()
    by_line = gp.edits.PolicyTables({"travel": {"method": "straight_line"}})
    runs = here(
        town.with_tables(travel=minutes), {"open": gp.Scenario("open", (by_line, gp.edits.OpenBranch("B3")))}
    )
    assert gp.verify(runs.plan("open")).kept
    assert runs.region("open").branches["status"].eq("open").all()


def test_what_is_impossible_is_a_row_with_its_reason(town: gp.Region) -> None:
    impossible = gp.Scenario("no", (gp.edits.WithRules((gp.rules.TravelStandard(1.0),)),))
    runs = here(
        town,
        {
            "today": TODAY,
            "no": impossible,
            "unknown": gp.Scenario("unknown", (gp.edits.CloseHospital("H9"),)),
        },
    )
    rows = gp.compare(runs).set_index("name")
    assert rows["status"].to_dict() == {"today": "optimal", "no": "impossible", "unknown": "refused"}
    assert "H9" in rows.loc["unknown", "reason"] and "没有" in rows.loc["unknown", "reason_zh"]
    with pytest.raises(ScenarioError, match="no plan"):
        runs.plan("no")
    with pytest.raises(ScenarioError, match="no scenario 'todya'"):
        runs.plan("todya")
    with pytest.raises(ScenarioError, match="no plan of scenario 'no'"):
        gp.compare(runs, base="no")


def test_a_plan_without_the_layer_stays_and_says_so(town: gp.Region, tmp_path: Path) -> None:
    merged = gp.Scenario("merged", (gp.edits.WithRules((gp.rules.Candidates(merge_layers=True),)),))
    runs = here(town, {"today": TODAY, "merged": merged, "one": ONE_EACH}, tmp_path)
    rows = gp.compare(runs).set_index("name")
    assert rows["layer"].to_dict() == {"today": "general", "merged": "merged", "one": "general"}
    assert rows.loc[["today", "one"], "reason"].tolist() == ["", ""]
    other = rows.loc["merged"]
    assert "no layer general" in other["reason"] and "没有“综合”类别" in other["reason_zh"]
    assert (
        other[["people_moved", "pairs_added", "mean_minutes_more"]].isna().all() and other["mean_minutes"] > 0
    )
    assert rows.loc["one", "people_moved"] > 0
    back = gp.compare(runs, base="merged").set_index("name")
    assert back["layer"].to_dict() == {"today": "general", "merged": "merged", "one": "general"}
    assert back.loc["merged", "people_moved"] == 0 and back.loc["today", "mean_minutes_more"] != 0
    assert pd.isna(back.loc["today", "mean_minutes_more"]) and back.loc["today", "reason"]
    with pytest.raises(ScenarioError, match="has no layer 'merged'"):
        gp.compare(runs, base="today", layer="merged")
    assert set(comparable(plans_of(runs))) == {"today", "one"} and set(
        comparable(plans_of(runs), "merged")
    ) == {"merged"}
    every = gp.measures.before_after(runs, districts=True)
    city = gp.measures.before_after(runs)
    assert every["district_id"].tolist() == ["T1", "T2", "T3", ""] * 2 and city["name"].tolist() == [
        "today",
        "one",
    ]
    assert every[every["district_id"] == ""]["winners"].tolist() == city["winners"].tolist()


def test_what_is_finished_is_not_solved_again(
    town: gp.Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(town, {"today": TODAY}, tmp_path)
    solved: list[str] = []
    real = pool.work

    def counted(task: pool.Task) -> object:
        solved.append(task.scenario.name)
        return real(task)

    monkeypatch.setattr(pool, "work", counted)
    runs = here(town, {"today": TODAY, "one each": ONE_EACH}, tmp_path)
    assert [name for name in solved if name != "today"] and "today" not in solved
    assert runs.names == ["today", "one each"] and not runs.waiting
    here(town, {"today": TODAY}, tmp_path, gap=0.5)
    assert "today" in solved, "other settings are another result"


def test_a_run_folder_of_another_region_is_refused(town: gp.Region, tmp_path: Path) -> None:
    here(town, {"today": TODAY}, tmp_path / "runs")
    other, _ = gp.edits.apply(town, gp.policy("shanghai-2025"), MANY["factor 1"])
    with pytest.raises(DataError, match="another region"):
        here(other, {"today": TODAY}, tmp_path / "runs")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(DataError, match="other files"):
        here(town, {"today": TODAY}, tmp_path / "mine")
    with pytest.raises(DataError, match="no run folder"):
        gp.open_runs(tmp_path / "mine")


@pytest.mark.parametrize("file", ["run.json", "results/part-00001.parquet", "results/0.json"])
def test_a_file_that_is_half_there_is_named(town: gp.Region, tmp_path: Path, file: str) -> None:
    here(town, {"today": TODAY}, tmp_path)
    if file == "results/0.json":  # a result that is not gathered yet
        RunFolder(tmp_path).add("0", [{"layer": "general", "status": "optimal"}])
    whole = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=Path(file).name):
        gp.open_runs(tmp_path)


@pytest.mark.parametrize(("key", "value"), [("pair_list", [{}]), ("record", {"policy": {}}), ("record", [])])
def test_a_result_that_is_whole_but_not_ours_is_refused(
    town: gp.Region, tmp_path: Path, key: str, value: object
) -> None:
    here(town, {"today": TODAY}, tmp_path)
    (part,) = (tmp_path / "results").glob("*.parquet")
    rows = pq.read_table(part).to_pylist()
    part.unlink()
    rows = [{**row, "record": row["record"] and json.loads(row["record"])} for row in rows]
    rows[0][key] = value
    (tmp_path / "results" / "0.json").write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises((DataError, gp.PolicyError)) as told:
        gp.open_runs(tmp_path).plan("today")
    if key != "record":
        assert "the result of scenario today is damaged" in str(told.value)
    (tmp_path / "results" / "0.json").write_text('[{"key": {}}, 3]', encoding="utf-8")
    with pytest.raises(DataError, match=r"0\.json is damaged"):
        gp.open_runs(tmp_path)


def test_a_scenario_of_run_json_with_parts_missing_is_named(town: gp.Region, tmp_path: Path) -> None:
    here(town, {"today": TODAY}, tmp_path)
    file = tmp_path / "run.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"changes"', '"cianges"'), encoding="utf-8")
    with pytest.raises(DataError, match=r"cases\.0\.changes"):
        gp.open_runs(tmp_path)


def test_many_cities_as_one_job(town: gp.Region, tmp_path: Path) -> None:
    for city in ("east", "west"):
        gp.write_region(town, tmp_path / city)
    with ThreadPoolExecutor(1) as executor:
        runs = gp.scenarios(
            {city: tmp_path / city for city in ("east", "west")},
            {"today": TODAY, "one": ONE_EACH},
            out=tmp_path / "runs",
            executor=executor,
        )
    rows = gp.compare(runs, base="today").set_index("name")
    assert list(rows.index) == ["east/today", "east/one", "west/today", "west/one"]
    assert rows.loc["west/one", "people_moved"] == rows.loc["east/one", "people_moved"] > 0
    assert gp.verify(runs.plan("west/one")).kept
