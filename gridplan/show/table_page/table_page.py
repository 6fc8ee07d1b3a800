"""gp.table(plan): one page in which a plan is changed by hand, judged at once and solved again, without a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from gridplan.files.whole import told
from gridplan.plans.folder.mark import mark_of
from gridplan.plans.plan import Plan
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.offline import page, safe_json
from gridplan.show.shared.told_apart import told_apart
from gridplan.show.table_page.scripts import SCRIPTS, WORKER, script, wasm
from gridplan.show.table_page.table_data import table_data
from gridplan.words.arguments import a_plan

VARIANTS = '<script type="application/json" id="variants">'  # take.js looks for it in these words
BODY = """<header id="head"></header>
<section id="figures" role="region" aria-live="off"></section>
<main><section id="stage"><div id="tools"></div><div id="plane"><canvas id="board"></canvas><div id="tip" hidden></div></div>
<div id="legend" role="group" tabindex="0"></div></section>
<aside id="side"><div id="tabs" role="tablist"></div><div id="panel" role="tabpanel" tabindex="0"></div></aside><div id="notice" hidden></div></main>
<footer id="foot"></footer>
<div id="live" class="unseen" role="status" aria-live="polite"></div>
<div id="slides" role="dialog" aria-modal="true" hidden></div>
<div id="paper"></div>
"""


@dataclass(frozen=True)
class TablePage:
    """A page at which a plan is changed: it asks nothing of any network. Save it, or show it in a notebook."""

    title: str
    data: dict[str, Any] = field(repr=False)
    plan: Plan = field(repr=False)

    @cached_property
    def html(self) -> str:
        """The page, whole in itself."""
        return self._page(self.data)

    def _page(self, data: dict[str, Any]) -> str:
        solver = {"script": "\n".join(script(name) for name in WORKER), "wasm": wasm()}
        blocks = f'{VARIANTS}[]</script>\n<script type="application/json" id="solver">{safe_json(solver)}</script>\n'
        return page(
            self.title,
            body=BODY + blocks,
            styles=[script("table.css")],
            scripts=[script(name) for name in SCRIPTS],
            data=data,
            mark=data["mark"],
            solver=True,
        )

    def save(self, path: str | Path) -> Path:
        """Write the page to a file and return its path.

        Raises
        ------
        DataError
            It cannot be written.
        """
        path = Path(path)
        with told(path):
            path.write_text(self.html, encoding="utf-8", newline="\n")
        return path

    def widget(self) -> Any:
        """The page as a widget of Jupyter (anywidget) whose "solve again" asks this Python, so that every policy works.

        Its `plan` is the plan solved last, its `assignment` who goes where at the moment, for `gp.judge`.

        Raises
        ------
        GridplanError
            anywidget is not installed.
        """
        from gridplan.show.table_page.widget import table_widget

        return table_widget(self.title, self._page({**self.data, "kernel": True}), self.plan)

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.title)}" srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads" '
            'style="width:100%;height:860px;border:0"></iframe>'
        )


def table(plan: Plan) -> TablePage:
    """A page in which the plan can be changed by hand, with its rules judged at once and the best plan solved again.

    Pairs are switched on and off, units given to another hospital, hospitals closed, pairs locked; figures, rules and
    districts react at once. "Solve again" finds the best plan with the locks by HiGHS in the page and proves it, where
    the page knows every rule of the policy; otherwise it names those that it does not know. What comes of it is saved as
    assignment.csv (for `verify`) and pins.toml (for `plan`), or as the page with its variants.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    TablePage
        `.html` is its text, `.save(path)` writes it, Jupyter shows it.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.table(plan).save("table.html").name
    'table.html'
    """
    a_plan(plan, "table")
    shown = told_apart(plan)
    title = f"{plan.region.title or plan.region.name} · {plan.policy.title.zh}"
    return TablePage(title, {**table_data(shown, drawn_areas(plan.region)), "mark": mark_of(plan)}, plan)
