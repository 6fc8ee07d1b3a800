"""Relations that may not be what they say: an outpatient clinic among the campuses, a list of partners with gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.words.findings import Finding
from gridplan.words.text import Text

CLINIC = re.compile("门诊部|门诊所|outpatient", re.IGNORECASE)
TCM = ("tcm", "integrated_tcm")
LEAST_WITHOUT, LEAST_SHARE = 3, 0.25  # of the districts; with fewer today does not look incomplete
NAMED = 6


def clinics_by_name(chart: Chart) -> Iterator[Finding]:
    """A branch that is called an outpatient clinic (门诊部), but said to be more."""
    branches = chart.region.branches
    for branch in records(branches[branches["relation"] != "clinic"]):
        if not CLINIC.search(str(branch.name)):
            continue
        what = Text(
            f"{branch.name} is called an outpatient clinic, but relation says {branch.relation or 'nothing'}: it counts as a "
            "place that serves residents, and may give its hospital priority in the district.",
            f"{branch.name} 名为门诊部，relation 却写作 {branch.relation or '（空）'}：将作为服务点，并可能使该医院在本区获得优先级。",
        )
        hint = Text(
            "Write relation = clinic if it has no wards.",
            "如无病房，请写 relation = clinic（门诊部）。",
        )
        yield Finding("warning", "clinic-by-name", "branches", what, hint, branch.row, branch.branch_id)


def today_with_gaps(chart: Chart) -> Iterator[Finding]:
    """Districts without a partner today, or without one for Chinese medicine, where the list may not be the full one.

    A partner is whoever has a row in partnerships. An open campus without an agreement counts as present in `gp.today`,
    so districts that have one are named.
    """
    region = chart.region
    if region.files and "partnerships" not in region.files:  # no list at all is no gap in one
        return
    hospitals, partners, branches = region.hospitals, region.partnerships, region.branches
    tcm = set(hospitals.loc[hospitals["category"].isin(TCM), "hospital_id"])
    of_tcm = set(partners.loc[partners["hospital_id"].isin(tcm), "district_id"])
    without = _without(chart, set(partners["district_id"]))
    without_tcm = _without(chart, of_tcm) if of_tcm else []
    if not without and not without_tcm:
        return
    en, zh = [], []
    if without:
        names = _named(chart, without)
        en, zh = (
            [f"{len(without)} districts have no partner today ({names.en})"],
            [f"{len(without)} 个区现无合作医院（{names.zh}）"],
        )
    if without_tcm:
        names = _named(chart, without_tcm)
        en += [f"{len(without_tcm)} districts have no TCM hospital among their partners today ({names.en})"]
        zh += [f"{len(without_tcm)} 个区现有合作医院中无中医类医院（{names.zh}）"]
    running = branches[
        (branches["status"] == "open") & (branches["relation"] == "campus") & branches["lon"].notna()
    ]
    there = sorted(set(running["district_id"]) & set(without))
    present = Text("", "")
    if there:
        names = _named(chart, there)
        present = Text(
            f" An open campus without an agreement counts as present today in {names.en}.",
            f"其中{names.zh}有未签约的开放院区，现状计入。",
        )
    what = Text(
        f"{'; '.join(en)}: is this the full list?{present.en}",
        f"{'；'.join(zh)}：现有合作名单是否完整？{present.zh}",
    )
    hint = Text(
        "If not, add the missing pairs to partnerships; before and after, changes and transition are told against it.",
        "如不完整，请在 partnerships 中补齐；前后对比、变动与过渡方案均以此为准。",
    )
    yield Finding("warning", "today-with-gaps", "partnerships", what, hint)


def _without(chart: Chart, known: set[str]) -> list[str]:
    """Districts that are not known, where they are so many that the list may have gaps."""
    districts = chart.region.districts["district_id"]
    without = [d for d in districts if d not in known]
    return without if len(without) >= max(LEAST_WITHOUT, LEAST_SHARE * len(districts)) else []


def _named(chart: Chart, districts: list[str]) -> Text:
    names, more = [chart.called(d) for d in districts[:NAMED]], len(districts) - NAMED
    return Text(
        ", ".join(names) + (f" and {more} more" if more > 0 else ""),
        "、".join(names) + ("等" if more > 0 else ""),
    )
