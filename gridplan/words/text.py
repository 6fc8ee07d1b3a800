"""One sentence in the two languages a planner reads."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


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


def two_halves(line: str) -> Text:
    """A sentence that somebody wrote as "中文 / English", in both; as it stands in both where it is not so."""
    zh, slash, en = line.partition(" / ")
    written = slash and _has_chinese(zh) and not _has_chinese(en)
    return Text(en.strip(), zh.strip()) if written else both(line)


def _has_chinese(line: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in line)


def preferred_language() -> Language:
    """Chinese where the machine speaks Chinese, English elsewhere."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"
