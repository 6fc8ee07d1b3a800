"""The one list of own file names covers whatever any verb writes into a plan folder: nothing of ours stays for ever."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from programme import town
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans import plan as plans
from gridplan.plans.folder.own_files import FILES, PROGRAMME, RECORD, is_own, own_files
from gridplan.plans.folder.plan_folder import fill, held
from gridplan.plans.folder.verify_folder import verify_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan folder with grids and a programme, into which every verb has written all that it can."""
    out = tmp_path_factory.mktemp("all") / "out"
    made = town.plan()
    routed = replace(made, travel=replace(made.travel, method="a router", settings={"profile": "car"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "MOST_IN_A_WORKBOOK", 1)  # so that assignment.parquet is written
        gp.save(routed, out, assets=True, certificate=True, gis=["gpkg", "parquet"])
    for words in (
        ["table", out], ["form", out], ["programme", out, "--only", "posts,support"], ["map", out],
    ):  # fmt: skip
        ended = CliRunner().invoke(app, [*map(str, words), "--lang", "en"])
        assert ended.exit_code == 0, (words, ended.output)
    return out


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_every_file_that_a_verb_writes_is_known_and_listed(folder: Path) -> None:
    assert [name for name in sorted(names(folder)) if not is_own(name)] == []
    assert set(own_files(folder)) == names(folder) - {RECORD}
    verdict = verify_folder(folder)[1]
    assert [line for line in verdict.breaches if line.rule == "FILES"] == []


def test_no_name_on_the_list_is_one_that_nothing_writes(folder: Path) -> None:
    assert set(FILES) - names(folder) == set()
    assert {f"programme/{name}" for name in PROGRAMME if not name.endswith(".csv")} <= names(folder)


def test_a_plan_that_writes_less_takes_all_the_rest_away(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with held(folder) as claim:
        fill(claim, lambda made: (made / "plan.json").write_text("{}", encoding="utf-8"))
    assert names(folder) == {"plan.json", "notes.txt"}
