"""The home district first (SH-3): what it says."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class HomeFirst(Rule):
    """A counted hospital that partners any other district also partners its home district. Off by default.

    Unless the places of its home district (SH-2) are all taken by partners of priority 1 (SH-5), or nobody lives there.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.HomeFirst().title.en)
    The home district first
    """

    of = "partners"
    id = "HOME"
    key = "home_first"
    title = Text("The home district first", "本部所在区优先")
    rank = 144

    def sentence(self) -> Text:
        return Text(
            "A counted hospital that partners another district also partners its own, unless partners of priority 1 take all "
            "places there.",
            "计入上限的医院与其他区合作的，须同时与本部所在区合作；本部所在区名额已由优先级 1 的医院占满的除外。",
        )
