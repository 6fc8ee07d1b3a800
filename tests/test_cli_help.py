"""What the command line says of itself: its version, its commands, and help that is folded to the window."""

from __future__ import annotations

import re
import runpy

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app, main
from gridplan.cli.help import fold


def test_the_version_is_told() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0 and done.stdout == f"gridplan {gp.__version__}\n"


def test_the_package_itself_is_the_command() -> None:
    assert runpy.run_module("gridplan", run_name="looked_at")["main"] is main


@pytest.mark.parametrize(
    "command", ["check", "plan", "travel", "verify", "map", "explain", "changes", "transition"]
)
def test_help_is_worth_reading_in_both_languages(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"]).stdout
    assert re.search("[一-鿿]", text) and "--lang" in text


def test_all_commands_are_listed_in_both_languages() -> None:
    said = CliRunner().invoke(app, ["-h"]).stdout
    assert "List every fault of the data at once. 一次列出数据的所有问题。" in said
    assert said == CliRunner().invoke(app, ["--help"]).stdout


def test_help_is_folded_by_the_width_of_its_letters() -> None:
    row = "  --out FILE  CSV of the table to write. 写出的表，逗号分隔。"
    assert fold(row, 40).splitlines() == [
        "  --out FILE  CSV of the table to write.",
        "              写出的表，逗号分隔。",
    ]
    assert fold(row, 30).splitlines()[-1] == "              表，逗号分隔。"
    assert fold("  一二三，四", 8).splitlines() == ["  一二", "  三，四"]
    assert max(map(cell_len, fold(row, 30).splitlines())) <= 30
    assert fold(row, 200) == row and fold("", 10) == ""
