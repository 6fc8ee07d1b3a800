"""`verify --plan` reads every file of the folder (tests/plans/tampered.py has thirty ways to spoil one)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gridplan.plans.folder.verify_folder import verify_folder
from tests.plans.tampered import TAMPERED, record, whole

TRIED = {
    "most = 9 in plan.json": "policy.toml is not the policy", "bound halved": "layers.0", "gap 0.5 under optimal": "gap is 0.5",
    "policy.toml of another, fitting": "policy.toml is not the policy", "map of another, fitting": "map.html is of another plan",
    "members edited, fitting": "members.csv is not what the plan gives", "workbook of another": "plan.xlsx is not as it was",
    "form gone": "changes.docx is missing", "a table of an older plan": "travel.csv is not of this plan",
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return whole(tmp_path_factory.mktemp("plans"))


def test_a_whole_folder_passes_and_an_older_one_says_what_is_not_checked(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    verdict = verify_folder(folders[0])[1]
    assert verdict.kept and {"FILES", "RECORD"} <= {rule for rule, *_ in verdict.judged}
    older = Path(shutil.copytree(folders[0], tmp_path / "older"))
    record(lambda content: content.pop("files"))(older, older)
    verdict = verify_folder(older)[1]
    assert verdict.kept and "Files not checked" in verdict.report()


@pytest.mark.parametrize("kind", TRIED)
def test_what_is_not_as_it_was_is_named(folders: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    folder = Path(shutil.copytree(folders[0], tmp_path / "spoilt"))
    TAMPERED[kind](folder, folders[1])
    told = [line.en for line in verify_folder(folder)[1].told()]
    assert any(TRIED[kind] in line for line in told), told


def test_an_option_that_came_after_the_plan_is_at_its_default_and_told(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    older = Path(shutil.copytree(folders[0], tmp_path / "older"))
    record(lambda content: content["policy"]["grids"].pop("across_districts"))(older, older)
    verdict = verify_folder(older)[1]
    assert verdict.kept, verdict.report()
    for lang in ("en", "zh"):
        assert "grids.across_districts = false" in verdict.report(lang)
