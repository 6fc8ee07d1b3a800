"""Names as they are typed without Chinese: pinyin and its initials, worked out when the page is made."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path


def spelled(names: Iterable[object], whole: bool = True) -> list[str]:
    """Each name's initials, and its pinyin behind them where `whole`."""
    from pypinyin.seg.simpleseg import simple_seg  # reads its dictionaries when imported; only maps need them

    chinese = [name if isinstance(name, str) and not name.isascii() else "" for name in names]
    if os.environ.get("PYPINYIN_NO_PHRASES"):
        _load_phrases(chinese)
    return [_spelled(simple_seg(name), whole) if name else "" for name in chinese]


def _load_phrases(names: list[str]) -> None:
    """Give pypinyin, told to load no phrases, those that begin with two signs that stand side by side in a name.

    Of its 47,000 phrases a region's names need some hundred; the others would take most of the time.
    """
    import pypinyin

    starts = {name[n : n + 2] for name in names for n in range(len(name) - 1)}
    starts |= {f'{sign}"' for sign in set("".join(names))}
    entries = [entry for start in starts for entry in _phrases().get(start, ())]
    phrases = json.loads("{" + ",".join(f'"{entry}]' for entry in entries) + "}")
    pypinyin.load_phrases_dict(phrases)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[str]]:
    """The entries of pypinyin's file of phrases by their first two signs, each without its first quotation mark and last bracket."""
    import pypinyin

    text = (Path(pypinyin.__file__).parent / "phrases_dict.json").read_text(encoding="utf-8")
    entries: dict[str, list[str]] = {}
    for entry in text[text.index('"') + 1 : text.rindex("]")].split('\n],\n"'):
        entries.setdefault(entry[:2], []).append(entry)
    return entries


@lru_cache(maxsize=100_000)
def _syllables(run: str) -> tuple[str, ...]:
    """The pinyin of a run of Chinese (or of anything else): names of units share most of theirs."""
    from pypinyin import lazy_pinyin

    parts = (part.strip().lower() for part in lazy_pinyin(run))
    return tuple("".join(sign for sign in part if sign.isalnum()) for part in parts)


def _spelled(runs: list[str], whole: bool) -> str:
    parts = [part for run in runs for part in _syllables(run)]
    initials = "".join(part if part.isdigit() else part[:1] for part in parts)
    return f"{initials} {''.join(parts)}" if whole else initials
