"""programme.html: a programme as one page that opens offline and prints: goals, who manages whom, a sheet per hospital."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.plans.folder.mark import mark_of
from gridplan.programmes.part import Part
from gridplan.programmes.programme import Programme
from gridplan.show.programme.access_page import access_sections
from gridplan.show.programme.alliances_page import alliances_sections, upstream_sections
from gridplan.show.programme.chains_page import chains_sections
from gridplan.show.programme.way_page import way_sections
from gridplan.show.shared.offline import asset, page
from gridplan.show.shared.told_apart import told_apart
from gridplan.show.shared.words import NOT_PUBLIC
from gridplan.words.html import html_row, html_table, said, section
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import GRID, LEVELS_OF_DEPARTMENT, listed_words

KEPT = {
    "kept": Text("kept", "保留"),
    "new": Text("new", "新建"),
    "specialist": Text("kept, specialist", "保留（专科医院）"),
}
GOAL_HEADINGS = (Text("goal", "目标"), Text("value", "目标值"), Text("bound", "界"), Text("gap", "差距"))
NEED = Text("need (weighted)", "需求（加权）")  # by the catalogue's weights it may exceed the residents
POST_HEADINGS = (
    Text("discipline", "学科"), Text("phase", "期"), Text("from", "起"), Text("until", "止"),
    Text("days a week", "每周天数"), Text("level today", "现有能力"), NEED,
)  # fmt: skip
SUPPORT_HEADINGS = (
    Text("from", "起"), Text("until", "止"), Text("hospital", "医院"), Text("discipline", "学科"), NEED,
)  # fmt: skip
RUNNING_HEADINGS = (
    Text("from", "起"), Text("until", "止"), Text("hospital", "医院"), Text("discipline", "学科"), Text("level today", "现有能力"),
)  # fmt: skip
STATES = {
    "continues": Text("below standard", "未达标"), "reached": Text("level 2 or more", "已达 2 级及以上"), "not_known": Text("not known", "未知"),
}  # fmt: skip
MISSED_HEADINGS = (
    Text("hospital", "医院"), Text("discipline", "学科"), NEED,
    Text("short by", "距入选差"), Text("of", "可替换的入选医院"), Text("its discipline", "其学科"), Text("chosen for", "其入选年度"),
    Text("own limits that are full then", "该年度已满的限额"),
)  # fmt: skip
FULL = {
    "per_hospital": Text("of its hospital", "该院名额"),
    "per_discipline": Text("of its discipline", "该学科名额"),
    "district_most": Text("of its district", "该区名额"),
}
STANDARD = 2
GAP_STEPS = ("people_before", "people_with_posts", "people_with_alliances", "people_after")
GAP_HEADINGS = (
    Text("discipline", "学科"), Text("districts without a standard department today", "现无达标科室的区"), Text("… after", "实施后"),
    Text("need (weighted) below standard today", "现未达标需求（加权）"), Text("with posts", "派驻后"), Text("with alliances", "联盟后"),
    Text("with support", "扶持后"),
)  # fmt: skip
CUSTODY_HEADINGS = (
    Text("district", "区"), Text("district hospital", "区级医院"), Text("managed by", "托管医院"),
    Text("custody", "托管关系"), Text("managers", "管理人员"), Text("experts, phase by phase", "各期专家数"),
)  # fmt: skip


def programme_report(programme: Programme) -> str:
    """The programme as one page of HTML, both languages, without a network. Nothing in it runs."""
    mark, programme = mark_of(programme.plan), replace(programme, plan=told_apart(programme.plan))
    title = Text(f"Programme: {programme.name}", f"实施方案：{programme.name}")
    region = programme.plan.region
    head = f"<header><h1>{escape(region.title or region.name)} {said(Text('Programme', '实施方案'))}</h1>"
    head += "".join(said(note, "p") for note in programme.notes) + "</header>"
    parts = [section(part.title, _part(part)) for part in programme.parts]
    if "deployment" in programme.tables:
        parts += [
            section(Text("Who manages whom", "谁托管谁"), _custody(programme)),
            section(Text("Experts by discipline and district", "学科 × 区：派驻专家数"), _matrix(programme)),
            section(Text("Hospital by hospital", "逐院说明"), "".join(_hospitals(programme))),
        ]
    parts += [
        *alliances_sections(programme),
        *upstream_sections(programme),
        *chains_sections(programme),
        *way_sections(programme),
        *access_sections(programme),
    ]
    if "support" in programme.tables:
        parts.append(
            section(Text("Weak specialties, year by year", "逐年扶持的薄弱专业"), _support(programme))
        )
        parts.append(
            section(Text("Gaps before and after each part", "各部分前后的学科缺口"), _gaps(programme))
        )
    told = "".join(said(_source(one), "p") for one in region.sources)
    footer = f"<footer>{said(NOT_PUBLIC, 'p')}{told}{''.join(said(n, 'p') for n in programme.notes)}</footer>"
    return page(
        title.zh, f"{head}<main>{''.join(parts)}</main>{footer}", styles=[asset("report.css")], mark=mark
    )


def _source(written: str) -> Text:
    """A source of the data; "中文 / English" in both languages."""
    zh, _, en = written.partition(" / ")
    return Text(en or zh, zh)


def _part(part: Part) -> str:
    goals = (
        ""
        if not part.goals
        else html_table(
            GOAL_HEADINGS,
            (
                html_row((g.text, _figure(g.value), _figure(g.bound), f"{100 * g.gap:.4f} %"))
                for g in part.goals
            ),
        )
    )
    notes = "".join(
        said(Text(f"{f.what.en} {f.hint.en}", f"{f.what.zh}{f.hint.zh}"), "li") for f in part.findings
    )
    return (
        "".join(said(text, "p") for text in part.sentences) + goals + (f"<ul>{notes}</ul>" if notes else "")
    )


def _figure(value: float) -> int | float:
    """A value as it is read: whole where it is whole."""
    return round(value) if abs(value - round(value)) < 1e-9 * max(1.0, abs(value)) else value


def _custody(programme: Programme) -> str:
    deployment, region = programme.tables["deployment"], programme.plan.region
    rows = []
    for row in programme.tables["custody"].sort_values(["district_id", "managed_id"]).itertuples():
        posts = deployment[deployment["managed_id"] == row.managed_id].groupby("phase").size()
        rows.append(html_row((
            region.label("district", row.district_id), region.label("hospital", row.managed_id),
            region.label("hospital", row.hospital_id), KEPT[row.basis], int(row.managers),
            " + ".join(str(n) for n in posts),
        )))  # fmt: skip
    return html_table(CUSTODY_HEADINGS, rows)


def _matrix(programme: Programme) -> str:
    """A row per discipline, a column per district: experts in all phases; those of which none is sent are left out."""
    deployment = programme.tables["deployment"]
    districts = programme.plan.region.districts
    of = dict(
        zip(
            programme.tables["custody"]["managed_id"], programme.tables["custody"]["district_id"], strict=True
        )
    )
    counts = pd.crosstab(deployment["discipline"], deployment["managed_id"].map(of))
    names = [
        Text(en or zh, zh)
        for key, zh, en in districts[["district_id", "name", "name_en"]].itertuples(index=False)
        if key in counts
    ]
    keys = [key for key in districts["district_id"] if key in counts]
    rows = (
        html_row((discipline_name(str(code)), *(int(n) if n else "" for n in line[keys])))
        for code, line in counts.iterrows()
    )
    return html_table((Text("discipline", "学科"), *names), rows)


def _support(programme: Programme) -> str:
    """The lists of all years, and the ten that just missed them."""
    label = programme.plan.region.label
    rows = (
        html_row(
            (
                str(r.year_started),
                str(r.until_year),
                label("hospital", r.hospital_id),
                discipline_name(r.discipline),
                int(r.people),
            )
        )
        for r in programme.tables["support"].itertuples()
    )
    missed = (
        html_row(
            (
                label("hospital", r.hospital_id),
                discipline_name(r.discipline),
                int(r.people),
                int(r.margin),
                label("hospital", r.displaced_id),
                discipline_name(r.displaced_discipline),
                str(r.year_started),
                listed_words(FULL, r.limits.split()),
            )
        )
        for r in programme.tables["missed"].itertuples()
    )
    heading = said(
        Text(
            "Just missed: not chosen in any year, the nearest first",
            "差一点入选：各年均未入选，差距最小者在前",
        ),
        "h3",
    )
    return (
        html_table(SUPPORT_HEADINGS, rows)
        + _running(programme)
        + heading
        + html_table(MISSED_HEADINGS, missed)
    )


def _running(programme: Programme) -> str:
    """What is supported already; nothing where there is none."""
    table, label = programme.tables["running"], programme.plan.region.label
    rows = [
        html_row((
            str(r.year_started), str(r.until_year), label("hospital", r.hospital_id), discipline_name(r.discipline),
            STATES.get(r.state, r.state),
        ))
        for r in table.itertuples()
    ]  # fmt: skip
    heading = said(Text("Supported already, going on", "在扶持、继续扶持"), "h3")
    return heading + html_table(RUNNING_HEADINGS, rows) if rows else ""


def _gaps(programme: Programme) -> str:
    """A row per discipline: districts whose best is below standard, and people below it, step by step."""
    table = programme.tables["gaps"]
    rows = []
    for code, mine in table.groupby("discipline"):
        steps = [int(mine[step].sum()) for step in GAP_STEPS]
        lacking = [int((mine[level] < STANDARD).sum()) for level in ("level_before", "level_after")]
        rows.append(html_row((discipline_name(str(code)), *lacking, *steps)))
    return html_table(GAP_HEADINGS, rows)


def _hospitals(programme: Programme) -> Iterator[str]:
    """Who comes, which days, until when: a part per district hospital, on paper a page of its own."""
    deployment, region = programme.tables["deployment"], programme.plan.region
    plan = programme.plan
    leads = set(plan.assignment.loc[plan.assignment["layer"] == GRID, "hospital_id"])
    for row in programme.tables["custody"].sort_values(["district_id", "managed_id"]).itertuples():
        mine = deployment[deployment["managed_id"] == row.managed_id].sort_values(["phase", "discipline"])
        first = mine[mine["phase"] == 1]
        absent = int((first["level_today"] == 0).sum())
        manager = region.label("hospital", row.hospital_id)
        line = Text(
            f"{manager} manages it from {row.from_year} and sends {row.managers} managers: a director from its leadership "
            f"and an executive director. {len(first)} resident experts to begin with, {absent} of them in disciplines "
            "that the hospital does not have.",
            f"由{manager}自 {row.from_year} 年起托管，派驻 {row.managers} 名管理人员（院长由市级医院领导班子成员担任，另派执行院长）。"
            f"首期常驻专家 {len(first)} 名，其中 {absent} 个学科院内现无。",
        )
        posts = (
            html_row((
                discipline_name(p.discipline), int(p.phase), str(p.from_year), str(p.until_year),
                float(p.days_per_week), LEVELS_OF_DEPARTMENT[int(p.level_today)], int(p.people),
            ))
            for p in mine.itertuples()
        )  # fmt: skip
        name = both(region.label("hospital", row.managed_id))
        grid = said(_grid_line(programme, row), "p") if row.managed_id in leads else ""
        body = f"{said(name, 'h3')}{said(line, 'p')}{grid}{html_table(POST_HEADINGS, posts)}"
        yield f'<article class="own-page">{body}</article>'


def _grid_line(programme: Programme, row: Any) -> Text:
    """Of a grid lead: its main supporter is who manages it (SH-8); who else supports the district; its signatures."""
    region, pairs = programme.plan.region, programme.plan.pairs
    partners = pairs[(pairs["district_id"] == row.district_id) & (pairs["layer"] != GRID)][
        "hospital_id"
    ].unique()
    others = [region.label("hospital", h) for h in sorted(partners) if h != row.hospital_id]
    manager = region.label("hospital", row.hospital_id)
    more = (
        Text(f"; {', '.join(others)} support the district, too", f"；{'、'.join(others)}同为本区技术支持单位")
        if others
        else both("")
    )
    signs = programme.tables.get("signatures")
    own = (
        []
        if signs is None
        else [discipline_name(c) for c in signs.loc[signs["lead_id"] == row.managed_id, "discipline"]]
    )
    known = both("")
    if own:
        known = Text(
            f" Known for: {', '.join(n.en for n in own)}.", f"特色专科：{'、'.join(n.zh for n in own)}。"
        )
    return Text(
        f"It leads a grid; its technical supporter is {manager}, which manages it{more.en}.{known.en}",
        f"该院牵头一个网格，技术支持单位为托管它的{manager}{more.zh}。{known.zh}",
    )
