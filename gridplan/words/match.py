"""Names as people type them: 瑞金, 六院, Qingpu, qp. The pages' assets/match.js says the same, by test."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

EXACT, GOOD, POOR = 0, 6, 8  # the last level of each class; the lower the better
ALIKE = 0.5  # less alike than this, a name is no suggestion
UNIVERSITY = re.compile("^.*附属(?=..)")
CITY = re.compile("^[^市区县]{2,4}市(?=...)")
CHINESE = re.compile("[\u3400-\u9fff]")
ALL_CHINESE = re.compile("^[\u3400-\u9fff]{2,}$")
NUMERALS = {"10": "十", **{str(n): sign for n, sign in enumerate("一二三四五六七八九", start=1)}}
SAME_SIGNS = str.maketrans("[]{}【】〔〕〈〉《》", "()()()()()()", "·•・\u200b\ufeff")
ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Named:
    """What can be found by its name.

    Parameters
    ----------
    pinyin : "initials pinyin" of the name, and behind them those of its core where that is another ("" without Chinese).
    rank : whoever is meant more often has the lower one: partners, candidates, then the rest.
    """

    id: str
    name: str = ""
    name_en: str = ""
    pinyin: str = ""
    rank: int = 0


def core(name: str) -> str:
    """What people call a hospital: its name without the university or the city before it."""
    return CITY.sub("", UNIVERSITY.sub("", name))


def fit(one: Named, typed: str) -> int | None:
    """How well a name fits what is typed: 0 is itself, None where it does not fit at all."""
    key = plainly(typed)
    if not key:
        return None
    id, name, english = plainly(one.id), plainly(one.name), plainly(one.name_en)
    if key in (id, name, english):
        return EXACT
    keys, short = {key, in_numerals(key)}, core(name)
    if any(name.startswith(k) or short.startswith(k) for k in keys):
        return 1
    if any(k in name for k in keys):
        return 2
    squeezed = re.sub(r"[\s']", "", ACCENTS.sub("", unicodedata.normalize("NFD", key)))
    spellings = one.pinyin.split()
    if squeezed and any(s.startswith(squeezed) for s in spellings[::2]):
        return 3
    if squeezed and any(s.startswith(squeezed) for s in spellings[1::2]):
        return 4
    words, theirs = key.split(), english.split()
    if english and all(any(their.startswith(word) for their in theirs) for word in words):
        return 5
    if id.startswith(key):
        return GOOD
    if any(ALL_CHINESE.match(k) and _in_order(k, name) for k in keys):
        return 7
    if len(squeezed) > 1 and any(squeezed in s for s in spellings):
        return POOR
    return None


def in_order(entries: Sequence[Named], typed: str) -> list[tuple[int, int]]:
    """(position, fit) of all that fit, best first: those who are it, then good fits by rank, then poor ones by rank."""
    fits = [(n, found) for n, one in enumerate(entries) if (found := fit(one, typed)) is not None]
    return sorted(fits, key=lambda f: (fit_class(f[1]), entries[f[0]].rank, f[1], f[0]))


def fit_class(found: int) -> int:
    """0 it is that very name or id, 1 a good fit, 2 a poor one."""
    return 0 if found == EXACT else 1 if found <= GOOD else 2


def alike(entries: Sequence[Named], typed: str, typed_pinyin: str = "", most: int = 3) -> list[int]:
    """Positions of the names that are most like what is typed; of those, whoever has the lower rank first."""
    key = plainly(typed)
    spelled = typed_pinyin.split()[1:2]

    def likeness(one: Named) -> float:
        name = plainly(one.name)
        pairs = [(key, word) for word in (plainly(one.id), name, core(name), plainly(one.name_en)) if word]
        spellings = one.pinyin.split()[1::2]
        pairs += [(word, theirs) for word in (spelled or [key]) for theirs in spellings]
        return max((SequenceMatcher(None, *pair).ratio() for pair in pairs), default=0.0)

    scored = [(likeness(one), n) for n, one in enumerate(entries)]
    best = sorted((s for s in scored if s[0] >= ALIKE), key=lambda s: (entries[s[1]].rank, -s[0], s[1]))
    return [n for _, n in best[:most]]


def plainly(word: str) -> str:
    """A name or id without what people write differently: width of signs, kind of brackets, dots, capitals, blanks around it.

    The one normalisation of names and ids, in files and where they are typed; files leave out blanks and dashes besides
    (`gridplan.inputs.matching.names`).
    """
    return unicodedata.normalize("NFKC", word).translate(SAME_SIGNS).strip().lower()


def in_numerals(key: str) -> str:
    """6院 as 六院; nothing else is changed."""
    return re.sub("10|[1-9]", lambda digit: NUMERALS[digit[0]], key) if CHINESE.search(key) else key


def _in_order(signs: str, name: str) -> bool:
    rest = iter(name)
    return all(sign in rest for sign in signs)
