"""How heavy and how quick the table's page is: made-up cities planned, opened in headless Chromium, changed by clicks."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cases.synthetic import HOSPITALS, TCM, region
from benchmarks.maps import chromium
from gridplan.plans.make import plan
from gridplan.policies.profile import policy
from gridplan.show.shared.areas import CELLS
from gridplan.show.table_page.table_page import table

SIZES = (640, 6_000, 20_000, 100_000)
BUDGET_MB, BUDGET_S = {6_000: 6.0}, {6_000: 0.2}
CLICKS = 7
SOLVE_SECONDS = 120
# A pair that is off is clicked; heard again when the picture after it is drawn.
CLICK = """const done = arguments[0], box = [...document.querySelectorAll("#panel input[type=checkbox]")].find((b) => !b.checked && !b.disabled);
if (!box) { done(null); } else { const start = performance.now(); box.click(); requestAnimationFrame(() => {
  const after = new MessageChannel(); after.port1.onmessage = () => done(performance.now() - start); after.port2.postMessage(0); }); }"""
SOLVE = """const done = arguments[1]; desk.restore(); solving.limit = arguments[0]; solveAgain();
const wait = () => (solving.running ? setTimeout(wait, 50) : done(solving.fault ? null : [solving.seconds, solving.results.map((one) => one.status)])); wait();"""


@dataclass(frozen=True)
class TableRow:
    """What one page weighs and how long it takes.

    Parameters
    ----------
    mb : of the file.
    engine, here : seconds to plan by the engine; to solve again in the page, NaN where the page does not.
    clock, processor : median seconds from a click on a pair to the picture with its figures; of its main thread.
    whole : whether all minutes are in the page.
    said : how each layer was solved in the page.
    """

    units: int
    hospitals: int
    mb: float
    engine: float
    here: float
    clock: float
    processor: float
    whole: bool
    said: str

    @property
    def kept(self) -> bool:
        """Whether it stays within the budgets of its size; processor time, as the machine may be busy."""
        return self.mb < BUDGET_MB.get(self.units, 1e9) and self.processor < BUDGET_S.get(self.units, 1e9)


def measure_table(units: int, general: int = HOSPITALS, seed: int = 1) -> TableRow:
    """Plan a made-up city, lay its page, click and solve.

    Raises
    ------
    RuntimeError : no Chromium or chromedriver, or a script of the page broke.
    """
    made = region(units, units > CELLS, seed, general)
    start = time.perf_counter()
    planned = plan(made, policy("shanghai-2025"), seconds=SOLVE_SECONDS)
    engine = time.perf_counter() - start
    page = table(planned)
    whole = all(layer["all_carried"] for layer in page.data["layers"])
    with tempfile.TemporaryDirectory() as folder:
        file = page.save(Path(folder) / "table.html")
        with chromium(Path(folder)) as driver:
            driver.set_script_timeout(2 * SOLVE_SECONDS)
            driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
            driver.get(file.as_uri())
            clock, processor = _clicks(driver)
            solved = driver.execute_async_script(SOLVE, SOLVE_SECONDS)
            broken = [e["message"] for e in driver.get_log("browser") if e["level"] == "SEVERE"]
        size = file.stat().st_size / 1e6
    if broken or solved is None:
        raise RuntimeError(f"the table of {units} units broke: {[*broken, 'its solver']}")
    seconds = float("nan") if set(solved[1]) == {"unknown"} else float(solved[0])
    return TableRow(units, general + TCM, size, engine, seconds, clock, processor, whole, ", ".join(solved[1]))  # fmt: skip


def _clicks(driver: Any) -> tuple[float, float]:
    clocks, processors = [], []
    for district in range(CLICKS):
        driver.execute_script("desk.selectDistrict(arguments[0])", district)
        time.sleep(0.5)
        before = _worked(driver)
        told = driver.execute_async_script(CLICK)
        if told is not None:
            clocks.append(told / 1000)
            processors.append(_worked(driver) - before)
    return median(clocks), median(processors)


def _worked(driver: Any) -> float:
    """Seconds that the page's main thread has worked."""
    found = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))


HEADING = f"{'units':>8}{'hospitals':>10}{'MB':>7}{'click s':>9}{'cpu s':>8}{'engine s':>10}{'here s':>8}  minutes, solved"


def line(row: TableRow) -> str:
    """A row on the screen."""
    kept = "" if row.kept else "  OVER BUDGET"
    whole = "all" if row.whole else "nearest alone"
    return (
        f"{row.units:>8}{row.hospitals:>10}{row.mb:>7.2f}{row.clock:>9.3f}{row.processor:>8.3f}{row.engine:>10.1f}"
        f"{row.here:>8.1f}  {whole}; {row.said}{kept}"
    )


def report(rows: Sequence[TableRow]) -> str:
    """TABLES.md: what was measured, on what."""
    lines = [
        "# The table's page: weight and speed",
        "",
        "Written by `python -m benchmarks table --out benchmarks/TABLES.md`; do not edit. Round cities made up by `synthetic.py`, 16",
        "districts, two layers, shanghai-2025. Opened from a file in headless Chromium, no GPU.",
        "",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, {platform.machine()}, {platform.system()}.",
        "",
        "| units | hospitals | file, MB | click to figures and picture, s by the clock | of the page's processor | planned by the engine, s | solved again in the page, s | minutes in the page |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        here = (
            f"{row.here:.1f} ({row.said})" if row.here == row.here else "not solved there; the page says why"
        )
        lines.append(
            f"| {row.units:,} | {row.hospitals} | {row.mb:.2f} | {row.clock:.3f} | {row.processor:.3f} | {row.engine:.1f} | {here} "
            f"| {'all' if row.whole else 'of the nearest candidates and partners; the page says so'} |"
        )
    return "\n".join(lines) + "\n"
