"""A column and a table, as data; what they are built with, and how headers and words are compared.

Headers and words are compared after `plain()`: full width made half, lower case, without blanks, `_` and `-`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

from gridplan.inputs.aliases import HEADERS
from gridplan.words.text import Text

Kind = Literal["id", "text", "whole", "number", "degree", "word", "discipline"]
NUMERIC: tuple[Kind, ...] = ("whole", "number", "degree")


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Parameters
    ----------
    name : canonical header.
    kind : "id" and "text" are text; "whole" is a whole number, "number" any, "degree" a coordinate (all kept
        as float64, NaN where not stated); "word" is one of `words`; "discipline" is a code of the national
        catalogue, whichever way it is spelled (`disciplines.py`).
    required : whether the table is refused without it (shapes stand in for coordinates).
    filled : whether a blank cell is a fault (the doctor's).
    unit : what its numbers count ("persons", "km2", "minutes", "beds", "km/h", "degrees").
    low, high : the range that is believed; beyond it a number is a fault (the doctor's).
    aliases : other headers it goes by, the best first (`aliases.py`).
    withheld : whether "<6" says that a small count is withheld, as a blank cell does.
    own_words : other words of its closed list that region.toml adds, as `plain` leaves them.
    """

    name: str
    kind: Kind
    required: bool = False
    filled: bool = False
    words: Mapping[str, Text] | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    aliases: tuple[str, ...] = ()
    withheld: bool = False
    own_words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether it counts a part of the residents, so that it may be stated as a share of them."""
        return self.unit == "persons" and self.name.startswith("people_")


@dataclass(frozen=True)
class Table:
    """One table of a region: its name, its id column ("" where it has none) and its columns."""

    name: str
    title: Text
    key: str
    columns: tuple[Column, ...]
    required: bool = False
    spatial: bool = True

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def column(self, name: str) -> Column | None:
        """The column of that name; any `people_…` of the units is a group of persons."""
        found = next((c for c in self.columns if c.name == name), None)
        if found is None and self.name == "units" and name.startswith("people_"):
            return persons(name)
        return found

    @property
    def names(self) -> list[str]:
        """The canonical names, in order."""
        return [column.name for column in self.columns]

    @cached_property
    def called(self) -> dict[tuple[bool, str, bool], frozenset[str]]:
        """What its columns are called, as headers are compared: together for those that are places, of one unit, or groups."""
        names: dict[tuple[bool, str, bool], set[str]] = {}
        for column in self:
            alike = names.setdefault((column.kind == "degree", column.unit, column.is_group), set())
            alike.update(plain(name) for name in (column.name, *column.aliases))
        return {alike: frozenset(those) for alike, those in names.items()}

    def knowing(
        self, aliases: Mapping[str, tuple[str, ...]], words: Mapping[str, Mapping[str, str]]
    ) -> Table:
        """The same table with further headers and words, by column."""
        named = (
            replace(c, aliases=(*aliases.get(c.name, ()), *c.aliases), own_words=words.get(c.name, {}))
            for c in self.columns
        )
        return replace(self, columns=tuple(named)) if aliases or words else self


@lru_cache(maxsize=10_000)
def plain(word: str) -> str:
    """A header or word as it is compared: NFKC, lower case, no blanks, no `_`, no `-`."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "_-\u200b\ufeff")


def persons(name: str, required: bool = False, filled: bool = False, high: float = 2e7) -> Column:
    """A count of persons."""
    return Column(name, "whole", required, filled, unit="persons", low=0, high=high)


def degree(name: str, required: bool = True, filled: bool = True) -> Column:
    """A coordinate."""
    limit = 180 if name.endswith("lon") else 90
    return Column(name, "degree", required, filled, unit="degrees", low=-limit, high=limit)


def must(name: str, kind: Kind = "id") -> Column:
    """A column that the table is refused without, and no cell of it blank."""
    return Column(name, kind, required=True, filled=True)


def word(name: str, words: Mapping[str, Text]) -> Column:
    """A word of a closed list, in every row."""
    return Column(name, "word", required=True, filled=True, words=words)


def table_of(
    name: str, zh: str, key: str, columns: list[Column], required: bool = False, spatial: bool = True
) -> Table:
    """The table with the other names of its columns."""
    others = HEADERS[name]
    named = tuple(replace(c, aliases=tuple(others.get(c.name, "").split())) for c in columns)
    return Table(name, Text(name, zh), key, named, required, spatial)
