"""The door: what each command prints, writes and exits with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import gridplan as gp
from gridplan.cli import app
from gridplan.words.vocabulary import PHASE_COLUMNS


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    gp.write_region(gp.tiny_town(), folder)
    return folder


@pytest.fixture(scope="module")
def out(town: Path) -> Path:
    folder = town.parent / f"{town.name}-plan"
    assert run("plan", town, "--out", folder).exit_code == 0
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


def test_plan_prints_a_few_lines_and_writes_the_whole_folder(town: Path, tmp_path: Path) -> None:
    result = run("plan", town, "--out", tmp_path / "plan")
    assert result.exit_code == 0, result.output
    assert "tiny_town, shanghai-2025: proven optimal" in result.stdout
    assert len(result.stdout.splitlines()) < 10
    files = {p.name for p in (tmp_path / "plan").iterdir()}
    assert files >= {
        "assignment.csv",
        "pairs.csv",
        "changes.csv",
        "findings.csv",
        "plan.json",
        "map.html",
        "plan.xlsx",
        "report.html",
        "changes.docx",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["plan"], "nothing half-written is left beside it"


def test_forms_are_added_to_a_plan_folder_and_it_still_verifies(town: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "p")
    assert CliRunner().invoke(app, ["plan", str(town), "--out", out, "--lang", "both"]).exit_code == 0
    result = CliRunner().invoke(app, ["form", out, "--unit", "Health Commission", "--lang", "en"])
    assert result.exit_code == 0 and result.stdout.count(".docx") == 3
    assert CliRunner().invoke(app, ["verify", "--plan", out, "--lang", "en"]).exit_code == 0


def test_plan_speaks_chinese(town: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(town), "--out", str(tmp_path / "p"), "--lang", "zh"])
    assert "已证明最优" in result.stdout


def test_check_of_a_good_region_exits_0_and_of_a_broken_one_1(town: Path, tmp_path: Path) -> None:
    assert run("check", town).exit_code == 0
    gp.write_region(gp.tiny_town(), tmp_path)
    units = tmp_path / "hospitals.csv"
    units.write_text(units.read_text(encoding="utf-8-sig").replace("T2", "T9"), encoding="utf-8-sig")
    result = run("check", tmp_path)
    assert result.exit_code == 1 and "T9" in result.stdout and "H3" in result.stdout


def test_check_with_grids_says_who_is_left_out_and_who_may_not_lead(tmp_path: Path) -> None:
    town = gp.tiny_town()
    said = town.districts.assign(consortium=["", "county", ""])
    gp.write_region(town.with_tables(districts=said), tmp_path / "town")
    result = run("check", tmp_path / "town", "--policy", "zhejiang-2020")
    assert result.exit_code == 1
    assert (
        "ZJ-1: East (T2) runs a county consortium and is left out of the grids (26,000 residents)."
        in result.stdout
    )
    assert "ZJ-2: no hospital of North (T3) may lead a grid: none stands there" in result.stdout


def test_check_with_a_policy_says_what_arithmetic_shows(town: Path, tmp_path: Path) -> None:
    profile = tmp_path / "tight.toml"
    profile.write_text(
        'extends = "shanghai-2025"\nname = "tight"\n[travel_standard]\nminutes = 5\n', encoding="utf-8"
    )
    result = run("check", town, "--policy", profile)
    assert result.exit_code == 1 and "STANDARD" in result.stdout


def test_a_missing_folder_is_one_message_without_a_traceback(tmp_path: Path) -> None:
    for words in (
        ("check", tmp_path / "no"),
        ("plan", tmp_path / "no", "--out", tmp_path / "o"),
        ("map", tmp_path / "no"),
    ):
        result = run(*words)
        assert result.exit_code == 1, words
        assert "Traceback" not in result.output and "hint" in result.output
    assert not (tmp_path / "o").exists()


def test_a_place_that_cannot_be_written_to_is_one_message_before_any_work(town: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("mine", encoding="utf-8")
    for words in (
        ("plan", tmp_path / "no", "--out", note),
        ("plan", tmp_path / "no", "--out", note / "below"),
        ("plan", tmp_path / "no", "--out", tmp_path),
        ("travel", town, "--out", note / "travel.csv"),
        ("travel", town, "--out", tmp_path),
    ):
        result = run(*words)
        assert result.exit_code == 1, words
        assert str(words[-1]) in result.output and "hint" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["note.txt"]


def test_what_the_machine_refuses_is_one_message(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(folder: Path) -> gp.Region:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(gp, "read", refused)
    result = run("travel", town, "--out", town / "travel.csv")
    assert result.exit_code == 1 and f"{town} cannot be used: no permission" in result.output


def test_an_impossible_policy_exits_3_and_leaves_nothing(town: Path, tmp_path: Path) -> None:
    profile = tmp_path / "none.toml"
    profile.write_text(
        'extends = "shanghai-2025"\nname = "none"\n[hospital_cap]\nmost = 1\n[least_partners]\nleast = 2\n',
        encoding="utf-8",
    )
    result = run("plan", town, "--policy", profile, "--out", tmp_path / "out")
    assert result.exit_code == 3 and "SH-3" in result.output and not (tmp_path / "out").exists()


def test_a_mistyped_policy_is_answered_with_did_you_mean(town: Path, tmp_path: Path) -> None:
    result = run("plan", town, "--policy", "shanghai-2052", "--out", tmp_path / "out")
    assert result.exit_code == 3 and "did you mean shanghai-2025" in result.output


def test_travel_writes_every_unit_with_every_candidate(town: Path, tmp_path: Path) -> None:
    result = run("travel", town, "--out", tmp_path / "travel.csv")
    table = pd.read_csv(tmp_path / "travel.csv", encoding="utf-8-sig")
    assert result.exit_code == 0 and list(table.columns) == ["unit_id", "hospital_id", "minutes"]
    assert len(table) == 12 * 5 and table["minutes"].notna().all()


def test_verify_a_plan_folder_with_and_without_its_region(town: Path, out: Path) -> None:
    assert run("verify", "--plan", out).exit_code == 0
    assert run("verify", town, "--plan", out).exit_code == 0


def test_verify_names_every_broken_rule_of_an_edited_assignment(
    town: Path, out: Path, tmp_path: Path
) -> None:
    table = pd.read_csv(out / "assignment.csv", encoding="utf-8-sig", dtype=str)
    table.loc[table["unit_id"] == "T1-01", "hospital_id"] = "H3"
    table = table[table["unit_id"] != "T2-02"]
    for path in (tmp_path / "edited.csv", tmp_path / "edited.xlsx"):
        table.to_csv(path, index=False) if path.suffix == ".csv" else table.to_excel(path, index=False)
        result = run("verify", town, "--policy", "shanghai-2025", "--assignment", path)
        assert result.exit_code == 1
        assert re.search(r"SH-2.*T1.*3 counted", result.stdout) and re.search(r"SH-1.*T2-02", result.stdout)


def test_verify_reads_what_a_planner_types_and_says_so(town: Path, out: Path, tmp_path: Path) -> None:
    table = pd.read_excel(out / "plan.xlsx", sheet_name="Assignment", dtype=object)
    table.loc[len(table)] = ["合计", *[None] * (len(table.columns) - 1)]
    with pd.ExcelWriter(tmp_path / "手工.xlsx") as book:
        table.to_excel(book, sheet_name="初稿", index=False)
        table.iloc[:, :3].to_excel(book, sheet_name="单元", index=False)
    words = ["verify", town, "--assignment", tmp_path / "手工.xlsx"]
    said = run(*words)
    assert said.exit_code == 0 and "note: row 26" in said.stdout and "'初稿' was read" in said.stdout
    chinese = CliRunner().invoke(app, [*map(str, words), "--lang", "zh"]).stdout
    assert "略去合计行" in chinese and "所有规则均满足" in chinese
    refused = run(*words, "--sheet", "单元")
    assert refused.exit_code == 1 and "lacks columns: hospital_id" in refused.stderr


def test_verify_refuses_a_plan_of_another_region(out: Path, tmp_path: Path) -> None:
    town = gp.tiny_town()
    gp.write_region(town.with_tables(units=town.units.assign(people=town.units["people"] + 1)), tmp_path)
    result = run("verify", tmp_path, "--plan", out)
    assert result.exit_code == 1 and "not the region of that plan" in result.output


def test_verify_without_a_plan_is_wrong_use(town: Path) -> None:
    assert run("verify", town).exit_code == 2


def test_map_draws_the_map_of_a_plan_folder_again_byte_for_byte(out: Path) -> None:
    before = (out / "map.html").read_bytes()
    (out / "map.html").unlink()
    assert run("map", out).exit_code == 0
    assert (out / "map.html").read_bytes() == before


def test_map_draws_what_changes_from_another_plan(out: Path, town: Path, tmp_path: Path) -> None:
    strict = tmp_path / "strict"
    assert run("plan", town, "--policy", "shanghai-2025-strict", "--out", strict).exit_code == 0
    drawn = tmp_path / "maps" / "difference.html"
    result = CliRunner().invoke(app, ["map", str(strict), "--against", str(out), "--out", str(drawn)])
    assert result.exit_code == 0, result.output
    before, after = gp.open_plan(out), gp.open_plan(strict)
    assert drawn.read_text(encoding="utf-8") == gp.draw_difference(before, after).html
    for words in (["--against", out], ["--out", drawn], ["--against", out, "--out", drawn, "--tiles", "osm"]):
        assert run("map", strict, *words).exit_code == 2, words


def test_repair_writes_a_new_folder_and_says_what_it_changed(tmp_path: Path) -> None:
    gp.write_region(gp.tiny_town(), tmp_path / "bad")
    path = tmp_path / "bad" / "hospitals.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("120.17,30.07", "30.07,120.17"), encoding="utf-8-sig"
    )
    before = path.read_bytes()
    result = run("check", tmp_path / "bad", "--repair", tmp_path / "good")
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == before and "H3" in result.stdout
    assert gp.check(gp.read(tmp_path / "good")).errors == ()


def test_a_plan_stopped_by_gap_is_not_called_optimal(town: Path, tmp_path: Path) -> None:
    result = run("plan", town, "--out", tmp_path / "p", "--gap", "0.9")
    record = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert result.exit_code == 0 and (record["status"] == "optimal") == (record["gap"] <= 1e-6)


def test_changes_are_listed_with_reasons_and_written(out: Path, tmp_path: Path) -> None:
    said = run("changes", out, "--csv", tmp_path / "c.csv")
    assert (
        said.exit_code == 0
        and "8 new, 0 adjusted, 0 ended, 1 kept (open campus, no agreement), 1 kept." in said.stdout
    )
    assert (
        "North (T3) – First Hospital (H1) [general]" in said.stdout and "that the plan keeps" in said.stdout
    )
    assert (tmp_path / "c.csv").read_bytes() == (out / "changes.csv").read_bytes()
    chinese = CliRunner().invoke(app, ["changes", str(out), "--lang", "zh"]).stdout
    assert (
        "新建 8 对，调整 0 对，撤销 0 对，保留（已有院区，未签约） 1 对，保留 1 对。" in chinese
        and "予以保留" in chinese
    )


def test_a_transition_is_listed_phase_by_phase_and_written(out: Path, tmp_path: Path) -> None:
    said = run("transition", out, "--per-phase", 4, "--csv", tmp_path / "t.csv")
    assert said.exit_code == 0 and "8 change(s) in 2 phase(s); every phase was checked." in said.stdout
    table = pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig")
    assert table["phase"].value_counts().to_dict() == {1: 4, 2: 4}
    assert list(table.columns) == PHASE_COLUMNS and table["district"].notna().all()
    assert (
        "第 2 期：变动 4 项"
        in CliRunner().invoke(app, ["transition", str(out), "--per-phase", "4", "--lang", "zh"]).stdout
    )


@pytest.mark.parametrize("number", [0, -1])
def test_a_phase_of_no_changes_is_one_error_that_names_the_option(number: int, out: Path) -> None:
    for lang, words in (("en", "give 1 or more"), ("zh", "不小于 1")):
        said = CliRunner().invoke(app, ["transition", str(out), "--per-phase", str(number), "--lang", lang])
        assert said.exit_code == 2 and "--per-phase" in said.stderr and words in said.stderr.replace("\n", "")


def test_a_transition_that_cannot_be_exits_3_with_the_number_that_is_enough(tmp_path: Path) -> None:
    town = gp.tiny_town()
    today = pd.DataFrame([("H3", "T1", "other", "2020", 2)], columns=[*town.partnerships.columns])
    made = gp.plan(
        town.with_tables(partnerships=today), gp.policy("shanghai-2025").with_rule(gp.rules.DistrictCap(1))
    )
    said = run("transition", gp.save(made, tmp_path / "p"), "--per-phase", 1, "--no-worse", 99)
    assert said.exit_code == 3 and "per_phase = 2 is enough" in said.stderr


def test_explain_answers_in_both_languages_and_refuses_two_questions(out: Path) -> None:
    for question in (("--unit", "T3-01"), ("--pair", "T3", "H1"), ("--district", "T3"), ("--hospital", "H1")):
        assert "T3" in run("explain", out, *question).stdout or "H1" in run("explain", out, *question).stdout
    chinese = CliRunner().invoke(app, ["explain", str(out), "--district", "北县", "--lang", "zh"])
    assert "合作医院" in chinese.stdout
    assert run("explain", out).exit_code == 1 and run("explain", out, "--district", "T99").exit_code == 1


def test_explain_tight_lists_the_rules_that_bind(out: Path) -> None:
    said = run("explain", out, "--tight")
    assert said.exit_code == 0 and "one more partner for" in said.stdout and "proven" in said.stdout
    assert run("explain", out, "--tight", "--unit", "T1-01").exit_code == 2


def test_verify_nearest_says_what_the_nearest_legal_plan_would_change(
    town: Path, out: Path, tmp_path: Path
) -> None:
    rows = pd.read_csv(out / "assignment.csv", dtype=str, encoding="utf-8-sig")
    first = rows.index[(rows["layer"] == "general") & (rows["unit_id"] == "T2-02")]
    rows.loc[first, "hospital_id"] = "H7"
    rows.to_csv(tmp_path / "edited.csv", index=False)
    said = run("verify", town, "--assignment", tmp_path / "edited.csv", "--nearest")
    assert said.exit_code == 1 and "nearest legal plan: 1 unit(s)" in said.stdout and "T2-02" in said.stdout
    assert "0 unit(s)" in run("verify", "--plan", out, "--nearest").stdout


def test_figures_are_drawn_into_the_folder_that_is_asked_for(out: Path, tmp_path: Path) -> None:
    done = run("figures", out, "--to", tmp_path / "pictures")
    assert done.exit_code == 0, done.output
    files = sorted(file.name for file in (tmp_path / "pictures").iterdir())
    assert files == ["load-general.png", "load-tcm.png", "map-general.png", "map-tcm.png", "travel.png"]
    assert "5 pictures" in done.output
    assert run("figures", tmp_path / "nowhere", "--to", tmp_path / "none").exit_code == 1
    assert not (tmp_path / "none").exists()


def test_english_alone_names_districts_and_hospitals_in_english_where_the_tables_do(tmp_path: Path) -> None:
    region = gp.tiny_town()
    gp.write_region(region, tmp_path / "town")
    rows = gp.plan(region, gp.policy("shanghai-2025")).assignment[["layer", "unit_id", "hospital_id"]]
    rows.assign(hospital_id=rows["hospital_id"].iloc[0]).iloc[:-1].to_csv(tmp_path / "hand.csv", index=False)
    words = ["verify", tmp_path / "town", "--policy", "shanghai-2025", "--assignment", tmp_path / "hand.csv"]
    english = run(*words).stdout
    assert "First Hospital (H1)" in english and not re.search("[\u4e00-\u9fff]+ \\([TH]", english), english
    chinese = CliRunner().invoke(app, [*map(str, words), "--lang", "zh"]).stdout
    assert "市第一医院 (H1)" in chinese and "First Hospital" not in chinese
