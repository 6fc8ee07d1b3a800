"""A plan folder opens again as the same plan, and refuses to where something changed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gridplan as gp
from gridplan.inputs.sheets.cells import FORMULA_STARTS, clean_id
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.folder.record import SHAPE
from gridplan.plans.folder.store import write_tables
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS, CHANGE_COLUMNS, PAIR_COLUMNS
from tests.show.handmade import hostile_plan


@pytest.fixture(scope="module")
def plan() -> gp.Plan:
    return gp.plan(gp.tiny_town(), gp.policy("shanghai-2025-strict"))


@pytest.fixture
def folder(plan: gp.Plan, tmp_path: Path) -> Path:
    write_tables(plan, tmp_path)
    return tmp_path


def test_a_plan_folder_opens_as_the_same_plan(plan: gp.Plan, folder: Path) -> None:
    again = gp.open_plan(folder)
    pd.testing.assert_frame_equal(again.assignment, plan.assignment, check_dtype=False)
    pd.testing.assert_frame_equal(again.pairs, plan.pairs, check_dtype=False)
    assert again.layers == plan.layers and again.policy == plan.policy
    assert again.region.fingerprint == plan.region.fingerprint
    assert again.summary() == plan.summary()
    assert gp.verify(again).kept


def test_a_plan_of_an_engine_s_former_name_opens_with_the_new_one(folder: Path) -> None:
    text = (folder / "plan.json").read_text(encoding="utf-8")
    assert '"engine": "highs",\n' in text
    old = text.replace('"engine": "highs",\n', '"engine": "lagrangian",\n')
    (folder / "plan.json").write_text(old, encoding="utf-8")
    assert {layer.engine for layer in gp.open_plan(folder).layers} == {"p_median"}


def test_the_tables_have_the_columns_that_are_promised(folder: Path) -> None:
    for name, columns in (("assignment", ASSIGNMENT_COLUMNS), ("pairs", PAIR_COLUMNS)):
        assert (folder / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "Excel wants a BOM"
        assert list(pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig").columns) == columns


def test_plan_json_says_everything_needed_to_recompute_the_plan(plan: gp.Plan, folder: Path) -> None:
    record = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert record["status"] == "optimal" and record["region"]["people"] == 81000
    settings = record["travel"]["settings"]
    assert settings["detour"] == 1.3 and settings["earth_radius_km"] == 6371.0088
    assert settings["speed_km_h"]["suburban"] == 28
    goals = [g["goal"] for g in record["layers"][0]["goals"]]
    assert goals == [*(f"residents_through_{k}" for k in (5, 4, 3, 2)), "travel"]
    for layer in record["layers"]:
        for goal in layer["goals"]:
            assert {"value", "bound", "gap", "status", "unit"} <= goal.keys()
    assert record["provenance"]["region_sha256"] == plan.region.fingerprint
    assert record["provenance"]["policy_sha256"] == plan.policy.digest


def test_the_same_plan_is_written_as_the_same_bytes(
    plan: gp.Plan, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("again")
    write_tables(plan, other)
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        assert file.read_bytes() == (other / file.relative_to(folder)).read_bytes(), file.name


def test_a_region_that_changed_is_refused_by_name_of_table(folder: Path) -> None:
    hospitals = folder / "region" / "hospitals.csv"
    hospitals.write_text(
        hospitals.read_text(encoding="utf-8-sig").replace("120.02", "120.03"), encoding="utf-8-sig"
    )
    with pytest.raises(gp.DataError, match="hospitals"):
        gp.open_plan(folder)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8-sig")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda f: (f / "plan.json").unlink(), "plan.json"),
        (lambda f: (f / "plan.json").write_text("{", encoding="utf-8"), "plan.json cannot be read, line 1"),
        (lambda f: (f / "plan.json").write_text('{"form": 99}', encoding="utf-8"), "form 99"),
        (lambda f: (f / "assignment.csv").write_text("layer,unit_id\n", encoding="utf-8"), "assignment.csv"),
        (lambda f: (f / "pairs.csv").unlink(), "pairs.csv"),
        (
            lambda f: (f / "plan.json").write_text('{"form": 1}', encoding="utf-8"),
            "damaged(.|\n)*region · policy",
        ),
        (
            lambda f: edit(f / "assignment.csv", ",9000,", ",many,"),
            "assignment.csv: people is not a whole number",
        ),
        (lambda f: edit(f / "assignment.csv", ",9000,", ",9000.5,"), "row 2"),
        (lambda f: (f / "findings.csv").unlink(), "findings.csv"),
        (
            lambda f: (f / "findings.csv").write_text("a,b\n1,2\n", encoding="utf-8"),
            "findings.csv lacks columns",
        ),
    ],
)
def test_a_broken_plan_folder_is_one_clear_refusal(folder: Path, break_it, says: str) -> None:
    break_it(folder)
    with pytest.raises(gp.DataError, match=says):
        gp.open_plan(folder)


def test_a_missing_file_is_said_in_plain_words_in_both_languages(folder: Path, tmp_path: Path) -> None:
    def refused(where: Path) -> gp.DataError:
        with pytest.raises(gp.DataError) as error:
            gp.open_plan(where)
        assert "Errno" not in error.value.say("zh")
        return error.value

    (folder / "findings.csv").unlink()
    assert refused(folder).say("en").startswith("findings.csv is missing")
    assert refused(folder).say("zh").startswith("缺少文件 findings.csv")
    (folder / "plan.json").unlink()
    assert "has no plan.json: it is no plan folder" in refused(folder).say("en")
    assert "没有 plan.json" in refused(folder).say("zh")
    assert "there is no folder" in refused(tmp_path / "gone").say("en")
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    assert "是文件，不是方案文件夹" in refused(tmp_path / "note.txt").say("zh")


def parts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a record; of lists the first item."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else list(enumerate(value))[:1]
        if isinstance(value, list)
        else ()
    )
    for key, item in inner:
        yield (*path, key)
        yield from parts(item, (*path, key))


@pytest.mark.parametrize("new", ["gone", None, "x", []])
def test_a_plan_json_damaged_anywhere_opens_or_is_refused_but_never_breaks(folder: Path, new: object) -> None:
    whole = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    refusals = []
    for path in [p for p in parts(whole) if p[0] in SHAPE and (len(p) == 1 or p[0] in ("layers", "travel"))]:
        record = json.loads(json.dumps(whole))
        inside = record
        for key in path[:-1]:
            inside = inside[key]
        if new == "gone":
            del inside[path[-1]]
        else:
            inside[path[-1]] = new
        (folder / "plan.json").write_text(json.dumps(record), encoding="utf-8")
        try:
            gp.verify(gp.open_plan(folder))
        except gp.GridplanError as refused:
            refusals.append(refused.say("zh"))
    assert len(refusals) > 10 and any("layers.0.goals.0" in said for said in refusals)


def test_findings_that_a_spreadsheet_would_run_are_written_as_text(plan: gp.Plan, tmp_path: Path) -> None:
    from dataclasses import replace

    bad = gp.results.Finding(
        "warning", "x", "units", gp.results.Text("=HYPERLINK(1)", "+1"), gp.results.Text("@a", "-b"), 2, "=1"
    )
    write_tables(replace(plan, findings=gp.results.Findings([bad])), tmp_path)
    text = (tmp_path / "findings.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "'+1" in text and "'@a" in text and "'-b" in text and "'=1" in text


def test_a_router_s_minutes_come_back_from_the_folder(tmp_path: Path) -> None:
    region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    straight = gp.travel_times(region, ["H1", "H2", "H3", "H4", "H5"], policy.travel)
    from dataclasses import replace

    routed = replace(straight, method="osrm", minutes=straight.minutes + 1.5, settings={"profile": "car"})
    plan = gp.plan(region, policy, travel=routed)
    write_tables(plan, tmp_path)
    again = gp.open_plan(tmp_path)
    assert again.travel.method == "osrm" and again.travel.settings == {"profile": "car"}
    assert gp.verify(again).kept


def test_the_changes_are_written_for_excel_and_come_back_the_same(folder: Path, tmp_path: Path) -> None:
    written = (folder / "changes.csv").read_bytes()
    table = pd.read_csv(folder / "changes.csv", encoding="utf-8-sig")
    opened = gp.open_plan(folder)
    assert written.startswith(b"\xef\xbb\xbf") and list(table.columns) == CHANGE_COLUMNS
    assert gp.verify(opened).kept and len(table) == len(gp.changes(opened))
    (folder / "changes.csv").unlink()  # a folder of before
    (tmp_path / "again").mkdir()
    write_tables(gp.open_plan(folder), tmp_path / "again")
    assert (tmp_path / "again" / "changes.csv").read_bytes() == written


def test_names_that_a_spreadsheet_would_run_are_text_in_the_changes(plan: gp.Plan, tmp_path: Path) -> None:
    hospitals = plan.region.hospitals.assign(name="=HYPERLINK(1)")
    write_tables(replace(plan, region=plan.region.with_tables(hospitals=hospitals)), tmp_path)
    table = pd.read_csv(tmp_path / "changes.csv", encoding="utf-8-sig")
    assert set(table["hospital"]) == {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "－1"])
def test_no_cell_of_any_csv_is_a_formula_and_the_folder_opens_again(sign: str, tmp_path: Path) -> None:
    """Ids, names, reasons and findings: what a spreadsheet would run stands behind an apostrophe."""
    plan = hostile_plan(sign)
    write_tables(plan, tmp_path)
    for file in [*tmp_path.glob("*.csv"), *tmp_path.glob("region/*.csv")]:
        with file.open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.reader(rows):
                assert [cell for cell in row if cell.startswith(FORMULA_STARTS) and not number(cell)] == []


def test_ids_that_look_like_formulas_come_back_as_they_were(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"unit_id": ["=a", "-b", "'c", "d"], "people": [-1, 2, 3, 4], "name": ["@x", None, "", "y"]}
    )
    write_csv(table, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1:] == ["'=a,-1,'@x", "'-b,2,", "'c,3,", "d,4,y"]
    assert [clean_id(line.split(",")[0]) for line in lines[1:]] == ["=a", "-b", "'c", "d"]


def number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
