"""gaps.csv judged: the best level, and people below standard, before and after each part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridplan.inputs.disciplines import discipline_name
from gridplan.judging.programme.claims import Claimed
from gridplan.judging.verdict import Breach
from gridplan.words.text import Text

STANDARD = 2
STEPS = ("people_before", "people_with_posts", "people_with_alliances", "people_after")
ONE = 1.0  # person, by which rounded figures may differ


def judge_gaps(rule: str, claimed: Claimed, running: set[tuple[str, str]]) -> Iterator[Breach]:
    """Rows whose levels or people are not what the other tables give.

    Parameters
    ----------
    running : (hospital, discipline) that are supported already.
    """
    table = claimed.tables["support"]
    lifted = set(zip(table["hospital_id"], table["discipline"], strict=True)) | running
    homes: dict[str, list[str]] = {}
    for receiver in claimed.general_receivers:
        homes.setdefault(str(claimed.of_hospital[receiver]["district_id"]), []).append(receiver)
    for row in claimed.tables["gaps"].itertuples():
        best, people = _steps(
            claimed, homes.get(row.district_id, []), row.district_id, row.discipline, lifted
        )
        told = [getattr(row, step) for step in STEPS]
        wrong = [
            f"{name} {said:g} ≠ {is_:g}"
            for name, said, is_ in (
                ("level_before", row.level_before, best[0]), ("level_after", row.level_after, best[1]),
                *zip(STEPS, told, people, strict=True),
            )
            if not abs(said - is_) <= (0 if name.startswith("level") else ONE)
        ]  # fmt: skip
        if wrong:
            name, where = discipline_name(row.discipline), claimed.district(row.district_id)
            what = Text(
                f"gaps.csv: {name.en} in {where}: {'; '.join(wrong)}",
                f"gaps.csv 中{where}{name.zh}：{'；'.join(wrong)}",
            )
            yield Breach(rule, what, district_id=row.district_id, rows=(int(row.row),))


def _steps(
    claimed: Claimed, receivers: list[str], district: str, code: str, lifted: set[tuple[str, str]]
) -> tuple[tuple[float, float], list[float]]:
    """The best level before and after, and people below standard step by step."""
    people, first, last = [0.0] * len(STEPS), [np.nan], [np.nan]
    for receiver in receivers:
        level = claimed.levels.get((receiver, code), np.nan)
        if level != level:
            continue
        with_posts = min(3.0, level + claimed.posted(receiver, code))
        with_alliances = 2.0 if with_posts == 1 and claimed.allied(district, code) else with_posts
        after = max(with_alliances, 2.0) if (receiver, code) in lifted else with_alliances
        need = claimed.people(receiver, code)
        for n, step in enumerate((level, with_posts, with_alliances, after)):
            people[n] += need if step < STANDARD else 0.0
        first.append(level)
        last.append(after)
    known = len(first) > 1
    return (float(np.nanmax(first)), float(np.nanmax(last))) if known else (np.nan, np.nan), people
