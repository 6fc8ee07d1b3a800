"""Relations that may not be what they say: an outpatient clinic among the campuses, a list of partners with gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.words.findings import Finding
from gridplan.words.text import Text

CLINIC = re.compile("门诊部|门诊所|outpatient", re.IGNORECASE)
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
    """Districts without a partner today, where so many are without that the list may not be the full one.

    A partner is whoever has a row in partnerships: an open campus without an agreement is told by `gp.today`, and asks
    for one.
    """
    region = chart.region
    if region.partnerships.empty:  # no list at all is no gap in one
        return
    known = set(region.partnerships["district_id"])
    without = [d for d in region.districts["district_id"] if d not in known]
    if len(without) < max(LEAST_WITHOUT, LEAST_SHARE * len(region.districts)):
        return
    names = [chart.called(d) for d in without[:NAMED]]
    more = len(without) - len(names)
    en, zh = (
        ", ".join(names) + (f" and {more} more" if more else ""),
        "、".join(names) + ("等" if more else ""),
    )
    what = Text(
        f"{len(without)} districts have no partner today ({en}): is this the full list?",
        f"{len(without)} 个区现无合作医院（{zh}）：现有合作名单是否完整？",
    )
    hint = Text(
        "If not, add the missing pairs to partnerships; before and after, changes and transition are told against it.",
        "如不完整，请在 partnerships 中补齐；前后对比、变动与过渡方案均以此为准。",
    )
    yield Finding("warning", "today-with-gaps", "partnerships", what, hint)
