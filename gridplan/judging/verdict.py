"""Verdict: what the judge says of a plan, rule by rule, with the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from gridplan.inputs.sheets.condense import row_ranges
from gridplan.words.errors import SHOWN, BrokenPlanError
from gridplan.words.findings import Finding, Findings, visible
from gridplan.words.html import card, html_row, html_table, said
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import LAYERS, both_words

MANY, FIRST = (
    10,
    3,
)  # so many breaches of one kind are not listed one by one: the first three, then the rest at once
NUMBER = re.compile(r"\d[\d.,]*")
VERDICTS = {True: Text("kept", "满足"), False: Text("BROKEN", "不符")}
RULE_HEADINGS = (
    Text("rule", "规则"), Text("verdict", "核验"), Text("room left", "余量"), Text("demands", "内容"),
)  # fmt: skip
COLUMNS = ["rule", "layer", "district_id", "hospital_id", "unit_id", "rows", "what"]


@dataclass(frozen=True)
class Breach:
    """One rule broken at one place.

    Parameters
    ----------
    rule : id of the rule ("SH-2"), or "FIGURES" where a printed figure is not what the tables give.
    rows : rows of the assignment (or of the pairs, for "FIGURES") as a spreadsheet numbers them, header = 1.
    """

    rule: str
    what: Text
    layer: str = ""
    district_id: str = ""
    hospital_id: str = ""
    unit_id: str = ""
    rows: tuple[int, ...] = ()

    def line(self, lang: Language = "en") -> str:
        """The breach as a line of text."""
        rows = ranges(self.rows)
        noun = "row" if len(set(self.rows)) == 1 else "rows"
        where = "" if not rows else (f" ({noun} {rows})" if lang == "en" else f"（第 {rows} 行）")
        colon = ": " if lang == "en" else "："
        return f"{self.rule}{self.place.say(lang)}{colon}{self.what.say(lang)}{where}"

    @property
    def place(self) -> Text:
        """The layers that it is of, in brackets; nothing where it is of none."""
        words = [both_words(LAYERS, one) for one in self.layer.split(", ") if one]
        return (
            Text(f" [{self.layer}]", f"［{'、'.join(word.zh for word in words)}］") if words else Text("", "")
        )


@dataclass(frozen=True)
class Verdict:
    """All rules that were judged, and all breaches at once.

    Parameters
    ----------
    name : str
        What was judged.
    judged : tuple[tuple[str, Text, Text], ...]
        (rule id, sentence, slack) of every rule that was checked; slack says how much room is left where a rule
        has a number, and is empty elsewhere.
    breaches : tuple[Breach, ...], default ()
        Every breach, with its rule and rows.
    notes : Findings, optional
        Of an assignment made by hand: what was read otherwise than it is written, or left out.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.verify(plan).breaches
    ()
    """

    name: str
    judged: tuple[tuple[str, Text, Text], ...]
    breaches: tuple[Breach, ...] = field(default=())
    notes: Findings = field(default_factory=Findings)

    @property
    def kept(self) -> bool:
        """Whether no rule is broken and every printed figure holds."""
        return not self.breaches

    def to_frame(self) -> pd.DataFrame:
        """A row per breach: rule, layer, district_id, hospital_id, unit_id, rows, what, what_zh."""
        listed = [
            (b.rule, b.layer, b.district_id, b.hospital_id, b.unit_id, ranges(b.rows), b.what.en, b.what.zh)
            for b in self.breaches
        ]
        return pd.DataFrame(listed, columns=[*COLUMNS, "what_zh"])

    def rules_frame(self, lang: Language = "en") -> pd.DataFrame:
        """A row per rule: rule, kept, breaches, slack, sentence."""
        broken = pd.Series([b.rule for b in self.breaches], dtype=object).value_counts()
        rows = [
            (rule, rule not in broken.index, int(broken.get(rule, 0)), slack.say(lang), text.say(lang))
            for rule, text, slack in self.judged
        ]
        return pd.DataFrame(rows, columns=["rule", "kept", "breaches", "slack", "sentence"])

    def report(self, lang: Language = "en") -> str:
        """The verdict as text: what was read otherwise, every rule kept or broken, then every breach."""
        broken = {b.rule for b in self.breaches}
        lines = [self.outcome.say(lang), *(_note(note, lang) for note in self.notes)]
        wide = max([9, *(len(rule) + 1 for rule, *_ in self.judged)])
        for rule, text, slack in self.judged:
            room = f" [{slack.say(lang)}]" if slack.en else ""
            word = VERDICTS[rule not in broken].say(lang)
            lines.append(f"  {rule:<{wide}}{word:<7} {text.say(lang)}{room}")
        return "\n".join([*lines, *(f"  - {line.say(lang)}" for line in self.told())])

    @property
    def outcome(self) -> Text:
        """The first line of the verdict: every rule kept, or how many breaches."""
        if self.kept:
            return Text(f"{self.name}: every rule is kept.", f"{self.name}：所有规则均满足。")
        count = len(self.breaches)
        return Text(f"{self.name}: {count} breach(es).", f"{self.name}：{count} 处不符。")

    def told(self) -> Iterator[Text]:
        """A line per breach; of the same fault in many units the first ones, the rest counted with their rows."""
        kinds: dict[tuple[str, ...], list[Breach]] = {}
        for number, breach in enumerate(self.breaches):
            kinds.setdefault(_kind(breach, number), []).append(breach)
        for same in kinds.values():
            shown = same if len(same) < MANY else same[:FIRST]
            yield from (Text(breach.line("en"), breach.line("zh")) for breach in shown)
            if rest := same[len(shown) :]:
                rows = row_ranges(row for breach in rest for row in breach.rows)
                where = Text(f", rows {rows}", f"，第 {rows} 行") if rows else Text("", "")
                rule, place = rest[0].rule, rest[0].place
                yield Text(
                    f"{rule}{place.en}: {len(rest):,} more like it{where.en}",
                    f"{rule}{place.zh}：另有 {len(rest):,} 处同样{where.zh}",
                )

    def raise_if_broken(self) -> None:
        """Raise BrokenPlanError unless every rule is kept."""
        if not self.kept:
            what = Text(f"the judge rejects the plan {self.name}", f"核验未通过：{self.name}")
            hint = Text("see `verdict` for all breaches", "全部不符之处见 verdict")
            raise BrokenPlanError(what, hint, [b.line() for b in self.breaches[:SHOWN]], self)

    def __repr__(self) -> str:
        told = [f"  {line.en}" for line in self.told()]
        more = [f"  … and {len(told) - FIRST} more, see print(verdict)"] if len(told) > FIRST else []
        return "\n".join([f"Verdict {self.outcome.en}", *told[:FIRST], *more])

    def __str__(self) -> str:
        return self.report()

    def _repr_html_(self) -> str:
        broken = {b.rule for b in self.breaches}
        rows = [html_row((r, VERDICTS[r not in broken], slack, text)) for r, text, slack in self.judged]
        notes = [said(Text(_note(note, "en"), _note(note, "zh")), "li") for note in self.notes]
        breaches = [said(line, "li") for line in self.told()]
        listed = f"<ul>{''.join([*notes, *breaches])}</ul>" if notes or breaches else ""
        return card(self.outcome, html_table(RULE_HEADINGS, rows), listed)


def _kind(breach: Breach, number: int) -> tuple[str, ...]:
    """What makes two breaches alike: rule, layer and words, of units with other ids and numbers."""
    if not breach.unit_id:
        return (str(number),)
    words = breach.what.en.partition(" printed")[0]
    for id in (breach.unit_id, breach.hospital_id, breach.district_id):
        words = words.replace(id, "") if id else words
    return breach.rule, breach.layer, NUMBER.sub("", words)


def _note(note: Finding, lang: Language) -> str:
    """A note in one line: the row, what was done, what to do if that is wrong."""
    row = "" if note.row is None else Text(f"row {note.row}: ", f"第 {note.row} 行：").say(lang)
    head, gap = ("note: ", " ") if lang == "en" else ("说明：", "")
    return visible(f"  {head}{row}{note.what.say(lang)}{gap}{note.hint.say(lang)}")


def ranges(rows: Iterable[int]) -> str:
    """Row numbers as a planner would write them: 2–5, 9."""
    parts: list[list[int]] = []
    for row in sorted(set(rows)):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
