"""The scripts of the table's page, and HiGHS for its worker."""

from __future__ import annotations

import base64
from importlib import resources

SCRIPTS = (
    "model.js", "sets.js", "say.js", "board.js", "desk.js", "panels.js", "panels_more.js", "kernel.js", "solve.js", "curve.js",
    "curve_panel.js", "take.js", "tell.js", "start.js",
)  # fmt: skip
WORKER = ("highs.js", "model.js", "sets.js", "curve.js", "worker.js")
WASM = "highs.wasm.gz"


def script(name: str) -> str:
    """The text of a script or a style of the page, with newlines as a browser sees them."""
    file = resources.files("gridplan.show.table_page") / "assets" / name
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def wasm() -> str:
    """HiGHS in WebAssembly, gzipped, in base64."""
    return base64.b64encode(
        (resources.files("gridplan.show.table_page") / "assets" / WASM).read_bytes()
    ).decode("ascii")
