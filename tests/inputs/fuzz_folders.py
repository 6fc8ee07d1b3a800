"""More that gridplan reads, to be damaged: KMZ, matrices, tables of programmes, plan and run folders, files sent to the desk."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq

import gridplan as gp
from gridplan.desk.state import State
from gridplan.desk.table_step import keep
from gridplan.desk.uploads import Body, take
from gridplan.inputs.matching.read_outside import read_outside
from gridplan.inputs.read_settings import TableSettings
from gridplan.inputs.read_table import read_table
from gridplan.inputs.schema import PROGRAMME_TABLES, TABLES
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.write import write_region
from gridplan.intake.look import sources
from gridplan.plans.folder.mark import mark_in
from gridplan.plans.folder.own_files import PROGRAMME
from gridplan.plans.folder.store import _table
from gridplan.plans.folder.verify_folder import verify_folder
from gridplan.programmes.store import (
    read_programme_record,
    read_programme_table,
    save_programme,
    verify_programme,
)
from gridplan.proving.checked import checked
from gridplan.scenario.runs.run_files import write_json
from gridplan.show.programme.score_text import read_assessment, read_pairs
from gridplan.words.text import Text
from tests.programme import town

WHOLE = 8
PINS = 'extends = "shanghai-2025"\n[[pin]]\nhospital_id = "H1"\ndistrict_id = "T1"\n'
# What a programme's tables may hold, a row or two of each.
ROWS = {
    "links": "from_unit,to_unit,way\nT1-01,T1-02,bridge\n",
    "needs": "district_id,discipline,people\nT1,07,120\nT2,20,30\n",
    "custody": "hospital_id,managed_id,since\nH1,D1,2024\n",
    "support": "hospital_id,discipline,year_started\nD1,07,2023\n",
    "institutions": "institution_id,name,kind,district_id,lon,lat\nI1,某护理院,nursing,T1,120.03,30.03\n",
    "slots": "hospital_id,discipline,week_slots\nH1,07,40\n",
    "services": "hospital_id,service\nH1,imaging\n",
    "flows": "unit_id,place_id,visits\nT1-01,H1,120\nT1-02,H2,<10\n",
}
TABLES_OF_OTHERS = {
    "outside": ("hospital,partner,省市\nH1,某省医院,某省\n", lambda file: read_outside(file, gp.tiny_town())),
    "scores": ("district_id,hospital_id,score\nT1,H1,0.5\n", read_pairs),
    "indicators": ("indicator_id,value,outside\nposts,0.5,0.25\n", read_assessment),
}


@dataclass(frozen=True)
class Target:
    """A file that is damaged, and who reads it."""

    file: Path
    read: Callable[[], object]


def by_turns(often: Callable[[], object], seldom: Callable[[], object]) -> Callable[[], object]:
    """Read in a short way, and every eighth time in a longer one."""
    turn = count()
    return lambda: (seldom if next(turn) % WHOLE == WHOLE - 1 else often)()


def reads(home: Path, name: str) -> Callable[[], object]:
    """Read one table of a region folder, or the whole folder."""

    def read() -> None:
        notes = Notes()
        table = read_table(home, TABLES[name], TableSettings(), "wgs84", notes)
        assert table is not None or notes.broken
        if notes.broken:
            raise gp.DataError(Text("", ""))

    return by_turns(read, lambda: gp.read(home))


def more_targets(folder: Path, kml: Path, whole: bool) -> list[Target]:
    """See above; `kml` is the districts as KML; plan folders with a programme, which takes longer, are there if `whole`."""
    return [
        *_maps(folder, kml),
        *_programme_tables(folder / "tables"),
        *(_plan_folder(folder / "whole") if whole else ()),
        *_run_folder(folder / "runs"),
        *_others(folder),
        *_desk(folder / "desk"),
    ]


def _maps(folder: Path, kml: Path) -> Iterator[Target]:
    home = folder / "kmz"
    shutil.copytree(kml.parent, home)
    (home / kml.name).unlink()
    with zipfile.ZipFile(home / "districts.kmz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(kml, "doc.kml")
    yield Target(home / "districts.kmz", reads(home, "districts"))
    home = folder / "matrix"
    write_region(gp.tiny_town(), home)
    region = gp.read(home)
    hospitals = region.hospitals["hospital_id"].tolist()
    lines = [
        ",".join([unit, *(str(5 + n) for n in range(len(hospitals)))])
        for unit in region.units["unit_id"].tolist()
    ]
    (home / "travel.csv").write_text("\n".join([",".join(["unit_id", *hospitals]), *lines]), encoding="utf-8")
    yield Target(home / "travel.csv", reads(home, "travel"))


def _programme_tables(home: Path) -> Iterator[Target]:
    """The tables that a programme reads, as the town has them, else a row or two."""
    write_region(town.region(), home)
    for name in ("links", *PROGRAMME_TABLES):
        file = home / f"{name}.csv"
        if not file.is_file():
            home_of_one = home.parent / f"table-{name}"
            shutil.copytree(home, home_of_one)
            file = home_of_one / file.name
            file.write_text(ROWS[name], encoding="utf-8")
        yield Target(file, reads(file.parent, name))


def _plan_folder(out: Path) -> Iterator[Target]:
    """A plan folder with certificate, layers and programme: `verify` reads all of it; of drawn files the mark."""
    plan = town.plan()
    routed = replace(plan, travel=replace(plan.travel, method="a router", settings={"profile": "car"}))
    gp.save(routed, out, certificate=True, gis=["gpkg", "parquet"])
    save_programme(gp.programme(routed, only=["posts", "support"]), out)
    verdict = verify_folder(out)[1]

    def verified() -> None:
        checked(out, verify_folder(out)[1])

    yield Target(out / "certificate.json", lambda: checked(out, verdict))
    for name in ("travel.csv", "pairs.csv", "grids.csv"):
        yield Target(out / name, by_turns(lambda name=name: _table(out / name, []), verified))
    for name in ("plan.gpkg", "plan_units.parquet", "map.html", "plan.xlsx", "changes.docx"):
        yield Target(out / name, by_turns(lambda name=name: mark_in(out / name), verified))
    for name in PROGRAMME:
        if (out / "programme" / name).is_file() and name.endswith((".json", ".csv")):
            yield Target(out / "programme" / name, by_turns(*_programme_readers(out, name)))


def _programme_readers(out: Path, name: str) -> tuple[Callable[[], object], Callable[[], object]]:
    stem = name.removesuffix(".csv")
    often = (
        (lambda: read_programme_record(out)) if stem == name else (lambda: read_programme_table(out, stem))
    )
    return often, lambda: (verify_programme(out), gp.open_programme(out))


def _run_folder(out: Path) -> Iterator[Target]:
    """A run folder: run.json, results that were gathered, and one that lies loose."""
    gp.scenarios(gp.tiny_town(), {"today": gp.policy("shanghai-2025")}, out=out, workers=1)
    loose = Path(shutil.copytree(out, out.with_name("loose")))
    (part,) = (loose / "results").glob("*.parquet")
    rows = [
        {**row, "record": row["record"] and json.loads(row["record"])}
        for row in pq.read_table(part).to_pylist()
    ]
    part.unlink()
    write_json(loose / "results" / "one.json", rows)
    for home, name in ((out, "run.json"), (out, f"results/{part.name}"), (loose, "results/one.json")):

        def read(home: Path = home) -> None:
            gp.open_runs(home).plan("today")

        yield Target(home / name, read)


def _others(folder: Path) -> Iterator[Target]:
    for name, (text, read) in TABLES_OF_OTHERS.items():
        file = folder / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        yield Target(file, lambda file=file, read=read: read(file))


def _desk(home: Path) -> Iterator[Target]:
    """What is dropped in at the desk is taken, then looked at by `gridplan start`; a variant comes back with its pins."""
    sent, kept = home / "sent", home / "kept"
    sent.mkdir(parents=True)
    kept.mkdir()
    write_region(gp.tiny_town(), home / "town")
    book = sent / "hospitals.xlsx"
    gp.tiny_town().hospitals.drop(columns="row").to_excel(book, index=False)
    shutil.copy(home / "town" / "units.geojson", sent / "units.geojson")

    def drop(file: Path) -> None:
        data = file.read_bytes()
        take(State(kept), file.name, Body(io.BytesIO(data), len(data)))
        _, faults = sources(kept)
        if faults:
            raise gp.DataError(Text("", ""))

    for file in (book, sent / "units.geojson"):
        yield Target(file, lambda file=file: drop(file))
    pins = sent / "pins.toml"
    pins.write_text(PINS, encoding="utf-8")
    rows = "layer,unit_id,hospital_id\ngeneral,T1-01,H1\n"
    yield Target(
        pins, lambda: keep(State(kept), "a", rows, pins.read_text(encoding="utf-8", errors="replace"))
    )
