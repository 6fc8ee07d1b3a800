"""The second half of the report: changes, rules, findings, how good the plan is, method and provenance."""

from __future__ import annotations

from html import escape

from gridplan.judging.verdict import Verdict
from gridplan.plans.changes import SAID_FIRST, changes, count_text
from gridplan.plans.measures import people_beyond
from gridplan.plans.plan import LayerResult, Plan, goal_text, outcome_text
from gridplan.plans.prices import rule_prices
from gridplan.show.shared.judged import judged_rules
from gridplan.show.shared.provenance_sheet import provenance_table
from gridplan.words.findings import HEADINGS, SEVERITY_WORDS
from gridplan.words.html import count, html_row, html_table, said, shown
from gridplan.words.text import Text
from gridplan.words.vocabulary import CHANGES, GRID, LAYERS, PLACES, both_words, layer_title


def changed(plan: Plan) -> str:
    """The table that the authority's report asks for (SH-10): what is new, adjusted, ended, kept, and why."""
    table = changes(plan)
    headings = [
        Text("no.", "序号"), Text("change", "变动"), Text("district", "区"), Text("hospital", "医院"),
        Text("layer", "服务类别"), Text("residents served", "服务人口"), Text("reason", "理由"),
    ]  # fmt: skip
    order = table["change"].map({change: n for n, change in enumerate(SAID_FIRST)})
    rows = [
        f'<tr><td class="n">{n}</td><td>{said(CHANGES[c.change])}</td><td>{shown(c.district)}</td>'
        f"<td>{shown(c.hospital)}</td><td>{said(both_words(LAYERS, c.layer))}</td>"
        f'<td class="n">{count(c.people)}</td><td>{said(Text(c.reason, c.reason_zh), "div")}</td></tr>'
        for n, c in enumerate(table.loc[order.sort_values(kind="stable").index].itertuples(), start=1)
    ]
    return said(count_text(plan, table), "p") + html_table(headings, rows)


def rules(verdict: Verdict) -> str:
    """Every clause with the judge's word on it and the room that is left; below, what was found broken."""
    headings = [
        Text("clause", "条款"), Text("rule", "规则"), Text("verdict", "核验"), Text("room left", "余量"),
        Text("demands", "内容"),
    ]  # fmt: skip
    rows = [html_row((r.id, r.title, r.verdict, r.slack, r.sentence)) for r in judged_rules(verdict)]
    breaches = "".join(said(line, "li") for line in verdict.told())
    return html_table(headings, rows) + (f"<ul>{breaches}</ul>" if breaches else "")


def findings(plan: Plan) -> str:
    """What is odd in the data, and what to do about it."""
    if not plan.findings:
        return said(Text("Nothing was found.", "没有发现问题。"), "p")
    rows = [
        f"<tr><td>{said(SEVERITY_WORDS[f.severity])}</td><td>{said(both_words(PLACES, f.table))} {escape(f.id)}</td>"
        f"<td>{said(f.what, 'div')}{said(f.hint, 'div')}</td></tr>"
        for f in plan.findings
    ]
    return html_table(
        [HEADINGS["severity"], Text("where", "位置"), Text("what, and what to do", "问题与建议")], rows
    )


def quality(plan: Plan, result: LayerResult) -> str:
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
        proof(result),
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
    elif _could_be_asked(result):
        lines.append(NO_PRICE)
    unit = result.goals[-1].unit
    for name, _, sentence in rule_prices(plan.policy, result.value, result.without, total, unit):
        lines.append(Text(f"{name.en} {sentence.en}.", f"{name.zh}{sentence.zh}。"))
    return said(layer_title(result.layer), "h3") + f"<ul>{''.join(said(line, 'li') for line in lines)}</ul>"


def _could_be_asked(result: LayerResult) -> bool:
    """Whether what the priorities cost is left out for want of time alone: no other goal has a say in the travel."""
    return result.layer != GRID and all(
        goal.goal.startswith(("residents_through_", "travel")) for goal in result.goals
    )


def proof(result: LayerResult | Plan) -> Text:
    """How sure a layer or the whole plan is: proven, or by how much a better one could be better."""
    if result.status == "optimal":
        return Text(
            "Proven optimal: under these rules and these travel times, no other plan is better.",
            "已证明最优：在上述规则与出行时间下，没有更好的方案。",
        )
    return Text(
        f"{outcome_text(result.status, result.gap).en}: the time ran out; a better plan may exist, but by at most {result.gap:.2%}.",
        f"{outcome_text(result.status, result.gap).zh}：求解时限已到；可能还有更好的方案，但最多再好 {result.gap:.2%}。",
    )


NO_PRICE = Text(
    "What preferring existing ties costs is left out: it was not proven within the time.",
    "优先已有合作关系的代价未在时限内算出，故不列。",
)
NOT_PROVEN = Text(
    "The proof speaks of this goal, these minutes and these data. Whether the minutes are right and the data are true, "
    "it does not say.",
    "最优性是就本目标、这些出行时间和这些数据而言；出行时间是否准确、数据是否属实，不在证明之内。",
)


def method(plan: Plan) -> str:
    """How the plan was made, and what it was made from."""
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
    table = provenance_table(plan)
    words = said(Text(" ".join(p.en for p in parts), "".join(p.zh for p in parts)), "p")
    return words + html_table(
        [column.heading for column in table.columns],
        [html_row((str(item), str(value))) for item, value in table.rows],
    )
