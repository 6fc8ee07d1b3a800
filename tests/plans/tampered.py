"""Plan folders that are not what they were. `python -m tests.plans.tampered` prints how many are named.

Thirty by hand, half of them with fitting hashes; then each file that plan.json lists of a folder with all that gridplan
writes (certificate, programme, table, layers for a GIS …): changed, gone, and changed with a hash that fits.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest import MonkeyPatch
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans import plan as plans
from gridplan.plans.folder.own_files import RECORD, hashes, own_files
from gridplan.plans.folder.verify_folder import verify_folder
from gridplan.programmes.store import verify_programme
from gridplan.proving.checked import checked
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


def all_files(plan: gp.Plan, out: Path, parts: Sequence[str] = ()) -> Path:
    """A plan folder into which every verb has written all that it can; `plan` has grids and a table of travel of its own."""
    routed = replace(plan, travel=replace(plan.travel, method="a router", settings={"profile": "car"}))
    with MonkeyPatch.context() as patch:
        patch.setattr(plans, "MOST_IN_A_WORKBOOK", 1)  # so that assignment.parquet is written
        gp.save(routed, out, assets=True, certificate=True, gis=["gpkg", "parquet"])
    for words in (["table", out], ["form", out], ["programme", out, *parts], ["map", out]):
        ended = CliRunner().invoke(app, [*map(str, words), "--lang", "en"])
        assert ended.exit_code == 0, (words, ended.output)
    return out


def of_another(name: str, held: bytes, mark: str) -> bytes:
    """The file as another plan may have it: its mark, a row less of a table, a row where there was none; or no such file."""
    other = held.replace(mark.encode("ascii"), b"0" * 64)
    if other != held:
        return other
    if name.endswith(".csv") and name.partition("/")[0] != "region":
        head, *rows = held.decode("utf-8-sig").splitlines(keepends=True)
        return "".join([head, *rows[:-1]] if rows else [head, head]).encode("utf-8-sig")
    return b"\0garbage"


def every_file(folder: Path) -> Iterator[tuple[str, Spoil]]:
    """Each listed file, one after the other: changed, gone, and of another plan with a hash that fits."""
    mark = json.loads((folder / RECORD).read_text(encoding="utf-8"))["mark"]
    for name in own_files(folder):

        def other(copy: Path, _: Path, name: str = name) -> None:
            (copy / name).write_bytes(of_another(name, (copy / name).read_bytes(), mark))
            listed(copy)

        def longer(copy: Path, _: Path, name: str = name) -> None:
            with (copy / name).open("ab") as stream:
                stream.write(b"\n")

        yield f"{name} of another, fitting", other
        yield f"{name} changed", longer
        yield f"{name} gone", gone(name)


def named(folder: Path) -> bool:
    """Whether a judge says that something is not as it should be: of the plan, its certificate or its programme."""
    try:
        verdict = checked(folder, verify_folder(folder)[1])
        return not verdict.kept or ((folder / "programme").is_dir() and not verify_programme(folder).kept)
    except gp.DataError:
        return True


def tried(home: Path, folder: Path, other: Path, spoils: Iterable[tuple[str, Spoil]]) -> dict[str, Any]:
    """Spoil copies of a folder, each in one way; what was not named."""
    ways = dict(spoils)
    missed, good = [], not named(folder)
    for kind, spoil in ways.items():
        copy = home / "spoilt"
        shutil.copytree(folder, copy)
        spoil(copy, other)
        missed += [] if named(copy) else [kind]
        shutil.rmtree(copy)
    return {"good passes": good, "tampered": len(ways), "missed": missed}


def main() -> None:
    """Spoil folders in every way; print how many are named."""
    from tests.programme import town

    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        one, other = whole(home)
        sys.stdout.write(json.dumps({"by hand": tried(home, one, other, TAMPERED.items())}) + "\n")
        full = all_files(town.plan_in_parts(), home / "full")
        found = tried(home, full, other, every_file(full))
        sys.stdout.write(json.dumps({"each file": {"files": len([*own_files(full)]), **found}}) + "\n")


if __name__ == "__main__":
    main()
