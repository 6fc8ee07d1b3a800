"""What a notebook shows of each object: tables in both languages, names escaped, no scripts; and frames to go on with."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest

import gridplan as gp
from gridplan.words.findings import Findings
from tests.show.handmade import HOSTILE, hostile_plan, plan_with_warning

if TYPE_CHECKING:
    from tests.conftest import Browser

PLAN = plan_with_warning()
CARDS = {
    "Region": PLAN.region,
    "Policy": PLAN.policy,
    "Plan": PLAN,
    "Findings": PLAN.findings,
    "no findings": Findings(),
    "Verdict": gp.verify(PLAN),
}


class Page(HTMLParser):
    """Tags, attributes and text of a card."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = set[str](), set[str](), ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def card(shown: object) -> Page:
    return Page(shown._repr_html_())


@pytest.mark.parametrize("name", CARDS)
def test_it_is_a_table_in_both_languages(name: str) -> None:
    page = card(CARDS[name])
    assert re.search("[\u4e00-\u9fff]{2}", page.text)
    assert re.search("[A-Za-z]{3,} [a-z]{2,}", page.text)
    assert ("table" in page.tags) == (name != "no findings")


def test_they_say_what_the_objects_hold() -> None:
    assert "81,000" in card(PLAN.region).text
    for fact in ("shanghai-2025", "SH-2", "每个区至多与 2 家", "Off"):
        assert fact in card(PLAN.policy).text
    for fact in ("已证明最优", "综合", "中医", "3 hospitals", "提醒"):
        assert fact in card(PLAN).text
    assert "错误 0 处，提醒 1 处" in card(PLAN.findings).text
    verdict = card(CARDS["Verdict"]).text
    assert "不符" in verdict
    assert "3 of 3 at the cap" in verdict


def test_answers_are_cards_too() -> None:
    plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    answer = card(gp.explain(plan, district="T1"))
    assert "table" in answer.tags
    assert "中区" in answer.text
    edited = plan.assignment.copy()
    edited.loc[edited["layer"] == "general", "hospital_id"] = "H1"
    nearest = card(gp.repair(plan.region, plan.policy, edited))
    assert "最近的合规方案" in nearest.text
    assert "nearest legal plan" in nearest.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_read_and_never_run(text: str) -> None:
    plan = hostile_plan(text)
    for shown in (plan.region, plan.policy, plan, plan.findings, gp.verify(plan)):
        page = card(shown)
        assert page.tags <= {
            "bdi",
            "div",
            "style",
            "p",
            "b",
            "span",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "ol",
            "ul",
            "li",
        }
        assert page.attributes <= {"class", "lang", "scope"}
    straight = re.sub(
        "[\u202a-\u202e\u2066-\u2069]", "\ufffd", text
    )  # signs that turn the direction are shown as such
    assert text in card(plan.findings).text or straight in card(plan.findings).text
    assert straight in card(plan.region).text


def test_a_plan_goes_on_in_geopandas() -> None:
    frame = PLAN.to_geoframe("general")
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == len(PLAN.region.units)
    assert frame.drop(columns="geometry").equals(PLAN.to_frame("general"))
    assert len(PLAN.to_geoframe()) == len(PLAN.assignment)
    catchments = frame.dissolve("hospital_id", aggfunc={"people": "sum"})
    assert catchments["people"].to_dict() == gp.measures.people(PLAN).to_dict()
    metric = PLAN.region.metric_crs
    assert catchments.to_crs(metric).area.sum() == pytest.approx(frame.to_crs(metric).area.sum())


def test_points_get_areas_there() -> None:
    """Units without polygons, too, can be drawn by geopandas."""
    nothing = np.full(len(PLAN.region.units), None, dtype=object)
    units = PLAN.region.units.set_geometry(gpd.GeoSeries(nothing, crs=4326))
    frame = replace(PLAN, region=PLAN.region.with_tables(units=units)).to_geoframe("general")
    assert (frame.to_crs(PLAN.region.metric_crs).area > 0).all()


def test_explore_works() -> None:
    html = PLAN.to_geoframe("general").explore("hospital", tiles=None).get_root().render()
    assert "市第一医院" in html or "\\u5e02" in html


def test_no_card_runs_anything_in_chromium(browser: Browser, tmp_path: Path) -> None:
    cards = []
    for text in HOSTILE:
        plan = hostile_plan(text)
        cards += [
            shown._repr_html_() for shown in (plan.region, plan.policy, plan, plan.findings, gp.verify(plan))
        ]
    page = tmp_path / "cards.html"
    page.write_text(f"<!doctype html><meta charset='utf-8'>{''.join(cards)}", encoding="utf-8")
    browser.open(page)
    assert browser.driver.execute_script("return window.__ran") is None
    assert len(browser.driver.find_elements("css selector", ".gridplan table")) == len(cards)
    assert browser.outside() == []
    assert browser.errors() == []
