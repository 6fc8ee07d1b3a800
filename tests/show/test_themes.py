"""The page of the map is light or dark as the machine is, and one sheet on paper; its colours can be read."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gridplan.show.shared.offline import asset
from tests.sample import sample_plan
from tests.show.handmade import plan_with_warning
from tests.show.test_frame import show

if TYPE_CHECKING:
    from tests.conftest import Browser


PAIRS = [
    ("ink", "paper"), ("soft", "paper"), ("ink", "sea"), ("ink", "hover"), ("ink", "chosen"), ("soft", "chosen"),
    ("on-accent", "accent"), ("accent", "paper"), ("warn", "paper"), ("on-badge", "good"), ("on-badge", "fair"),
]  # fmt: skip


def colours(theme: str) -> dict[str, str]:
    css = asset("page.css")
    start = r":root \{" if theme == "light" else r':root\[data-theme="dark"\] \{'
    block = re.search(start + r"(.*?)\}", css, flags=re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    rgb = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1."""
    known = colours(theme)
    light, dark = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_colour_of_text_is_in_both_themes_and_tested() -> None:
    assert set(colours("light")) == set(colours("dark"))
    tested = {name for pair in PAIRS for name in pair}
    used = set(re.findall(r"[^-]color: var\(--([\w-]+)\)", asset("page.css")))
    assert used <= tested


@pytest.mark.parametrize("wish", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_machine_is_and_the_button_says(
    browser: Browser, tmp_path: Path, wish: str
) -> None:
    feature = {"features": [{"name": "prefers-color-scheme", "value": wish}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    driver = show(browser, plan_with_warning(), tmp_path)
    ground = "return getComputedStyle(document.body).backgroundColor"
    first = driver.execute_script(ground)
    driver.find_element("css selector", "#theme").click()
    second = driver.execute_script(ground)
    assert (first, second)[:: 1 if wish == "light" else -1] == ("rgb(255, 255, 255)", "rgb(22, 29, 36)")


@pytest.mark.parametrize(("paper", "points"), [("A3", (1191, 842)), ("A4", (842, 595))])
def test_the_sheet_is_one_page_of_the_chosen_size_and_light(
    browser: Browser, tmp_path: Path, paper: str, points: tuple[int, int]
) -> None:
    driver = show(browser, sample_plan(), tmp_path)
    driver.execute_script("shade('dark')")
    driver.execute_script(
        f"const s = document.getElementById('paper'); s.value = '{paper}'; s.dispatchEvent(new Event('change'))"
    )
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = base64.b64decode(printed["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = [float(edge) for edge in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)[0].split()]
    assert np.allclose(box[2:], points, atol=2)
    driver.execute_script("onPaper()")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert (
        driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    beyond = (
        "const sheet = document.body.getBoundingClientRect(); return [...document.querySelectorAll("
        "'#head, #map_plan, .partner, .toggle, #foot, #foot p')].filter((one) => one.getBoundingClientRect().bottom > "
        "sheet.bottom + 1).length"
    )
    assert driver.execute_script(beyond) == 0
    overlap = (
        "return document.querySelector('.partners').getBoundingClientRect().bottom <= "
        "document.querySelector('.signs').getBoundingClientRect().top + 1"
    )
    assert driver.execute_script(overlap)
    assert browser.errors() == []


def test_the_map_itself_is_on_the_sheet(browser: Browser, pdftoppm: str, tmp_path: Path) -> None:
    """Seen by another program: Chromium once printed all names and no areas."""
    driver = show(browser, sample_plan(), tmp_path)
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    (tmp_path / "sheet.pdf").write_bytes(base64.b64decode(printed["data"]))
    subprocess.run([pdftoppm, "-r", "30", tmp_path / "sheet.pdf", tmp_path / "sheet"], check=True)
    picture = (tmp_path / "sheet-1.ppm").read_bytes()
    width, height = (int(edge) for edge in picture.split(maxsplit=3)[1:3])
    pixels = (
        np.frombuffer(picture[-3 * width * height :], dtype=np.uint8).reshape(height, width, 3).astype(int)
    )
    middle = pixels[height // 4 : 3 * height // 4, width // 4 : 2 * width // 3]
    assert (np.ptp(middle, axis=2) > 25).mean() > 0.2
