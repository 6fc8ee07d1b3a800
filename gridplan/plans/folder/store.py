"""The plan folder: tables and plan.json in a fixed form that anyone can recompute, and the way back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.files.swap import mend
from gridplan.files.whole import told
from gridplan.geography.reading import read
from gridplan.geography.travel import Travel, travel_times
from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.cells import clean_id, clean_number, clean_text
from gridplan.inputs.sheets.notes import FileFault
from gridplan.inputs.write import write_region
from gridplan.optimise.run.outcome import FORMERLY, GoalResult
from gridplan.plans.changes import changes
from gridplan.plans.folder.certificate import kept_with, read_certificate
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.folder.mark import keyword, mark_of
from gridplan.plans.folder.own_files import RECORD, hashes
from gridplan.plans.folder.record import FORM, PUT_BACK, read_record
from gridplan.plans.grids_of_plan import grids, left_out, members
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import Policy
from gridplan.policies.profile import from_dict, save_policy, to_dict
from gridplan.words.errors import DataError
from gridplan.words.findings import SEVERITY_WORDS, Finding, Findings
from gridplan.words.text import Text
from gridplan.words.vocabulary import (
    ASSIGNMENT_COLUMNS,
    GRID,
    GRID_COLUMNS,
    MEMBER_COLUMNS,
    PAIR_COLUMNS,
    TRAVEL_COLUMNS,
    TRAVEL_METHODS,
)

NUMBERS = ("people", "minutes", "priority", "counted")
FINDING_COLUMNS = ("severity", "code", "table", "row", "id", "what", "hint", "what_zh", "hint_zh")


def write_tables(plan: Plan, folder: Path) -> None:
    """Write assignment.csv (with many units assignment.parquet too), pairs.csv, changes.csv, findings.csv, plan.json, policy.toml and region/ into an existing folder.

    With grids, grids.csv and members.csv too; they follow from the others and are not read again.

    CSV is UTF-8 with BOM, as Excel wants it. region/ is the region as the plan used it, so that the folder opens
    again, is verified and drawn without the files it came from.
    """
    write_plan_tables(plan, folder)
    write_record(plan, folder)


def write_plan_tables(plan: Plan, folder: Path) -> None:
    """All of these but plan.json."""
    write_csv(plan.assignment[ASSIGNMENT_COLUMNS], folder / "assignment.csv")
    if plan.units_in_parquet:
        with told(folder / "assignment.parquet"):
            rows = plan.to_frame()
            rows.attrs["plan"] = keyword(mark_of(plan))
            rows.to_parquet(folder / "assignment.parquet", index=False)
    write_csv(plan.pairs[PAIR_COLUMNS], folder / "pairs.csv")
    if GRID in plan.policy.layers:
        write_csv(grids(plan)[GRID_COLUMNS], folder / "grids.csv")
        write_csv(members(plan)[MEMBER_COLUMNS], folder / "members.csv")
    write_csv(changes(plan), folder / "changes.csv")
    write_csv(findings_table(plan.findings), folder / "findings.csv")
    write_region(plan.region, folder / "region")
    with told(folder / "policy.toml"):
        save_policy(plan.policy, folder / "policy.toml")
    if plan.travel.method not in TRAVEL_METHODS:
        write_csv(plan.travel.to_frame(), folder / "travel.csv")


def write_record(plan: Plan, folder: Path) -> None:
    """Write plan.json, which lists the hash of every file that is in the folder by then: so it comes last."""
    write_json(folder / RECORD, {**plan_record(plan), "files": hashes(folder)})


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write plan.json as it is always written."""
    text = json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def findings_table(findings: Findings) -> pd.DataFrame:
    """Findings in both languages."""
    table, chinese = findings.to_frame("en"), findings.to_frame("zh")
    return table.assign(what_zh=chinese["what"], hint_zh=chinese["hint"])


def plan_record(plan: Plan) -> dict[str, Any]:
    """What plan.json holds (docs/plan-folder.md)."""
    region, travel = plan.region, plan.travel
    return {
        "form": FORM,
        "region": {
            "name": region.name,
            "title": region.title,
            "districts": len(region.districts),
            "units": len(region.units),
            "people": int(region.units["people"].sum()),
            "people_source": region.people,
            "people_modelled": region.modelled,
            "sources": list(region.sources),
        },
        "policy": to_dict(plan.policy),
        "rules": [
            {"id": rule.id, "title": _pair(rule.title), "sentence": _pair(rule.sentence())}
            for rule in plan.policy.on(plan.region).rules
        ],
        "status": plan.status,
        "outcome": _pair(plan.outcome),
        "gap": plan.gap,
        "layers": [layer_record(layer) for layer in plan.layers],
        **({"left_out": left_out(plan)} if GRID in plan.policy.layers else {}),
        "travel": {
            "method": travel.method,
            "settings": dict(travel.settings),
            "left_out": travel.left_out.to_dict("records"),
        },
        "provenance": dict(plan.provenance),
        "mark": mark_of(plan),
    }


def layer_record(layer: LayerResult) -> dict[str, Any]:
    """One layer's result as plan.json holds it."""
    goals = [
        {
            "goal": g.goal, "text": _pair(g.text), "unit": g.unit,
            "value": g.value, "reached": g.reached, "bound": g.bound, "gap": g.gap, "status": g.status,
        }
        for g in layer.goals
    ]  # fmt: skip
    return {
        "layer": layer.layer,
        "status": layer.status,
        "value": layer.value,
        "bound": layer.bound,
        "gap": layer.gap,
        "engine": layer.engine,
        "seconds": layer.seconds,
        "preference_minutes": layer.preference_minutes,
        **({"without": dict(layer.without)} if layer.without else {}),
        "goals": goals,
    }


