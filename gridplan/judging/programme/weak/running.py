"""running.csv judged: what is supported already, until when, and where its level stands."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.inputs.disciplines import discipline_name
from gridplan.judging.programme.claims import Claimed
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Support
from gridplan.words.text import Text

STANDARD = 2


def running_since(rule: Support, claimed: Claimed) -> dict[tuple[str, str], int]:
    """(hospital, discipline) that is still supported in the first year planned → year in which that began, the last one."""
    table, found = claimed.region.support, dict[tuple[str, str], int]()
    if table is None:
        return found
    for hospital, code, year in table[["hospital_id", "discipline", "year_started"]].itertuples(index=False):
        if year + rule.years > rule.first_year:
            found[hospital, code] = max(int(year), found.get((hospital, code), int(year)))
    return found


def judge_running(rule: Support, claimed: Claimed) -> Iterator[Breach]:
    """Rows of running.csv that the table support does not give, and what is left out."""
    asked, seen = running_since(rule, claimed), set[tuple[str, str]]()
    for row in claimed.tables["running"].itertuples():
        key = (row.hospital_id, row.discipline)
        faults: list[tuple[str, str]] = []
        if key not in asked:
            faults.append(("it is not supported already", "并非在扶持"))
        elif (row.year_started, row.until_year) != (asked[key], asked[key] + rule.years):
            faults.append((
                f"its support runs from {asked[key]} to {asked[key] + rule.years}",
                f"扶持期应为 {asked[key]} 至 {asked[key] + rule.years} 年",
            ))  # fmt: skip
        if key in seen:
            faults.append(("it stands there twice", "重复"))
        if row.state != _state(claimed, key):
            faults.append((f"its state is {_state(claimed, key)}", f"状态应为 {_state(claimed, key)}"))
        for en, zh in faults:
            yield _breach(rule, claimed, key, en, zh, (int(row.row),))
        seen.add(key)
    for key in asked.keys() - seen:
        yield _breach(rule, claimed, key, "it is supported already and is left out", "在扶持，但未列入", ())


def _state(claimed: Claimed, key: tuple[str, str]) -> str:
    level = claimed.levels.get(key)
    return "not_known" if level is None else "reached" if level >= STANDARD else "continues"


def _breach(
    rule: Support, claimed: Claimed, key: tuple[str, str], en: str, zh: str, rows: tuple[int, ...]
) -> Breach:
    name, who = discipline_name(key[1]), claimed.hospital(key[0])
    what = Text(f"running.csv: {name.en} of {who}: {en}", f"running.csv：{who} 的{name.zh}：{zh}")
    return Breach(rule.id, what, hospital_id=key[0], rows=rows)
