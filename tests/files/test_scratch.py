"""What a killed run leaves: its temporary folder goes with the next run, a solver of its own goes at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from gridplan.files.scratch import LOCK, scratch
from gridplan.optimise.run.with_parent import ends_with_us

WAITS = "import sys, time; from gridplan.files.scratch import scratch\nwith scratch() as folder:\n print(folder, flush=True)\n time.sleep(60)"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_folder_goes_with_its_block_whatever_ends_it() -> None:
    with pytest.raises(ZeroDivisionError), scratch() as folder:
        (folder / "model.mps").write_text("x", encoding="utf-8")
        raise ZeroDivisionError
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_what_a_killed_run_left_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    dead, living = (
        subprocess.Popen([sys.executable, "-c", WAITS], stdout=subprocess.PIPE, text=True) for _ in "ab"
    )
    left, alive = (Path(run.stdout.readline().strip()) for run in (dead, living) if run.stdout)
    other = tmp_path / "gridplan-notes"
    other.mkdir()
    dead.kill()
    dead.wait()
    assert (left / LOCK).is_file(), "nobody was left to clear it away"
    with scratch() as mine:
        assert {p.name for p in tmp_path.iterdir()} == {mine.name, alive.name, other.name}
    living.kill()
    for run in (dead, living):
        run.communicate()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no such signal is known")
def test_a_solver_ends_with_who_asked_for_it(tmp_path: Path) -> None:
    """The middle process starts `sleep` as PuLP starts CBC, and is killed."""
    middle = (
        "import subprocess, sys; from pathlib import Path; from gridplan.optimise.run.with_parent import ends_with_us\n"
        f"child = subprocess.Popen([ends_with_us('/bin/sleep', Path({str(tmp_path)!r})), '60'])\n"
        "print(child.pid, flush=True)\nchild.wait()"
    )
    run = subprocess.Popen([sys.executable, "-c", middle], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    child = Path("/proc") / run.stdout.readline().strip()
    until = time.monotonic() + 20
    while b"sleep" not in (child / "cmdline").read_bytes().split(b"\0")[0] and time.monotonic() < until:
        time.sleep(0.01)
    assert (child / "cmdline").read_bytes().startswith(b"/bin/sleep")
    run.kill()
    run.wait()
    while child.exists() and _lives(child) and time.monotonic() < until:
        time.sleep(0.01)
    assert not child.exists() or not _lives(child)
    run.stdout.close()


def _lives(process: Path) -> bool:
    try:
        return ") Z " not in (process / "stat").read_text(encoding="ascii")
    except OSError:
        return False


def test_a_solver_is_asked_by_its_own_name_where_nothing_may_be_started_from_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert ends_with_us("/usr/bin/cbc", tmp_path) == "/usr/bin/cbc"
