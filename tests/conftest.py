"""What all tests share: a steady machine, the real input data, a browser without a network."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pytest
from hypothesis import settings

from gridplan.show.figures.fonts import FAMILIES

ON_CI = os.environ.get("CI", "").lower() in ("1", "true")
# Addresses that never leave the machine; the last two are the browser's own pages.
HARMLESS = ("file:", "data:", "blob:", "about:", "chrome:", "chrome-untrusted:")

SHM, ROOM = Path("/dev/shm"), 2 * 1024**3  # bytes that must be free; a whole run writes a tenth of that


def _in_memory() -> bool:
    """Whether temporary files can lie in memory, where a program may be started from as well."""
    if "TMPDIR" in os.environ or not (SHM.is_dir() and os.access(SHM, os.W_OK)):
        return False
    disk = os.statvfs(SHM)
    return disk.f_bavail * disk.f_frsize > ROOM and not disk.f_flag & os.ST_NOEXEC


# A process of the suite per core: BLAS and OpenMP with a thread per core as well would only wait for each other.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

# A plan folder is seen onto the disk file by file, 4 ms each, and the folder of an earlier run goes at 2 ms a file.
if _in_memory():
    os.environ["TMPDIR"] = str(SHM)

settings.register_profile("gridplan", deadline=None, derandomize=ON_CI)
settings.load_profile("gridplan")
# Regions of tests are small: the text of their tables is kept as the command keeps it (gridplan.cli.frame.plain_text).
pd.set_option("mode.string_storage", "python")


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: Python's collector, a quarter of all time, need not look through them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(autouse=True)
def english_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages come in English unless a test asks for Chinese, whatever the machine speaks."""
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real input files ($GRIDPLAN_REAL_DATA), one folder per city."""
    named = os.environ.get("GRIDPLAN_REAL_DATA")
    if not named:
        pytest.skip("no real data here: GRIDPLAN_REAL_DATA is not set")
    folder = Path(named)
    if not (folder / "shanghai").is_dir():
        pytest.fail(f"GRIDPLAN_REAL_DATA is {named}, but there is no folder 'shanghai' in it")
    return folder


@dataclass
class Browser:
    """Chromium without a network; what its pages said and asked for is kept.

    `driver` is Selenium's, for finding and clicking. `console` and `requests` grow as `listen` is
    called; `open` and `outside` call it themselves.
    """

    driver: Any
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, page: Path) -> None:
        """Open a file as a double click would; returns when it has loaded."""
        self.driver.get(page.resolve().as_uri())
        self.listen()

    def listen(self) -> None:
        """Fetch what came in since the last time: console messages and requests."""
        self.console += [f"{e['level']}: {e['message']}" for e in self.driver.get_log("browser")]
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                self.requests.append(event["params"]["request"]["url"])
            elif event["method"] == "Network.webSocketCreated":
                self.requests.append(event["params"]["url"])

    def outside(self) -> list[str]:
        """Requests for anything that is not in the file itself or beside it."""
        self.listen()
        return [url for url in self.requests if not url.startswith(HARMLESS)]

    def errors(self) -> list[str]:
        """Console messages of level SEVERE: scripts that broke, things that were refused."""
        self.listen()
        return [message for message in self.console if message.startswith("SEVERE")]


def _first_installed(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _no_tool(why: str) -> NoReturn:
    if ON_CI:
        pytest.fail(f"{why}; on CI it is required")
    pytest.skip(f"{why}; `make test` as root on Debian installs it")


@pytest.fixture
def chinese() -> None:
    """A font with Chinese, which figures need."""
    import matplotlib.font_manager  # slow to import, and most tests draw no figure

    if not set(FAMILIES) & {font.name for font in matplotlib.font_manager.fontManager.ttflist}:
        _no_tool("no font with Chinese found (Debian: fonts-noto-cjk)")


@pytest.fixture
def pdftoppm() -> str:
    """The path of pdftoppm, by which a printed page is looked at."""
    found = _first_installed("pdftoppm")
    if found is None:
        _no_tool("no pdftoppm found (Debian: poppler-utils)")
    return found


@contextmanager
def _headless(profile: Path, reached: str = "") -> Iterator[Any]:
    """A headless Chromium that reaches nothing, or one address alone; its profile is thrown away afterwards."""
    chromium = _first_installed("chromium", "chromium-browser", "google-chrome", "chrome")
    chromedriver = _first_installed("chromedriver")
    if chromium is None or chromedriver is None:
        _no_tool(f"no {'Chromium' if chromium is None else 'chromedriver'} found")
    from selenium import webdriver  # slow to import, and most tests need no browser

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    flags = [
        "--headless=new",
        "--window-size=1400,1000",
        "--no-first-run",
        # A quarter of its work less: pictures by one thread, and no renderer made before anyone asks for it.
        "--disable-gpu",
        "--num-raster-threads=1",
        "--disable-features=SpareRendererForSitePerProcess,Translate,OptimizationHints,MediaRouter,PaintHolding",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND" + (f", EXCLUDE {reached}" if reached else ""),
        f"--user-data-dir={profile}",
    ]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        flags.append("--no-sandbox")
    for flag in flags:
        options.add_argument(flag)
    options.add_experimental_option("perfLoggingPrefs", {"enableNetwork": True, "enablePage": False})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium, network off, for all tests of this process."""
    with _headless(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture(scope="module")
def local_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium that reaches this machine alone, by its number: for pages that a server of ours gives."""
    with _headless(tmp_path_factory.mktemp("local"), "127.0.0.1") as driver:
        yield Browser(driver)


@pytest.fixture
def browser(chromium: Any) -> Browser:
    """An empty tab: what a test before stored, emulated, opened or asked for is gone."""
    first, *others = chromium.window_handles
    for handle in others:
        chromium.execute_cdp_cmd("Target.closeTarget", {"targetId": handle})
    if others:
        chromium.switch_to.window(first)
    chromium.get("about:blank")  # a tab anew would take a process anew
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    chromium.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    for log in ("browser", "performance"):
        chromium.get_log(log)
    return Browser(chromium)
