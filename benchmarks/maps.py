"""How heavy and how quick the map is: made-up regions planned, drawn, and opened in headless Chromium."""

from __future__ import annotations

import csv
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cases.synthetic import region
from gridplan.plans.make import plan
from gridplan.policies.profile import policy
from gridplan.show.map.draw_map import draw
from gridplan.show.shared.areas import CELLS

SIZES = (230, 6_000, 100_000)
BUDGET_MB = {230: 2.0, 6_000: 10.0, 100_000: 25.0}
BUDGET_FIRST = 3.0  # seconds to the first picture
PANS = 7
SECONDS = 120.0  # of planning
NEXT_PICTURE = "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))"
FIRST = f"const done = arguments[0], start = 0; {NEXT_PICTURE}"
PAN = (
    "const done = arguments[1], start = performance.now(); map.panBy(arguments[0], { animate: false });"
    + NEXT_PICTURE
)
HEAP = "gc(); return performance.memory.usedJSHeapSize"


@dataclass(frozen=True)
class MapRow:
    """What one map weighs and how long it takes.

    Parameters
    ----------
    mb : of the file.
    plan, draw : seconds to plan the region, to draw the plan.
    first : seconds from opening the file to the first picture.
    pan : median seconds from moving the map to the picture of it.
    heap_mb : memory of the page's scripts.
    """

    units: int
    drawn_as: str
    mb: float
    plan: float
    draw: float
    first: float
    pan: float
    heap_mb: float

    @property
    def kept(self) -> bool:
        """Whether the map stays within its budget, where there is one for its size."""
        return self.mb < BUDGET_MB.get(self.units, float("inf")) and self.first < BUDGET_FIRST


HEADING = f"{'units':>8}  {'drawn as':<9}{'MB':>7}{'plan s':>9}{'draw s':>9}{'first s':>9}{'pan s':>8}{'heap MB':>9}"


def line(row: MapRow) -> str:
    """A row on the screen."""
    kept = "" if row.kept else "  OVER BUDGET"
    return (
        f"{row.units:>8}  {row.drawn_as:<9}{row.mb:>7.2f}{row.plan:>9.1f}{row.draw:>9.1f}{row.first:>9.2f}"
        f"{row.pan:>8.3f}{row.heap_mb:>9.1f}{kept}"
    )


def measure_map(units: int, seed: int = 1) -> MapRow:
    """Plan, draw and open one made-up region.

    Raises
    ------
    RuntimeError : no Chromium or chromedriver, or a script of the page broke.
    """
    cells = units > CELLS
    made = region(units, cells, seed)
    planned, plan_seconds = _timed(lambda: plan(made, policy("shanghai-2025"), seconds=SECONDS))
    page, draw_seconds = _timed(lambda: draw(planned))
    with tempfile.TemporaryDirectory() as folder:
        file = page.save(Path(folder) / "map.html")
        with chromium(Path(folder)) as driver:
            driver.get(file.as_uri())
            first = driver.execute_async_script(FIRST) / 1000
            steps = [[90 * (-1) ** n, 60 * (-1) ** (n // 2)] for n in range(PANS)]
            pans = [driver.execute_async_script(PAN, step) / 1000 for step in steps]
            heap = driver.execute_script(HEAP) / 1e6
            broken = [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE"]
        if broken:
            raise RuntimeError(f"the map of {units} units broke: {broken[0]}")
        size = file.stat().st_size / 1e6
    return MapRow(
        len(made.units), "cells" if cells else "polygons", size, plan_seconds, draw_seconds, first, median(pans), heap
    )  # fmt: skip


def _timed(does: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    return does(), time.perf_counter() - start


@contextmanager
def chromium(folder: Path) -> Iterator[Any]:
    """A headless Chromium without a network, its profile in `folder`."""
    from selenium import webdriver  # only this family needs it

    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    server = shutil.which("chromedriver")
    if browser is None or server is None:
        raise RuntimeError("family map needs Chromium and chromedriver on the path")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (
        "--headless=new", "--window-size=1600,1000", "--disable-dev-shm-usage", "--enable-precise-memory-info",
        "--js-flags=--expose-gc", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
        *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
    ):  # fmt: skip
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(server))
    try:
        yield driver
    finally:
        driver.quit()


def add_to(file: Path, rows: Sequence[MapRow]) -> None:
    """Append rows to a CSV file, with the heading where it is new."""
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        if new:
            writer.writerow([field.name for field in fields(MapRow)])
        writer.writerows([round(cell, 3) if isinstance(cell, float) else cell for cell in astuple(row)] for row in rows)  # fmt: skip


def report(rows: Sequence[MapRow]) -> str:
    """MAPS.md: what was measured, on what."""
    lines = [
        "# Maps: weight and speed",
        "",
        "Written by `python -m benchmarks map --out benchmarks/MAPS.md`; do not edit. Round cities made up by",
        "`synthetic.py`: 16 districts, 45 hospitals, two layers; units with ragged borders (6,000: some 50 corners each),",
        "or the cells of a lattice. Opened from a file in headless Chromium, 1600 × 1000, no GPU.",
        "",
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; Python {platform.python_version()}, "
        f"shapely {version('shapely')}.",
        "",
        "| units | drawn as | file, MB (budget) | draw, s | first picture, s (budget) | a pan, s | scripts' memory, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        budget = f" ({BUDGET_MB[row.units]:g})" if row.units in BUDGET_MB else ""
        lines.append(
            f"| {row.units:,} | {row.drawn_as} | {row.mb:.2f}{budget} | {row.draw:.1f} | {row.first:.2f} ({BUDGET_FIRST:g}) "
            f"| {row.pan:.3f} | {row.heap_mb:.1f} |"
        )
    lines += [
        "",
        "First picture: from opening the file until all of the map is drawn. A pan: from moving the map until it is drawn",
        f"anew, whole city on show, median of {PANS}. Draw: `gp.draw(plan)`, areas included; planning is not counted.",
    ]
    return "\n".join(lines) + "\n"
