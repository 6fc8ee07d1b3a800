"""The run behind the step Plan: a process of its own, which does what `gridplan plan` does and says so in lines of JSON.

`python -m gridplan.desk.worker plan REGION POLICY OUT SECONDS GAP`, or `scenarios REGION POLICY FOLDER`, or
`programme PLAN`: as the commands of these names do. A line "stop" on its standard input ends the search with
the best plan so far, as Ctrl-C does; the end of its input (the desk is gone) ends it at once.
"""

from __future__ import annotations

import _thread
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gridplan as gp
from gridplan.files.whole import not_used, write_whole
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.folder.plan_folder import add_files, held
from gridplan.show.difference.difference import comparable
from gridplan.words.progress import Step
from gridplan.words.text import Text

TABLE = "table.html"
SCENARIOS, RUNS, COMPARED, COMPARED_MAP = "scenarios.toml", "runs", "compare.csv", "scenarios.html"
PROGRAMME_SECONDS = 75.0
STOPPED = Text("Stopped before there was a plan.", "在得到方案之前已停止。")


def tell(kind: str, text: Text, **figures: Any) -> None:
    """One line to the desk."""
    print(
        json.dumps({"kind": kind, "en": text.en, "zh": text.zh, **figures}), file=sys.__stdout__, flush=True
    )


class _Notes(logging.Handler):
    """What the library says besides."""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg
        tell("note", said if isinstance(said, Text) else Text(record.getMessage(), record.getMessage()))


def step(said: Step) -> None:
    """A step of the work, with what is known by then."""
    tell("step", said.text, value=said.value, bound=said.bound, gap=said.gap, seconds=said.seconds)


def make(
    made: threading.Event, region_folder: str, policy_file: str, out: str, seconds: str, gap: str
) -> None:
    """Read, plan, save, and lay the page for the meeting."""
    with held(out):
        step(Step(Text("reading the region", "读取数据")))
        region, policy = gp.read(region_folder), gp.policy(policy_file)
        limit = float(seconds) if seconds else None
        plan = gp.plan(region, policy, seconds=limit, gap=float(gap), progress=step)
        made.set()
        gp.save(plan, out, progress=step)
        step(Step(Text("making the page for the meeting", "生成会商页")))
        page = gp.table(plan)
        add_files(out, lambda folder: page.save(folder / TABLE))


def run_scenarios(made: threading.Event, region_folder: str, policy_file: str, folder: str) -> None:
    """Every scenario of the file into the run folder, then their comparison and the map of all."""
    room = Path(folder)
    asked = gp.read_scenarios(room / SCENARIOS)
    step(Step(Text("reading the region", "读取数据")))
    pool = ThreadPoolExecutor(1)  # not processes: whatever ends this one ends all
    runs = gp.scenarios(
        gp.read(region_folder), asked, policy=gp.policy(policy_file), out=room / RUNS, executor=pool, workers=1,
        progress=lambda tally: step(Step(tally.text)),
    )  # fmt: skip
    pool.shutdown(wait=False, cancel_futures=True)
    made.set()
    step(Step(Text("comparing", "比较")))
    mine = runs.table[runs.table["name"].isin(asked)]
    solved = [
        name for name in asked if set(mine.loc[mine["name"] == name, "status"]) & {"optimal", "feasible"}
    ]
    if solved:
        compared = gp.compare(runs, solved[0])
        compared = compared[compared["name"].isin(asked)]
        write_whole(room / COMPARED, lambda path: write_csv(compared, path))
    if len(solved) > 1:
        shown = comparable({name: runs.plan(name) for name in solved})
        if len(shown) > 1:
            write_whole(room / COMPARED_MAP, gp.draw_scenarios(shown).save)


def make_programme(made: threading.Event, out: str) -> None:
    """What hangs on the plan, judged, into OUT/programme."""
    from gridplan.show.programme.save_shown import save_shown

    step(Step(Text("opening the plan", "打开方案")))
    programme = gp.programme(gp.open_plan(out), seconds=PROGRAMME_SECONDS, progress=step)
    made.set()
    save_shown(programme, out)


TASKS: Mapping[str, Callable[..., None]] = {
    "plan": make, "scenarios": run_scenarios, "programme": make_programme,
}  # fmt: skip


def main(words: list[str]) -> None:
    """Run it, and tell how it ended."""
    made = threading.Event()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a script began the desk with "&"
    try:  # from here on somebody may press Stop
        threading.Thread(target=_listen, args=(made,), daemon=True).start()
        logging.getLogger("gridplan").addHandler(_Notes())
        TASKS[words[0]](made, *words[1:])
    except gp.GridplanError as error:
        tell("refused", Text(error.say("en"), error.say("zh")))
    except OSError as fault:
        told = not_used(fault)
        tell("refused", Text(told.say("en"), told.say("zh")))
    except KeyboardInterrupt:
        tell("refused", STOPPED)
    else:
        tell("done", Text("done", "完成"))


def _listen(made: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "stop" and not made.is_set():  # a plan that is made is written to its end
            _thread.interrupt_main()
    os._exit(1)  # whoever asked is gone; what is half written, the next run clears away


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # at once: after Stop a scenario may still be at work, for nobody
