"""Which files of a plan folder are gridplan's own, and the list of their hashes that plan.json keeps.

The list is against accident (a copy cut short, a table edited and forgotten, a map of another plan), not against
forgery: whoever changes a file on purpose can change its hash too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gridplan.inputs.formats.read_file import SUFFIXES
from gridplan.inputs.schema import TABLES
from gridplan.words.vocabulary import PROGRAMME_COLUMNS

RECORD = "plan.json"  # what makes a folder a plan folder; it lists all other files, so it cannot list itself
# Every name that gridplan may write into a plan folder. What writes another one adds it here: a file that is not named
# here is somebody else's and stays for ever.
FILES = (
    "assignment.csv", "assignment.parquet", "pairs.csv", "grids.csv", "members.csv", "changes.csv", "findings.csv", "travel.csv",
    "policy.toml", "certificate.json", "check_certificate.py", "borders.csv", "map.html", "table.html", "report.html", "plan.xlsx", "changes.docx",
    "hospitals.docx", "report.docx",
    "plan.gpkg", "plan_units.parquet", "plan_districts.parquet", "plan_hospitals.parquet", "plan_pairs.parquet", "plan_grids.parquet",
    RECORD,
)  # fmt: skip
FOLDERS = ("region", "assets", "programme")
REGION = ("region.toml", *(f"{table}{suffix}" for table in TABLES for suffix in SUFFIXES))
PROGRAMME = (
    "programme.json",
    "programme.html",
    "map.html",
    "programme.xlsx",
    *(f"{table}.csv" for table in PROGRAMME_COLUMNS),
)
ASSET_DIGITS = 12  # of the SHA-256 of its text, in its name
ASSET = re.compile(rf"assets/[\w.-]+\.[0-9a-f]{{{ASSET_DIGITS}}}\.(js|css)")
HALF = re.compile(r"(\.?)(.+?)(\.\d+)?\.part")  # what a kill leaves of a file


def is_own(name: str) -> bool:
    """Whether a file of a plan folder ("map.html", "region/units.csv") is gridplan's own, whole or half written."""
    if name in FILES or name in FOLDERS or ASSET.fullmatch(name):
        return True
    folder, _, file = name.rpartition("/")
    if folder == "region" and file in REGION:
        return True
    if folder == "programme" and file in PROGRAMME:
        return True
    half = HALF.fullmatch(file)
    return half is not None and is_own(f"{folder}/{half[2]}" if folder else half[2])


def own_files(folder: Path) -> Iterator[str]:
    """The own files in a plan folder, plan.json aside."""
    here = [entry.name for entry in folder.iterdir() if entry.is_file()]
    for inner in FOLDERS:
        if (folder / inner).is_dir():
            here += [f"{inner}/{entry.name}" for entry in (folder / inner).iterdir() if entry.is_file()]
    yield from sorted(name for name in here if is_own(name) and name != RECORD)


def hash_of(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashes(folder: Path, names: Iterable[str] | None = None) -> dict[str, str]:
    """Name → SHA-256 of own files, by default of all that are there; each is seen onto the disk on the way."""
    found = {}
    for name in own_files(folder) if names is None else names:
        with (folder / name).open("rb") as stream:
            found[name] = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
    return found


def changed(folder: Path, listed: Mapping[str, str]) -> list[str]:
    """The listed files that are there and are not as they were written."""
    return [
        name
        for name, known in listed.items()
        if (folder / name).is_file() and hash_of(folder / name) != known
    ]
