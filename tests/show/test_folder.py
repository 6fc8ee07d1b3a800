"""The plan folder is there whole or not at all, and nobody else's files are lost."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from gridplan.show.save import save
from gridplan.show.workbook import workbook
from gridplan.words.errors import DataError
from tests.show.handmade import plan_with_warning

FILES = {
    "assignment.csv", "pairs.csv", "changes.csv", "findings.csv", "plan.json", "policy.toml", "region",
    "map.html", "plan.xlsx", "report.html", "changes.docx", "certificate.json", "check_certificate.py", "plan.gpkg",
}  # fmt: skip


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir()}


def test_all_files_are_written_and_nothing_is_left_beside(tmp_path: Path) -> None:
    said: list[str] = []
    where = save(plan_with_warning(), tmp_path / "deep" / "out", lambda step: said.append(str(step)))
    assert names(where) == FILES
    assert names(tmp_path / "deep") == {"out"}
    assert len(said) == 5


def test_an_empty_folder_and_an_earlier_plan_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    save(plan_with_warning(), out)
    (out / "map.html").write_text("old", encoding="utf-8")
    save(plan_with_warning(), out)
    assert names(out) == FILES
    assert (out / "map.html").read_text(encoding="utf-8") != "old"


def test_what_somebody_put_into_a_plan_folder_is_kept(tmp_path: Path) -> None:
    out = save(plan_with_warning(), tmp_path / "out")
    (out / "edited.csv").write_text("mine", encoding="utf-8")
    (out / "notes").mkdir()
    (out / "notes" / "a.txt").write_text("mine", encoding="utf-8")
    save(plan_with_warning(), out)
    assert (
        (out / "edited.csv").read_text(encoding="utf-8")
        == (out / "notes" / "a.txt").read_text(encoding="utf-8")
        == "mine"
    )


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_not_a_plan_is_never_replaced(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "thesis"
    if kind == "file":
        out.write_text("mine", encoding="utf-8")
    else:
        out.mkdir()
        (out / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="is not a plan folder"):
        save(plan_with_warning(), out)
    assert names(tmp_path) == {"thesis"}
    assert (out if kind == "file" else out / "thesis.docx").read_text(encoding="utf-8") == "mine"


def test_nothing_half_written_stays_when_something_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = save(plan_with_warning(), tmp_path / "out")
    before = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(workbook, "write_workbook", full)
    for place in (out, tmp_path / "new"):
        with pytest.raises(DataError, match=r"plan\.xlsx cannot be written: the disk is full"):
            save(plan_with_warning(), place)
    assert names(tmp_path) == {"out"}
    assert {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (save(plan_with_warning(), tmp_path / name) for name in ("a", "b"))
    for file in sorted(FILES - {"region"}):
        assert (first / file).read_bytes() == (second / file).read_bytes(), file
