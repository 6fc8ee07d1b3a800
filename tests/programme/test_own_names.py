"""The one list of own file names covers whatever any verb writes into a plan folder: nothing of ours stays for ever."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from programme import town
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans import plan as plans
from gridplan.plans.folder.certificate import CHECKER
from gridplan.plans.folder.own_files import FILES, PROGRAMME, RECORD, is_own, own_files
from gridplan.plans.folder.plan_folder import fill, held
from gridplan.plans.folder.verify_folder import verify_folder
from tests.plans.tampered import listed


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


SPOILT = (
    "table.html", "report.docx", "plan.gpkg", "plan_units.parquet", "assignment.parquet", "programme/programme.html",
    "programme/map.html", "programme/programme.xlsx", "programme/programme.json", CHECKER, "grids.csv", "changes.csv",
)  # fmt: skip
EVERY = ("grids.csv", "changes.csv", CHECKER)


def other_mark(held: bytes, mark: str) -> bytes:
    """The same file with the mark of another plan; where it is packed, or none stands in it, no such file at all."""
    other = held.replace(mark.encode("ascii"), b"0" * 64)
    return b"\0garbage" if other == held else other


@pytest.mark.parametrize(
    "spoil", [other_mark, lambda held, mark: b"\0garbage", None], ids=["other", "garbage", "gone"]
)
def test_what_is_not_of_the_plan_is_named_though_all_hashes_fit(
    folder: Path, tmp_path: Path, spoil: Callable[[bytes, str], bytes] | None
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    mark = json.loads((copy / RECORD).read_text(encoding="utf-8"))["mark"]
    for name in EVERY if spoil is None else SPOILT:
        if spoil is None:
            (copy / name).unlink()
        else:
            (copy / name).write_bytes(spoil((copy / name).read_bytes(), mark))
    listed(copy)
    told = [line.en for line in verify_folder(copy)[1].told() if line.en.startswith("FILES: ")]
    assert {line.split()[1] for line in told} == set(EVERY if spoil is None else SPOILT), told


def test_a_plan_that_writes_less_takes_all_the_rest_away(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with held(folder) as claim:
        fill(claim, lambda made: (made / "plan.json").write_text("{}", encoding="utf-8"))
    assert names(folder) == {"plan.json", "notes.txt"}
