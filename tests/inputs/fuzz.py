"""Damaged files by the thousand, of every format that is read: each must be read or refused in our own words.

`python -m tests.inputs.fuzz 10000` (`make fuzz`) prints what came of them, and after how many seconds to end all the same
where it is told so (`10000 --seconds 600`); the tests try some hundred. A mutant is a file
of the tiny town with bytes changed, cut, doubled or put in; of a workbook also inside its parts. Seeded: the same number
gives the same mutants.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

import gridplan as gp
from gridplan.inputs.read_assignment import read_assignment
from gridplan.inputs.read_rates import read_rates
from gridplan.inputs.read_settings import read_settings
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.write import write_region
from gridplan.plans.folder.record import read_record
from gridplan.plans.folder.store import _findings, _table, write_tables
from gridplan.scenario.scenario_table import read_scenarios
from gridplan.words.text import Text
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS
from tests.inputs.fuzz_folders import Target, more_targets, reads

TOKENS = (
    b"\0", b"\xff", b"\\ud800", b"9" * 6000, b"1e999", b"NaN", b"-0", b"[" * 2000, b"{" * 2000, b'"', b"'", b",", b"\n",
    b"a." * 200, b"[[x]]\n", b"\xe2\x80\xae", "　".encode(), b"null", b"true", b"=1+1", b"\xd6\xd0", b"<!ENTITY x 'y'>",
)  # fmt: skip
SCENARIOS = '[scenario.a]\ndescription = "x"\npopulation = { all = 1.1 }\n'
HANG = 10.0  # seconds of the processor; by the clock six times as many, as a machine may be busy
BUSY = 6
PACKED = (".xlsx", ".docx", ".kmz")  # whose parts are damaged, too


def targets(folder: Path, whole: bool) -> list[Target]:
    """The tiny town in every format, and what else gridplan reads; plan folders with a programme if `whole`."""
    town = gp.tiny_town()
    made = []
    for kind in ("csv", "xlsx", "geojson", "gpkg", "shp", "parquet", "kml", "esri", "topojson"):
        home = folder / kind
        write_region(town, home)
        made += [Target(file, reads(home, file.stem)) for file in sorted(_converted(home, kind))]
    made.append(Target(folder / "csv" / "region.toml", _reads_settings(folder / "csv")))
    policy, scenarios, plan = folder / "policy.toml", folder / "scenarios.toml", folder / "plan"
    profile = gp.policy("shanghai-2025-strict")
    made_plan = gp.plan(town, profile)
    plan.mkdir()
    write_tables(made_plan, plan)
    shutil.copy(plan / "policy.toml", policy)
    scenarios.write_text(SCENARIOS, encoding="utf-8")
    by_hand = made_plan.assignment[["layer", "unit_id", "hospital_id"]]
    by_hand.to_csv(folder / "by_hand.csv", index=False)
    by_hand.to_excel(folder / "by_hand.xlsx", index=False)
    pd.DataFrame([("all", "rest", 0.01)], columns=["district_id", "group", "growth"]).to_csv(
        folder / "rates.csv", index=False
    )
    return [
        *made,
        Target(policy, lambda: gp.policy(policy)),
        Target(scenarios, lambda: read_scenarios(scenarios)),
        Target(plan / "plan.json", lambda: read_record(plan)),
        Target(plan / "findings.csv", lambda: _findings(plan / "findings.csv")),
        Target(plan / "assignment.csv", lambda: _table(plan / "assignment.csv", ASSIGNMENT_COLUMNS)),
        *(
            Target(folder / n, lambda n=n: read_assignment(folder / n))
            for n in ("by_hand.csv", "by_hand.xlsx")
        ),
        Target(folder / "rates.csv", lambda: read_rates(folder / "rates.csv", town)),
        *more_targets(folder, folder / "kml" / "districts.kml", whole),
    ]


def _reads_settings(home: Path) -> Callable[[], object]:
    def read() -> None:
        notes = Notes()
        if read_settings(home, notes) is None or notes.broken:
            raise gp.DataError(Text("", ""))

    return read


def _converted(home: Path, kind: str) -> Iterator[Path]:
    """Tables of a region folder in another format; the files that came of it."""
    if kind == "csv":
        yield from (home / f"{t}.csv" for t in ("hospitals", "branches", "partnerships"))
    elif kind == "xlsx":
        pd.read_csv(home / "hospitals.csv", dtype=str).to_excel(home / "hospitals.xlsx", index=False)
        (home / "hospitals.csv").unlink()
        yield home / "hospitals.xlsx"
    elif kind == "geojson":
        yield home / "districts.geojson"
    elif kind in ("parquet", "kml", "esri", "topojson"):
        town = gp.tiny_town().districts.drop(columns="row")
        (home / "districts.geojson").unlink()
        yield _as_other_map(town, home, kind)
    else:
        frame = gpd.read_file(home / "districts.geojson").rename(columns={"district_id": "adcode"})
        frame.to_file(home / f"districts.{kind}", **({"layer": "districts"} if kind == "gpkg" else {}))
        (home / "districts.geojson").unlink()
        yield from home.glob("districts.*")


def _as_other_map(districts: gpd.GeoDataFrame, home: Path, kind: str) -> Path:
    """The districts as GeoParquet, KML, Esri JSON or TopoJSON."""
    file = home / f"districts.{'json' if kind == 'esri' else kind}"
    rings = [[[list(corner) for corner in shape.exterior.coords]] for shape in districts.geometry]
    records = json.loads(pd.DataFrame(districts.drop(columns="geometry")).to_json(orient="records"))
    if kind == "parquet":
        districts.to_parquet(file)
    elif kind == "kml":
        marks = "".join(
            f"<Placemark><name>{r['name']}</name><ExtendedData>"
            + "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in r.items() if k != "name")
            + "</ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>"
            + " ".join(f"{x},{y}" for x, y in ring[0])
            + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
            for r, ring in zip(records, rings, strict=True)
        )
        file.write_text(
            f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>',
            encoding="utf-8",
        )
    elif kind == "esri":
        features = [
            {"attributes": r, "geometry": {"rings": ring}} for r, ring in zip(records, rings, strict=True)
        ]
        file.write_text(
            json.dumps({"spatialReference": {"wkid": 4490}, "features": features}), encoding="utf-8"
        )
    else:
        members = [{"type": "Polygon", "arcs": [[n]], "properties": r} for n, r in enumerate(records)]
        content = {
            "type": "Topology",
            "arcs": [r[0] for r in rings],
            "objects": {"a": {"type": "GeometryCollection", "geometries": members}},
        }
        file.write_text(json.dumps(content), encoding="utf-8")
    return file


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, cut, doubled, put in."""
    mutant = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 4, 16))):
        at = dice.randrange(len(mutant) + 1)
        size = dice.choice((1, 2, 4, 32, 400))
        match dice.randrange(7):
            case 0 | 1 if at < len(mutant):
                mutant[at] = dice.choice(
                    (0, 255, 127, mutant[at] ^ (1 << dice.randrange(8)), dice.randrange(256))
                )
            case 2:
                del mutant[at : at + size]
            case 3:
                mutant[at:at] = mutant[at : at + size]
            case 4:
                mutant[at:at] = dice.choice(TOKENS)
            case 5:
                mutant[at : at + 4] = dice.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\x80")
                )
            case _ if dice.random() < 0.2:
                del mutant[at:]
    return bytes(mutant)


