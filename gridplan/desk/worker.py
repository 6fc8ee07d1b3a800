"""The run behind the step Plan: a process of its own, which does what `gridplan plan` does and says so in lines of JSON.

`python -m gridplan.desk.worker REGION POLICY OUT SECONDS GAP`. A line "stop" on its standard input ends the search with
the best plan so far, as Ctrl-C does; the end of its input (the desk is gone) ends it at once.
"""

from __future__ import annotations

import _thread
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

import gridplan as gp
from gridplan.files.whole import not_used
from gridplan.plans.folder.plan_folder import add_files, held
from gridplan.words.progress import Step
from gridplan.words.text import Text

TABLE = "table.html"
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


def make(
    region_folder: Path,
    policy_file: Path,
    out: Path,
    seconds: float | None,
    gap: float,
    made: threading.Event,
) -> None:
    """Read, plan, save, and lay the page for the meeting."""

    def step(said: Step) -> None:
        tell("step", said.text, value=said.value, bound=said.bound, gap=said.gap, seconds=said.seconds)

    with held(out):
        step(Step(Text("reading the region", "读取数据")))
        region, policy = gp.read(region_folder), gp.policy(policy_file)
        plan = gp.plan(region, policy, seconds=seconds, gap=gap, progress=step)
        made.set()
        gp.save(plan, out, progress=step)
        step(Step(Text("making the page for the meeting", "生成会商页")))
        page = gp.table(plan)
        add_files(out, lambda folder: page.save(folder / TABLE))


def main(words: list[str]) -> None:
    """Run it, and tell how it ended."""
    made = threading.Event()
    threading.Thread(target=_listen, args=(made,), daemon=True).start()
    logging.getLogger("gridplan").addHandler(_Notes())
    region, policy, out, seconds, gap = words
    try:
        make(Path(region), Path(policy), Path(out), float(seconds) if seconds else None, float(gap), made)
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
