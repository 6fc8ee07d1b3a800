"""Runs killed at random moments, by the dozen: what is then in the folder? `python -m tests.kills 50 25 25` prints figures.

Three kinds: swaps of a plan folder that holds 40 MB of the planner's own files (a child that does nothing but swap, one
way or the other), `gridplan plan` into a folder that holds a plan, `gridplan scenarios` with more than ten results done.
The suite holds a handful of exact moments (tests/plans/test_plan_folder.py); this is for the rest of them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import gridplan as gp
from gridplan.files.claim import work_folder
from gridplan.files.swap import mend
from gridplan.plans.folder.verify_folder import verify_folder
from tests.plans.test_plan_folder import save

SWAPS = """
import sys
from pathlib import Path
from gridplan.files import swap
from gridplan.plans.folder import plan_folder
from tests.plans.test_plan_folder import puts
out, way = Path(sys.argv[1]), sys.argv[2]
if way == "journal":
    swap.exchange = lambda *_: False
for n in range(1, 10**6):
    with plan_folder.held(out) as claim:
        plan_folder.fill(claim, puts(**{f"{name}_csv": str(n) for name in ("assignment", "pairs", ("grids", "members")[n % 2])},
                                     map_html=str(n), region__units_csv=str(n)))
    if n == 1:
        print("swapping", flush=True)
"""
MANY = "".join(f"[scenario.n{n:03}]\npopulation = {{ all = 1.{n:03} }}\n" for n in range(1, 41))


def swaps(home: Path, kills: int, dice: random.Random) -> Counter[str]:
    """Kill a process that swaps without a pause; own files must be there, and all tables of one and the same plan."""
    out, came = save(home / "swapped", map_html="0"), Counter[str]()
    own = os.urandom(40 * 2**20)
    (out / "own").mkdir()
    for n in range(4):
        (out / "own" / f"{n}.bin").write_bytes(own[n * 10 * 2**20 : (n + 1) * 10 * 2**20])
    for number in range(kills):
        way = ("exchange", "journal")[number % 2]
        child = subprocess.Popen([sys.executable, "-c", SWAPS, str(out), way], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.3))
        child.kill()
        child.wait()
        there = (
            way == "journal" or (out / "plan.json").is_file()
        )  # by one step it is never gone, not even before it is mended
        came["killed in work"] += work_folder(out).is_dir()
        mend(out)
        kept = b"".join((out / "own" / f"{n}.bin").read_bytes() for n in range(4)) == own
        texts = tables_of(out)
        mixed = len(set(texts.values())) != 1 or len(texts) != 5
        came["survived"] += there and kept and not mixed
        came["mixed"] += mixed
        came["own files lost"] += not kept
    return came


def tables_of(out: Path) -> dict[str, str]:
    """The files of a plan folder but the planner's own."""
    names = [p for p in out.rglob("*") if p.is_file() and p.suffix not in (".bin", ".json")]
    return {p.relative_to(out).as_posix(): p.read_text(encoding="utf-8") for p in names}


def plans(home: Path, kills: int, dice: random.Random) -> Counter[str]:
    """Kill `gridplan plan` into a folder with a plan, with HiGHS and with CBC, which is a process of its own, by turns.

    Then the folder must verify, no work folder and no process stay, and nothing in the temporary folder once another
    plan has been made there.
    """
    town, out, came = home / "town", home / "planned", Counter[str]()
    gp.write_region(gp.tiny_town(), town)
    words = [sys.executable, "-m", "gridplan.cli", "plan", str(town), "--out", str(out), "--engine"]
    scratch, marked = temporary(home)
    began = time.monotonic()
    subprocess.run([*words, "cbc"], check=True, stdout=subprocess.DEVNULL, env=marked)
    whole = time.monotonic() - began
    for number in range(kills):
        child = subprocess.Popen(
            [*words, ("auto", "cbc")[number % 2]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=marked,
        )
        time.sleep(dice.uniform(0.2, 1.1) * whole)
        working = processes_of(scratch)
        came["killed in work"] += child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.wait()
        orphans = after_a_while(scratch)
        _, verdict = verify_folder(out)
        left = [p.name for p in home.iterdir() if p.name.startswith(".planned")]
        came["survived"] += verdict.kept and not left
        came["work folders left"] += len(left)
        round_of(came, number, working, orphans, scratch)
    subprocess.run([*words, "cbc"], check=True, stdout=subprocess.DEVNULL, env=marked)
    came["temporary left after the next run"] = len(list(scratch.iterdir()))
    return came


def runs(home: Path, kills: int, dice: random.Random) -> Counter[str]:
    """Kill `gridplan scenarios` with more than ten results done; they come back, no process and no temporary folder stays."""
    town, file, came = home / "town2", home / "s.toml", Counter[str]()
    gp.write_region(gp.tiny_town(), town)
    file.write_text(MANY, encoding="utf-8")
    words = [sys.executable, "-m", "gridplan.cli", "scenarios", str(town), "--file", str(file)]
    scratch, marked = temporary(home)
    for number in range(kills):
        out = home / f"runs{number}"
        child = subprocess.Popen(
            [*words, "--out", str(out), "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=marked,
        )
        while len(list(out.glob("results/*.json"))) <= 10 and child.poll() is None:
            time.sleep(0.02)
        time.sleep(dice.uniform(0.0, 0.2))
        working = processes_of(scratch)
        came["killed in work"] += child.poll() is None
        child.kill()
        child.wait()
        orphans = after_a_while(scratch)
        done = list(out.glob("results/*.json"))
        opened = gp.open_runs(out)
        solved = set(opened.table.loc[opened.table["status"] == "optimal", "name"])
        came["survived"] += len(solved) == len(done) > 10
        round_of(came, number, working, orphans, scratch)
    return came


def temporary(home: Path) -> tuple[Path, dict[str, str]]:
    """A temporary folder of one's own, and the environment that names it: whoever has it was started by us."""
    scratch = home / "temporary"
    scratch.mkdir()
    return scratch, {**os.environ, "TMPDIR": str(scratch)}


def round_of(came: Counter[str], number: int, working: list[int], orphans: list[int], scratch: Path) -> None:
    """Count what one kill has left, and print it."""
    left = [p.name for p in scratch.iterdir()]
    came["processes"] += len(working)
    came["orphans"] += len(orphans)
    came["temporary left"] += len(left)
    line = {
        "round": number,
        "processes": len(working),
        "orphans": len(orphans),
        "temporary left": len(left),
    }
    sys.stdout.write(f"  {json.dumps(line)}\n")


def after_a_while(scratch: Path, seconds: float = 10.0) -> list[int]:
    """The processes that are still there when they have had time to end."""
    until = time.monotonic() + seconds
    while (left := processes_of(scratch)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def processes_of(scratch: Path) -> list[int]:
    """All processes whose temporary folder this is, whoever their parent is by now, as Linux lists them."""
    mark, found = f"TMPDIR={scratch}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:  # it has just ended, or is another's
            continue
    return found


def main() -> None:
    """Kill so many of each kind; print what came of it."""
    many = [int(word) for word in sys.argv[1:4]]
    dice = random.Random(0)
    for kind, kills in zip((swaps, plans, runs), many, strict=True):
        with tempfile.TemporaryDirectory(prefix="kills-") as home:
            sys.stdout.write(
                json.dumps({"kind": kind.__name__, "kills": kills, **kind(Path(home), kills, dice)}) + "\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
