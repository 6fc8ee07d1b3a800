"""The folder OUT/programme/: tables and programme.json, written in one step, and judged again with edits by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.files.whole import told
from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.sheets.cells import clean_id, clean_number, clean_text
from gridplan.inputs.sheets.notes import FileFault
from gridplan.judging.programme.claims import Claimed
from gridplan.judging.programme.judge_programme import JUDGES, judge_programme
from gridplan.judging.verdict import Verdict
from gridplan.plans.folder.csv_file import csv_text
from gridplan.plans.folder.own_files import RECORD, hash_of
from gridplan.plans.folder.plan_folder import add_files
from gridplan.plans.folder.record import PUT_BACK
from gridplan.plans.folder.store import open_plan, write_json
from gridplan.policies.profile import plain_rule
from gridplan.policies.rule import Rule
from gridplan.programmes.part import Part
from gridplan.programmes.programme import Programme
from gridplan.words.damaged import DAMAGED, trusted
from gridplan.words.errors import DataError
from gridplan.words.text import Text
from gridplan.words.vocabulary import PROGRAMME_COLUMNS

FOLDER, FILE, FORM = "programme", "programme.json", 3
NUMBERS = (
    "managers", "from_year", "until_year", "phase", "days_per_week", "level_today", "people", "minutes", "coordinated",
    "level", "year_started", "rank", "margin", "level_before", "level_after", "people_before", "people_with_posts",
    "people_with_alliances", "people_after", "persons", "days", "teams", "share",
    "minutes_1", "minutes_2", "minutes_3", "broken", "load", "overflow", "beds",
    "week_slots", "released", "members", "slots", "volume", "visits", "floor", "target", "measured", "indicators",
)  # fmt: skip


def save_programme(
    programme: Programme,
    out: str | Path,
    pages: Mapping[str, str] | None = None,
    write: Callable[[Path], object] = lambda folder: None,
) -> list[str]:
    """Write the programme into the plan's folder, all in one step, in the place of the one that is there.

    Files of parts that it does not have are taken away, so that what is in the folder is one programme.

    Parameters
    ----------
    pages : name of a file, "programme.html", → its text (`show.programme`).
    write : what else is written into the folder of the programme, or of the plan above it.

    Returns
    -------
    Names of the files, "programme/custody.csv" …

    Raises
    ------
    DataError : `out` is no plan folder, or not that of this plan; it cannot be written.
    """
    out = Path(out)
    if open_plan(out).assignment.equals(programme.plan.assignment) is False:
        raise DataError(
            Text(f"{out} holds another plan", f"{out} 中是另一个方案"),
            Text("save the plan first, or give its folder", "请先保存方案，或给出其文件夹"),
        )
    record = _record(programme, hash_of_plan(out))

    def write_all(made: Path) -> None:
        folder = made / FOLDER
        folder.mkdir(parents=True)
        with told(folder):
            for name, table in programme.marked.items():
                (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8-sig", newline="")
            for name, text in (pages or {}).items():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
            write(folder)
            files = {f"{name}.csv": hash_of(folder / f"{name}.csv") for name in programme.tables}
            write_json(folder / FILE, {**record, "files": files})

    return add_files(out, write_all, lambda name: name.startswith(f"{FOLDER}/"))


def hash_of_plan(out: Path) -> dict[str, str]:
    """What says which plan a programme belongs to: the hashes of its two tables; plan.json itself changes with each addition."""
    return {name: hash_of(out / name) for name in ("assignment.csv", "pairs.csv")}


def _record(programme: Programme, plan: dict[str, str]) -> dict[str, Any]:
    provenance = programme.plan.provenance
    return {
        "form": FORM,
        "plan_sha256": plan,
        "tables_sha256": provenance.get("tables_sha256", {}),
        "modelled": list(programme.modelled),
        "notes": [_pair(note) for note in programme.notes],
        "parts": [_part(part, programme.rules[part.name]) for part in programme.parts],
    }


def _part(part: Part, rules: tuple[Rule, ...]) -> dict[str, Any]:
    goals = [
        {
            "goal": g.goal, "text": _pair(g.text), "unit": g.unit, "value": g.value, "reached": g.reached,
            "bound": g.bound, "gap": g.gap, "status": g.status,
        }
        for g in part.goals
    ]  # fmt: skip
    return {
        "part": part.name,
        "title": _pair(part.title),
        "rules": {rule.key: plain_rule(rule) for rule in rules},
        "status": part.status,
        "goals": goals,
        "seconds": part.seconds,
        "facts": dict(part.facts),
        "sentences": [_pair(text) for text in part.sentences],
        "findings": [
            {"code": f.code, "id": f.id, "what": _pair(f.what), "hint": _pair(f.hint)} for f in part.findings
        ],
        "modelled": list(part.modelled),
        "tables": list(part.tables),
    }


def _pair(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def read_programme_record(out: Path) -> dict[str, Any]:
    """programme.json of a plan folder.

    Raises
    ------
    DataError : there is none, or it is damaged.
    """
    path = out / FOLDER / FILE
    if not path.is_file():
        raise DataError(
            Text(f"{out} has no programme", f"{out} 中没有实施方案"),
            Text(f"run gridplan programme {out}", f"请运行 gridplan programme {out}"),
        )
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["form"] < FORM:
            raise DataError(
                Text(
                    f"the programme in {out} was made by an earlier version",
                    f"{out} 中的实施方案由较早版本生成",
                ),
                Text(f"run gridplan programme {out} again", f"请重新运行 gridplan programme {out}"),
            )
        whole = record["form"] == FORM and all(
            part["part"] in JUDGES and all(g["goal"] for g in part["goals"]) for part in record["parts"]
        )
    except DataError:
        raise
    except (OSError, *DAMAGED):
        whole = False
    if not whole:
        raise damaged()
    return dict(record)


def damaged() -> DataError:
    """The error of a programme.json that is not as gridplan wrote it."""
    return DataError(Text(f"{FILE} is damaged", f"{FILE} 已损坏"), PUT_BACK)


def belongs(record: Mapping[str, Any], out: Path) -> None:
    """Refuse a programme of another plan than the one in `out`.

    Raises
    ------
    DataError : it was made for other tables.
    """
    if record["plan_sha256"] != hash_of_plan(out):
        raise DataError(
            Text(f"the programme in {out} belongs to another plan", f"{out} 中的实施方案属于另一个方案"),
            Text(
                f"{RECORD} is newer: run gridplan programme {out} again",
                f"请重新运行 gridplan programme {out}",
            ),
        )


def verify_programme(out: str | Path) -> Verdict:
    """Judge the programme of a plan folder, also where its tables were edited by hand: every broken row is named.

    Raises
    ------
    DataError : there is no programme, a table of it is missing or cannot be read, or it belongs to another plan.
    """
    out = Path(out)
    record, plan = read_programme_record(out), open_plan(out)
    belongs(record, out)
    rules: dict[str, tuple[Rule, ...]] = {}
    tables: dict[str, pd.DataFrame] = {}
    with trusted(damaged()):
        for part in record["parts"]:
            judge = JUDGES[part["part"]]
            rules[part["part"]] = tuple(
                k(**part["rules"][k.key]) for k in judge.rules if k.key in part["rules"]
            )
        figures = {p["part"]: {g["goal"]: float(g["value"]) for g in p["goals"]} for p in record["parts"]}
    for part in record["parts"]:
        tables |= {name: read_programme_table(out, name) for name in JUDGES[part["part"]].tables}
    claimed = Claimed(plan.region, plan.policy, plan.pairs, plan.assignment, tables, figures)
    return judge_programme(plan.name, claimed, rules)


def read_programme_table(out: Path, name: str) -> pd.DataFrame:
    """A table of a programme, with `row`.

    Raises
    ------
    DataError : it is missing, lacks a column, or holds words where numbers belong.
    """
    columns = PROGRAMME_COLUMNS[name]
    folder = out / FOLDER
    try:
        sheet = read_file(local_file(folder, f"{name}.csv"), name, lambda header: header in columns)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    lacking = [column for column in columns if column not in sheet.headers]
    if lacking:
        raise DataError(Text(f"{name}.csv lacks columns", f"{name}.csv 缺少列"), PUT_BACK, lacking)
    table = pd.DataFrame(index=range(len(sheet.rows)))
    for column in columns:
        if column in NUMBERS:
            numbers = [clean_number(cell) for cell in sheet.cells[column]]
            bad = [row for row, n in zip(sheet.rows, numbers, strict=True) if n is None or n != n]
            if bad:
                raise DataError(
                    Text(f"{name}.csv: {column} is not a number", f"{name}.csv：{column} 不是数字"),
                    Text("write a number", "请填写数字"), [Text(f"row {row}", f"第 {row} 行") for row in bad],
                )  # fmt: skip
            table[column] = pd.Series(numbers, dtype="float64")
        elif column == "discipline":
            from gridplan.inputs.disciplines import discipline_code

            table[column] = [discipline_code(cell) for cell in sheet.cells[column]]
        else:
            clean = clean_id if column.endswith("_id") else clean_text
            table[column] = [clean(cell) for cell in sheet.cells[column]]
    return table.assign(row=sheet.rows)
