"""missed.csv judged: who is next, whom each would replace, how many people it is short, worked out anew by trying all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gridplan.inputs.disciplines import discipline_code, discipline_name
from gridplan.judging.programme.claims import Claimed
from gridplan.judging.programme.weak.candidates import Department, floors_of, home_of
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Support
from gridplan.words.text import Text

SHOWN = 10
ONE = 1.0  # person, by which a rounded figure may differ


def judge_missed(rule: Support, claimed: Claimed, weak: Mapping[Department, float]) -> Iterator[Breach]:
    """Rows of missed.csv that are not what the other tables give, and who is left out of it.

    Parameters
    ----------
    weak : who may be chosen, with the people in need as support.csv counts them.
    """
    known = _Known(rule, claimed, weak)
    table, seen = claimed.tables["missed"], set[Department]()
    worst = max([row.margin for row in table.itertuples()], default=0.0)
    for row in table.itertuples():
        key = (row.hospital_id, row.discipline)
        for en, zh in known.faults(key, row, key in seen):
            name, who = discipline_name(row.discipline), claimed.hospital(row.hospital_id)
            what = Text(f"missed.csv: {name.en} of {who}: {en}", f"missed.csv：{who} 的{name.zh}：{zh}")
            yield Breach(rule.id, what, hospital_id=row.hospital_id, rows=(int(row.row),))
        seen.add(key)
    for key, margin in known.short.items():
        if key not in seen and (len(table) < SHOWN or margin < worst - 2 * ONE):
            name, who = discipline_name(key[1]), claimed.hospital(key[0])
            what = Text(
                f"missed.csv: {name.en} of {who} is left out; it is {margin:,.0f} people short",
                f"missed.csv：缺少 {who} 的{name.zh}，相差 {margin:,.0f} 人",
            )
            yield Breach(rule.id, what, hospital_id=key[0])
    if len(table) > SHOWN:
        what = Text(
            f"missed.csv: {len(table)} rows, at most {SHOWN}", f"missed.csv：{len(table)} 行，至多 {SHOWN} 行"
        )
        yield Breach(rule.id, what, rows=tuple(int(row) for row in table["row"][SHOWN:]))


@dataclass(frozen=True, eq=False)
class _Known:
    """Candidates and the lists of all years, as the tables tell."""

    rule: Support
    claimed: Claimed
    people: Mapping[Department, float]

    @cached_property
    def chosen(self) -> dict[Department, int]:
        """Department → year from which it is supported."""
        table = self.claimed.tables["support"]
        keys = zip(table["hospital_id"], table["discipline"], strict=True)
        years = dict(zip(keys, table["year_started"].astype(int), strict=True))
        return {key: year for key, year in years.items() if key in self.people}

    def groups(self, key: Department) -> dict[str, str]:
        """What limits count together, by the name of the limit."""
        return {"per_hospital": key[0], "per_discipline": key[1], "district_most": home_of(self.claimed, key)}

    def alike(self, a: Department, b: Department) -> bool:
        """Whether both are to be filled up first, or neither is."""
        return self.rule.fills(a[1]) == self.rule.fills(b[1])

    @cached_property
    def counts(self) -> Counter[tuple[int, str, str]]:
        """(year, limit, group) → chosen."""
        return Counter(
            (year, name, group)
            for key, year in self.chosen.items()
            for name, group in self.groups(key).items()
        )

    @cached_property
    def floors(self) -> dict[str, int]:
        """District → chosen in a year at least."""
        return floors_of(self.rule, self.claimed, self.people)

    def full(self, key: Department, year: int) -> list[str]:
        """Limits that are full for a department in a year."""
        return [n for n, g in self.groups(key).items() if self.counts[year, n, g] >= getattr(self.rule, n)]

    def may_replace(self, key: Department, other: Department) -> bool:
        """Whether the list of the other's year keeps every limit and floor with the one in the other's place."""
        year, mine, theirs = self.chosen[other], self.groups(key), self.groups(other)
        home = theirs["district_most"]
        spare = self.counts[year, "district_most", home] > self.floors[home]
        return (
            self.alike(key, other)
            and (spare or home == mine["district_most"])
            and all(mine[name] == theirs[name] for name in self.full(key, year))
        )

    def last(self, key: Department) -> float:
        """People of the last one chosen of its like."""
        return self._last.get(self.rule.fills(key[1]), -1.0)

    @cached_property
    def _last(self) -> dict[bool, float]:
        """Whether to be filled up first → people of the last one chosen."""
        most_first = sorted(self.chosen, key=lambda key: -self.people[key])
        return {self.rule.fills(key[1]): self.people[key] for key in most_first}

    @cached_property
    def short(self) -> dict[Department, float]:
        """Not chosen, surely with no more people than the last one → people short of the nearest that it may replace."""
        found: dict[Department, float] = {}
        fewest_first = sorted(self.chosen, key=lambda other: self.people[other])
        for key, people in self.people.items():
            if key not in self.chosen and ONE < people < self.last(key) - ONE:
                nearest = next((o for o in fewest_first if self.may_replace(key, o)), None)
                found |= {} if nearest is None else {key: self.people[nearest] - people}
        return found

    def faults(self, key: Department, row: object, again: bool) -> Iterator[tuple[str, str]]:
        """What is wrong with a row."""
        year, other = int(row.year_started), (row.displaced_id, discipline_code(row.displaced_discipline))  # type: ignore[attr-defined]
        if again:
            yield "it stands there twice", "重复"
        if key not in self.people:
            yield "it is no weak department that may be chosen", "不是可遴选的薄弱科室"
            return
        if key in self.chosen:
            yield "it is chosen", "已入选"
            return
        people = self.people[key]
        if abs(row.people - people) > ONE:  # type: ignore[attr-defined]
            yield "people are not what the tables give", "需求人数与表不符"
        if people > self.last(key) + 2 * ONE:
            yield (
                "it has more people than the last one chosen: limits keep it out",
                "需求人数多于末位入选者，系限额所致",
            )
        if self.chosen.get(other) != year:
            yield f"the one that it would replace is not chosen in {year}", f"可替换的专业并非 {year} 年入选"
            return
        if not self.may_replace(key, other):
            yield "in the place of that one it would break a limit or floor", "替换后将突破限额或下限"
        if abs(row.margin - (self.people[other] - people)) > 2 * ONE:  # type: ignore[attr-defined]
            yield "margin is not the difference in people", "margin 与需求人数之差不符"
        if self.short.get(key, row.margin) < row.margin - 2 * ONE:  # type: ignore[attr-defined]
            yield (
                f"it is only {self.short[key]:,.0f} people short of another",
                f"与另一入选专业仅差 {self.short[key]:,.0f} 人",
            )
        if row.limits.split() != self.full(key, year):  # type: ignore[attr-defined]
            yield "limits are not those that are full for it", "limits 与已满的限额不符"
