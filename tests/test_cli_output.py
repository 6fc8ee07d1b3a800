"""What a command says has nowhere to go: a full disk under it, nobody who reads, no output at all."""

from __future__ import annotations

import importlib
import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import gridplan as gp
from gridplan.cli.frame import refusals
from gridplan.cli.output import asked

GRIDPLAN = [sys.executable, "-m", "gridplan.cli"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town, and a plan of it."""
    home = tmp_path_factory.mktemp("said")
    gp.write_region(gp.tiny_town(), home / "town")
    gp.save(gp.plan(gp.tiny_town(), gp.policy("shanghai-2025")), home / "plan")
    return home


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("verb", "lang", "told"),
    [
        (["check", "town"], "en", "the output cannot be written: the disk is full\n"),
        (["changes", "plan"], "zh", "输出无法写入：磁盘已满\n"),  # says something before it has ended
        (["verify", "--plan", "plan"], "zh", "输出无法写入：磁盘已满\n"),
    ],
)
def test_a_full_disk_under_the_output_is_one_sentence(
    home: Path, verb: list[str], lang: str, told: str, unbuffered: str
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [*GRIDPLAN, *verb, "--lang", lang], cwd=home, stdout=full, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", check=False, env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, told)


@pytest.mark.skipif(os.name == "nt", reason="the shell of POSIX closes it")
def test_no_output_at_all_is_no_fault(home: Path) -> None:
    command = " ".join([*GRIDPLAN, "check", "town", ">&-"])
    ended = subprocess.run(["sh", "-c", command], cwd=home, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_sentence_is_in_the_language_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    for words, language in (
        (["check", "town", "--lang", "zh"], "zh"), (["check", "--lang=zh", "town"], "zh"), (["check", "town"], "en"),
    ):  # fmt: skip
        assert asked(words) == language


def test_a_module_that_python_keeps_half_compiled_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a limit on sizes leaves it (`ulimit -f`): Python 3.11 does not see that it wrote too little."""
    (tmp_path / "cut.py").write_text("x = [" + "1, " * 500 + "]", encoding="utf-8")
    kept = Path(py_compile.compile(str(tmp_path / "cut.py")))
    kept.write_bytes(kept.read_bytes()[:60])
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(typer.Exit), refusals("en"):
        importlib.import_module("cut")
    assert f"{kept}, which Python keeps, is cut short" in capsys.readouterr().err
    with pytest.raises(EOFError), refusals("en"):
        raise EOFError
