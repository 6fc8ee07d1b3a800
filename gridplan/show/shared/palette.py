"""Colours, shapes and line styles: chosen once, for colour-blind eyes too, and shared by map and report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

# Fills for catchments under dark text: Paul Tol's schemes (light, muted, discrete rainbow; personal.sron.nl/~pault), each
# moved a little so that the two that colour-blind eyes tell apart least are twice as far apart (see `apart`).
FILLS = (
    "#71BCE9", "#DF9770", "#D0F3C8", "#40ACB1", "#F7D67A", "#9A6C98",
    "#AE8D26", "#C7D5F8", "#F6B6B6", "#EBAF31", "#6184CE", "#BB615C",
)  # fmt: skip
NOBODY = "#DDDDDD"
INK = "#22303C"
BINDING = "#AA0044"  # what has no room left


@dataclass(frozen=True)
class Ramp:
    """Classes of a figure: their upper limits, but for the last, and a colour each, from little to much."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]


# ColorBrewer's YlOrBr and BuPu, and around the mean Paul Tol's sunset: safe for colour-blind eyes.
RAMPS: Mapping[str, Ramp] = {
    "minutes": Ramp(
        (10, 20, 30, 45, 60, 90),
        ("#FFF7BC", "#FEE391", "#FEC44F", "#FE9929", "#EC7014", "#CC4C02", "#8C2D04"),
    ),
    "capacity": Ramp((0.5, 0.7, 0.85, 1.0), ("#EDF8FB", "#B3CDE3", "#8C96C6", "#8856A7", "#810F7C")),
    "mean": Ramp((0.5, 0.8, 1.25, 2.0), ("#4A7BB7", "#98CAE1", "#EAECCC", "#FDB366", "#DD3D2D")),
}
# Minutes fewer or more than before: Paul Tol's sunset, from blue over what hardly changes to red.
CHANGE = Ramp(
    (-15, -5, -1, 1, 5, 15),
    ("#364B9A", "#6EA6CD", "#C2E4EF", "#F1F0E6", "#FEDA8B", "#F67E4B", "#A50026"),
)


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

    Partners with the most neighbours choose first: of the fills that no neighbour has, one that is least used so far,
    and of these the one farthest from the neighbours' fills for colour-blind eyes too. Only where neighbours use up
    all fills is one shared with them.

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
        used = list(colours.values())
        distance = {fill: min((apart(fill, other) for other in near), default=0.0) for fill in FILLS}
        colours[partner] = min(FILLS, key=lambda fill: (fill in near, used.count(fill), -distance[fill]))
    return {partner: colours[partner] for partner in partners}


# What protan and deutan eyes see of linear RGB (Machado, Oliveira, Fernandes 2009, full severity).
EYES = (
    np.eye(3),
    np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
    np.array([[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
)
# Linear RGB to the cones' answers, and these to OKLab (Björn Ottosson 2020).
CONES = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
TO_LAB = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])


@cache
def apart(one: str, other: str) -> float:
    """How far apart two colours ("#RRGGBB") look to those who tell them apart least.

    A distance in OKLab, in hundredths: 0 for the same, 100 between black and white, some 2 for what is just noticed.
    """
    first, second = _linear(one), _linear(other)
    return min(100 * float(np.linalg.norm(_lab(eye @ first) - _lab(eye @ second))) for eye in EYES)


def _linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _lab(rgb: np.ndarray) -> np.ndarray:
    lab: np.ndarray = TO_LAB @ np.cbrt(CONES @ np.clip(rgb, 0, 1))
    return lab
