"""The table as a widget of Jupyter: the same page, solved by the kernel's engines, and the variant as a Plan."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Pin
from gridplan.show.table_page.scripts import script
from gridplan.show.table_page.table_words import WORDS
from gridplan.words.errors import GridplanError
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

COLUMNS = ["layer", "unit_id", "hospital_id"]


def table_widget(title: str, html: str, plan: Plan) -> Any:
    """The widget of a plan's page.

    Raises
    ------
    GridplanError : anywidget is not installed.
    """
    try:
        return _kind()(title, html, plan)
    except ImportError:
        what = Text("the widget needs the package anywidget", "该控件需要软件包 anywidget")
        hint = Text(
            "pip install anywidget, or show gp.table(plan) itself",
            "请 pip install anywidget，或直接显示 gp.table(plan)",
        )
        raise GridplanError(what, hint) from None


@cache
def _kind() -> Any:
    """The class, made when first asked for: anywidget is no requirement of gridplan."""
    import anywidget
    import traitlets

    class Table(anywidget.AnyWidget):  # type: ignore[misc]
        """A plan at the table. `plan`: solved last. `assignment`: as it stands in the page."""

        _esm = script("widget.js")
        html = traitlets.Unicode().tag(sync=True)
        title = traitlets.Unicode().tag(sync=True)

        def __init__(self, title: str, html: str, plan: Plan) -> None:
            super().__init__(title=title, html=html)
            self.plan = plan
            self.assignment = plan.assignment[COLUMNS]
            self._asked = plan
            self.on_msg(self._hear)

        def _hear(self, _: Any, told: Mapping[str, Any], __: Any) -> None:
            if "assignment" in told:
                self.assignment = pd.DataFrame(told["assignment"], columns=COLUMNS)
            if "solve" in told:
                self._solve(told["solve"])

        def _solve(self, asked: Mapping[str, Any]) -> None:
            started = time.perf_counter()
            try:
                rules = locked(self._asked.policy, asked["locks"])
                self.plan = make(self._asked.region, rules, seconds=float(asked["seconds"]))
            except GridplanError as error:
                self.send({"fault": [error.say("zh"), error.say("en")]})
                return
            results = [_result(self.plan, layer.layer) for layer in self.plan.layers]
            self.send({"done": {"results": results, "seconds": time.perf_counter() - started}})

    return Table


def locked(policy: Policy, locks: Iterable[tuple[str, str, str, str]]) -> Policy:
    """The policy with what was locked at the table.

    Parameters
    ----------
    locks : layer, district_id, hospital_id, and "pin" or "ban".
    """
    for layer, district, hospital, kind in locks:
        place, why = GRID if layer == GRID else "partners", WORDS["reason_locked"]
        policy = policy.with_rule(
            {"pin": Pin, "ban": Ban}[kind](district, hospital, f"{why.zh} / {why.en}", place)
        )
    return policy


def _result(plan: Plan, layer: str) -> dict[str, Any]:
    """What the page shows of a layer: who goes where, and how good that is proven to be."""
    result, rows = plan.layer(layer), plan.assignment[plan.assignment["layer"] == layer]
    of_unit = dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))
    return {
        "status": "optimal" if result.status == "optimal" else "time",
        "of": [of_unit.get(unit) for unit in plan.region.units["unit_id"]],
        "goals": [{"goal": g.goal, "value": g.value, "bound": g.bound, "gap": g.gap} for g in result.goals],
        "seconds": result.seconds,
    }
