"""A plan's mark: a hash of what it says. The drawn files carry it, so that a map of another plan is known for one."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from pathlib import Path

from gridplan.plans.plan import Plan

MARK = "gridplan-plan"  # the name it goes by in pages (a meta element), workbooks and forms (a keyword)
MARKED = re.compile(rb"gridplan-plan(?:\" content=\"|:)([0-9a-f]{64})")
HEAD_BYTES = 16_384  # of a page; its mark stands in the head
ABOUT = "docProps/core.xml"  # where Excel and Word keep keywords
MOST_ABOUT = 2**20
BEGINS = {
    ".gpkg": b"SQLite format 3\0",
    ".parquet": b"PAR1",
}  # layers for a GIS: the mark stands somewhere among their bytes
CHUNK = 2**20


def mark_of(plan: Plan) -> str:
    """SHA-256 over region, policy, who is served by whom, pairs, goals with value and bound, and findings."""
    said = [
        plan.region.fingerprint,
        plan.policy.digest,
        plan.assignment[["layer", "unit_id", "hospital_id"]].astype(str).to_numpy().tolist(),
        plan.pairs[["layer", "district_id", "hospital_id"]].astype(str).to_numpy().tolist(),
        [
            [r.layer, *([g.goal, float(g.value), float(g.reached), float(g.bound)] for g in r.goals)]
            for r in plan.layers
        ],
        [[f.severity, f.code, f.table, f.row, f.id.lstrip("'")] for f in plan.findings],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode("ascii")).hexdigest()


def keyword(mark: str) -> str:
    """The mark as workbooks and forms carry it."""
    return f"{MARK}:{mark}"


def mark_in(file: Path) -> str | None:
    """The mark that a drawn file carries; "" where it carries none, None where it cannot be opened as what it is."""
    try:
        if file.suffix in BEGINS:
            return _mark_among(file, BEGINS[file.suffix])
        if file.suffix == ".html":
            with file.open("rb") as stream:
                text = stream.read(HEAD_BYTES)
        else:
            with zipfile.ZipFile(file) as packed:
                if packed.getinfo(ABOUT).file_size > MOST_ABOUT:
                    return None
                text = packed.read(ABOUT)
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return None
    found = MARKED.search(text)
    return found[1].decode("ascii") if found else ""


def _mark_among(file: Path, begins: bytes) -> str | None:
    """The mark among the bytes of a file that may be large."""
    with file.open("rb") as stream:
        if stream.read(len(begins)) != begins:
            return None
        before = b""
        while part := stream.read(CHUNK):
            found = MARKED.search(before + part)
            if found:
                return found[1].decode("ascii")
            before = part[-100:]
    return ""
