"""The steps of the desk: which there are now, what each shows, what each does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gridplan.desk import files_step, plan_step, programme_step, results_step, scenarios_step, table_step
from gridplan.desk.answer import Answer, Asked, Shown
from gridplan.desk.page import refusal
from gridplan.desk.policy import step as policy_page
from gridplan.desk.state import State
from gridplan.files.whole import not_used
from gridplan.words.errors import GridplanError
from gridplan.words.text import Text

MOST_FORM = 2**20
MOST_VARIANT = 2**26  # an assignment, as a form sends it


@dataclass(frozen=True)
class Step:
    """A step: its name, when it is there, what it shows (`look`) and does (`act`), and how long its forms may be."""

    title: Text
    there: Callable[[State], bool]
    look: Callable[[State, Asked, GridplanError | None], Answer]
    act: Callable[[State, Asked], Answer]
    most: int = MOST_FORM


STEPS = {
    "files": Step(Text("Files", "数据"), lambda state: True, files_step.look, files_step.act),
    "policy": Step(Text("Policy", "政策"), lambda state: state.begun, policy_page.look, policy_page.act),
    "plan": Step(
        Text("Plan", "求解"),
        lambda state: state.policy_file.is_file() and state.sound,
        plan_step.look,
        plan_step.act,
    ),
    "results": Step(
        Text("Results", "成果"), lambda state: state.planned, results_step.look, results_step.act
    ),
    "table": Step(
        Text("Meeting", "会商"), lambda state: state.planned, table_step.look, table_step.act, MOST_VARIANT
    ),
    "scenarios": Step(
        Text("Scenarios", "情景比选"),
        lambda state: state.planned and state.policy_file.is_file() and state.sound,
        scenarios_step.look,
        scenarios_step.act,
    ),
    "programme": Step(
        Text("Programme", "实施方案"), lambda state: state.planned, programme_step.look, programme_step.act
    ),
}


def present(state: State) -> list[str]:
    """The steps that the folder allows now, in order; "files" always."""
    return [name for name, step in STEPS.items() if step.there(state)]


def furthest(state: State) -> str:
    """Where a desk that is opened again goes on."""
    return [name for name in ("files", "policy", "plan", "results") if STEPS[name].there(state)][-1]


def look(state: State, step: str, asked: Asked, trouble: GridplanError | None = None) -> Answer:
    """What a step shows; where the folder does not let it, why."""
    try:
        return STEPS[step].look(state, asked, trouble)
    except GridplanError as error:
        told = error
    except OSError as fault:
        told = not_used(fault)
    return Shown(STEPS[step].title.say(asked.lang), refusal(told, asked.lang))


def act(state: State, step: str, asked: Asked) -> Answer:
    """What a step does with a form; where it is refused, the step again with the refusal."""
    try:
        return STEPS[step].act(state, asked)
    except GridplanError as error:
        return look(state, step, Asked(asked.lang), error)
    except OSError as fault:
        return look(state, step, Asked(asked.lang), not_used(fault))


def stop_all(state: State) -> None:
    """End what runs for a folder."""
    plan_step.end(state)
