"""JG-1 judged from case_mix.csv alone."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.judging.programme.claims import Claimed
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Tiers
from gridplan.words.text import Text


def judge_tiers_of_care(rule: Tiers, claimed: Claimed) -> Iterator[Breach]:
    """Visits of each district, class and tier are residents × visits × shares; nothing is missing."""
    people: dict[str, float] = {}
    for row in claimed.region.units.itertuples():
        people[row.district_id] = people.get(row.district_id, 0.0) + float(row.people)
    shares = {
        "primary": rule.primary,
        "district": rule.district,
        "municipal": rule.municipal,
        "nursing": rule.nursing,
    }
    asked = {
        (district, case, tier): count * rule.visits * rule.share[case] * part[case]
        for district, count in people.items()
        for tier, part in shares.items()
        for case in rule.share if part.get(case, 0.0)
    }  # fmt: skip
    for row in claimed.tables["case_mix"].itertuples():
        key = (row.district_id, row.case, row.tier)
        visits = asked.pop(key, None)
        if visits is None or abs(visits - row.visits) > 0.51:
            said, said_zh = (
                ("no such row", "不应有此行")
                if visits is None
                else (f"{visits:,.0f} it is", f"应为 {visits:,.0f}")
            )
            what = Text(
                f"case_mix.csv: {' '.join(key)}: {row.visits:,.0f} visits are printed; {said}",
                f"case_mix.csv：{' '.join(key)}：所列 {row.visits:,.0f} 人次；{said_zh}",
            )
            yield Breach(rule.id, what, rows=(int(row.row),))
    for key in sorted(asked):
        yield Breach(
            rule.id,
            Text(f"case_mix.csv: {' '.join(key)} is not listed", f"case_mix.csv：未列出 {' '.join(key)}"),
        )
