"""The live plot of a notebook: the last line, a curve of values and one of bounds, nothing that runs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import gridplan as gp
from gridplan.show.figures.live import LivePlot, page_of
from gridplan.words.progress import Step
from gridplan.words.text import Text

DOING = Text("solving <b>", "求解 <b>")
STEPS = [
    Step(DOING, None, 10.0, 0.0),
    Step(DOING, 90.0, 10.0, 1.0),
    Step(DOING, 50.0, 45.0, 2.0),
    Step(DOING, 50.0, 50.0, 4.0),
]


def curves(html: str) -> list[list[float]]:
    """The heights that each curve goes through, from the top."""
    svg = ElementTree.fromstring(html[html.index("<svg") :])
    return [[float(y) for y in re.findall(r"[V,]([\d.]+)", path.attrib["d"])] for path in svg.iter("path")]


def test_values_go_down_and_bounds_go_up_until_they_meet() -> None:
    value, bound = curves(page_of(STEPS[-1], STEPS, "en"))
    assert value == sorted(value) and bound == sorted(bound, reverse=True)  # heights grow downwards
    assert value[-1] == bound[-1]


def test_the_line_says_the_figures_in_both_languages_and_never_runs() -> None:
    assert "solving &lt;b&gt;, best 50, bound 50, gap 0.000%" in page_of(STEPS[-1], STEPS, "en")
    assert "当前最好 50" in page_of(STEPS[-1], STEPS, "zh")


def test_without_figures_there_is_a_line_alone() -> None:
    assert "<svg" not in page_of(Step(DOING), [], "en")


def test_a_new_goal_begins_a_new_plot(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(LivePlot, "_show", lambda self, html: shown.append(html))
    plot = LivePlot("en")
    for step in [
        *STEPS,
        Step(Text("another", "另一个"), 7.0, 1.0, 0.5),
        Step(Text("another", "另一个"), 7.0, 7.0, 0.9),
    ]:
        plot(step)
    assert ">90<" in "".join(shown) and ">90<" not in shown[-1] and ">7<" in shown[-1]


def test_on_a_terminal_it_says_what_to_use() -> None:
    with pytest.raises(RuntimeError, match="progress=print"):
        gp.pictures.live_plot()
