"""Notebooks are stored without outputs; the site shows them as the tests, or this file, last executed them."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
EXECUTED = ROOT / "out" / "notebooks"  # tests/test_notebooks.py leaves them here, too
SECONDS = 600  # for one cell


def sources() -> list[Path]:
    """The files by which what a notebook shows may change."""
    folders = (ROOT / "gridplan", ROOT / "data")
    return [
        file for folder in folders for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc"
    ]


def stale() -> list[Path]:
    """The notebooks that were not executed since they, the code or the sample data changed."""
    newest = max(file.stat().st_mtime for file in sources())
    found = []
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        done = EXECUTED / notebook.name
        if not done.is_file() or done.stat().st_mtime < max(newest, notebook.stat().st_mtime):
            found.append(notebook)
    return found


def execute_stale() -> None:
    """Execute the stale ones, as many at once as there are cores."""
    asyncio.run(_execute(stale()))


async def _execute(notebooks: list[Path]) -> None:
    EXECUTED.mkdir(parents=True, exist_ok=True)
    places = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: Path) -> None:
        async with places:
            print(f"executing {path.name} …", flush=True)
            book = nbformat.read(path, as_version=4)
            with TemporaryDirectory() as scratch:  # what earlier runs left in out/ is of no concern here
                shutil.copytree(ROOT / "data" / "shanghai", Path(scratch) / "data" / "shanghai")
                where = {"metadata": {"path": scratch}}
                await NotebookClient(book, timeout=SECONDS, resources=where).async_execute()
            nbformat.write(book, EXECUTED / path.name)

    await asyncio.gather(*map(one, notebooks))


def with_outputs(name: str, source: list[str]) -> None:
    """Sphinx reads the executed notebook where it would read the stored one."""
    if name.startswith("notebooks/"):
        source[0] = (EXECUTED / f"{Path(name).name}.ipynb").read_text(encoding="utf-8")
