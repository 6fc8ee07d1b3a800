"""The walk-through of CONTRIBUTING.md is true: every file and name is there, and code is quoted as it stands."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## How a rule is added")[2]
FILE = r"`((?:gridplan|tests|docs)/[\w./-]+\.(?:py|md|toml))`"
NAMED = re.findall(FILE + r":\s+(`\w+`(?:,\s+`\w+`)*)", PAGE)
QUOTED = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def names_in(file: str) -> set[str]:
    """Functions, classes and constants of a module."""
    names: set[str] = set()
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("file", sorted(set(re.findall(FILE, PAGE))))
def test_every_file_is_there(file: str) -> None:
    assert (ROOT / file).is_file()


@pytest.mark.parametrize(("file", "listed"), NAMED, ids=lambda word: word)
def test_every_name_is_in_its_file(file: str, listed: str) -> None:
    assert set(re.findall(r"\w+", listed)) <= names_in(file)


@pytest.mark.parametrize("code", QUOTED, ids=lambda code: code.strip().splitlines()[0])
def test_code_is_quoted_as_it_stands(code: str) -> None:
    files = {file for file, _ in NAMED if file.startswith("gridplan/")}
    assert any(textwrap.dedent(code) in (ROOT / file).read_text(encoding="utf-8") for file in files)


def test_the_walk_through_is_whole() -> None:
    """It leads through every room that the completeness test demands, and through each it names one thing at least."""
    rooms = {f"{room}/rules/least_partners.py" for room in ("policies", "optimise", "judging")}
    assert rooms <= {file.removeprefix("gridplan/") for file, _ in NAMED} and len(QUOTED) == 3
    for page in (
        "gridplan/optimise/FORMULATION.md",
        "docs/policy.md",
        "gridplan/policies/profiles/shanghai-2025.toml",
    ):
        assert f"`{page}`" in PAGE and "least_partners" in (ROOT / page).read_text(encoding="utf-8")
    assert "coupled" in (ROOT / "gridplan/optimise/problem.py").read_text(encoding="utf-8")
