"""report.html: the decision on a page, how good it is in plain words, the rules, and where it all comes from."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import shapely

from gridplan.findings import HEADINGS, SEVERITY_WORDS
from gridplan.plan.changes import SAID_FIRST, changes, count_text
from gridplan.plan.measures import people_beyond
from gridplan.plan.plan import LayerResult, Plan, goal_text
from gridplan.show.areas import Areas
from gridplan.show.catchments import catchment_colours
from gridplan.show.figure import catchment_figure
from gridplan.show.html import chip, count, html_table, minutes, said, section, text_of
from gridplan.show.offline import asset, page
from gridplan.show.report_grids import grid_decision
from gridplan.show.sheet import heading_of, notes
from gridplan.show.tables import provenance_table
from gridplan.text import Text
from gridplan.vocabulary import CHANGES, GRID, LAYERS, PRIORITIES, both_words

PAGE_WIDTH, PICTURE_HEIGHT = 1040.0, 430.0  # pixels of the pictures, side by side


def report(plan: Plan, areas: Areas) -> str:
    """The report as one page of HTML that opens without a network and prints on A4. Nothing in it runs."""
    title = f"{plan.region.title or plan.region.name} · {plan.policy.title.zh}"
    body = "".join(
        [
            _head(plan),
            section(
                Text("The decision", "结对方案" if plan.policy.partner_layers else "网格方案"),
                *(_layer(plan, r.layer, areas) for r in plan.layers),
            ),
            section(Text("Changes against today", "与现状相比的变化"), _changes(plan))
            if plan.policy.partner_layers
            else "",
            section(Text("How good it is", "方案有多好"), *(_quality(plan, r) for r in plan.layers)),
            section(Text("Rules of the policy", "政策规则"), _rules(plan)),
            section(Text("Findings about the data", "数据提醒"), _findings(plan)),
            section(Text("Method and provenance", "方法与说明"), _method(plan), _provenance(plan)),
            "<footer>" + "".join(said(note, "p") for note in notes(plan)) + "</footer>",
        ]
    )
    return page(title, body, styles=[asset("report.css")])


def _head(plan: Plan) -> str:
    proven = "outcome proven" if plan.status == "optimal" else "outcome"
    source = f" · {escape(plan.policy.source)}" if plan.policy.source else ""
    heading = heading_of(plan)
    return (
        f"<header><h1>{escape(plan.region.title or plan.region.name)} {said(heading)}</h1>"
        f'<p><strong class="{proven}">{said(plan.outcome)}</strong> {said(plan.policy.title)}{source}</p>'
        f"{''.join(said(note, 'p') for note in notes(plan)[:2])}</header>"
    )


def _layer(plan: Plan, layer: str, areas: Areas) -> str:
    """One layer: its map, and who partners whom, or which grids there are."""
    colours = catchment_colours(plan, layer, areas.touching)
    title = both_words(LAYERS, layer)
    body = grid_decision(plan, colours) if layer == GRID else _decision(plan, layer, colours)
    heading = said(Text(f"Layer: {title.en}", f"{title.zh}层"), "h3")
    return f"<article>{heading}{_figures(plan, layer, areas, colours)}{body}</article>"


def _decision(plan: Plan, layer: str, colours: dict[str, str]) -> str:
    """A row per district with its partners, their people, minutes and priority."""
    numbers = {hospital: n for n, hospital in enumerate(colours, start=1)}
    headings = [
        Text("district", "区"), Text("residents", "常住人口"), Text("partner hospital", "合作医院"),
        Text("residents served", "服务人口"), Text("mean minutes", "人均分钟"), Text("priority", "优先级"),
    ]  # fmt: skip
    pairs = plan.pairs_frame(layer)
    rows = [
        _district_rows(district, pairs[pairs["district_id"] == district.district_id], numbers, colours)
        for district in plan.region.districts.itertuples()
    ]
    words = "；".join(f"{n} {text.zh}" for n, text in PRIORITIES.items())
    english = "; ".join(f"{n} {text.en}" for n, text in PRIORITIES.items())
    return (
        f'<div class="decision">{html_table(headings, rows)}</div>'
        f"{said(Text(f'Priority: {english}.', f'优先级：{words}。'), 'p')}"
    )


def _district_rows(
    district: Any, pairs: pd.DataFrame, numbers: dict[str, int], colours: dict[str, str]
) -> str:
    span = max(1, len(pairs))
    name = said(Text(text_of(district.name_en) or text_of(district.name), text_of(district.name)))
    first = f'<th scope="row" rowspan="{span}">{name}</th><td class="n" rowspan="{span}">{count(district.people)}</td>'
    if not len(pairs):
        return f'<tr>{first}<td colspan="4">–</td></tr>'
    rows = []
    main = Text("main technical supporter", "主要技术支持单位")
    for pair in pairs.sort_values(["people", "hospital_id"], ascending=[False, True]).itertuples():
        mark = chip(colours[pair.hospital_id], numbers[pair.hospital_id])
        rows.append(
            f'<tr>{first}<td>{mark} {escape(text_of(pair.hospital))}{"（" + said(main) + "）" if pair.main else ""}</td><td class="n">{count(pair.people)}</td>'
            f'<td class="n">{minutes(pair.mean_minutes)}</td><td class="n">{int(pair.priority)}</td></tr>'
        )
        first = ""
    return "".join(rows)


def _figures(plan: Plan, layer: str, areas: Areas, colours: dict[str, str]) -> str:
    """The whole region, and beside it its centre where it has one."""
    central = (plan.region.districts["kind"] == "central").to_numpy()
    views = [(Text("Whole region", "全域"), areas.districts)]
    if central.any() and not central.all():
        views.append((Text("Centre", "中心城区"), areas.districts[central]))
    size = (PAGE_WIDTH / len(views), PICTURE_HEIGHT)
    pictures = []
    for title, shapes in views:
        drawn = catchment_figure(plan, layer, areas, colours, shapely.total_bounds(shapes), size, title.zh)
        pictures.append(f"<figure>{drawn}{said(title, 'figcaption')}</figure>")
    return f'<div class="figures">{"".join(pictures)}</div>'


def _changes(plan: Plan) -> str:
    """The table that the authority's report asks for (SH-10): what is new, adjusted, ended, kept, and why."""
    table = changes(plan)
    headings = [
        Text("no.", "序号"), Text("change", "变动"), Text("district", "区"), Text("hospital", "医院"),
        Text("layer", "层"), Text("residents served", "服务人口"), Text("reason", "理由"),
    ]  # fmt: skip
    order = table["change"].map({change: n for n, change in enumerate(SAID_FIRST)})
    rows = [
        f'<tr><td class="n">{n}</td><td>{said(CHANGES[c.change])}</td><td>{escape(text_of(c.district))}</td>'
        f"<td>{escape(text_of(c.hospital))}</td><td>{said(both_words(LAYERS, c.layer))}</td>"
        f'<td class="n">{count(c.people)}</td><td>{said(Text(c.reason, c.reason_zh), "div")}</td></tr>'
        for n, c in enumerate(table.loc[order.sort_values(kind="stable").index].itertuples(), start=1)
    ]
    return said(count_text(plan, table), "p") + html_table(headings, rows)


