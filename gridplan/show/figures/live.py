"""live_plot(): value and bound over time, drawn in a notebook while the plan is made."""

from __future__ import annotations

import time
from html import escape
from typing import Any

from gridplan.words.progress import Step
from gridplan.words.text import Language, Text, preferred_language

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 220, 110, 24
EVERY_SECONDS = 0.3  # a notebook redraws no faster


class LivePlot:
    """A `Progress` that shows its last line and a plot; one plot per goal that is solved."""

    def __init__(self, lang: Language | None = None) -> None:
        self._lang = lang or preferred_language()
        self._steps: list[Step] = []
        self._handle: Any = None
        self._drawn = 0.0

    def __call__(self, step: Step) -> None:
        """Take one step, and draw when it is time."""
        known = step.value is not None or step.bound is not None
        if self._steps and (step.seconds < self._steps[-1].seconds or step.text != self._steps[-1].text):
            self._steps = [] if known else self._steps
        if known:
            self._steps.append(step)
        now = time.perf_counter()
        if not known or now - self._drawn >= EVERY_SECONDS or step.gap == 0:
            self._drawn = now
            self._show(page_of(step, self._steps, self._lang))

    def _show(self, html: str) -> None:
        from IPython.display import HTML, display

        if self._handle is None:
            self._handle = display(HTML(html), display_id=True)
        else:
            self._handle.update(HTML(html))


def live_plot(lang: Language | None = None) -> LivePlot:
    """What `gp.plan(region, policy, progress=gp.pictures.live_plot())` draws in a notebook while it works.

    Parameters
    ----------
    lang : Language, optional
        Of the labels; by default that of the machine.

    Returns
    -------
    LivePlot
        A listener, to be given as `progress`.

    Raises
    ------
    RuntimeError
        There is no notebook to draw in; on a terminal use `progress=print`.

    Examples
    --------
    In a notebook:

    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"), progress=gp.pictures.live_plot())  # doctest: +SKIP
    """
    try:
        from IPython import get_ipython
    except ImportError:
        raise RuntimeError("live_plot draws in a notebook; on a terminal use progress=print") from None
    if get_ipython() is None:
        raise RuntimeError("live_plot draws in a notebook; on a terminal use progress=print")
    return LivePlot(lang)


def page_of(step: Step, steps: list[Step], lang: Language) -> str:
    """The last line, and a plot of the steps as an SVG that stands for itself."""
    line = f'<div style="font:13px sans-serif">{escape(step.line.say(lang))}</div>'
    curves = [
        [(s.seconds, f) for s in steps if (f := getattr(s, name)) is not None] for name in ("value", "bound")
    ]
    if not any(len(curve) > 1 for curve in curves):
        return line
    figures = [figure for curve in curves for _, figure in curve]
    low, high, last = min(figures), max(figures), max(s.seconds for s in steps) or 1.0
    span = (high - low) or 1.0

    def at(seconds: float, figure: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - 10) * seconds / last
        return across, 10 + (HEIGHT - BOTTOM - 10) * (1 - (figure - low) / span)

    parts = [
        _stairs([at(*p) for p in curve], at(last, 0)[0], colour)
        for curve, colour in zip(curves, COLOURS, strict=True)
    ]
    parts.extend(
        f'<text x="{LEFT - 6}" y="{at(0, figure)[1] + 4:.0f}" text-anchor="end">{figure:,.0f}</text>'
        for figure in {low, high}
    )
    parts.append(
        f'<text x="{WIDTH - 10}" y="{HEIGHT - 6}" text-anchor="end">{Text(f"{last:,.1f} s", f"{last:,.1f} 秒").say(lang)}</text>'
    )
    for n, (word, colour) in enumerate(zip(CURVES, COLOURS, strict=True)):
        parts.append(f'<text x="{LEFT + 90 * n}" y="{HEIGHT - 6}" fill="{colour}">{word.say(lang)}</text>')
    return (
        f'{line}<svg role="img" width="{WIDTH}" height="{HEIGHT}" '
        f'style="font:12px sans-serif;background:#fff">{"".join(parts)}</svg>'
    )


CURVES = (Text("best plan", "当前最好"), Text("bound", "界"))
COLOURS = ("#0072b2", "#d55e00")  # Okabe–Ito: told apart by everybody


def _stairs(points: list[tuple[float, float]], end: float, colour: str) -> str:
    """A figure stands until the next one is told."""
    if not points:
        return ""
    way = (
        f"M{points[0][0]:.1f},{points[0][1]:.1f}"
        + "".join(f"H{x:.1f}V{y:.1f}" for x, y in points[1:])
        + f"H{end:.1f}"
    )
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="2"/>'
