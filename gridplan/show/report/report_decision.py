"""The first page of the report: what is decided, in sentences, figures and one table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.ask.pairs.one_more import one_more_place, one_more_text
from gridplan.ask.question import questions_of
from gridplan.judging.verdict import Verdict
from gridplan.plans.changes import changes, count_text
from gridplan.plans.grids_of_plan import grids, left_out
from gridplan.plans.plan import LayerResult, Plan, outcome_text
from gridplan.show.report.report_proof import proof
from gridplan.show.shared.before_after import before_after_html, told
from gridplan.show.shared.per_hospital import hospital_rows
from gridplan.words.amount import people_exact, people_text
from gridplan.words.html import count, figures, html_table, minutes, said, shown
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import GRID, LAYERS, both_words, layer_title

FAR = 60  # minutes: residents beyond them are named on the first page
NAMED = 3  # so many districts are named there, those with the most residents first


def decision(plan: Plan, verdict: Verdict) -> str:
    """Sentences, a row of figures per layer, and who partners whom in a row per district."""
    table, sentences = told(plan)
    lines = decision_lines(plan, verdict)
    against = before_after_html(plan, table) if sentences else ""
    return f'<ul class="lead">{"".join(said(line, "li") for line in lines)}</ul>{_figures(plan)}{_partners(plan)}{against}'


def decision_lines(plan: Plan, verdict: Verdict) -> list[Text]:
    """What is decided, a sentence each: layers, proof, against today, rules, who travels far."""
    _, sentences = told(plan)
    lines = [_layer_sentence(plan, result) for result in plan.layers]
    lines.append(proof(plan))
    if plan.policy.partner_layers:
        lines += sentences
        counts = count_text(plan, changes(plan))
        lines.append(Text(f"Pairs against today: {counts.en}", f"结对变动：{counts.zh}"))
    lines.append(_rules_sentence(verdict))
    lines += [line for result in plan.layers if (line := _far_sentence(plan, result)) is not None]
    lines += [*_load_sentences(plan), *_lever_sentences(plan)]
    if plan.findings:
        lines.append(
            Text(
                f"{len(plan.findings)} findings about the data travel with the plan; read them before deciding.",
                f"数据另有 {len(plan.findings)} 条提醒，决策前请一并阅读。",
            )
        )
    return lines


def _layer_sentence(plan: Plan, result: LayerResult) -> Text:
    """What a layer decides, with its numbers."""
    name = both_words(LAYERS, result.layer)
    rows = plan.assignment[plan.assignment["layer"] == result.layer]
    total, mean = int(rows["people"].sum()), _mean(rows)
    hospitals, districts = rows["hospital_id"].nunique(), rows["district_id"].nunique()
    if result.layer == GRID:
        out = left_out(plan)
        names = [plan.region.label("district", d) for d in out]
        left = Text(
            f"; left out, since they run a county consortium (ZJ-1): {', '.join(names)}" if out else "",
            f"；实行县域医共体、不划网格（ZJ-1）：{'、'.join(names)}" if out else "",
        )
        return Text(
            f"Grids: {districts} districts are divided into {hospitals} grids, each led by a hospital that stands in it; "
            f"{total:,} residents, {mean:.1f} minutes to their lead on average{left.en}.",
            f"网格：{districts} 个区划分为 {hospitals} 个网格，各由网格内一家医院牵头，覆盖 {total:,} 名居民，"
            f"到牵头医院人均 {mean:.1f} 分钟{left.zh}。",
        )
    pairs, served = int((plan.pairs["layer"] == result.layer).sum()), people_exact(total)
    return Text(
        f"{name.en[:1].upper()}{name.en[1:]} layer: {hospitals} hospitals serve {total:,} residents of {districts} "
        f"districts through {pairs} pairs; {mean:.1f} minutes on average.",
        f"{name.zh}类结对：{hospitals} 家医院与 {districts} 个区结成 {pairs} 对，服务 {served.zh}，人均 {mean:.1f} 分钟。",
    )


def _rules_sentence(verdict: Verdict) -> Text:
    rules = len({rule for rule, _, _ in verdict.judged} - {"FIGURES"})
    if verdict.kept:
        return Text(
            f"All {rules} rules are kept; a second program has checked each from the tables.",
            f"{rules} 条规则全部满足，并由另一独立程序依据数据表逐条核验。",
        )
    broken = len({b.rule for b in verdict.breaches})
    return Text(
        f"The judge objects to {broken} of {len(verdict.judged)} points: see the rules below.",
        f"核验 {len(verdict.judged)} 项，其中 {broken} 项不符，见下文规则一节。",
    )


def _load_sentences(plan: Plan) -> Iterator[Text]:
    """Whether the partners can carry it: the fullest, or that nobody states a capacity."""
    for layer in plan.policy.partner_layers:
        partners = [row for row in hospital_rows(plan, layer) if row.names]
        name = both_words(LAYERS, layer)
        stated = [(row.load, row) for row in partners if row.load is not None]
        if not stated:
            beds = [(row.per_bed, row) for row in partners if row.per_bed is not None]
            most, blank = Text("", ""), len(partners) - len(beds)
            if beds:
                each, row = max(beds, key=lambda one: one[0])
                left, among = Text("", ""), Text("", "")
                if blank:
                    among = Text(f" among the {len(beds)} that state beds", f"（{len(beds)} 家已填床位者中）")
                    left = Text(f"; {blank} state none", f"；另有 {blank} 家未填床位")
                most = Text(
                    f" Most residents per bed{among.en}: {row.name}, {each:,.0f}{left.en}.",
                    f"每床服务人口最多{among.zh}：{row.name}，{each:,.0f} 人{left.zh}。",
                )
            yield Text(
                f"To be known: no partner of the layer {name.en} states a capacity; whether they can carry their residents "
                f"is not examined.{most.en}",
                f"需关注：{name.zh}类结对的合作医院均未填报承载能力，能否承载未作检验。{most.zh}",
            )
            continue
        share, row = max(stated, key=lambda one: one[0])
        without = len(partners) - len(stated)
        left = Text(
            f"; {without} state none" if without else "", f"；另有 {without} 家未填报" if without else ""
        )
        yield Text(
            f"Load, layer {name.en}: the fullest partner is {row.name} with {share:.0%} of its capacity{left.en}.",
            f"承载（{name.zh}类结对）：占用最高的是{row.name}，为承载能力的 {share:.0%}{left.zh}。",
        )


def _lever_sentences(plan: Plan) -> Iterator[Text]:
    """Which one more place would gain most."""
    for layer in plan.policy.partner_layers:
        q = questions_of(plan, layer)
        if (one := one_more_place(q)) is not None:
            yield one_more_text(q, one)


def _far_sentence(plan: Plan, result: LayerResult) -> Text | None:
    """Who travels far, and where most of them live; None where nobody does."""
    mine = plan.assignment[plan.assignment["layer"] == result.layer]
    far = mine[mine["minutes"] > FAR].groupby("district_id")["people"].sum()
    far = far[far > 0].sort_values(ascending=False, kind="stable")
    if far.empty:
        return None
    named = plan.region.district_names
    most = [(named.get(str(d), both(str(d))), f"{people:,}") for d, people in far.head(NAMED).items()]
    english = ", ".join(f"{district.en} {people}" for district, people in most)
    chinese = "、".join(
        f"{district.zh} {people_text(n).zh}" for (district, _), n in zip(most, far, strict=False)
    )
    name, total = both_words(LAYERS, result.layer), int(far.sum())
    share = total / max(1, int(mine["people"].sum()))
    return Text(
        f"To be known: in the layer {name.en}, {total:,} residents ({share:.1%}) travel more than {FAR} minutes, "
        f"most of them in {english}.",
        f"需关注：{layer_title(result.layer).zh}有 {people_text(total).zh}（{share:.1%}）出行超过 {FAR} 分钟，主要在{chinese}。",
    )


def _figures(plan: Plan) -> str:
    """A row of figures per layer."""
    headings = [
        Text("layer", "服务类别"), Text("outcome", "结果"), Text("pairs or grids", "结对（网格）数"), Text("hospitals", "医院数"),
        Text("residents", "居民"), Text("mean minutes", "人均出行时间（分钟）"), Text("longest", "最长"),
        Text(f"beyond {FAR} min", f"超过 {FAR} 分钟"),
    ]  # fmt: skip
    rows = []
    for result in plan.layers:
        mine = plan.assignment[plan.assignment["layer"] == result.layer]
        hospitals = mine["hospital_id"].nunique()
        number = hospitals if result.layer == GRID else int((plan.pairs["layer"] == result.layer).sum())
        far = int(mine.loc[mine["minutes"] > FAR, "people"].sum())
        cells = (
            count(number), count(hospitals), count(mine["people"].sum()), minutes(_mean(mine)),
            minutes(mine.loc[mine["people"] > 0, "minutes"].max()), count(far),
        )  # fmt: skip
        proven = "outcome proven" if result.status == "optimal" else "outcome"
        rows.append(
            f'<tr><th scope="row">{said(both_words(LAYERS, result.layer))}</th>'
            f'<td><span class="{proven}">{said(outcome_text(result.status, result.gap))}</span></td>'
            f"{figures(cells)}</tr>"
        )
    return f'<div class="figures-row">{html_table(headings, rows)}</div>'


def _partners(plan: Plan) -> str:
    """A row per district: its partners in each layer, the main technical supporter first and in bold."""
    layers = [result.layer for result in plan.layers]
    headings = [
        Text("district", "区"),
        *(
            Text("grid leads", "网格牵头医院")
            if layer == GRID
            else Text(
                f"partners, {both_words(LAYERS, layer).en}", f"{both_words(LAYERS, layer).zh}类合作医院"
            )
            for layer in layers
        ),
    ]
    pairs = plan.pairs_frame().sort_values(["main", "people", "hospital_id"], ascending=[False, False, True])
    partners: dict[tuple[str, str], list[str]] = {}
    for p in pairs.itertuples():
        partners.setdefault((p.layer, p.district_id), []).append(_partner(p.hospital, p.main))
    homes = grids(plan).groupby("district_id")["hospital"] if GRID in layers else None
    rows = []
    for district, name in plan.region.district_names.items():
        cells = []
        for layer in layers:
            if layer == GRID and homes is not None:
                leads = list(homes.get_group(district)) if district in homes.groups else []
                cells.append(_few([shown(lead) for lead in leads]))
            else:
                cells.append("、".join(partners.get((layer, district), [])) or "–")
        rows.append(
            f'<tr><th scope="row">{said(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        )
    note = Text("In bold: the main technical supporter (SH-7).", "加粗者为主要技术支持单位（SH-7）。")
    below = said(note, "p") if plan.policy.partner_layers else ""
    return f'<div class="glance">{html_table(headings, rows)}{below}</div>'


def _partner(name: object, main: object) -> str:
    return f"<b>{shown(name)}</b>" if main else shown(name)


def _few(names: list[str]) -> str:
    """Grid leads of a district: all where they are few, else the first with how many more."""
    if len(names) <= NAMED:
        return "、".join(names) or "–"
    more = Text(f" and {len(names) - NAMED + 1} more", f" 等 {len(names)} 家")
    return "、".join(names[: NAMED - 1]) + said(more)


def _mean(rows: pd.DataFrame) -> float:
    return float((rows["people"] * rows["minutes"]).sum() / max(1, rows["people"].sum()))
