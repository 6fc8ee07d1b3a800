"""What every change of a scenario is: a value that prints as a sentence and makes a region and a policy anew."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.policies.policy import Policy
from gridplan.words.errors import ScenarioError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS

NOUNS = {
    "district": Text("district", "区"),
    "hospital": Text("hospital", "医院"),
    "branch": Text("branch", "院区"),
}
TABLES = {"district": "districts", "hospital": "hospitals", "branch": "branches"}


@dataclass(frozen=True)
class Change:
    """Base of all changes. `key` is how a scenario file writes it; nothing is changed in place."""

    key: ClassVar[str]

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region and the policy after the change.

        Raises
        ------
        ScenarioError : it names what the region or the policy lacks, or cannot stand; `findings` lists every fault.
        """
        raise TypeError(f"{type(self).__name__} changes nothing")

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """What changes, in both languages.

        Parameters
        ----------
        region, policy : as they are before the change; with them ids get their names, and values what they were.
        """
        raise TypeError(f"{type(self).__name__} has no sentence")

    def table(self) -> dict[str, Any]:
        """The change as a scenario file writes it; `gridplan.scenario.scenario_table` reads it back."""
        raise TypeError(f"{type(self).__name__} has no table")


def fault(key: str, what: Text, hint: Text, id: str = "") -> Finding:
    """One fault of a scenario."""
    said = Text(f"{key}: {what.en}", f"{key}：{what.zh}")
    return Finding("error", "scenario", "scenario", said, hint, id=id)


def refuse(faults: Iterable[Finding]) -> None:
    """Raise all faults as one error; nothing where there are none."""
    if found := Findings(faults):
        what = Text(
            f"the scenario has {len(found)} fault(s)",
            f"情景有 {len(found)} 处错误",
        )
        raise ScenarioError(what, findings=found)


def unknown(region: Region, key: str, noun: str, id: str) -> Finding | None:
    """The fault of an id that the region does not have, with the near matches; None where it has it."""
    table = getattr(region, TABLES[noun])
    ids = table[f"{noun}_id"]
    if id in set(ids):
        return None
    word, same = NOUNS[noun], ids[table["name"] == id].tolist()
    if same:
        hint = Text(f"write the id: {', '.join(same)}", f"请写编号：{'、'.join(same)}")
    else:
        hint = did_you_mean(id, [*ids, *_named(table, noun)])
    what = Text(f"the region has no {word.en} {id!r}", f"本地区没有{word.zh} {id!r}")
    return fault(key, what, hint, id)


def _named(table: pd.DataFrame, noun: str) -> list[str]:
    """Each id with its name, so that a name that is nearly right finds its id too."""
    rows = zip(table[f"{noun}_id"], table["name"], strict=True)
    return [f"{name} ({id})" for id, name in rows if name and name != id]


def label(region: Region | None, noun: str, id: str) -> str:
    """The name and id of a district, hospital or branch where the region knows it, else the id."""
    if region is None:
        return id
    if noun != "branch":
        return region.label(noun, id)
    names = region.branches.loc[region.branches["branch_id"] == id, "name"]
    return f"{names.iloc[0]} ({id})" if len(names) and names.iloc[0] else id


def kind_faults(key: str, words: Iterable[str]) -> Iterable[Finding]:
    """A fault for each word that is no kind of district."""
    for word in words:
        if word not in KINDS:
            what = Text(f"{word!r} is no kind of district", f"{word!r} 不是区的类别")
            yield fault(key, what, did_you_mean(word, KINDS), word)


def number_faults(
    key: str, numbers: Mapping[str, Any], low: float, high: float, hint: Text
) -> Iterable[Finding]:
    """A fault for each value that is no number above `low` and up to `high`."""
    for name, value in numbers.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not low < value <= high:
            what = Text(
                f"{name} must be a number above {low:g} and up to {high:g}; got {value!r}",
                f"{name} 须为大于 {low:g}、不超过 {high:g} 的数；现为 {value!r}",
            )
            yield fault(key, what, hint, str(name))


def listed(parts: Iterable[Text]) -> Text:
    """Parts one after the other, with each language's comma."""
    known = list(parts)
    return Text(", ".join(p.en for p in known), "、".join(p.zh for p in known))
