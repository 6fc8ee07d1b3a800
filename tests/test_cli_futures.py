"""The commands of trade-offs and futures: what they print, the CSV they write, what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import gridplan as gp
from gridplan.cli import app

RATES = "district_id,group,growth\nall,rest,0.02\nT2,rest,0.3\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    gp.write_region(gp.tiny_town(), folder / "region")
    gp.save(gp.plan(gp.tiny_town(), gp.policy("shanghai-2025")), folder / "plan")
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    return folder


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(app, [*(str(a) for a in arguments), "--lang", lang])


def test_frontier_prints_its_points_and_writes_them(town: Path, tmp_path: Path) -> None:
    said = run("frontier", town / "region", "--against", "partners", "--out", tmp_path / "f.csv")
    assert said.exit_code == 0 and "all proven" in said.stdout and "4 row(s) in" in said.stdout
    assert pd.read_csv(tmp_path / "f.csv", encoding="utf-8-sig")["value"].tolist() == [3, 4, 5, 6]
    assert "权衡曲线" in run("frontier", town / "region", lang="zh").stdout


def test_alternatives_of_a_plan_folder(town: Path, tmp_path: Path) -> None:
    said = run("alternatives", town / "plan", "--within", 0.2, "--count", 2, "--out", tmp_path / "a.csv")
    assert said.exit_code == 0 and "2 alternative(s) within 20.00%" in said.stdout
    assert {"in_all", "certain"} <= set(pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig"))


def test_robustness_writes_pairs_and_a_plan_folder(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "robust"
    said = run("robustness", town / "region", "--samples", 1, "--out", tmp_path / "r.csv", "--plan", out)
    assert said.exit_code == 0 and "proven least" in said.stdout
    assert "frequency" in pd.read_csv(tmp_path / "r.csv", encoding="utf-8-sig")
    assert gp.verify(gp.open_plan(out)).kept and (out / "map.html").exists()


def test_years_prints_each_year(town: Path, tmp_path: Path) -> None:
    said = run(
        "years",
        town / "region",
        "--rates",
        town / "rates.csv",
        "--years",
        "2026-2028",
        "--out",
        tmp_path / "y.csv",
    )
    assert said.exit_code == 0 and "2028: " in said.stdout and "proven optimal" in said.stdout
    assert pd.read_csv(tmp_path / "y.csv", encoding="utf-8-sig")["year"].tolist() == [2026, 2027, 2028]


def test_wrong_use_is_one_clear_message(town: Path, tmp_path: Path) -> None:
    for span in ("2030", "2030-2026", "next"):
        wrong = run("years", town / "region", "--rates", town / "rates.csv", "--years", span)
        assert wrong.exit_code == 2 and "write 2026-2035" in wrong.stderr
    bad = tmp_path / "bad.csv"
    bad.write_text("district_id,group,growth\nT9,rest,0.1\n", encoding="utf-8")
    said = run("years", town / "region", "--rates", bad, "--years", "2026-2028")
    assert said.exit_code == 1 and "rates, row 2" in said.stderr
    said = run("frontier", town / "region", "--policy", "zhejiang-2020")
    assert said.exit_code == 3 and "no layer of counted partners" in said.stderr


@pytest.mark.parametrize("command", ["frontier", "alternatives", "robustness", "years"])
def test_help_is_worth_reading_in_both_languages(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"]).stdout
    assert re.search("[一-鿿]", text) and "--out" in text
