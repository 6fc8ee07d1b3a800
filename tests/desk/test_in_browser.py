"""The desk as somebody goes it who knows Excel and no Python: in Chromium, by keyboard, wide and on a phone."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import gridplan as gp
from tests.desk.at_desk import open_desk
from tests.intake.messy import HEADERS, messy_folder
from tests.show.handmade import HOSTILE, hostile_plan
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
RAN = "return [window.__ran, document.querySelectorAll('img, svg, iframe, math, style, main b, form[action^=java]').length];"
PARTS = (
    "<script>window.__ran=1</script>", '"><script>window.__ran=1</script>', "'><img src=x onerror=window.__ran=1>",
    '" onfocus="window.__ran=1" autofocus="', "' onmouseover='window.__ran=1", "<svg/onload=window.__ran=1>",
    "<iframe src=javascript:window.__ran=1>", "</title><script>window.__ran=1</script>", "</textarea><script>window.__ran=1</script>",
    "</option></select><script>window.__ran=1</script>", "</style><img src=x onerror=window.__ran=1>", "javascript:window.__ran=1",
    "<base href=https://example.org/>", "<meta http-equiv=refresh content=0;url=https://example.org/>", "<form action=javascript:window.__ran=1>",
    "<details open ontoggle=window.__ran=1>", "&lt;script&gt;window.__ran=1&lt;/script&gt;", "<b>bold</b>", "${window.__ran=1}",
    "<link rel=stylesheet href=https://example.org/x.css>",
)  # fmt: skip
NAMES = [*(text[:300] for text in HOSTILE), *PARTS]  # more than 30


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


def test_hostile_names_run_nothing(local_browser: Browser, tmp_path: Path) -> None:
    assert len(NAMES) > 30
    local_browser.requests.clear()
    browser, driver = local_browser, local_browser.driver
    folder = tmp_path / "desk <script>window.__ran=1<"
    text = " ".join(NAMES)
    gp.save(hostile_plan(text), folder / "plan")
    region = gp.tiny_town()
    tables = {name: getattr(region, name) for name in ("districts", "units", "hospitals", "branches")}
    turns = itertools.cycle(NAMES)
    named = {
        name: table.assign(name=[f"{next(turns)} {n}" for n in range(len(table))])
        for name, table in tables.items()
    }
    gp.write_region(region.with_tables(**named), folder)
    for n, name in enumerate(NAMES):
        safe = name.replace("/", "∕").replace("\0", "")[:80]
        (folder / f"{n} {safe}.csv").write_text("a\n", encoding="utf-8")
    shown = (*NAMES, "</script>")
    with open_desk(folder, "en") as desk:
        desk.post("policy/choose", {"profile": "shanghai-2025"})
        form = dict.fromkeys(("name", "title_en", "title_zh", "source", "candidates.exempt_layer"), text)
        rows = {}
        for n, name in enumerate(shown):
            rows |= {
                f"pin.{n}.district_id": name,
                f"pin.{n}.hospital_id": name,
                f"pin.{n}.reason": name,
                f"pin.{n}.layer": "partners",
            }
            rows |= {
                f"{cap}.override.{n}.{end}": v
                for cap in ("district_cap", "hospital_cap")
                for end, v in (("key", f"{n}{name}"), ("value", "2"), ("reason", name))
            }
            rows |= {
                f"group_weights.weights.{n}.key": f"people_{name}",
                f"group_weights.weights.{n}.value": "2",
            }
        on = {
            f"on.{key}": "1"
            for key in ("full_coverage", "district_cap", "hospital_cap", "candidates", "group_weights")
        }
        good = form | rows | on | {
            "district_cap.most": "2", "hospital_cap.most": "3", "candidates.tiers": "municipal", "candidates.ownerships": "public",
            "candidates.counted": "general", "goals": "travel", "travel.method": "auto", "travel.detour": "1.3", "travel.walk_km_h": "5",
            "travel.snap_km": "2", "travel.speed_km_h.0.key": "central", "travel.speed_km_h.0.value": "20",
        }  # fmt: skip
        reply = desk.post("policy/save", good)
        assert "Not saved" not in reply.words, reply.words[:600]
        bad = good | dict.fromkeys(
            ("district_cap.most", "priority.prices", "tolerance", "travel.method", "travel.speed_km_h.0.key"),
            text,
        )
        refused = desk.post("policy/save", bad | {"on.priority": "1"})
        assert "Not saved" in refused.words
        address = desk.server.address
        for step in ("files", "policy", "plan", "results"):
            driver.get(address + step)
            ran, foreign = driver.execute_script(RAN)
            assert ran is None, step
            assert foreign == 0, step
        page = json.dumps(refused.text)
        driver.get(address + "files")
        driver.execute_script(f"document.open(); document.write({page}); document.close();")
        assert driver.execute_script(RAN) == [None, 0]
        for name, value in (("seconds", text), ("gap", text)):
            assert 'role="alert"' in desk.post("plan/begin", {name: value}).text
        assert [url for url in browser.outside() if not url.startswith(f"http://{desk.host}/")] == []
