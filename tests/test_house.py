"""The house: imports point downwards, and each tool is used in its own room only."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.policies.rules import RULES

HOUSE = Path(__file__).resolve().parent.parent / "gridplan"
FILES = sorted(HOUSE.rglob("*.py"))
TESTS = sorted(Path(__file__).parent.rglob("*.py"))

# From the ground up. A room imports from lower floors, or from itself.
FLOORS = [
    "words", "files", "inputs", "geography", "doctor", "intake", "policies", "judging", "optimise", "plans", "programmes",
    "proving", "ask", "scenario", "show",
    "rules", "edits", "measures", "pictures", "errors", "results", "__init__", "desk", "cli", "__main__",
]  # fmt: skip
# The judge shares nothing with what makes a plan: neither now nor by a room in between.
JUDGE_MAY_NOT = (
    "gridplan.optimise",
    "gridplan.plans",
    "gridplan.policies.preflight",
    "gridplan.policies.pairs",
)
ROOM_OF_TOOL = {
    "pulp": ("optimise/model/pulp_door.py",),
    "highspy": ("optimise/model/pulp_door.py", "optimise/model/highs_door.py", "optimise/run/quiet.py"),
    "folium": ("show/map/",),
    "branca": ("show/map/",),
    "xlsxwriter": ("show/",),
    "docx": ("show/form/",),
    "matplotlib": ("show/figures/",),
    "pyogrio": ("inputs/formats/read_vector.py", "intake/look.py", "plans/folder/store.py"),
    "pyarrow": ("scenario/runs/", "plans/gis.py"),
    "typer": ("cli/",),
    "filelock": ("files/claim.py", "files/scratch.py"),
    "rich": ("cli/",),
}
NETWORK = {
    "aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "socketserver", "telnetlib",
    "urllib", "urllib3", "xmlrpc",
}  # fmt: skip
HARMLESS_NETWORK = "urllib.parse"
# The desk listens, to this machine alone; it speaks to nobody.
LISTENING = ("desk/server.py", ("http.HTTPStatus", "http.server."))
MOST_LINES = 350
MOST_FILES = 15  # of a folder, besides __init__.py
# A rule's three rooms are listings: a file per rule, found by its name, and by the name alone.
LISTINGS = ("policies/rules", "optimise/rules", "judging/rules")
NAMESPACES = {"rules", "edits", "measures", "pictures", "errors", "results"}
VERBS = sorted({name for name in gp.__all__ if name.islower()} - NAMESPACES)
Imports = dict[Path, list[tuple[int, str]]]
VERBS_TO_COME = ("today", "programme", "table", "certify", "sample")


def place(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix()


def floor(name: str) -> int:
    """How high a dotted name stands: "gridplan.plans.folder.store.save" is on the floor "plan"."""
    parts = name.split(".")
    return FLOORS.index(parts[1] if len(parts) > 1 and parts[1] in FLOORS else "__init__")


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    """Every file of the package, parsed."""
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


@pytest.fixture(scope="module")
def imports(trees: dict[Path, ast.Module]) -> Imports:
    """Every name that a file imports, in full, wherever in the file (in functions, under TYPE_CHECKING)."""
    return {file: list(imported(file, tree)) for file, tree in trees.items()}


def imported(file: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    here = ["gridplan", *file.relative_to(HOUSE).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def top(name: str) -> str:
    return name.partition(".")[0]


def own_room(file: Path) -> str:
    first = file.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def test_imports_point_downwards(imports: Imports) -> None:
    upwards = [
        f"{place(file)}, line {line}: {name}"
        for file in FILES
        for line, name in imports[file]
        if top(name) == "gridplan" and floor(name) > FLOORS.index(own_room(file))
    ]
    assert upwards == []


def test_no_two_files_import_each_other(imports: Imports) -> None:
    """A ring inside a room is a ring all the same."""
    by_name = {"gridplan." + place(f).removesuffix(".py").replace("/", "."): f for f in FILES}
    below = {
        file: {
            by_name[module]
            for _, name in imports[file]
            for module in (name, name.rpartition(".")[0])
            if by_name.get(module, file) != file
        }
        for file in FILES
    }
    while leaves := [file for file, lower in below.items() if not lower & below.keys()]:
        for leaf in leaves:
            del below[leaf]
    assert sorted(place(file) for file in below) == []


def test_the_judge_shares_nothing_with_what_makes_a_plan(imports: Imports) -> None:
    """Neither by itself nor through a room in between; `TYPE_CHECKING` imports count too."""
    by_name = {"gridplan." + place(f).removesuffix(".py").replace("/", "."): f for f in FILES}
    todo = [file for file in FILES if own_room(file) == "judging"]
    seen, strangers = set(todo), []
    while todo:
        file = todo.pop()
        for line, name in imports[file]:
            for module in (name, name.rpartition(".")[0]):
                if module.startswith(JUDGE_MAY_NOT):
                    strangers.append(f"{place(file)}, line {line}: {name}")
                elif by_name.get(module, file) not in seen:
                    seen.add(by_name[module])
                    todo.append(by_name[module])
    assert strangers == []


@pytest.mark.parametrize("tool", ROOM_OF_TOOL)
def test_a_tool_stays_in_its_room(tool: str, imports: Imports) -> None:
    strangers = [
        f"{place(file)}, line {line}"
        for file in FILES
        for line, name in imports[file]
        if top(name) == tool and not place(file).startswith(ROOM_OF_TOOL[tool])
    ]
    assert strangers == []


def test_nothing_speaks_to_the_network(imports: Imports) -> None:
    where, listening = LISTENING
    speaking = [
        f"{place(file)}, line {line}: {name}"
        for file in FILES
        for line, name in imports[file]
        if top(name) in NETWORK
        and not name.startswith((HARMLESS_NETWORK, *(listening if place(file) == where else ())))
    ]
    assert speaking == []


def test_a_file_is_short_enough_to_read() -> None:
    """A test file as well."""
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in (*FILES, *TESTS)}
    long = {file.relative_to(HOUSE.parent).as_posix(): n for file, n in lines.items() if n > MOST_LINES}
    assert long == {}


def test_a_folder_is_short_enough_to_look_through() -> None:
    folders = Counter(place(file.parent) for file in FILES if file.name != "__init__.py")
    assert {folder: n for folder, n in folders.items() if n > MOST_FILES and folder not in LISTINGS} == {}


def test_no_file_but_its_own_names_a_rule_by_its_id(trees: dict[Path, ast.Module]) -> None:
    """A branch on "SH-2" elsewhere is what the next rule would be forgotten in."""
    ids = {kind.id for kind in RULES}
    named = [
        f"{place(file)}, line {node.lineno}: {node.value}"
        for file in FILES
        if not place(file).startswith(LISTINGS)
        for node in ast.walk(trees[file])
        if isinstance(node, ast.Constant) and node.value in ids
    ]
    assert named == []


def test_no_judge_asks_a_rule_for_its_arithmetic(trees: dict[Path, ast.Module], imports: Imports) -> None:
    """A rule's value is shared; what it counts before anything is solved is not the judge's."""
    arithmetic = {"absent", "misfits", "refusals", "shortfalls", "refusal"}
    asking = [
        f"{place(file)}, line {node.lineno}: {node.attr}"
        for file in FILES
        if own_room(file) == "judging"
        for node in ast.walk(trees[file])
        if isinstance(node, ast.Attribute) and node.attr in arithmetic
    ]
    assert asking == []
    counting = [
        f"{place(file)}, line {line}: {name}"
        for file in FILES
        if own_room(file) == "judging"
        for line, name in imports[file]
        if name.startswith("gridplan.policies.counting")
    ]
    assert counting == []


def test_no_error_is_swallowed(trees: dict[Path, ast.Module]) -> None:
    """Neither `except:` nor `except Exception:`, unless it ends by raising, or by giving it to a future, which raises it."""
    blind = [
        f"{place(file)}, line {handler.lineno}"
        for file in FILES
        for handler in ast.walk(trees[file])
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException"))
        and not isinstance(handler.body[-1], ast.Raise)
        and ast.unparse(handler.body[-1]) != f"future.set_exception({handler.name})"
    ]
    assert blind == []


def test_nothing_in_the_house_bears_the_name_of_a_verb() -> None:
    """Loading `gridplan/plan/` would put the folder in the place of `gp.plan`."""
    names = {entry.name.partition(".")[0] for entry in HOUSE.iterdir()}
    assert names & {*VERBS, *VERBS_TO_COME} == set()


def test_every_floor_is_known() -> None:
    """A new room must be given its place between the floors."""
    assert {own_room(file) for file in FILES} <= set(FLOORS)


def test_importing_the_package_starts_nothing(trees: dict[Path, ast.Module]) -> None:
    """At import time a file states constants, functions and classes; it runs no statements."""
    allowed = (
        ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef, ast.If,
        ast.TypeAlias if hasattr(ast, "TypeAlias") else ast.If,
    )  # fmt: skip
    started = [
        f"{place(file)}, line {node.lineno}"
        for file in FILES
        for node in trees[file].body
        if not isinstance(node, allowed)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    assert started == []
