"""How the table's page is driven: its scripts on cases, and the page itself in a browser."""

from __future__ import annotations

import base64
import gzip
import time
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from gridplan.show.table_page.scripts import WASM, script
from tests.conftest import Browser

AT_ONCE = 50  # cases of one call: the answer of some hundred is too long for the driver's patience
DRIVER = Path(__file__).with_name("driver.js").read_text(encoding="utf-8")


def batched(cases: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(cases), size):
        yield list(cases[start : start + size])


def evaluated(browser: Browser, cases: list[dict[str, Any]]) -> list[Any]:
    code = f"{script('model.js')}\n{DRIVER}\nreturn arguments[0].map(evaluated);"
    found: list[Any] = []
    for some in batched(cases, AT_ONCE):
        found += browser.driver.execute_script(code, some)
    return found


def solved_in_page(browser: Browser, cases: list[dict[str, Any]]) -> list[Any]:
    wasm = (resources.files("gridplan.show.table_page") / "assets" / WASM).read_bytes()
    code = "\n".join(
        [
            script("highs.js"), script("model.js"), script("sets.js"), DRIVER,
            "const done = arguments[arguments.length - 1], cases = arguments[0];",
            "loadHighs(Uint8Array.from(atob(arguments[1]), (s) => s.charCodeAt(0)))",
            ".then((highs) => done(cases.map((one) => solved(highs, one)))).catch((fault) => done(String(fault && fault.stack)));",
        ]
    )  # fmt: skip
    browser.driver.set_script_timeout(300)
    solver, found = base64.b64encode(gzip.decompress(wasm)).decode(), []
    for some in batched(cases, AT_ONCE):
        here = browser.driver.execute_async_script(code, some, solver)
        assert isinstance(here, list), here
        found += here
    return found


def opened(browser: Browser, page: Path, folder: Path) -> Any:
    folder.mkdir(exist_ok=True)
    driver = browser.driver
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.open(page)
    driver.execute_script("own.lang = 1; showAll();")
    return driver


def downloaded(file: Path) -> Path:
    """A file that the page saves, once it is whole."""
    for _ in range(200):
        if file.is_file() and file.stat().st_size and not list(file.parent.glob("*.crdownload")):
            return file
        time.sleep(0.05)
    raise AssertionError(
        f"{file.name} was not saved; there is {sorted(p.name for p in file.parent.iterdir())}"
    )


def until(driver: Any, code: str) -> None:
    for _ in range(600):
        if driver.execute_script(f"return !!({code})"):
            return
        time.sleep(0.1)
    raise AssertionError(f"never: {code}")
