"""OUT/programme/: written in one step, opened again, judged with edits by hand, over the command line."""

from __future__ import annotations

import json

import pytest
from programme.town import plan
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans.folder.store import write_plan_tables, write_record
from gridplan.programmes.store import save_programme, verify_programme


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """A plan folder without its pictures."""
    folder = tmp_path_factory.mktemp("town") / "OUT"
    folder.mkdir()
    write_plan_tables(plan(), folder)
    write_record(plan(), folder)
    return folder


def run(*words):
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


def test_the_way_over_the_command_line(out):
    before = {name: (out / name).read_bytes() for name in ("assignment.csv", "pairs.csv", "policy.toml")}
    made = run("programme", out)
    assert made.exit_code == 0, made.output
    assert "proven optimal" in made.output and "Modelled, not measured: needs" in made.output
    assert {
        name: (out / name).read_bytes() for name in before
    } == before  # a programme never changes the plan
    record = json.loads((out / "programme/programme.json").read_text(encoding="utf-8"))
    assert record["parts"][0]["goals"][0].keys() >= {"value", "bound", "gap"}
    assert set(record["files"]) == {"custody.csv", "deployment.csv"}
    page = (out / "programme/programme.html").read_text(encoding="utf-8")
    assert page.count("<article>") == 4 and "http" not in page.partition("<body")[2]
    assert "Modelled, not measured" in page and "以下数据为推算" in page
    judged = run("verify", "--plan", out, "--programme")
    assert judged.exit_code == 0, judged.output
    path = out / "programme/deployment.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8-sig")
    broken = run("verify", "--plan", out, "--programme")
    assert broken.exit_code == 1
    assert "SH-11" in broken.output
    save_programme(gp.programme(plan()), out)
    assert verify_programme(out).kept
    assert list(out.parent.glob("OUT.edited/**/deployment.csv"))  # the edit by hand is kept aside


@pytest.mark.parametrize(
    ("cell", "words"), [("two", "days_per_week is not a number"), (None, "lacks columns")]
)
def test_a_table_that_cannot_be_read_says_where(out, cell, words):
    save_programme(gp.programme(plan()), out)
    path = out / "programme/deployment.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    if cell is None:
        head = head.replace("minutes", "minuten")
    else:
        rows[0] = rows[0].replace(",2.0,", f",{cell},")
    path.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    with pytest.raises(gp.DataError, match=words):
        verify_programme(out)


def test_a_folder_without_a_programme_says_how_to_make_one(tmp_path):
    with pytest.raises(gp.DataError, match="has no programme"):
        verify_programme(tmp_path)
