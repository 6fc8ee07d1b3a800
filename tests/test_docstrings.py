"""Every public function says what it takes, gives and refuses, and shows itself on the made-up town; the examples run."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

import gridplan as gp

# Told apart from those that forgot to say: they refuse nothing that a plan or region made by gridplan can bring.
REFUSE_NOTHING = {"check", "profile_names", "tiny_town"}


def public() -> dict[str, object]:
    """Dotted name → every function and class of the door and of its namespaces."""
    found: dict[str, object] = {}
    for name in gp.__all__:
        thing = getattr(gp, name)
        if not isinstance(thing, ModuleType):
            found[name] = thing
        else:
            found |= {
                f"{name}.{part}": getattr(thing, part) for part in dir(thing) if not part.startswith("_")
            }
    return {
        name: thing for name, thing in found.items() if inspect.isroutine(thing) or inspect.isclass(thing)
    }


PUBLIC = public()
FUNCTIONS = {name: thing for name, thing in PUBLIC.items() if inspect.isfunction(thing)}
BASES = {"rules.Rule", "rules.Cap", "edits.Change"}
WRITTEN = [  # nouns that people write down, or meet first
    name
    for name in PUBLIC
    if name not in FUNCTIONS
    and (name.startswith(("rules.", "edits.")) or name in ("Region", "Policy", "Plan", "Scenario", "Verdict"))
    and name not in BASES
]
SHOWN = [
    name
    for name, thing in PUBLIC.items()
    if name in FUNCTIONS or "Examples\n" in (inspect.getdoc(thing) or "")
]


def sections(thing: object) -> dict[str, str]:
    doc = inspect.getdoc(thing) or ""
    parts = re.split(r"^(\w+(?: \w+)?)\n-{3,}\n", doc, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def described(section: str) -> set[str]:
    """Names that stand as `name : type` with an indented description below."""
    heads = re.findall(r"^\*{0,2}(\w[\w, ]*) : \S.*\n    \S", section, flags=re.MULTILINE)
    return {name.strip() for head in heads for name in head.split(",")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_is_described_with_its_type(name: str) -> None:
    taken = set(inspect.signature(FUNCTIONS[name]).parameters)
    assert described(sections(FUNCTIONS[name]).get("Parameters", "")) == taken


@pytest.mark.parametrize("name", WRITTEN)
def test_every_field_of_a_noun_is_described_and_shown(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(PUBLIC[name]) if field.init}  # type: ignore[arg-type]
    said = sections(PUBLIC[name])
    assert fields <= described(said.get("Parameters", "")) and "Examples" in said


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_comes_back_and_what_is_refused_is_said(name: str) -> None:
    said, function = sections(FUNCTIONS[name]), FUNCTIONS[name]
    if inspect.signature(function).return_annotation not in (None, "None"):
        assert re.match(r"\S.*\n    \S", said.get("Returns", ""))
    assert ("Raises" in said) != (name in REFUSE_NOTHING)
    if "Raises" in said:
        assert re.match(r"\w+Error.*\n    \S", said["Raises"])


@pytest.mark.parametrize("name", SHOWN)
def test_the_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    thing = PUBLIC[name]
    example = sections(thing).get("Examples", "")
    needs_no_town = ("profile_names", "policy", "save_policy", "read_scenarios")
    assert "gp.tiny_town()" in example or name in needs_no_town or name not in FUNCTIONS
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(example, {}, name, None, 0)
    assert test.examples
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert "".join(said) == ""
