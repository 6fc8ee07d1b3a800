"""One sentence in the two languages a planner reads."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Shown = Literal["zh", "en", "both"]
SHOWN: tuple[Shown, ...] = get_args(Shown)
_shown: ContextVar[Shown] = ContextVar("shown", default="both")


@dataclass(frozen=True)
class Text:
    """The same sentence in English and in Chinese.

    A sentence cannot be written in one language only: both are required, so no message, rule
    or heading can lack its translation.

    Parameters
    ----------
    en, zh : str
        The sentence in each language; neither may be missing.

    Examples
    --------
    >>> import gridplan as gp
    >>> gp.results.Text("district", "区").say("zh")
    '区'
    """

    en: str
    zh: str

    def say(self, lang: Language) -> str:
        """The sentence in `lang`."""
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en


def both(word: str) -> Text:
    """A word that is the same in both languages (an id, a name from the data)."""
    return Text(word, word)


@contextmanager
def shown_in(lang: Shown) -> Iterator[None]:
    """Pages, workbooks and forms that are made meanwhile are in this language alone, or in both."""
    before = _shown.set(lang)
    try:
        yield
    finally:
        _shown.reset(before)


def shown_now() -> Shown:
    """The language of what is being made; "both" where nobody asked for one."""
    return _shown.get()


def halves(text: Text) -> tuple[str, str]:
    """What is shown of a sentence: Chinese and, smaller, English; "" for the second where one says all."""
    only = _shown.get()
    if only != "both":
        return text.say(only), ""
    return text.zh, "" if text.en == text.zh else text.en


def two_halves(line: str) -> Text:
    """A sentence that somebody wrote as "中文 / English" or "English / 中文", in both; else as it stands in both."""
    first, _, second = (half.strip() for half in line.partition(" / "))
    if not second or _has_chinese(first) == _has_chinese(second):
        return both(line)
    return Text(second, first) if _has_chinese(first) else Text(first, second)


def _has_chinese(line: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in line)


def preferred_language() -> Language:
    """Chinese where the machine speaks Chinese, English elsewhere."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"
