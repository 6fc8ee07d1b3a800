"""The desk as somebody goes it who knows Excel and no Python: in Chromium, by keyboard, wide and on a phone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import gridplan as gp
from tests.desk.at_desk import open_desk
from tests.intake.messy import HEADERS, messy_folder
from tests.show.test_axe import SIZES, violations

if TYPE_CHECKING:
    from tests.conftest import Browser

PATIENCE = 120
TARGET = 24  # px
SMALL = """return [...document.querySelectorAll("a, button, input, select, textarea, summary, label:has(input)")]
  .filter((e) => e.checkVisibility() && !e.classList.contains("skip") && e.type !== "hidden")
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, r]) => r.width < arguments[0] || r.height < arguments[0])
  .map(([e, r]) => `${e.outerHTML.slice(0, 120)} ${r.width}×${r.height}`);"""
FOCUS = """const e = document.activeElement;
return [(e.getAttribute("aria-label") || e.textContent).trim(), getComputedStyle(e).outlineStyle];"""


def until(true: Callable[[], Any]) -> Any:
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(None, PATIENCE, 0.1).until(lambda _: true())


class Person:
    """Somebody with a keyboard."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.driver = browser, browser.driver

    def reads(self, text: str) -> None:
        """Wait until the page says so."""
        body = "return document.readyState === 'complete' ? document.body.innerText : ''"
        end = time.monotonic() + PATIENCE
        while text not in (shown := self.driver.execute_script(body)):
            assert time.monotonic() < end, shown
            time.sleep(0.1)

    def presses(self, text: str, key: str = "\ue007") -> None:
        """Go there with the tab key, see where one is, and press it."""
        from selenium.webdriver.common.action_chains import ActionChains

        for _ in range(400):
            ActionChains(self.driver).send_keys("\ue004").perform()
            label, outline = self.driver.execute_script(FOCUS)
            if label == text:
                assert outline != "none", f"one cannot see that {text} has the focus"
                ActionChains(self.driver).send_keys(key).perform()
                return
        pytest.fail(f"the keyboard does not reach {text}")

    def looks(self) -> None:
        """No violation that axe knows, nothing wider than the screen, nothing too small to be hit."""
        for name, (width, height) in SIZES.items():
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            for scheme in ("light", "dark"):
                features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
                self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
                assert violations(self.driver) == [], (name, scheme)
            assert self.driver.execute_script("return document.documentElement.scrollWidth") <= width, name
            assert self.driver.execute_script(SMALL, TARGET) == [], name
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def three_files(folder: Path) -> None:
    """A register, a table of districts, and one of streets in which somebody forgot a figure."""
    messy_folder(folder, 3)
    next(folder.glob("*合作*")).unlink()
    file = next(folder.glob("*人口*"))
    book = openpyxl.load_workbook(file)
    cells = [cell for row in book.active.iter_rows() for cell in row]
    head = next(cell for cell in cells if cell.value in HEADERS["people"])
    book.active.cell(head.row + 3, head.column).value = None
    book.save(file)
    assert len(list(folder.iterdir())) == 3


def test_from_three_messy_files_to_a_map(local_browser: Browser, tmp_path: Path) -> None:
    browser, driver, person = local_browser, local_browser.driver, Person(local_browser)
    three_files(tmp_path / "office")
    (tmp_path / "desk").mkdir()
    with open_desk(tmp_path / "desk", "zh") as desk:
        driver.get(desk.server.address)
        person.looks()
        files = sorted(str(p) for p in (tmp_path / "office").iterdir())
        driver.find_element("id", "choose").send_keys("\n".join(files))
        person.reads("数据检查结果")
        person.looks()
        for tick in driver.find_elements("css selector", "input[name=accept]"):
            tick.click()
        person.presses("修复为副本")
        person.reads("修复后的副本")
        person.presses("下一步：政策")
        person.reads("内置政策")
        person.looks()
        driver.find_element("id", "p-shanghai-2025").click()
        person.presses("选用")
        person.reads("每区合作医院上限")
        person.looks()
        most = driver.find_element("id", "f-district_cap.most")
        most.clear()
        most.send_keys("none")
        person.presses("保存政策")
        person.reads("未保存")
        person.looks()
        most = driver.find_element("id", "f-district_cap.most")
        assert most.get_attribute("value") == "none"
        most.clear()
        most.send_keys("2")
        person.presses("保存政策")
        person.reads("开始求解")
        person.looks()
        person.presses("开始求解")
        person.reads("停止，保留目前最好的方案")
        person.reads("下一步：成果")
        person.presses("下一步：成果")
        person.reads("全部下载")
        person.looks()
        assert "已证明最优" in driver.find_element("tag name", "main").text
        person.presses("English")
        person.reads("Everything as one zip")
        person.looks()
        here = driver.current_window_handle
        for page, sign in (
            ("map.html", ".leaflet-container"),
            ("report.html", "h1"),
            ("table.html", "#board"),
        ):
            driver.find_element("css selector", f'a[target][href$="{page}"]').click()
            until(lambda: len(driver.window_handles) == 2)
            driver.switch_to.window(next(w for w in driver.window_handles if w != here))
            until(lambda sign=sign: driver.find_elements("css selector", sign))
            assert driver.execute_script("return self.origin") == "null", "it has an origin of its own"
            reached = "fetch(arguments[0]).then(() => arguments[1]('reached'), () => arguments[1]('refused'))"
            assert driver.execute_async_script(reached, desk.server.address + "plan/now") == "refused"
            driver.close()
            driver.switch_to.window(here)
        assert [url for url in browser.outside() if not url.startswith(f"http://{desk.host}/")] == []
        told = [
            line for line in browser.errors() if "plan/now" not in line
        ]  # the page was told to ask, and was refused
        assert told == []
        plan = gp.open_plan(tmp_path / "desk" / "plan")
        assert plan.status == "optimal"
