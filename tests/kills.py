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
    """Kill `gridplan plan` into a folder with a plan; then it must verify, and no work folder stay."""
    town, out, came = home / "town", home / "planned", Counter[str]()
    gp.write_region(gp.tiny_town(), town)
    words = [sys.executable, "-m", "gridplan.cli", "plan", str(town), "--out", str(out)]
    began = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    whole = time.monotonic() - began
    for _ in range(kills):
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.2, 1.1) * whole)
        came["killed in work"] += child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.wait()
        _, verdict = verify_folder(out)
        left = [p.name for p in home.iterdir() if p.name.startswith(".planned")]
        came["survived"] += verdict.kept and not left
        came["work folders left"] += len(left)
    return came


def runs(home: Path, kills: int, dice: random.Random) -> Counter[str]:
    """Kill `gridplan scenarios` with more than ten results done; they come back, no process and no temporary folder stays."""
    town, file, came = home / "town2", home / "s.toml", Counter[str]()
    gp.write_region(gp.tiny_town(), town)
    file.write_text(MANY, encoding="utf-8")
    words = [sys.executable, "-m", "gridplan.cli", "scenarios", str(town), "--file", str(file)]
    scratch = home / "temporary"
    scratch.mkdir()
    for number in range(kills):
        out = home / f"runs{number}"
        child = subprocess.Popen(
            [*words, "--out", str(out), "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": str(scratch)},
        )
        while len(list(out.glob("results/*.json"))) <= 10 and child.poll() is None:
            time.sleep(0.02)
        time.sleep(dice.uniform(0.0, 0.2))
        workers = descendants(child.pid)
        came["killed in work"] += child.poll() is None
        child.kill()
        child.wait()
        done = list(out.glob("results/*.json"))
        opened = gp.open_runs(out)
        solved = set(opened.table.loc[opened.table["status"] == "optimal", "name"])
        until = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
            time.sleep(0.05)
        came["processes"] += len(workers)
        came["orphans"] += sum(Path(f"/proc/{pid}").exists() for pid in workers)
        came["temporary left"] += len(list(scratch.iterdir()))
        came["survived"] += len(solved) == len(done) > 10
    return came


def descendants(pid: int) -> list[int]:
    """All processes below one, as Linux lists them."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:  # it has ended
        return []
    below = [int(word) for word in text.split()]
    return [*below, *(deeper for child in below for deeper in descendants(child))]


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
