"""What is installed must be what is needed, under pip and under conda."""

from __future__ import annotations

import ast
import configparser
import re
import sys
from pathlib import Path

import pytest

import gridplan
from gridplan.words.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
IMPORTED_AS = {"python-docx": "docx", "scikit-learn": "sklearn", "tomli-w": "tomli_w"}
# Needed without being imported by name: who uses them.
USED_THROUGH = {
    "mapclassify": "geopandas, explore()",
    "openpyxl": "pandas reads .xlsx with it",
    "pyogrio": "geopandas reads and writes map files with it",
}


# What a notebook brings, or its extra; `live_plot` and `TablePage.widget` say so where it is missing.
WITH_A_NOTEBOOK = {"IPython", "anywidget", "traitlets"}


# What an extra brings; without it another way is taken.
WITH_AN_EXTRA = {"numba"}


def requirements(section: str, option: str) -> set[str]:
    return {line.replace(" ", "") for line in SETUP[section][option].splitlines() if line.strip()}


def names(lines: set[str]) -> set[str]:
    return {re.split(r"[<>=~! ]", line)[0].lower() for line in lines}


def third_party_imports(package: str) -> set[str]:
    found: set[str] = set()
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"gridplan", "benchmarks"}


def conda_packages() -> set[str]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^  - ([a-z][\w-]*[^\s:]*)$", text, flags=re.MULTILINE))
    return listed - {"conda-forge", "pip"}


def test_conda_users_get_the_same_packages_as_pip_users() -> None:
    pip = requirements("options", "install_requires") | requirements("options.extras_require", "notebook")
    assert conda_packages() == pip | {"python" + SETUP["options"]["python_requires"]}


def test_every_package_that_is_imported_is_declared() -> None:
    declared = names(requirements("options", "install_requires"))
    known = {IMPORTED_AS.get(name, name) for name in declared} | {"branca"} | WITH_A_NOTEBOOK | WITH_AN_EXTRA
    assert third_party_imports("gridplan") <= known


def test_every_package_that_is_declared_is_used() -> None:
    declared = names(requirements("options", "install_requires")) - set(USED_THROUGH)
    assert {IMPORTED_AS.get(name, name) for name in declared} <= third_party_imports("gridplan")


def test_every_requirement_says_its_oldest_version() -> None:
    lines = requirements("options", "install_requires")
    for extra in SETUP["options.extras_require"]:
        lines |= requirements("options.extras_require", extra)
    assert [line for line in lines if ">=" not in line] == []


@pytest.mark.parametrize("package", SETUP["options.package_data"])
def test_package_data_exists(package: str) -> None:
    folder = ROOT.joinpath(*package.split("."))
    for pattern in SETUP["options.package_data"][package].split():
        assert list(folder.glob(pattern)), f"{package}: no file matches {pattern}"


def test_every_file_of_the_package_is_installed() -> None:
    """A profile or a map asset that is not declared would be missing after `pip install .`."""
    declared = {
        file
        for package, patterns in SETUP["options.package_data"].items()
        for pattern in patterns.split()
        for file in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    there = {file for file in (ROOT / "gridplan").rglob("*") if file.is_file()}
    forgotten = {f for f in there - declared if f.suffix != ".py" and f.parent.name != "__pycache__"}
    assert forgotten == set()


def test_every_folder_with_code_is_a_package() -> None:
    """Without an __init__.py the folder would be left out of the wheel."""
    folders = {file.parent for file in (ROOT / "gridplan").rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_version_is_the_same_everywhere() -> None:
    assert SETUP["metadata"]["version"] == "attr: gridplan.words.version.VERSION"
    assert gridplan.__version__ == VERSION
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[?([\d.]+)", changelog, flags=re.MULTILINE)[0] == VERSION
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", citation, flags=re.MULTILINE) == [VERSION]


def texts() -> list[Path]:
    """Every page, script and module that may tell a user how to install."""
    suffixes = {".md", ".py", ".cfg", ".yml", ".toml", ".ipynb", ".cff"}
    folders = ("gridplan", "benchmarks", "docs", "notebooks", "data", ".github")
    inside = (file for folder in folders for file in (ROOT / folder).rglob("*"))
    return [
        file
        for file in (*ROOT.glob("*"), *inside)
        if file.is_file() and (file.suffix in suffixes or file.name == "Makefile")
    ]


def test_no_page_tells_anyone_to_install_the_package_of_a_stranger() -> None:
    """`gridplan` on the public index is somebody else's; ours is installed from a clone or a wheelhouse."""
    assert SETUP["metadata"]["name"] == "gridplan-health"
    wrong = re.compile(r"pip\S* install [^\n]*(?<![\w/\\-])gridplan(?!-health)\b(?![/\\])")
    told = [file for file in texts() if wrong.search(file.read_text(encoding="utf-8"))]
    assert told == []
    for bad in ("pip install gridplan", "pip install gridplan[cluster]", "pip install --no-index gridplan"):
        assert wrong.search(bad)
    for good in ("python -m pip install --no-index gridplan-health", 'pip install ".[cluster]"'):
        assert not wrong.search(good)
