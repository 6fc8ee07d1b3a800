"""Say the version of every package that gridplan and its tests stand on, as this Python has them: `make constraints`."""

from __future__ import annotations

import configparser
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SETUP = Path(__file__).resolve().parents[1] / "setup.cfg"


def standing_on(lines: list[str]) -> dict[str, str]:
    """Name → version of all that the requirements need, directly or not."""
    found: dict[str, str] = {}
    todo, seen = [(line, frozenset({""})) for line in lines], set()
    while todo:
        line, extras = todo.pop()
        need = Requirement(line)
        key = canonicalize_name(need.name)
        wanted = frozenset({"", *need.extras})
        if need.marker and not any(need.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        found[key] = distribution(key).version
        if (key, wanted) not in seen:
            seen.add((key, wanted))
            todo += [(below, wanted) for below in distribution(key).requires or []]
    return found


if __name__ == "__main__":
    setup = configparser.ConfigParser()
    setup.read(SETUP, encoding="utf-8")
    asked = [setup["options"]["install_requires"], setup["options.extras_require"]["test"]]
    versions = standing_on([line for part in asked for line in part.split("\n") if line])
    sys.stdout.write(
        f"# What the tests last ran with, on Python {sys.version_info.major}.{sys.version_info.minor}; `make constraints` writes it.\n"
    )
    sys.stdout.writelines(f"{name}=={version}\n" for name, version in sorted(versions.items()))
