"""Colours, shapes and line styles: chosen once, for colour-blind eyes too, and shared by map and report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Fills for catchments under dark text, from Paul Tol's schemes (light, muted, bright, discrete rainbow;
# personal.sron.nl/~pault). Any two that are not look-alikes stay apart for protan and deutan eyes.
FILLS = (
    "#77AADD", "#EE8866", "#CAE0AB", "#44AA99", "#EEDD88", "#AE76A3",
    "#999933", "#C2E4EF", "#FFAABB", "#E8B32E", "#4477AA", "#CC6677",
)  # fmt: skip
LOOK_ALIKES = tuple(
    frozenset(pair)
    for pair in (("#EE8866", "#999933"), ("#44AA99", "#AE76A3"), ("#44AA99", "#FFAABB"), ("#AE76A3", "#4477AA"))
)
NOBODY = "#DDDDDD"
INK = "#22303C"


@dataclass(frozen=True)
class LineStyle:
    """How a pair's line is drawn: width and dashes say the priority as well as the colour does."""

    colour: str
    weight: float
    dashes: str


# Priority 1 (home or open campus) … 5 (no basis): Tol's high-contrast blue, ochre and red.
PRIORITY_LINES: Mapping[int, LineStyle] = {
    1: LineStyle("#004488", 2.6, ""),
    2: LineStyle("#004488", 2.2, "9 5"),
    3: LineStyle("#8A6100", 2.2, "6 4"),
    4: LineStyle("#B5404F", 2.0, "3 4"),
    5: LineStyle("#B5404F", 1.8, "1 5"),
}


@dataclass(frozen=True)
class Mark:
    """A category's mark: an SVG path in a box of 24 by 24, and a letter, so that no colour is needed."""

    path: str
    letter: str


MARKS: Mapping[str, Mark] = {
    "general": Mark("M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0 -20z", "综"),
    "tcm": Mark("M12 1L23 12L12 23L1 12z", "中"),
    "integrated_tcm": Mark("M7 2L17 2L23 12L17 22L7 22L1 12z", "结"),
    "maternal_child": Mark("M12 1L23.5 10L19 22.5L5 22.5L0.5 10z", "妇"),
    "specialist": Mark("M3 3L21 3L21 21L3 21z", "专"),
}


def partner_colours(partners: Sequence[str], touching: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A fill for every partner, so that partners whose catchments touch differ.

    Partners with the most neighbours choose first, the one least used so far that no neighbour has, nor a
    look-alike of one that a neighbour has; only a partner whose neighbours use up all fills shares one with them.

    Parameters
    ----------
    partners : ids; their order decides ties, so it should be a stable one.
    touching : pairs of partners whose catchments touch.
    """
    neighbours: dict[str, set[str]] = {partner: set() for partner in partners}
    for one, other in touching:
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    colours: dict[str, str] = {}
    for partner in sorted(partners, key=lambda p: -len(neighbours[p])):
        near = {colours[p] for p in neighbours[partner] if p in colours}
        alike = {fill for fill in FILLS if any(frozenset((fill, other)) in LOOK_ALIKES for other in near)}
        used = list(colours.values())
        colours[partner] = min(FILLS, key=lambda fill: (fill in near, fill in alike, used.count(fill)))
    return colours
