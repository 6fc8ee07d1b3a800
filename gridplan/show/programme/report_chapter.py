"""The chapter of a programme in report.html of its plan: what each part reached, how far it is proven, where the rest stands."""

from __future__ import annotations

import re
from pathlib import Path

from gridplan.programmes.programme import Programme
from gridplan.show.programme.access_page import inequality_table
from gridplan.words.html import html_row, html_table, said, section
from gridplan.words.text import Text

REPORT = "report.html"
BEGIN, END = "<!-- programme -->", "<!-- /programme -->"
HEADINGS = (
    Text("part", "部分"), Text("goal", "目标"), Text("value", "目标值"), Text("bound", "界"), Text("gap", "差距"),
)  # fmt: skip
REST = Text(
    "Hospital by hospital, alliances, chains, lists of years: programme/programme.html; the map: programme/map.html; sheets: "
    "programme/programme.xlsx.",
    "逐院安排、专科联盟、转诊链、逐年清单见 programme/programme.html；地图见 programme/map.html；表格见 programme/programme.xlsx。",
)


def programme_chapter(programme: Programme) -> str:
    """A section: what a planner should know of each part first, and its goals with value, bound and gap."""
    told = "".join(said(note, "p") for note in programme.notes)
    for part in programme.parts:
        lines = "".join(said(text, "li") for text in part.sentences)
        told += f"{said(part.title, 'h3')}<ul>{lines}</ul>"
    rows = (
        html_row(
            (part.title, goal.text, round(goal.value, 4), round(goal.bound, 4), f"{100 * goal.gap:.4f} %")
        )
        for part in programme.parts
        for goal in part.goals
    )
    body = told + html_table(HEADINGS, rows) + inequality_table(programme) + said(REST, "p")
    return section(Text("The programme", "实施方案"), body)


def with_chapter(report: str, programme: Programme) -> str:
    """A report with the chapter of its programme at the end; one that is there already is replaced."""
    chapter = f"{BEGIN}{programme_chapter(programme)}{END}"
    if BEGIN in report:
        return re.sub(
            f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: chapter, report, count=1, flags=re.DOTALL
        )
    head, main, foot = report.rpartition("</main>")
    return f"{head}{chapter}{main}{foot}" if main else report


def write_chapter(programme: Programme, out: Path, made: Path) -> None:
    """Put report.html of a plan folder, with the chapter, into the folder that is made; nothing where there is no report."""
    there = out / REPORT
    if there.is_file():
        text = there.read_bytes().decode("utf-8")
        (made / REPORT).write_text(with_chapter(text, programme), encoding="utf-8", newline="")
