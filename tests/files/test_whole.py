"""A disk that refuses: the file is named as people know it, with the cause and what to do; what was there stays whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import gridplan as gp
from gridplan.files.whole import HINTS, WHY, in_its_place, not_used, not_written, resolved, write_whole


@pytest.fixture
def full_for(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A disk that is full when a file of this name is written, half of it being there by then."""
    real, real_open = Path.write_text, Path.open

    def half(write: Callable[[str], object], text: str) -> None:
        write(text[: len(text) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fills(name: str) -> None:
        def write_text(self: Path, text: str, *more: Any, **named: Any) -> int:
            if name in self.name:
                half(lambda some: real(self, some, *more, **named), text)
            return real(self, text, *more, **named)

        @contextmanager
        def opened(self: Path, mode: str, **named: Any) -> Iterator[Any]:
            with real_open(self, mode, **named) as file:
                yield SimpleNamespace(
                    write=lambda text: half(file.write, text),
                    writelines=lambda lines: half(file.write, "".join(lines)),
                )

        def open_(self: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
            fills_up = name in self.name and "w" in mode and not more
            return opened(self, mode, **named) if fills_up else real_open(self, mode, *more, **named)

        monkeypatch.setattr(Path, "write_text", write_text)
        monkeypatch.setattr(Path, "open", open_)

    return fills


def test_a_file_that_is_half_done_is_named_as_it_will_be_called() -> None:
    for half, whole in {
        "d/.c.csv.12.part": "d/c.csv",
        "d/.out.gridplan/new/map.html": "d/out/map.html",
        "d/.out.gridplan/new/region/.units.csv.7.part": "d/out/region/units.csv",
        "d/.runs.gridplan/gridplan-x1/base.pickle": "d/runs",
        "out/.gridplan/new/map.html": "out/map.html",
        "d/.c.part": "d/.c.part",
        f"d/.{'x' * 50}.1.part": f"d/{'x' * 50}…",
    }.items():
        assert in_its_place(Path(half)) == Path(whole)


def test_each_cause_has_its_sentence_and_its_hint() -> None:
    for number in WHY.keys() - {-1}:
        fault = OSError(number, os.strerror(number), "c.csv")
        for error in (not_written(Path("c.csv"), fault), not_used(fault)):
            assert "c.csv" in error.what.en and "c.csv" in error.what.zh
            assert WHY[number].zh in error.what.zh
            assert error.hint == HINTS.get(number, error.hint) and error.hint.zh


def test_a_table_that_cannot_be_written_is_named_without_its_half(tmp_path: Path, full_for: Any) -> None:
    full_for("c.csv")
    with pytest.raises(gp.DataError) as told:
        write_whole(tmp_path / "c.csv", lambda part: part.write_text("1,2,3", encoding="utf-8"))
    assert told.value.what.en == f"{tmp_path / 'c.csv'} cannot be written: the disk is full"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["districts", "units", "region.toml"])
def test_a_region_is_written_over_whole_or_not_at_all(tmp_path: Path, full_for: Any, name: str) -> None:
    town = gp.tiny_town()
    gp.write_region(town, tmp_path / "town")
    before = {p.name: p.read_bytes() for p in (tmp_path / "town").iterdir()}
    full_for(name)
    with pytest.raises(gp.DataError, match=name):
        gp.write_region(town, tmp_path / "town", overwrite=True)
    assert {p.name: p.read_bytes() for p in (tmp_path / "town").iterdir()} == before
    with pytest.raises(gp.DataError, match=name):
        gp.write_region(town, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_region_that_is_written_over_loses_the_tables_that_it_has_no_more(tmp_path: Path) -> None:
    town = gp.tiny_town()
    gp.write_region(town, tmp_path / "town")
    (tmp_path / "town" / "notes.txt").write_text("mine", encoding="utf-8")
    gp.write_region(town.with_tables(partnerships=None), tmp_path / "town", overwrite=True)
    there = {p.name for p in (tmp_path / "town").iterdir()}
    assert "partnerships.csv" not in there and {"notes.txt", "branches.csv", "region.toml"} <= there
    assert [p.name for p in tmp_path.iterdir()] == ["town"]


def test_a_repaired_copy_is_there_whole_or_not_at_all(tmp_path: Path, full_for: Any) -> None:
    gp.write_region(gp.tiny_town(), tmp_path / "town")
    full_for("units")
    with pytest.raises(gp.DataError, match=r"new.units\.geojson cannot be written: the disk is full"):
        gp.repair_folder(tmp_path / "town", tmp_path / "new")
    assert [p.name for p in tmp_path.iterdir()] == ["town"]


def test_a_folder_that_one_stands_in_and_that_has_gone_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: Path) -> Path:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(Path, "resolve", gone)
    with pytest.raises(FileNotFoundError):
        resolved(Path("out"))
