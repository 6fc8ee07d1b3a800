"""The notebooks: stored without outputs, run from top to bottom by the running Python, in both languages."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from ipykernel.kernelspec import write_kernel_spec
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 180


def named(path: Path) -> str:
    return path.name


@pytest.fixture
def kernel(tmp_path, monkeypatch) -> str:
    """A kernel that is this very Python, with this very gridplan, in a home of its own."""
    write_kernel_spec(str(tmp_path / "jupyter" / "kernels" / "this-python"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return "this-python"


# What each notebook must have shown, in texts, tables or pictures, once it has run.
SHOWN = {
    "01_first_plan.ipynb": ("proven optimal", "已证明最优", "srcdoc", "BROKEN"),
    "02_your_own_data.ipynb": (
        "约三万",
        "look swapped",
        "错误 4 处",
        "错误 2 处",
        "proven optimal",
        "POLYGON",
    ),
    "03_changing_the_policy.ipynb": ("[district_cap]", "568 万", "adjusted", "已证明最优", "计价"),
    "04_when_it_cannot_be_done.ipynb": ("32", "clash", "way out 2", "出路 1", "proven optimal", "不符"),
    "05_comparing_scenarios.ipynb": ("已证明最优", "少变动", "travel_bound", "image/png"),
    "06_grids_of_a_city.ipynb": ("ZJ-6", "srcdoc", "均衡", "所有规则均满足", "image/png"),
    "07_large_cities.ipynb": ("5120", "proven optimal", "feasible gap"),
    "08_programme.ipynb": ("proven optimal", "托管", "现有能力", "srcdoc", "people_with_alliances"),
    "09_a_residents_way.ipynb": ("proven optimal", "已证明最优", "上转区级医院", "nursing", "gini", "满足"),
}


def test_every_notebook_has_its_word() -> None:
    assert [path.name for path in NOTEBOOKS] == list(SHOWN)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_it_is_stored_without_outputs(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    run = [cell for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
    assert run == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_every_text_stands_in_both_languages(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert re.search("[\u4e00-\u9fff]", cell.source), cell.source
            assert re.search("[A-Za-z]{3} [a-z]+", cell.source), cell.source


@pytest.mark.parametrize("folder", [".", "notebooks"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_it_finds_the_data_wherever_it_is_started(path: Path, folder: str, monkeypatch) -> None:
    monkeypatch.chdir(ROOT / folder)
    first = next(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code")
    names: dict[str, Path] = {}
    exec(first.replace("%matplotlib inline", ""), names)
    assert names["ROOT"] == ROOT


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_it_runs(path: Path, kernel: str, tmp_path: Path) -> None:
    """In a copy of what it reads, so that what it writes does not land in the repository."""
    shutil.copytree(ROOT / "data" / "shanghai", tmp_path / "data" / "shanghai")
    here = tmp_path / "notebooks"
    here.mkdir()
    book = nbformat.read(path, as_version=4)
    NotebookClient(
        book, kernel_name=kernel, timeout=SECONDS, resources={"metadata": {"path": here}}
    ).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    spoken = [output.text for output in outputs if output.get("name") == "stderr"]
    assert spoken == []
    texts = "\n".join(
        str(output.get("text", ""))
        + "".join(f"{kind}\n{value}" for kind, value in output.get("data", {}).items())
        for output in outputs
    )
    assert [words for words in SHOWN[path.name] if words not in texts] == []
    if path.name.startswith("01"):
        assert (tmp_path / "out" / "first-plan" / "map.html").is_file()
    executed = ROOT / "out" / "notebooks"  # what `make docs` shows, so that it need not run them again
    executed.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, executed / path.name)
