"""The pages of the reference: every public name of `gridplan`, by what it is. They are written anew at each build."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import gridplan as gp

PAGES = {
    "functions": "Functions: what one can do",
    "classes": "Classes: what functions take and give",
    "rules": "Rules of a policy",
    "edits": "Changes of a scenario",
    "errors": "Errors",
}


def public() -> dict[str, list[tuple[str, object]]]:
    """Page → (dotted name, thing) of everything behind the door, namespaces included."""
    pages: dict[str, list[tuple[str, object]]] = {page: [] for page in PAGES}
    for name in gp.__all__:
        thing = getattr(gp, name)
        if isinstance(thing, ModuleType):
            inside = [(f"{name}.{part}", getattr(thing, part)) for part in thing.__all__]
            pages[name if name in pages else "classes"] += inside
        else:
            pages[page_of(thing)].append((name, thing))
    return {page: things for page, things in pages.items() if things}


def page_of(thing: object) -> str:
    """The page of something that stands at the door itself."""
    if not inspect.isclass(thing):
        return "functions"
    if issubclass(thing, Exception):
        return "errors"
    if thing.__module__.startswith("gridplan.scenario.edits."):
        return "edits"
    return (
        "rules" if thing.__module__.startswith("gridplan.policies.") and thing is not gp.Policy else "classes"
    )


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
    yield f"{title}\n{'=' * len(title)}\n\n.. currentmodule:: gridplan\n\n.. autosummary::\n\n"
    yield from (f"   {name}\n" for name, _ in things)
    for name, thing in things:
        kind = "class" if inspect.isclass(thing) else "function" if inspect.isroutine(thing) else "data"
        yield f"\n{name}\n{'-' * len(name)}\n\n.. auto{kind}:: {name}\n"
        if kind == "class" and not issubclass(thing, Exception):  # type: ignore[arg-type]
            yield "   :members:\n"


def _write(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text(encoding="utf-8") != text:  # else Sphinx would read it again
        file.write_text(text, encoding="utf-8")
