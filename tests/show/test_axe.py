"""Every page is read by axe, wide and on a phone, light and dark: no violation of any weight."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_core_python
import pytest

import gridplan as gp
from tests.show.handmade import drawn, town_plan

if TYPE_CHECKING:
    from tests.conftest import Browser

AXE = Path(axe_core_python.__file__).with_name("axe.min.js")
SIZES = {"wide": (1400, 1000), "phone": (390, 844)}


@cache
def strict() -> gp.Plan:
    plan = town_plan()
    return gp.plan(plan.region, plan.policy.with_rule(gp.rules.LeastPartners(least=2)))


def difference(folder: Path) -> Path:
    return gp.draw_difference(town_plan(), strict()).save(folder / "difference.html")


def scenarios(folder: Path) -> Path:
    return gp.draw_scenarios({"one": town_plan(), "two": strict()}).save(folder / "scenarios.html")


PAGES = {
    "map": lambda folder: drawn(town_plan()).save(folder / "map.html"),
    "report": lambda folder: gp.save(town_plan(), folder / "plan") / "report.html",
    "table": lambda folder: gp.table(town_plan()).save(folder / "table.html"),
    "difference": difference,
    "scenarios": scenarios,
}


def violations(driver: Any) -> list[str]:
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    asked = "axe.run({resultTypes: ['violations']}).then(arguments[arguments.length - 1])"  # what passes is not written out
    found = driver.execute_async_script(asked)["violations"]
    return [f"{v['impact']} {v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(page: str, browser: Browser, tmp_path: Path) -> None:
    driver = browser.driver
    file = PAGES[page](tmp_path)
    for width, height in SIZES.values():
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for scheme in ("light", "dark"):
            scheming = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", scheming)
            browser.open(file)
            assert violations(driver) == [], (width, scheme)
    assert browser.errors() == []
