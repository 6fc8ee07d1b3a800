"""One way to compare names and ids, and the ids that names stand for. A name never matches two ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

import pandas as pd

from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.match import CHINESE, plainly
from gridplan.words.text import Text

_DROPPED = re.compile(r"[\s.,，。、_\-—–'\"“”‘’]")
_ENDS = re.compile(
    r"(?:特别行政区|自治县|自治州|自治旗|(?<=.)新区|林区|地区|街道办事处|街道|[区县市旗盟州])$"
)
_BEFORE = re.compile(r"^.{1,7}?(?:省|自治区|市)(?=.{2,})")
_PROVINCE = re.compile(r"^.{1,7}?(?:省|自治区)(?=.{1,7}[^院][区县市旗])")
_ABOVE = re.compile(r"(?:.{1,7}?(?:省|自治区|市))*.{1,7}?(?:省|自治区)|(?:.{1,7}?市)+")
_CITY = re.compile(r"^.{2,}?(?:市|地区|自治州|盟)")
KINDS = ("自治州", "地区", "市", "盟", "区", "县", "旗")  # of places, behind their names
LEAST_CORE = 2  # a name of which less is left is not compared by what is left


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """A name or id as it is compared (`plainly`), without blanks, dashes and quotation marks."""
    return _DROPPED.sub("", plainly(name))


def loose_keys(name: str) -> set[str]:
    """What is left of a record's name without any place before it and the kind of place behind it.

    滨江市东城区 → 东城; 临海市儿童医院 → 儿童医院, whatever the city is.
    """
    whole = name_key(name)
    return _cores({whole, _BEFORE.sub("", whole)})


def own_keys(name: str, city: Sequence[str]) -> set[str]:
    """What is left of a record's name without the name of this city before it.

    With city 滨江, 滨江市第一人民医院 → 滨江第一人民医院, 第一人民医院.
    """
    whole = name_key(name)
    heads = {whole, *_without_city(whole, city)}
    for place in (place for place in city if whole.startswith(place)):
        rest = whole.removeprefix(place)
        heads |= {place + rest.removeprefix(kind) for kind in KINDS if rest.startswith(kind)}
    return _cores(heads)


def word_keys(word: str, city: Sequence[str]) -> set[str]:
    """What a word may mean of this city: no other city before it is left away.

    With city 滨江, 某省滨江市第一人民医院 → 第一人民医院; 临海市第一人民医院 is another hospital.
    """
    whole = name_key(word)
    heads = {whole, _PROVINCE.sub("", whole)}
    for place in city:
        before, _, rest = whole.partition(place)
        sure = place.endswith(KINDS) or before.endswith(("省", "自治区"))
        if rest and sure and _ABOVE.fullmatch(before):
            heads.add(place + rest)
    return _cores(heads | {short for head in heads for short in _without_city(head, city)})


def _without_city(name: str, city: Sequence[str]) -> set[str]:
    heads = {head.removeprefix(place) for place in city for head in (name, name.removeprefix("市"))}
    return heads | {head.removeprefix("市") for head in (*heads, name)}


def _cores(heads: Iterable[str]) -> set[str]:
    return {core for head in heads for core in (head, _ENDS.sub("", head)) if len(core) >= LEAST_CORE}


def city_names(*titles: str) -> tuple[str, ...]:
    """How a city is called before the names of its hospitals: 滨江市, 滨江; also where a title goes on behind it."""
    found: list[str] = []
    for title in filter(None, titles):
        key = name_key(title.partition("（")[0].partition("(")[0])
        key = _BEFORE.sub("", key) if re.match(r"^.{1,7}?(?:省|自治区)", key) else key
        called = [key] + [begin[0] for begin in [_CITY.match(key)] if begin]
        found += [place for name in called for place in (name, *_stems(name)) if len(place) > 1]
    return tuple(dict.fromkeys(found))


def _stems(place: str) -> list[str]:
    return [place.removesuffix(kind) for kind in KINDS[:4] if place.endswith(kind)]


class Names:
    """The names and ids of one table, to look up what others write in their place.

    Parameters
    ----------
    named : its records, with `name` and the column `key`.
    city : how the city is called, see `city_names`.
    said : name → name or id that region.toml says it stands for.
    """

    def __init__(
        self, named: pd.DataFrame, key: str, city: Sequence[str] = (), said: Mapping[str, str] | None = None
    ) -> None:
        self.city = city
        self.said = {name_key(a): b for a, b in (said or {}).items()}
        self.ids = set(named[key]) - {""}
        self._pairs = list(zip(named[key].tolist(), named["name"].tolist(), strict=True))

    @cached_property
    def _known(self) -> tuple[dict[str, set[str]], ...]:
        """What records are called → ids: exactly, as they are compared, loosely and as this city's. Only made where a word is no id."""
        pairs = [(str(id), str(name)) for id, name in self._pairs if id != ""]
        named = [(id, name) for id, name in pairs if name]
        return (
            _gathered((name, id) for id, name in named),
            _gathered([*((name_key(n), i) for i, n in named), *((name_key(i), i) for i, _ in pairs)]),
            _gathered((core, i) for i, n in named for core in loose_keys(n)),
            _gathered((core, i) for i, n in named for core in own_keys(n, self.city)),
        )

    def find(self, word: str) -> set[str]:
        """The ids that a word may stand for: one where it is clear, none where it is unknown, several where it is not clear."""
        if word in self.ids:
            return {word}
        word = self.said.get(name_key(word), word)
        if word in self.ids:
            return {word}
        exact, alike, loose, own = self._known
        key = name_key(word)
        return (
            _found(exact, {word})
            or _found(alike, {key})
            or _found(loose, _cores({key})) | _found(own, word_keys(word, self.city))
        )

    def elsewhere(self, word: str) -> str:
        """The place before a word that is not this city's, where without it the word would be one of the records."""
        key = name_key(word)
        place = key.removesuffix(_BEFORE.sub("", key))
        rest = key.removeprefix(place)
        return (
            place
            if place and (_found(self._known[1], {rest}) or _found(self._known[2], _cores({rest})))
            else ""
        )

    @property
    def city_known(self) -> bool:
        """Whether it is known how the city is called in Chinese, as it stands before names."""
        return any(CHINESE.search(place) for place in self.city)


def _found(known: Mapping[str, set[str]], keys: Iterable[str]) -> set[str]:
    return {id for key in keys for id in known.get(key, ())}


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, id in pairs:
        found.setdefault(key, set()).add(id)
    return found


def ids_for_names(data: pd.DataFrame, table: str, column: str, names: Names, notes: Notes) -> pd.DataFrame:
    """Where a column of ids holds names that stand for one id each: those ids, and a warning.

    A name that might stand for several stays as it is: the doctor names them.
    """
    strangers = [word for word in dict.fromkeys(data[column]) if word != "" and word not in names.ids]
    ids = {word: names.find(word) for word in strangers}
    clear = {word: next(iter(found)) for word, found in ids.items() if len(found) == 1}
    if not clear:
        return data
    examples = listed(f"{name} → {id}" for name, id in clear.items())
    notes.warn(
        "names-as-ids",
        table,
        Text(
            f"{column} holds names; they are read as ids: {examples}.",
            f"{column} 写的是名称，已换为编号：{examples}。",
        ),
        Text("Ids stay right when a name changes.", "建议填写编号，名称变化时不受影响。"),
        id=column,
    )
    replaced = data.copy()
    replaced[column] = [clear.get(word, word) for word in data[column]]
    return replaced
