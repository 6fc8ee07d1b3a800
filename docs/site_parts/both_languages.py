"""Search in Chinese and English, without a network: Chinese by pairs of neighbouring characters, English by stems."""

from __future__ import annotations

import re
from itertools import pairwise

from sphinx.search.en import SearchEnglish

CHINESE = re.compile(r"([\u3400-\u9fff]+)")


class SearchBothLanguages(SearchEnglish):
    """Sphinx's own `zh` asks its page for a stemmer that is not there (9.0), and needs the words parted as jieba would."""

    lang = "zh+en"
    js_splitter_code = r"""
window.splitQuery = (query) => query.split(/([\u3400-\u9fff]+)/u).flatMap((part, i) => {
  if (i % 2 === 0) return part.split(/[^\p{Letter}\p{Number}_]+/gu).filter((word) => word);
  const signs = Array.from(part);
  return signs.length === 1 ? signs : signs.slice(1).map((sign, k) => signs[k] + sign);
});
"""

    def split(self, input: str) -> list[str]:
        """Words outside Chinese; in it each character, and each with the next."""
        words = []
        for n, part in enumerate(CHINESE.split(input)):
            if n % 2:
                words += [*part, *map("".join, pairwise(part))]
            else:
                words += super().split(part)
        return words
