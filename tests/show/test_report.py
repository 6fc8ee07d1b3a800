"""report.html: the decision and its proof, on paper and on screen; nothing in it runs."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from gridplan.optimise.run.outcome import GoalResult
from gridplan.plans.changes import changes
from gridplan.plans.plan import Plan
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas
from gridplan.words.amount import people_text
from gridplan.words.text import Text
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


GOLDEN = Path(__file__).parents[1] / "golden" / "report" / "town.txt"
IN_ORDER = (
    "方案要点", "地图", "各区情况", "各医院情况", "与现状相比的变化", "政策规则", "数据提醒", "方案质量与最优性", "方法与说明",
)  # fmt: skip


class Rows(HTMLParser):
    """The tables of a page as lines of text, cells parted by bars, each under the heading that it follows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines, self.row, self.cell, self.heading = list[str](), list[str](), None, None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("td", "th"):
            self.cell = ""
        elif tag in ("h2", "h3"):
            self.heading = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.row.append(self.cell.strip())
            self.cell = None
        elif tag == "tr":
            self.lines.append(" | ".join(self.row))
            self.row = []
        elif tag in ("h2", "h3") and self.heading is not None:
            self.lines.append(f"# {self.heading}")
            self.heading = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell += data
        elif self.heading is not None:
            self.heading += data


def test_its_tables_are_those_of_the_golden_town() -> None:
    """Written anew by hand when the report is meant to change: every cell of it was read."""
    lines = Rows(written(plan_with_warning())).lines
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_it_goes_in_the_order_that_a_commission_reads() -> None:
    headings = [line[2:] for line in Rows(written(plan_with_warning())).lines if line.startswith("# ")]
    parts = [heading.split(" ")[0] for heading in headings]
    assert [part for part in parts if part in IN_ORDER] == list(IN_ORDER)


def test_the_first_page_says_in_sentences_what_is_decided() -> None:
    plan = plan_with_warning()
    lead = written(plan).partition('<ul class="lead">')[2].partition("</ul>")[0]
    words = Words(lead).text
    assert "3 家医院与 3 个区结成 6 对，服务 8.1 万人（81,000 人），人均 9.4 分钟" in words
    assert "没有更好的方案" in words
    assert "新建 8 对，调整 0 对，撤销 0 对，保留（已有院区，未签约） 1 对，保留 1 对" in words
    assert "数据另有 1 条提醒" in words
    assert "1 项不符" in words  # made by hand, with figures that the judge does not find


def test_the_first_page_names_who_travels_far() -> None:
    plan = plan_with_warning()
    far = plan.assignment["minutes"].where(plan.assignment["unit_id"] != "T3-04", 75.0)
    words = Words(written(replace(plan, assignment=plan.assignment.assign(minutes=far)))).text
    people = int(plan.region.units.set_index("unit_id").loc["T3-04", "people"])
    assert (
        f"综合类结对有 {people_text(people).zh}（{people / 81_000:.1%}）出行超过 60 分钟，主要在北县 {people_text(people).zh}"
        in words
    )
    assert "出行超过 60 分钟，主要在" not in Words(written(plan)).text


def test_every_rule_stands_with_the_room_that_is_left() -> None:
    lines = Rows(written(plan_with_warning())).lines
    rule = next(line for line in lines if line.startswith("SH-2 |"))
    assert "满足 kept | 3 个中 3 个已达上限 3 of 3 at the cap" in rule
    assert next(line for line in lines if line.startswith("FIGURES |")).count("不符") == 1


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert written(plan_with_warning()) == written(plan_with_warning())


def test_it_lists_what_changes_against_today_as_the_authority_asks() -> None:
    plan = plan_with_warning()
    words = Words(written(plan)).text
    section = words.partition("与现状相比的变化")[2].partition("政策规则")[0]
    table = changes(plan)
    counts = {c: int((table["change"] == c).sum()) for c in ("new", "adjusted", "ended", "present", "kept")}
    assert (
        f"新建 {counts['new']} 对，调整 {counts['adjusted']} 对，撤销 {counts['ended']} 对，"
        f"保留（已有院区，未签约） {counts['present']} 对，保留 {counts['kept']} 对" in section
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
        assert page.tags <= plain | {"p", "li", "bdi"}, text
        assert "script" not in page.tags


def test_chromium_shows_it_without_asking_for_anything(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    for text in ("小城", *HOSTILE[:3]):
        file.write_text(written(hostile_plan(text)), encoding="utf-8")
        browser.open(file)
        assert browser.driver.execute_script("return window.__ran") is None
    assert browser.outside() == []
    assert browser.errors() == []


def test_it_prints_on_a4_with_the_decision_on_the_first_page(browser: Browser, tmp_path: Path) -> None:
    """The sample of a page break: what stands before the map fits on one sheet, and heads are repeated."""
    file = tmp_path / "report.html"
    file.write_text(written(plan_with_warning()), encoding="utf-8")
    browser.open(file)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    style = "return getComputedStyle(document.querySelector(arguments[0])).getPropertyValue(arguments[1])"
    assert browser.driver.execute_script(style, "section:nth-of-type(2)", "break-before") == "page"
    assert browser.driver.execute_script(style, "thead", "display") == "table-header-group"
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    pdf = base64.b64decode(printed)
    assert len(re.findall(rb"/Type ?/Page[^s]", pdf)) >= 4
    boxes = [box.split() for box in re.findall(rb"/MediaBox ?\[([^\]]+)\]", pdf)]
    assert {(round(float(box[2])), round(float(box[3]))) for box in boxes} <= {
        (595, 842),
        (596, 842),
        (594, 842),
    }
