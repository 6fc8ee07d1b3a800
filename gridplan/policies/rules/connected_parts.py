"""Connected parts (PARTS): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class ConnectedParts(Rule):
    """The units of a district that one partner serves hang together. Off by default.

    Units touch where they share a border, or by a bridge or ferry of the table `links`. Where the district itself falls
    into pieces (islands), what a partner serves hangs together within each piece.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.ConnectedParts().sentence().en)
    The units of a district that one partner serves hang together.
    """

    of = "partners"
    id = "PARTS"
    key = "connected_parts"
    title = Text("Connected parts", "服务片区连片")
    rank = 130

    def sentence(self) -> Text:
        return Text(
            "The units of a district that one partner serves hang together.",
            "同一区内由同一合作医院服务的单元须连成一片。",
        )