def _quality(plan: Plan, result: LayerResult) -> str:
    """What was reached and what is proven, for those who do not solve models for a living."""
    rows = plan.assignment[plan.assignment["layer"] == result.layer]
    total = int(rows["people"].sum())
    each = (rows["people"] * rows["minutes"]).sum() / max(1, total)
    beyond = int(people_beyond(plan, 60, "layer", result.layer).sum())
    lines = [
        Text(
            f"{total:,} residents travel {each:.1f} minutes on average; {beyond:,} travel more than 60 minutes.",
            f"{total:,} 名居民平均出行 {each:.1f} 分钟；{beyond:,} 人超过 60 分钟。",
        ),
        _proof(result),
    ]
    for n, goal in enumerate(result.goals, start=1):
        told = goal_text(goal)
        lines.append(
            Text(f"Goal {n}, {told.en}, gap {goal.gap:.4%}.", f"目标 {n}：{told.zh}，差距 {goal.gap:.4%}。")
        )
    price = plan.preference_each(result.layer)
    if price is not None:
        lines.append(
            Text(
                f"Preferring existing ties costs {price:.1f} minutes per resident against a plan without any preference.",
                f"优先已有合作关系，使人均出行比不设优先次序时多 {price:.1f} 分钟。",
            )
        )
    name = both_words(LAYERS, result.layer)
    return (
        said(Text(f"Layer: {name.en}", f"{name.zh}层"), "h3")
        + f"<ul>{''.join(said(line, 'li') for line in lines)}</ul>"
    )


def _proof(result: LayerResult) -> Text:
    if result.status == "optimal":
        return Text(
            "Proven optimal: under these rules and these travel times, no other plan is better.",
            "已证明最优：在上述规则与出行时间下，没有更好的方案。",
        )
    return Text(
        f"Best found when the time ran out; a better plan may exist, but by at most {result.gap:.2%}.",
        f"限时内找到的最好方案；可能还有更好的方案，但最多再好 {result.gap:.2%}。",
    )


def _method(plan: Plan) -> str:
    parts = []
    if plan.policy.partner_layers:
        parts.append(
            Text(
                "Every unit goes to one partner of its district; the sum of residents × (minutes + price of the pair's "
                "priority) is made as small as the rules allow.",
                "每个单元归入本区的一家合作医院；在规则允许的范围内，使“居民 ×（分钟 + 优先级折算分钟）”合计最小。",
            )
        )
    if GRID in plan.policy.layers:
        parts.append(
            Text(
                "Every unit of the districts that are divided has one grid lead; the sum of residents × minutes to the lead is "
                "made as small as the rules allow.",
                "划分网格的区内，每个单元归一家牵头医院；在规则允许的范围内，使“居民 × 到牵头医院分钟”合计最小。",
            )
        )
    parts.append(
        Text(
            "A second program has checked every rule and every figure from the tables.",
            "另一个独立程序已依据数据表逐条核验规则和数字。",
        )
    )
    return said(Text(" ".join(p.en for p in parts), "".join(p.zh for p in parts)), "p")


def _rules(plan: Plan) -> str:
    rows = [
        f"<tr><td>{rule.id}</td><td>{said(rule.title)}</td><td>{said(rule.sentence(), 'div')}</td></tr>"
        for rule in plan.policy.on(plan.region).rules
    ]
    return html_table([Text("clause", "条款"), Text("rule", "规则"), Text("demands", "内容")], rows)


def _findings(plan: Plan) -> str:
    if not plan.findings:
        return said(Text("Nothing was found.", "没有发现问题。"), "p")
    rows = [
        f"<tr><td>{said(SEVERITY_WORDS[f.severity])}</td><td>{escape(f.table)} {escape(f.id)}</td>"
        f"<td>{said(f.what, 'div')}{said(f.hint, 'div')}</td></tr>"
        for f in plan.findings
    ]
    return html_table(
        [HEADINGS["severity"], Text("where", "位置"), Text("what, and what to do", "问题与建议")], rows
    )


def _provenance(plan: Plan) -> str:
    rows = [
        f"<tr><td>{escape(str(item))}</td><td>{escape(str(value))}</td></tr>"
        for item, value in provenance_table(plan).rows
    ]
    return html_table([Text("item", "项目"), Text("value", "内容")], rows)