def _pair(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def open_plan(folder: str | Path) -> Plan:
    """Open a plan folder again.

    Parameters
    ----------
    folder : str or Path
        A plan folder, as `gp.save` writes it (docs/plan-folder.md).

    Returns
    -------
    Plan
        The plan, with its region, policy and proof.

    Raises
    ------
    DataError
        It is not a plan folder, a file is missing or broken, or its region is not the one that was planned.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> again = gp.open_plan(gp.save(plan, "out"))
    >>> again.assignment.equals(plan.assignment)
    True
    """
    folder = Path(folder)
    mend(folder)
    record = read_record(folder)
    region = read(folder / "region")
    if region.fingerprint != record["provenance"]["region_sha256"]:
        raise DataError(
            Text(
                f"{folder.name}/region is not the region that was planned",
                f"{folder.name}/region 与制定方案时的数据不同",
            ),
            Text("plan again, or put the old files back", "请重新制定方案，或恢复原文件"),
            list(_changed(region, record["provenance"]["tables_sha256"])),
        )
    policy = from_dict(record["policy"], "plan.json")
    opened = Plan(
        region,
        policy,
        _travel(folder, region, policy, record["travel"]),
        _table(folder / "assignment.csv", ASSIGNMENT_COLUMNS),
        _table(folder / "pairs.csv", PAIR_COLUMNS),
        tuple(layer_result(layer) for layer in record["layers"]),
        _findings(folder / "findings.csv"),
        record["provenance"],
    )
    held = read_certificate(folder, opened.name)
    kept_with(opened)[:] = [] if held is None else [held]
    return opened


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    """A table of a plan folder, cells cleaned like those of a region; columns not known are left as text."""
    try:
        sheet = read_file(local_file(path.parent, path.name), path.stem, lambda header: header in columns)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    table = pd.DataFrame(index=range(len(sheet.rows)))
    for column in sheet.headers:
        clean = clean_number if column in NUMBERS else clean_id if column.endswith("_id") else clean_text
        table[column] = [clean(cell) for cell in sheet.cells[column]]
    for column in table.columns.intersection(NUMBERS):
        table[column] = pd.to_numeric(table[column])
    return table.assign(row=sheet.rows)


def _changed(region: Region, hashes: Mapping[str, str]) -> Iterator[str]:
    for table in sorted(hashes.keys() | region.table_hashes.keys()):
        if hashes.get(table) != region.table_hashes.get(table):
            yield table


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    table = _read(path, columns)
    _demand(path, table, columns)
    whole = [c for c in ("people", "priority", "counted") if c in columns]
    for column in whole:
        wrong = table.loc[table[column].isna() | (table[column] % 1 != 0), "row"]
        if len(wrong):
            raise DataError(
                Text(f"{path.name}: {column} is not a whole number", f"{path.name}：{column} 不是整数"),
                PUT_BACK,
                [Text(f"row {row}", f"第 {row} 行") for row in wrong],
            )
    return table[columns].astype(dict.fromkeys(whole, "int64"))


def _demand(path: Path, table: pd.DataFrame, columns: Iterable[str]) -> None:
    missing = [c for c in columns if c not in table]
    if missing:
        raise DataError(Text(f"{path.name} lacks columns", f"{path.name} 缺少列"), PUT_BACK, missing)


def _travel(folder: Path, region: Region, policy: Policy, record: Mapping[str, Any]) -> Travel:
    """The minutes anew, or those of a router from the folder."""
    hospitals = sorted(set(candidates(region, policy)["hospital_id"]))
    if record["method"] in TRAVEL_METHODS:
        return travel_times(region, hospitals, policy.travel)
    given = region.with_tables(travel=_table(folder / "travel.csv", TRAVEL_COLUMNS))
    made = travel_times(given, hospitals, policy.travel, "table")
    return replace(made, method=record["method"], settings=record["settings"])


def layer_result(record: Mapping[str, Any]) -> LayerResult:
    """One layer's result from what plan.json holds."""
    goals = tuple(
        GoalResult(g["goal"], Text(**g["text"]), g["value"], g["bound"], g["unit"], g["reached"])
        for g in record["goals"]
    )
    engine = FORMERLY.get(record["engine"], record["engine"])
    without = {str(rule): float(value) for rule, value in record.get("without", {}).items()}
    return LayerResult(
        record["layer"], goals, engine, record["seconds"], record["preference_minutes"], without
    )


def _findings(path: Path) -> Findings:
    if not path.is_file():
        raise DataError(Text(f"{path.name} is missing", f"缺少文件 {path.name}"), PUT_BACK)
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError):  # not text, no columns, rows of different lengths
        what = Text(f"{path.name} is no table that can be read", f"{path.name} 不是可读的表格")
        raise DataError(what, PUT_BACK) from None
    _demand(path, rows, FINDING_COLUMNS)
    wrong = rows.index[~rows["row"].str.fullmatch(r"\d*") | ~rows["severity"].isin(SEVERITY_WORDS)]
    if len(wrong):
        what = Text(f"{path.name} has rows that are no findings", f"{path.name} 中有无法识别的行")
        raise DataError(what, PUT_BACK, [Text(f"row {n + 2}", f"第 {n + 2} 行") for n in wrong])
    return Findings(
        Finding(
            r.severity, r.code, r.table, Text(r.what, r.what_zh), Text(r.hint, r.hint_zh),
            int(r.row) if r.row else None, r.id,
        )
        for r in rows.itertuples()
    )  # fmt: skip
