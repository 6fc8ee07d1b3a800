"""The one list of own file names covers whatever any verb writes into a plan folder: nothing of ours stays for ever."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from programme import town

from gridplan.plans.folder.certificate import CHECKER
from gridplan.plans.folder.own_files import FILES, PROGRAMME, RECORD, is_own, own_files
from gridplan.plans.folder.plan_folder import fill, held
from gridplan.plans.folder.verify_folder import verify_folder
from tests.plans.tampered import all_files, listed, of_another


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan folder with grids and a programme, into which every verb has written all that it can."""
    return all_files(
        town.plan_in_parts(), tmp_path_factory.mktemp("all") / "out", ["--only", "posts,support"]
    )


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


READ = (
    "region/", "findings.csv", "travel.csv", "policy.toml", "certificate.json", "assignment.csv", "pairs.csv",
)  # fmt: skip
EVERY = ("grids.csv", "changes.csv", CHECKER)


@pytest.mark.parametrize("kind", ["other", "garbage", "gone"])
def test_what_is_not_of_the_plan_is_named_though_all_hashes_fit(
    folder: Path, tmp_path: Path, kind: str
) -> None:
    """Whatever is not read to open the plan (tests/plans/tampered.py has the rest, file by file), all at once."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    mark = json.loads((copy / RECORD).read_text(encoding="utf-8"))["mark"]
    spoilt = set(EVERY) if kind == "gone" else {n for n in own_files(copy) if not n.startswith(READ)}
    if kind == "garbage":  # then programme.json says nothing of its tables
        spoilt -= {n for n in spoilt if n.startswith("programme/") and n.endswith(".csv")}
    else:
        spoilt -= {"programme/programme.json"}
    for name in spoilt:
        if kind == "gone":
            (copy / name).unlink()
        else:
            held = (copy / name).read_bytes()
            (copy / name).write_bytes(of_another(name, held, mark) if kind == "other" else b"\0garbage")
    listed(copy)
    told = [line.en for line in verify_folder(copy)[1].told() if line.en.startswith("FILES: ")]
    assert {line.split()[1] for line in told} == spoilt, told


def test_a_plan_that_writes_less_takes_all_the_rest_away(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with held(folder) as claim:
        fill(claim, lambda made: (made / "plan.json").write_text("{}", encoding="utf-8"))
    assert names(folder) == {"plan.json", "notes.txt"}
