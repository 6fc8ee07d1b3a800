"""JG-5, ZJ-2, CD-1: which institutions belong to a consortium, which kinds it lacks, beds for the old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, number, number_or_none, words
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import INSTITUTIONS, listed_words


@dataclass(frozen=True)
class Members(Rule):
    """Institutions join the grid that they stand in, private ones where they are willing; who is missing is told.

    Clause: jianggan-2019, JG-5 (医养结合); zhejiang-2020, ZJ-2 and ZJ-4; chengdu-2018, CD-1; shanghai-2025, SH-8.

    Parameters
    ----------
    kinds : tuple[str, ...], default ("community_centre", "nursing", "rehabilitation")
        Kinds of institution that each consortium should have. A township hospital counts as a community centre.
    elderly : tuple[str, ...], default ("nursing", "rehabilitation", "day_care")
        Kinds whose beds are beds for the old.
    beds_per_1000_65plus : float, default 0
        Such beds that are asked for per 1,000 residents of 65 and more; 0 = a measure, no target.
    share_65plus : float or None, default None
        Share of residents of 65 and more where the units do not state them (`people_65plus`): a figure of the whole city, the
        same everywhere, and said to be that. None sets beds against nobody.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Members(kinds=("nursing",)).sentence().en)
    Institutions belong to the consortium that they stand in, private ones where they are willing; each...
    """

    kinds: tuple[str, ...] = ("community_centre", "nursing", "rehabilitation")
    elderly: tuple[str, ...] = ("nursing", "rehabilitation", "day_care")
    beds_per_1000_65plus: float = 0
    share_65plus: float | None = None
    later: ClassVar[tuple[str, ...]] = ("share_65plus",)
    id = "JG-5"
    key = "members"
    of = "programme"
    title = Text("Members by kind of institution", "各类机构成员单位")
    own_values: ClassVar[Mapping[str, Check]] = {
        "kinds": words(tuple(INSTITUTIONS)),
        "elderly": words(tuple(INSTITUTIONS)),
        "beds_per_1000_65plus": number(0, 1000),
        "share_65plus": number_or_none(0, 1, open=True),
    }

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        kinds, old = listed_words(INSTITUTIONS, self.kinds), listed_words(INSTITUTIONS, self.elderly)
        target = Text("", "")
        if self.beds_per_1000_65plus:
            target = Text(
                f", at least {self.beds_per_1000_65plus:g} per 1,000 residents of 65 and more",
                f"，每千名 65 岁及以上居民不少于 {self.beds_per_1000_65plus:g} 张",
            )
        return Text(
            f"Institutions belong to the consortium that they stand in, private ones where they are willing; each should have: "
            f"{kinds.en or 'nothing named'}. Beds for the old are those of: {old.en or 'nothing named'}{target.en}.",
            f"各类机构加入其所在网格的医联体，社会办机构自愿加入；每个医联体应有：{kinds.zh or '未指定'}。"
            f"医养床位计{old.zh or '未指定'}{target.zh}。",
        )
