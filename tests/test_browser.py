"""The browser that judges our maps must itself see what it is there to see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Browser


def page(folder: Path, body: str) -> Path:
    file = folder / "page.html"
    file.write_text(f"<!doctype html><meta charset='utf-8'><body>{body}</body>", encoding="utf-8")
    return file


def test_a_page_that_needs_nothing_asks_for_nothing(browser: Browser, tmp_path: Path) -> None:
    browser.open(page(tmp_path, "<p>上海</p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))
    assert "上海" in browser.driver.page_source
    assert browser.outside() == []
    assert browser.errors() == []


def test_a_request_that_leaves_the_page_is_seen_and_goes_nowhere(browser: Browser, tmp_path: Path) -> None:
    browser.open(page(tmp_path, "<img src='https://example.org/tile.png'><img src='http://127.0.0.1/x.png'>"))
    assert "https://example.org/tile.png" in browser.outside()
    assert "http://127.0.0.1/x.png" in browser.outside()
    assert any("ERR_NAME_NOT_RESOLVED" in message for message in browser.errors())


def test_a_script_that_breaks_is_an_error(browser: Browser, tmp_path: Path) -> None:
    browser.open(page(tmp_path, "<script>missing.thing</script>"))
    assert any("missing is not defined" in message for message in browser.errors())
