"""report.html: the decision and its proof, on paper and on screen; nothing in it runs."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from gridplan.optimise.outcome import GoalResult
from gridplan.plan.changes import changes
from gridplan.plan.plan import Plan
from gridplan.show.areas import drawn_areas
from gridplan.show.report import report
from gridplan.text import Text
from tests.show.handmade import HOSTILE, hostile_plan, plan_with_warning

if TYPE_CHECKING:
    from tests.conftest import Browser


class Words(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def written(plan: Plan) -> str:
    return report(plan, drawn_areas(plan.region))


def test_it_says_who_partners_whom_and_how_good_that_is() -> None:
    plan = plan_with_warning()
    words = Words(written(plan)).text
    for fact in (
        "小城",
        "市第一医院",
        "已证明最优",
        "没有更好的方案",
        "SH-2",
        "没有位置",
        "内部工作用图",
        "made up for tests and docs",
    ):
        assert fact in words
    for pair in plan.pairs.itertuples():
        assert f"{pair.people:,}" in words


def test_it_lists_what_changes_against_today_as_the_authority_asks() -> None:
    plan = plan_with_warning()
    words = Words(written(plan)).text
    section = words.partition("与现状相比的变化")[2].partition("方案有多好")[0]
    table = changes(plan)
    counts = {c: int((table["change"] == c).sum()) for c in ("new", "adjusted", "ended", "kept")}
    assert (
        f"新建 {counts['new']} 对，调整 {counts['adjusted']} 对，撤销 {counts['ended']} 对，保留 {counts['kept']} 对"
        in section
    )
    for reason in [*table["reason"], *table["reason_zh"]]:
        assert reason in section
    nothing = plan.region.partnerships.iloc[:0]
    bare = replace(plan, region=plan.region.with_tables(partnerships=nothing))
    assert "数据未列出现有合作" in Words(written(bare)).text


def test_a_run_stopped_by_the_clock_is_never_called_optimal() -> None:
    plan = plan_with_warning()
    goal = GoalResult("travel", Text("least travel", "出行最少"), 1000.0, 900.0)
    stopped = replace(plan, layers=tuple(replace(layer, goals=(goal,)) for layer in plan.layers))
    words = Words(written(stopped)).text
    assert "10.00%" in words
    assert "已证明最优" not in words
    assert "roven optimal" not in words


def test_modelled_people_are_said_to_be_modelled() -> None:
    plan = plan_with_warning()
    modelled = replace(plan, region=replace(plan.region, people="modelled: shared equally"))
    assert "推算值" in Words(written(modelled)).text
    assert "推算值" not in Words(written(plan)).text


def test_hostile_names_are_read_and_never_run() -> None:
    areas = drawn_areas(plan_with_warning().region)
    plain = Words(report(plan_with_warning(), areas)).tags
    for text in HOSTILE:
        page = Words(report(hostile_plan(text), areas))
        assert page.text.count(text) > 20, text
        assert page.tags <= plain | {"p", "li"}, text
        assert "script" not in page.tags


def test_chromium_shows_it_without_asking_for_anything(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    for text in ("小城", HOSTILE[0], HOSTILE[2], HOSTILE[3]):
        file.write_text(written(hostile_plan(text)), encoding="utf-8")
        browser.open(file)
        assert browser.driver.execute_script("return window.__ran") is None
    assert browser.outside() == []
    assert browser.errors() == []
