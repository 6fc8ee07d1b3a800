"""The docs site holds every page and every public name; building it is `make docs` (in `.ci/run`), warnings are errors."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

import gridplan as gp

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    yield importlib.import_module("site_parts.reference")
    for name in [name for name in sys.modules if name.startswith("site_parts")]:
        del sys.modules[name]


def listed() -> set[Path]:
    """The pages in the tables of contents of docs/index.md."""
    page = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    found: set[Path] = set()
    for block in re.findall(r"```{toctree}\n(.*?)```", page, flags=re.DOTALL):
        for line in block.splitlines():
            entry = re.sub(r".*<(.+)>", r"\1", line.strip())
            if entry and not entry.startswith(":"):
                found |= set(
                    (ROOT if entry.startswith("/") else ROOT / "docs").glob(entry.lstrip("/") + ".*")
                )
    return found


def test_every_page_of_the_repository_is_on_the_site() -> None:
    pages = {*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), *ROOT.glob("notebooks/*.ipynb")}
    assert pages - listed() == {ROOT / "docs" / "index.md"}


def test_the_reference_holds_every_public_name_once(reference) -> None:
    names = [name for things in reference.public().values() for name, _ in things]
    assert len(names) == len(set(names))
    parts = {part for name in names for part in name.split(".")}
    assert set(gp.__all__) - parts == set()
    assert {name.partition(".")[0] for name in names} - set(gp.__all__) == set()


def test_the_guides_for_planners_say_the_same_steps_in_both_languages() -> None:
    def commands(page: str) -> list[str]:
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        return re.findall(r"^gridplan (\w+)", text, flags=re.MULTILINE)

    assert commands("planners.md") == commands("zh/index.md")
    assert len(commands("planners.md")) > 5
