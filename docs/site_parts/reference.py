"""The pages of the reference: every public name of `gridplan`, by what it is. They are written anew at each build."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import gridplan as gp

PAGES = {
    "functions": "Functions: what one can do",
    "classes": "Classes: what a plan is made of",
    "rules": "gp.rules: what a policy demands",
    "edits": "gp.edits: what a scenario changes",
    "measures": "gp.measures: figures of a plan",
    "pictures": "gp.pictures: single pictures",
    "results": "gp.results: what functions hand back",
    "errors": "gp.errors: what is raised on purpose",
}


def public() -> dict[str, list[tuple[str, object]]]:
    """Page → (dotted name, thing) of everything behind the door: its own names, then those of its namespaces.

    An error that stands at the door as well is on the page of errors alone.
    """
    pages: dict[str, list[tuple[str, object]]] = {page: [] for page in PAGES}
    for name in gp.__all__:
        thing = getattr(gp, name)
        if isinstance(thing, ModuleType):
            pages[name] += [(f"{name}.{part}", getattr(thing, part)) for part in names_in(thing)]
        elif not inspect.isclass(thing):
            pages["functions"].append((name, thing))
        elif not issubclass(thing, Exception):
            pages["classes"].append((name, thing))
    return pages


def names_in(space: ModuleType) -> list[str]:
    """The names of a namespace, in its order where it gives one."""
    names = getattr(space, "__all__", None) or [name for name in dir(space) if name[0].isupper()]
    return [name for name in names if callable(getattr(space, name))]


def write(folder: Path) -> None:
    """A page per group, its names in a table first, then each with its docstring."""
    folder.mkdir(exist_ok=True)
    pages = public()
    index = "\n".join(f"   {page}" for page in pages)
    title = "Reference"
    text = f"{title}\n{'=' * len(title)}\n\nAll of ``gridplan`` (``import gridplan as gp``).\n\n.. toctree::\n\n{index}\n"
    _write(folder / "index.rst", text)
    for page, things in pages.items():
        _write(folder / f"{page}.rst", "".join(_lines(PAGES[page], things)))


def _lines(title: str, things: list[tuple[str, object]]) -> Iterable[str]:
    space = "gridplan" + "".join(f".{part}" for part in things[0][0].split(".")[:-1])
    yield f"{title}\n{'=' * len(title)}\n\n.. currentmodule:: {space}\n\n.. autosummary::\n\n"
    short = [(dotted.rpartition(".")[2], thing) for dotted, thing in things]
    yield from (f"   {name}\n" for name, _ in short)
    for name, thing in short:
        kind = "class" if inspect.isclass(thing) else "function"
        yield f"\n{name}\n{'-' * len(name)}\n\n.. auto{kind}:: {name}\n"
        if kind == "class" and not issubclass(thing, Exception):  # type: ignore[arg-type]
            yield "   :members:\n"


def _write(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text(encoding="utf-8") != text:  # else Sphinx would read it again
        file.write_text(text, encoding="utf-8")
