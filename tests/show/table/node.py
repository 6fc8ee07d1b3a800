"""The table's scripts under node, without a page: one process for many cases."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from gridplan.show.table_page.scripts import WASM, script

DRIVER = Path(__file__).with_name("driver.js")
RUN = """
{
  const fs = require("fs"), [, , name, given, wasm, answers] = process.argv;
  const does = { evaluated: (_, one) => evaluated(one), solved: solved, curved: curved }[name];
  const cases = JSON.parse(fs.readFileSync(given, "utf-8"));
  const begun = name === "evaluated" ? Promise.resolve(null) : loadHighs(fs.readFileSync(wasm));
  begun.then((highs) => fs.writeFileSync(answers, JSON.stringify(cases.map((one) => does(highs, one)))));
}
"""


def under_node(name: str, cases: Sequence[Any], folder: Path) -> list[Any]:
    """What a function of driver.js says of every case.

    Parameters
    ----------
    name : "evaluated", "solved" or "curved".
    """
    node = shutil.which("node")
    if node is None:
        why = "no node found; the same cases run in Chromium"
        pytest.fail(why) if os.environ.get("CI") in ("1", "true") else pytest.skip(why)
    parts = [script(one) for one in ("highs.js", "model.js", "sets.js", "curve.js")]
    names = {one: folder / one for one in ("run.js", "cases.json", "highs.wasm", "answers.json")}
    names["run.js"].write_text("\n".join([*parts, DRIVER.read_text("utf-8"), RUN]), encoding="utf-8")
    names["cases.json"].write_text(json.dumps(cases), encoding="utf-8")
    wasm = (resources.files("gridplan.show.table_page") / "assets" / WASM).read_bytes()
    names["highs.wasm"].write_bytes(gzip.decompress(wasm))
    program, given, solver, answers = (str(one) for one in names.values())
    subprocess.run([node, program, name, given, solver, answers], check=True)
    found: list[Any] = json.loads(names["answers.json"].read_text(encoding="utf-8"))
    return found
