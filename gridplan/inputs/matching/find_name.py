"""A district, unit or hospital by what people call it: the one matcher of names for the command line and the API."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from gridplan.inputs.matching.names import Names, city_names
from gridplan.inputs.region import Region
from gridplan.words.errors import DataError
from gridplan.words.match import Named, alike, core, fit_class, in_order
from gridplan.words.text import Text

SHOWN = 6
NOUNS = {
    "unit": Text("unit", "单元"),
    "district": Text("district", "区"),
    "hospital": Text("hospital", "医院"),
}


def find_id(region: Region, noun: str, key: str, first: Sequence[Collection[str]] = ()) -> str:
    """The id of a district, unit or hospital given by id, name, a part of it that only one has, pinyin or its initials.

    A name that stands for one id in a file (`Names`) stands for the same here.

    Parameters
    ----------
    noun : "unit", "district" or "hospital".
    first : ids that are meant rather than others, in groups: the partners of a plan, then its candidates. Suggestions come
        in this order; a name that only one of them all bears is taken for it.

    Raises
    ------
    DataError : nothing, or more than one thing, fits; the error lists what was probably meant.
    """
    table = {"unit": region.units, "district": region.districts, "hospital": region.hospitals}[noun]
    if (table[f"{noun}_id"].astype(str) == str(key)).any():
        return str(key)
    meant = Names(table, f"{noun}_id", city_names(region.title, region.name)).find(str(key))
    if len(meant) == 1:  # what a file would take it for
        return meant.pop()
    typed, spelled_key = str(key), ""
    entries = named(table, noun, first)
    found = in_order(entries, typed)
    if not found or fit_class(found[0][1]) > 0:  # pinyin is worked out only where names alone do not say it
        from gridplan.words.pinyin import spelled

        if typed.strip():
            entries, spelled_key = named(table, noun, first, pinyin=True), spelled([typed])[0]
        found = in_order(entries, typed)
    if found:
        top = min(_standing(entries, n, fit, first) for n, fit in found)
        best = [n for n, fit in found if _standing(entries, n, fit, first) == top]
        if len(best) == 1:
            return entries[best[0]].id
    what = NOUNS[noun]
    if found:
        told = [n for n, _ in found[:SHOWN]]
        more = (
            Text("", "")
            if len(found) <= SHOWN
            else Text(f" and {len(found) - SHOWN} more", f" 等 {len(found)} 个")
        )
        raise DataError(
            Text(f"{len(found)} {what.en}s fit {typed!r}", f"{typed!r} 对应 {len(found)} 个{what.zh}"),
            Text(
                f"say which: {_listed(entries, told, ', ')}{more.en}",
                f"请指明：{_listed(entries, told, '、')}{more.zh}",
            ),
        )
    near = alike(entries, typed, spelled_key)
    guess = near or sorted(range(len(entries)), key=lambda n: (entries[n].rank, n))[:3]
    words = ("did you mean", "是否指") if near else ("there are, for example,", "现有如")
    raise DataError(
        Text(f"the region has no {what.en} {typed!r}", f"本地区没有{what.zh} {typed!r}"),
        Text(f"{words[0]} {_listed(entries, guess, ', ')}", f"{words[1]} {_listed(entries, guess, '、')}"),
    )


def named(
    table: pd.DataFrame, noun: str, first: Sequence[Collection[str]], pinyin: bool = False
) -> list[Named]:
    """The rows of a table as what can be found, with their pinyin where it is asked for."""
    ids, names = table[f"{noun}_id"].astype(str), table["name"].fillna("").astype(str)
    english = table["name_en"].fillna("").astype(str) if "name_en" in table else [""] * len(table)
    spellings = spellings_of(names) if pinyin else [""] * len(table)
    return [
        Named(id, name, en, spelling, next((n for n, ids_of in enumerate(first) if id in ids_of), len(first)))
        for id, name, en, spelling in zip(ids, names, english, spellings, strict=True)
    ]


def spellings_of(names: Collection[str]) -> list[str]:
    """Initials and pinyin of each name, and behind them those of its core where that is another."""
    from gridplan.words.pinyin import spelled

    whole = spelled(names)
    short = spelled([core(name) if core(name) != name else "" for name in names])
    return [f"{a} {b}".strip() for a, b in zip(whole, short, strict=True)]


def _standing(
    entries: list[Named], n: int, fit: int, first: Sequence[Collection[str]]
) -> tuple[int, bool, int]:
    return fit_class(fit), entries[n].rank == len(first), fit


def _listed(entries: list[Named], which: list[int], between: str) -> str:
    return between.join(f"{entries[n].name or entries[n].id} ({entries[n].id})" for n in which)
