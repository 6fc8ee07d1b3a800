"""The map on a phone: what is looked for and what is found stand on the screen, whole, and nothing lies on them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.sample import sample_plan
from tests.show.test_frame import ENTER, card, show

if TYPE_CHECKING:
    from tests.conftest import Browser

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
BOX = "const b = document.querySelector(arguments[0]).getBoundingClientRect(); return [b.left, b.top, innerWidth - b.right, innerHeight - b.bottom];"
# What is hit at the card's four corners and along its upper edge.
COVERED = """const box = document.querySelector(".leaflet-popup-content-wrapper").getBoundingClientRect();
const places = [0.03, 0.25, 0.5, 0.75].flatMap((x) => [0.05, 0.2, 0.5, 0.95].map((y) => [box.left + x * box.width, box.top + y * box.height]));
return places.map(([x, y]) => document.elementFromPoint(x, y)).filter((hit) => !hit || !hit.closest(".leaflet-popup")).map((hit) => hit && hit.outerHTML.slice(0, 80));"""


def test_search_and_card_stand_on_the_screen_and_nothing_lies_on_them(
    browser: Browser, tmp_path: Path
) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    plan = sample_plan()
    driver = show(browser, plan, tmp_path)
    partners, candidates = set(plan.pairs["hospital_id"]), set(plan.pair_table["hospital_id"])
    assert driver.execute_script("return document.querySelector('header').offsetHeight") < 844 / 5
    box = driver.find_element("id", "find")
    for text in ("瑞金", "六院", "ruijin", "rj"):
        box.clear()
        box.send_keys(text)
        kinds = [e.text for e in driver.find_elements("css selector", "#found .kind")]
        first = driver.find_element("css selector", "#found .name").text
        assert ("第六人民医院" if text == "六院" else "瑞金医院") in first and "医院" in kinds[0]
        ids = [e.text for e in driver.find_elements("css selector", "#found .of")]
        able = [id in candidates for id in ids]
        assert ids[0] in partners and able == sorted(able, reverse=True), (
            "candidates before branches and others"
        )
        assert min(driver.execute_script(BOX, "#found")) >= 0, "the results are on the screen"
    box.send_keys(ENTER)
    for _ in range(100):  # the map flies there
        if "瑞金" in card(driver) and min(driver.execute_script(BOX, ".leaflet-popup")) >= 0:
            break
        time.sleep(0.1)
    assert min(driver.execute_script(BOX, ".leaflet-popup")) >= 0, "the card is on the screen"
    assert driver.execute_script(COVERED) == []
    assert browser.errors() == []
