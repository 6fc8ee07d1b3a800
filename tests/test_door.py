"""The door `gp.*`: few names, none in the way of another, nothing loaded before it is needed."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import gridplan as gp

NAMESPACES = ("rules", "edits", "measures", "pictures", "errors", "results")
VERBS = sorted({name for name in gp.__all__ if name.islower()} - set(NAMESPACES))

LOAD_ALL = """
import pkgutil, importlib
for found in pkgutil.walk_packages(gridplan.__path__, "gridplan."):
    importlib.import_module(found.name)
"""
CALL_ALL = """
for verb in VERBS:
    function = getattr(gridplan, verb)
    assert callable(function) and function.__name__ == verb, (verb, function)
    try:
        function()
    except TypeError as error:
        assert str(error).startswith(f"{verb}() missing"), error
"""


def fresh(code: str) -> str:
    """What a new Python prints after that code."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import gridplan\nVERBS = {VERBS}\n{code}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_door_has_some_45_names() -> None:
    names = set(gp.__all__) - set(NAMESPACES)
    assert 40 <= len(names) <= 55
    assert {
        "read", "check", "policy", "plan", "verify", "explain", "draw", "save", "open_plan", "scenarios", "open_runs", "compare",
        "DataError", "PolicyError", "InfeasibleError",
    } <= names  # fmt: skip


@pytest.mark.parametrize("place", ["", *NAMESPACES])
def test_every_name_of_the_door_is_there_and_says_what_it_is(place: str) -> None:
    room = importlib.import_module(f"gridplan.{place}".rstrip("."))
    names = getattr(room, "__all__", None) or [n for n in dir(room) if not n.startswith("_")]
    assert [name for name in names if not (getattr(room, name).__doc__ or "").strip()] == []
    assert set(names) <= set(dir(room))


def test_nothing_stands_in_two_places() -> None:
    """What is in `gp.*` is in a namespace only where all errors are listed together."""
    flat = set(gp.__all__)
    for place in set(NAMESPACES) - {"errors"}:
        assert flat & {n for n in dir(getattr(gp, place)) if not n.startswith("_")} == set()


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("DistrictCap", "gp.rules.DistrictCap"),
        ("CloseHospital", "gp.edits.CloseHospital"),
        ("mean_minutes", "gp.measures.mean_minutes"),
        ("live_plot", "gp.pictures.live_plot"),
        ("Findings", "gp.results.Findings"),
        ("NoPlanInTimeError", "gp.errors.NoPlanInTimeError"),
    ],
)
def test_a_name_that_moved_says_where_it_is(old: str, now: str) -> None:
    with pytest.raises(AttributeError, match=f"gp.{old} is {now}"):
        getattr(gp, old)
    room, name = now.split(".")[1:]
    assert hasattr(getattr(gp, room), name)


def test_every_name_that_moved_is_where_the_door_says() -> None:
    for place, names in gp._MOVED.items():
        assert [name for name in names.split() if not hasattr(getattr(gp, place), name)] == []
        assert set(names.split()) & set(gp.__all__) == set()


def test_a_name_that_never_was_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'plam'"):
        _ = gp.plam


@pytest.mark.parametrize(
    "order", [LOAD_ALL + CALL_ALL, CALL_ALL + LOAD_ALL + CALL_ALL], ids=["after", "before"]
)
def test_every_verb_is_a_function_whatever_was_loaded_first(order: str) -> None:
    fresh(order)


# What may be loaded, besides Python's own: by `import gridplan`, and by a command that only says how it is used.
FOR_AN_IMPORT = {"gridplan", "lazy_loader"}
FOR_A_SHELL = FOR_AN_IMPORT | {"typer", "click", "rich", "shellingham", "annotated_doc", "colorama"}
# What typer says of a value that is wrong it learns from pydantic, and from nobody before.
FOR_A_WRONG_VALUE = FOR_A_SHELL | {
    "pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection",
}  # fmt: skip
LOADED = """
import sys
there = {name.partition(".")[0] for name, module in sys.modules.items() if getattr(module, "__spec__", 1)}
print(*sorted(there - before - set(sys.stdlib_module_names)))
"""  # what stands in for a module until something in it is asked for has no spec


def loaded_by(code: str) -> set[str]:
    """Packages that a new Python has after that code and had not at its start."""
    before = "import sys\nbefore = {name.partition('.')[0] for name in sys.modules}\n"
    done = subprocess.run(
        [sys.executable, "-c", before + code + LOADED],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name for name in done.stdout.splitlines()[-1].split() if not name.startswith("_sysconfigdata")}


def test_an_import_loads_nothing_but_the_door() -> None:
    assert loaded_by("import gridplan as gp; gp.__version__, dir(gp)") <= FOR_AN_IMPORT


@pytest.mark.parametrize(
    "words",
    [
        "--version", "-h", "--help", "plan --help", "scenarios -h",
        "nonsense", "plan", "plan --nope", "plan DIR --out OUT --seconds soon", "plan DIR --out OUT --gap 3",
        "verify", "years DIR --rates FILE --years soon", "map OUT --against OLD", "transition OUT --per-phase 0",
    ],
)  # fmt: skip
def test_help_and_wrong_use_load_no_tool_of_planning(words: str) -> None:
    code = f"""
sys.argv = ["gridplan", *{words.split()!r}]
from gridplan.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == {0 if words.endswith(("-h", "--help", "--version")) else 2}, end.code
"""
    wrong_value = words.endswith(("soon", "--gap 3", "--per-phase 0"))
    assert loaded_by(code) <= (FOR_A_WRONG_VALUE if wrong_value else FOR_A_SHELL)


def test_a_module_put_off_is_whole_as_soon_as_something_in_it_is_asked_for() -> None:
    code = """
from gridplan.cli import _Later
sys.modules["requests"] = _Later("requests")
import requests
assert "requests.api" not in sys.modules
from requests.exceptions import HTTPError
import requests.adapters
assert requests.get is sys.modules["requests"].get and issubclass(HTTPError, OSError)
"""
    assert "urllib3" in loaded_by("import sys" + code)


def test_plain_values_are_read_without_the_library_that_checks_complicated_ones(tmp_path: Path) -> None:
    """Paths, words and one of several words; what is wrong with a value is still said by typer."""
    code = f"""
sys.argv = ["gridplan", "plan", "nowhere", "--out", {str(tmp_path / "out")!r}, "--engine", "highs", "--lang", "en"]
from gridplan.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 1, end.code
"""
    assert not loaded_by(code) & {"pydantic", "pydantic_core"}
