"""Thirty plan folders that are not what they were; half of them with fitting hashes. `python -m tests.plans.tampered`."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gridplan as gp
from gridplan.plans.folder.own_files import hashes
from gridplan.plans.folder.verify_folder import verify_folder
from tests.plans.gridtown import grid_town

Spoil = Callable[[Path, Path], None]  # the folder, and one of another plan


def whole(home: Path) -> tuple[Path, Path]:
    """A plan folder with partners and grids, and one of another policy."""
    town = grid_town()
    rules = gp.policy("shanghai-2025-grids")
    one = gp.save(gp.plan(town, rules), home / "one")
    other = gp.save(gp.plan(town, gp.policy("shanghai-2025-strict")), home / "other")
    return one, other


def record(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """plan.json says something else; it lists no hash of itself, so the hashes fit."""

    def spoil(folder: Path, _: Path) -> None:
        path = folder / "plan.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return spoil


def set_to(path: str, value: Any) -> Spoil:
    """One value of plan.json."""

    def change(content: dict[str, Any]) -> None:
        *above, last = [int(word) if word.isdigit() else word for word in path.split(".")]
        at: Any = content
        for word in above:
            at = at[word]
        at[last] = value(at[last]) if callable(value) else value

    return record(change)


def of_other(name: str, fits: bool) -> Spoil:
    """A file of the other plan; with its hash in the list, or not."""

    def spoil(folder: Path, other: Path) -> None:
        shutil.copy(other / name, folder / name)
        if fits:
            listed(folder)

    return spoil


def listed(folder: Path) -> None:
    """The list of hashes, made to fit."""
    record(lambda content: content.update(files=hashes(folder)))(folder, folder)


def edited(name: str, old: str, new: str, fits: bool) -> Spoil:
    """A text edited by hand."""

    def spoil(folder: Path, _: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert old in text, (name, old)
        (folder / name).write_text(
            text.replace(old, new, 1), encoding="utf-8-sig" if name.endswith("csv") else "utf-8"
        )
        if fits:
            listed(folder)

    return spoil


def gone(name: str) -> Spoil:
    """A file is missing."""
    return lambda folder, _: (folder / name).unlink()


def garbage(name: str, fits: bool = False) -> Spoil:
    """A file is no such file any more."""

    def spoil(folder: Path, _: Path) -> None:
        (folder / name).write_bytes(b"\x00garbage")
        if fits:
            listed(folder)

    return spoil


TAMPERED: dict[str, Spoil] = {
    "most = 9 in plan.json": set_to("policy.district_cap.most", 9),
    "wrong policy hash": set_to("provenance.policy_sha256", "0" * 64),
    "wrong table hash": set_to("provenance.tables_sha256.units", "0" * 64),
    "gap 0.5 under optimal": set_to("gap", 0.5),
    "gap of a goal": set_to("layers.0.goals.0.gap", 0.5),
    "bound halved": record(lambda content: (last := content["layers"][0]["goals"][-1]).update(bound=last["bound"] / 2)),
    "status": set_to("layers.0.status", "feasible"),
    "people of the region": set_to("region.people", 1),
    "a rule's sentence": set_to("rules.0.sentence.en", "Anything goes."),
    "settings of travel": set_to("travel.settings.detour", 1.1),
    "policy.toml of another, fitting": of_other("policy.toml", True),
    "map of another, fitting": of_other("map.html", True),
    "report of another, fitting": of_other("report.html", True),
    "workbook of another, fitting": of_other("plan.xlsx", True),
    "form of another, fitting": of_other("changes.docx", True),
    "changes edited, fitting": edited("changes.csv", "kept", "new", True),
    "grids edited, fitting": edited("grids.csv", "urban", "county", True),
    "members edited, fitting": edited("members.csv", "lead", "member", True),
    "garbage for a workbook, fitting": garbage("plan.xlsx", True),
    "policy.toml of another": of_other("policy.toml", False),
    "policy.toml gone": gone("policy.toml"),
    "garbage for policy.toml": garbage("policy.toml"),
    "map edited": edited("map.html", "</body>", "<p>mine</p></body>", False),
    "report cut short": lambda folder, _: (folder / "report.html").write_bytes((folder / "report.html").read_bytes()[:5000]),
    "workbook of another": of_other("plan.xlsx", False),
    "form gone": gone("changes.docx"),
    "assignment edited": edited("assignment.csv", "layer", "layer ", False),
    "findings of nothing": edited("findings.csv", "severity", "severity ", False),
    "members gone": gone("members.csv"),
    "a table of an older plan": lambda folder, _: (folder / "travel.csv").write_text("unit_id,hospital_id,minutes\n"),
}  # fmt: skip


def named(folder: Path) -> bool:
    """Whether the judge says that something is not as it should be."""
    try:
        return not verify_folder(folder)[1].kept
    except gp.DataError:
        return True


def main() -> None:
    """Spoil a folder in every way; print how many are named."""
    with tempfile.TemporaryDirectory() as home:
        one, other = whole(Path(home))
        missed, good = [], not named(one)
        for kind, spoil in TAMPERED.items():
            folder = Path(home) / "spoilt"
            shutil.copytree(one, folder)
            spoil(folder, other)
            missed += [] if named(folder) else [kind]
            shutil.rmtree(folder)
    sys.stdout.write(json.dumps({"good passes": good, "tampered": len(TAMPERED), "missed": missed}) + "\n")


if __name__ == "__main__":
    main()