def damaged_inside(data: bytes, dice: random.Random) -> bytes:
    """The same inside one part of a workbook or another zip, packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        hit = dice.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, damaged(old.read(name), dice) if name == hit else old.read(name))
    return out.getvalue()


@dataclass
class Outcome:
    """What came of the mutants: how many were read and refused, and what should not have been."""

    ways: Counter[str]
    strangers: list[str]
    longest: float = 0.0  # by the clock
    longest_of: str = ""
    longest_work: float = 0.0  # of the processor

    @property
    def hung(self) -> bool:
        """Whether one took too long."""
        return self.longest_work > HANG or self.longest > BUSY * HANG

    def report(self) -> dict[str, object]:
        """What is printed of it."""
        tried = sum(self.ways.values()) + len(self.strangers)
        return {
            "mutants": tried, **self.ways, "strangers": len(self.strangers), "longest_seconds": round(self.longest, 2),
            "longest": self.longest_of, "longest_cpu_seconds": round(self.longest_work, 2), "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        }  # fmt: skip


def fuzz(
    folder: Path,
    mutants: int,
    seed: int = 0,
    seconds: float = math.inf,
    told: int | None = None,
    whole: bool = False,
) -> Outcome:
    """Damage files by turns and read them.

    Parameters
    ----------
    seconds : end after so long, however many are left.
    told : say on stderr how it goes, after every so many.
    whole : damage plan folders with a programme, too.
    """
    dice, made = random.Random(seed), targets(folder, whole)
    sound = {target.file: target.file.read_bytes() for target in made}
    outcome, until = Outcome(Counter(), []), time.monotonic() + seconds
    for number in range(mutants):
        if time.monotonic() > until:
            break
        if told and number and number % told == 0:
            sys.stderr.write(json.dumps(outcome.report()) + "\n")
        target = made[number % len(made)]
        data = sound[target.file]
        inside = target.file.suffix in PACKED and dice.random() < 0.7
        target.file.write_bytes(damaged_inside(data, dice) if inside else damaged(data, dice))
        began, worked = time.perf_counter(), time.process_time()
        try:
            target.read()
            outcome.ways["read"] += 1
        except (gp.DataError, gp.PolicyError, gp.errors.ScenarioError):
            outcome.ways["refused"] += 1
        except Exception as error:  # noqa: BLE001  # to find those is what this is for
            kept = folder.parent / f"mutant-{number}-{target.file.name}"
            kept.write_bytes(target.file.read_bytes())
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            outcome.strangers.append(
                f"{number} {target.file.name}: {type(error).__name__}: {error} ({place})"[:300]
            )
        spent = time.perf_counter() - began
        outcome.longest_work = max(outcome.longest_work, time.process_time() - worked)
        if spent > outcome.longest:
            outcome.longest, outcome.longest_of = spent, f"{number} {target.file.name}"
        target.file.write_bytes(data)
    return outcome


def main() -> None:
    """Try so many, print what came of them; 1 where something should not have."""
    words = argparse.ArgumentParser()
    words.add_argument("mutants", type=int)
    words.add_argument("seed", type=int, nargs="?", default=0)
    words.add_argument("--seconds", type=float, default=math.inf)
    asked = words.parse_args()
    home = Path(tempfile.mkdtemp(prefix="fuzz-"))
    outcome = fuzz(home / "work", asked.mutants, asked.seed, asked.seconds, told=500, whole=True)
    said = outcome.report()
    sys.stdout.write("\n".join([json.dumps(said), *outcome.strangers, ""]))
    bad = outcome.strangers or outcome.hung or said["peak_gb"] > 2
    if not bad:
        shutil.rmtree(home)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
