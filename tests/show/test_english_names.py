"""English alone goes by English names, in what is drawn, in reasons and in refusals; Chinese alone has no English halves."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import gridplan as gp
from gridplan.ask.phases.transition_text import phases_text
from gridplan.cli import app
from gridplan.plans.changes import changes_text
from gridplan.show.shared.provenance_sheet import provenance_table
from gridplan.words.errors import told_by
from gridplan.words.findings import Finding
from gridplan.words.text import Shown, both, shown_in

TOWN, RULES = gp.tiny_town(), gp.policy("shanghai-2025")
NAMES = {*TOWN.districts["name"], *TOWN.hospitals["name"]}
ONE_EACH = RULES.with_rule(gp.rules.HospitalCap(1))


@cache
def made() -> gp.Plan:
    """Every district has H1 today, and the plan leaves it to one of them."""
    here = pd.concat([TOWN.partnerships.assign(district_id=d) for d in TOWN.districts["district_id"]])
    return gp.plan(TOWN.with_tables(partnerships=here.reset_index(drop=True)), ONE_EACH)


def read(file: Path) -> str:
    if file.suffix == ".html":
        return file.read_text(encoding="utf-8")
    with zipfile.ZipFile(file) as packed:
        parts = [name for name in packed.namelist() if name.endswith(".xml")]
        return " ".join(packed.read(name).decode("utf-8") for name in parts)


def names_in(text: str) -> set[str]:
    """Chinese names of districts and hospitals; those of campuses and units, which have one name only, do not count."""
    for name in sorted({*TOWN.branches["name"], *TOWN.units["name"]}, key=len, reverse=True):
        text = text.replace(name, "")
    return {name for name in NAMES if name in text}


def test_what_is_written_in_english_has_english_names_where_there_are_some(tmp_path: Path) -> None:
    nameless = TOWN.hospitals["hospital_id"] == "H2"
    region = made().region.with_tables(
        hospitals=TOWN.hospitals.assign(name_en=TOWN.hospitals["name_en"].mask(nameless, ""))
    )
    plan = gp.plan(region, ONE_EACH)
    gp.save(plan, tmp_path / "en", lang="en", certificate=False, gis=())
    for file in ("report.html", "map.html", "plan.xlsx", "changes.docx"):
        said = read(tmp_path / "en" / file)
        assert names_in(said) == {"市第二医院"}, file
        assert "Middle" in said and "First Hospital" in said, file
    assert gp.open_plan(tmp_path / "en").region.fingerprint == region.fingerprint


def test_reasons_and_phases_have_english_names_in_english_and_chinese_ones_in_chinese() -> None:
    plan = made()
    english, chinese = changes_text(plan, gp.changes(plan)), phases_text(plan, gp.transition(plan, 9, 99.0))
    reasons = gp.changes(plan).query("change == 'ended'")
    assert len(reasons) and "are taken (" in reasons["reason"].iloc[0]
    assert (
        names_in(plan.region.in_english(english.en)) == names_in(plan.region.in_english(chinese.en)) == set()
    )
    assert "名额已满（北县）" in " ".join(reasons["reason_zh"]) or "名额已满（中区）" in " ".join(
        reasons["reason_zh"]
    )
    assert "最长：" in chinese.zh and names_in(chinese.zh.rpartition("人均出行时间")[2])


def test_a_refusal_has_english_names_in_english() -> None:
    bans = gp.rules.Ban("T2", "H2"), gp.rules.Ban("T2", "H3")
    clash = ONE_EACH.with_rule(gp.rules.MostChanges(2), *bans)
    with pytest.raises(gp.InfeasibleError) as caught, told_by(TOWN.in_english):
        gp.plan(TOWN, clash)
    assert names_in(caught.value.say("en")) == names_in(str(caught.value)) == set()
    assert " (H" in caught.value.say("en") and names_in(caught.value.say("zh"))


@pytest.mark.parametrize(("lang", "said"), [("en", "Military Hospital (H6)"), ("zh", "军队总医院 (H6)")])
def test_commands_refuse_in_the_names_of_their_language(lang: str, said: str, tmp_path: Path) -> None:
    gp.save(made(), tmp_path / "out", certificate=False, gis=())
    told = CliRunner().invoke(app, ["explain", str(tmp_path / "out"), "--hospital", "H6", "--lang", lang])
    assert told.exit_code == 1 and f"{said} " in told.stderr
    gp.write_region(TOWN, tmp_path / "town")
    rules = tmp_path / "none.toml"
    pins = "".join(f'[[pin]]\ndistrict_id = "T1"\nhospital_id = "H{n}"\n' for n in (1, 2, 3))
    rules.write_text(f'extends = "shanghai-2025"\nname = "none"\n{pins}', encoding="utf-8")
    words = [
        "plan",
        str(tmp_path / "town"),
        "--policy",
        str(rules),
        "--out",
        str(tmp_path / "x"),
        "--lang",
        lang,
    ]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 3 and " (T1)" in refused.stderr
    assert bool(names_in(refused.stderr)) == (lang == "zh")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "模拟：区界"), ("en", "MODELLED: shapes"), ("both", "模拟：区界 / MODELLED: shapes")],
)
def test_a_source_is_told_in_the_language_that_is_shown(lang: Shown, said: str) -> None:
    from dataclasses import replace

    region = replace(made().region, sources=("模拟：区界 / MODELLED: shapes",))
    with shown_in(lang):
        assert provenance_table(replace(made(), region=region)).rows[0][1] == said


def test_a_finding_names_its_table_in_the_language_of_its_line() -> None:
    fault = Finding("warning", "old", "partnerships", both("x"), both("y"), 36)
    assert fault.line("zh").startswith("提醒: 现有合作第 36 行: x") and fault.line().startswith(
        "warning: partnerships, row 36"
    )
    assert "（中医）" in RULES.rule(gp.rules.Candidates).sentence().zh  # type: ignore[union-attr]
