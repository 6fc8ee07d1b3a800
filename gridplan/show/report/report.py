"""report.html: what a commission reads, in its order. The decision on a page comes first, the method last."""

from __future__ import annotations

from html import escape

from gridplan.judging.verdict import Verdict
from gridplan.plans.folder.mark import mark_of
from gridplan.plans.plan import Plan
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.map.sheet import dated, heading_of, notes
from gridplan.show.report import report_layers, report_proof
from gridplan.show.report.report_decision import decision
from gridplan.show.shared.areas import Areas
from gridplan.show.shared.catchments import catchment_colours
from gridplan.show.shared.offline import asset, page
from gridplan.show.shared.told_apart import as_named, told_apart
from gridplan.words.html import said, section
from gridplan.words.text import Text, halves


def report(plan: Plan, areas: Areas, verdict: Verdict | None = None) -> str:
    """The report as one page of HTML that opens without a network and prints on A4. Nothing in it runs.

    Parameters
    ----------
    verdict : the judge's word on the plan, where it is at hand; else it is asked for.
    """
    title = f"{plan.region.title or plan.region.name} · {halves(plan.policy.title)[0]}"
    mark, certificate = mark_of(plan), plan.certificate
    plan, verdict = told_apart(plan), verdict or verdict_of(as_named(plan))
    colours = {r.layer: catchment_colours(plan, r.layer, areas.touching) for r in plan.layers}
    parts = [
        (Text("The decision", "方案要点"), decision(plan, verdict)),
        (Text("The map", "地图"), report_layers.maps(plan, areas, colours)),
        (Text("District by district", "各区情况"), report_layers.districts(plan, colours)),
    ]
    if plan.policy.partner_layers:
        parts += [
            (Text("Hospital by hospital", "各医院情况"), report_layers.hospitals(plan, colours)),
            (Text("Changes against today", "与现状相比的变化"), report_proof.changed(plan)),
        ]
    good = "".join(report_proof.quality(plan, result) for result in plan.layers)
    good += "" if certificate is None else said(certificate.sentence, "p")
    parts += [
        (Text("Rules of the policy", "政策规则"), report_proof.rules(verdict)),
        (Text("Findings about the data", "数据提醒"), report_proof.findings(plan)),
        (Text("How good it is", "方案质量与最优性"), good + said(report_proof.NOT_PROVEN, "p")),
        (Text("Method and provenance", "方法与说明"), report_proof.method(plan)),
    ]
    footer = "<footer>" + "".join(said(note, "p") for note in notes(plan)) + "</footer>"
    body = "".join(
        [_head(plan), "<main>", *(section(heading, part) for heading, part in parts), "</main>", footer]
    )
    return page(title, body, styles=[asset("report.css")], mark=mark)


def _head(plan: Plan) -> str:
    proven = "outcome proven" if plan.status == "optimal" else "outcome"
    source = f" · {escape(plan.policy.source)}" if plan.policy.source else ""
    return (
        f"<header><h1>{escape(plan.region.title or plan.region.name)} {said(heading_of(plan))}</h1>"
        f'<p><strong class="{proven}">{said(plan.outcome)}</strong> {said(plan.policy.title)}{source}</p>'
        f"{''.join(said(line, 'p') for line in [*dated(plan), *notes(plan)[:2]])}</header>"
    )
