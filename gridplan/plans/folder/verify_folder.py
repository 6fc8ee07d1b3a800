"""gridplan verify --plan: the plan is judged, and with it every file of its folder."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.judging.verdict import Breach, Verdict
from gridplan.judging.verify import verify
from gridplan.plans.changes import changes
from gridplan.plans.folder.certificate import BORDERS, CHECKER, borders_of, checker
from gridplan.plans.folder.certificate import FILE as CERTIFICATE
from gridplan.plans.folder.csv_file import csv_text
from gridplan.plans.folder.mark import mark_in, mark_of
from gridplan.plans.folder.own_files import ASSET, ASSET_DIGITS, changed, hash_of, hashes, own_files
from gridplan.plans.folder.record import read_record
from gridplan.plans.folder.store import open_plan, plan_record
from gridplan.plans.folder.verify_layers import foreign_layers
from gridplan.plans.grids_of_plan import grids, members
from gridplan.plans.plan import Plan
from gridplan.policies.profile import policy as read_policy
from gridplan.policies.profile import to_dict
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text, both
from gridplan.words.version import VERSION
from gridplan.words.vocabulary import CHANGE_COLUMNS, GRID, GRID_COLUMNS, MEMBER_COLUMNS

DRAWN = (
    "map.html", "report.html", "table.html", "plan.xlsx", "changes.docx", "hospitals.docx", "report.docx",
    "programme/programme.html", "programme/map.html", "programme/programme.xlsx",
)  # fmt: skip
LAYERS = (".gpkg", ".parquet")  # those without a mark are read
PROGRAMME = "programme/programme.json"
WORDS = (
    "outcome",
    "rules",
    "text",
    "reason",
    "reason_zh",
)  # sentences; another version of gridplan may word them otherwise
CLOSE = 1e-9
RULE_FILES, RULE_RECORD = "FILES", "RECORD"
SAYS = {
    RULE_FILES: Text(
        "Every file is as it was written, and of this plan (against accident, not forgery).",
        "所有文件均与写出时一致，且属于本方案（可防意外改动，不防蓄意伪造）。",
    ),
    RULE_RECORD: Text(
        "What stands in plan.json is what its tables and policy.toml give.",
        "plan.json 中的内容与数据表和 policy.toml 一致。",
    ),
}
OF_ANOTHER = Text("is of another plan, or cannot be read", "属于另一方案，或无法读取")
LEFT_BLANK = Text(
    "Options that plan.json does not write are read at their defaults; a plan made anew writes them.",
    "plan.json 未写出的选项按默认值读取；重新制定方案后会写出。",
)
OLDER = Finding(
    "warning",
    "files-not-checked",
    "plan",
    Text("Files not checked: this folder lists no hashes.", "未核对文件：该文件夹没有文件校验值。"),
    Text(
        "It is of an older gridplan; a plan made anew has them.", "由旧版 gridplan 写出；重新制定方案即可。"
    ),
)


def verify_folder(folder: str | Path) -> tuple[Plan, Verdict]:
    """Open a plan folder and judge it: rules and figures (`verify`), what plan.json says, and every file.

    A file that is not as it was written is named; tables that were edited on purpose are judged all the same. Sums of
    hashes show accidents (a copy cut short, a forgotten edit, a map of another plan), not forgery.

    Returns
    -------
    (Plan, Verdict) : the verdict has the rules FILES and RECORD besides those of the policy.

    Raises
    ------
    DataError : it is no plan folder, or one that cannot be opened; see `open_plan`.
    """
    folder = Path(folder)
    plan = open_plan(folder)
    record, verdict = read_record(folder), verify(plan)
    listed = record.get("files")
    faults = list(_record_faults(folder, plan, record))
    judged = [*verdict.judged, (RULE_RECORD, SAYS[RULE_RECORD], Text("", ""))]
    notes = verdict.notes
    if blank := list(_unwritten(record["policy"], to_dict(plan.policy), "")):
        what = Text(
            f"Made before these options of rules were known: {', '.join(blank)}.",
            f"制定本方案时尚无以下规则选项：{'、'.join(blank)}。",
        )
        notes = Findings([*notes, Finding("warning", "options-not-written", "plan", what, LEFT_BLANK)])
    if isinstance(listed, Mapping):
        faults += _file_faults(folder, plan, record, {str(k): str(v) for k, v in listed.items()})
        room = Text(f"{len(listed)} files", f"{len(listed)} 个文件")
        judged.append((RULE_FILES, SAYS[RULE_FILES], room))
    else:
        notes = Findings([*notes, OLDER])
    return plan, replace(verdict, judged=tuple(judged), breaches=(*verdict.breaches, *faults), notes=notes)


def _file_faults(
    folder: Path, plan: Plan, record: Mapping[str, Any], listed: Mapping[str, str]
) -> Iterator[Breach]:
    there, edited = list(own_files(folder)), changed(folder, listed)
    for name in edited:
        yield _fault(name, Text("is not as it was written", "与写出时不同"))
    for name in sorted(listed.keys() - set(there)):
        yield _fault(name, Text("is missing", "缺失"))
    for name in there:
        if name not in listed:
            yield _fault(
                name,
                Text("is not of this plan: plan.json does not list it", "不属于本方案：plan.json 未列出"),
            )
    for name, table in _derived(plan, _same_version(record) and CERTIFICATE in there).items():
        if name not in listed and name not in there:
            yield _fault(name, Text("is missing", "缺失"))
        if name in listed and name not in edited and name in there and not _agrees(folder / name, table):
            yield _fault(name, Text("is not what the plan gives", "与方案计算结果不符"))
    mark = record.get("mark")
    for name in DRAWN:
        if name in listed and name in there and name not in edited and mark_in(folder / name) != mark:
            yield _fault(name, OF_ANOTHER)
    marks = {
        name: mark_in(folder / name)
        for name in there
        if name.endswith(LAYERS) and "/" not in name and name in listed and name not in edited
    }
    foreign = foreign_layers(plan, folder, [name for name, found in marks.items() if found == ""])
    for name in [*foreign, *(name for name, found in marks.items() if found not in ("", mark))]:
        yield _fault(name, OF_ANOTHER)
    if (
        PROGRAMME in there
        and not {PROGRAMME, "assignment.csv", "pairs.csv"} & set(edited)
        and not _hangs_on(folder)
    ):
        yield _fault(PROGRAMME, OF_ANOTHER)
    for name in _foreign_tables(folder, set(there) - set(edited)):
        yield _fault(name, Text("is not of this programme", "不属于本实施方案"))
    for name in [name for name in there if ASSET.fullmatch(name) and name not in edited]:
        if name.split(".")[-2] != hash_of(folder / name)[:ASSET_DIGITS]:
            yield _fault(name, Text("is not what its name says", "与文件名中的校验值不符"))
    yield from _checker_faults(folder, record, edited)
    own_tables = {"assignment.csv", "pairs.csv", "findings.csv"}
    if not own_tables & set(edited) and mark != mark_of(plan):
        what = Text(
            "plan.json, assignment.csv, pairs.csv and findings.csv are not of one plan",
            "plan.json、assignment.csv、pairs.csv 与 findings.csv 不属于同一方案",
        )
        yield Breach(RULE_FILES, what)


def _hangs_on(folder: Path) -> bool:
    """Whether the programme is that of the plan: it keeps the hashes of the plan's two tables."""
    known = _of_programme(folder, "plan_sha256")
    return known is not None and known == hashes(folder, ("assignment.csv", "pairs.csv"))


def _foreign_tables(folder: Path, names: set[str]) -> Iterator[str]:
    """Tables of a programme that are not those which programme.json keeps the hashes of."""
    for name, known in sorted((_of_programme(folder, "files") or {}).items()):
        inside = f"programme/{name}"
        if inside in names and known != hash_of(folder / inside):
            yield inside


def _of_programme(folder: Path, key: str) -> dict[str, Any] | None:
    """What programme.json says under a key; None where it says nothing that can be read."""
    try:
        held = json.loads((folder / PROGRAMME).read_text(encoding="utf-8"))[key]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def _checker_faults(folder: Path, record: Mapping[str, Any], edited: list[str]) -> Iterator[Breach]:
    """The program that checks the certificate must be the one that gridplan ships: what it says is believed."""
    if not (folder / CERTIFICATE).is_file():
        return
    if not (folder / CHECKER).is_file():
        yield _fault(CHECKER, Text("is missing beside the certificate", "缺失，证书无法复核"))
    elif (
        CHECKER not in edited
        and _same_version(record)
        and (folder / CHECKER).read_bytes() != checker().encode("utf-8")
    ):
        yield _fault(CHECKER, Text("is not the program that gridplan writes", "不是 gridplan 写出的程序"))


def _same_version(record: Mapping[str, Any]) -> bool:
    return bool(record["provenance"].get("versions", {}).get("gridplan") == VERSION)


def _fault(name: str, what: Text) -> Breach:
    return Breach(RULE_FILES, Text(f"{name} {what.en}", f"{name} {what.zh}"))


def _derived(plan: Plan, certified: bool) -> dict[str, pd.DataFrame]:
    """The tables that follow from the others."""
    made = {"changes.csv": changes(plan)[CHANGE_COLUMNS]}
    borders = borders_of(plan.region, plan.policy) if certified else None
    if borders is not None:
        made[BORDERS] = borders
    if GRID in plan.policy.layers:
        made |= {"grids.csv": grids(plan)[GRID_COLUMNS], "members.csv": members(plan)[MEMBER_COLUMNS]}
    return made


def _agrees(file: Path, table: pd.DataFrame) -> bool:
    """Whether a CSV has the rows of a table; sentences aside, numbers but for rounding."""
    try:
        have = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, ValueError, csv.Error):
        return False
    want = list(csv.DictReader(io.StringIO(csv_text(table), newline="")))
    columns = [c for c in table.columns if c not in WORDS]
    return len(have) == len(want) and all(
        _alike(a.get(column), b[column]) for a, b in zip(have, want, strict=True) for column in columns
    )


def _alike(one: str | None, other: str) -> bool:
    if one == other or one is None:
        return one == other
    try:
        return math.isclose(float(one), float(other), rel_tol=CLOSE)
    except ValueError:
        return False


def _record_faults(folder: Path, plan: Plan, record: Mapping[str, Any]) -> Iterator[Breach]:
    """What plan.json says against what its own tables, the region and policy.toml give."""
    expected = json.loads(json.dumps(plan_record(plan)))
    # The plan's policy was read from this record, so what is not written there stands at its default: `_unwritten` tells it.
    skipped = ("files", "mark", "provenance", "policy", *(() if _same_version(record) else WORDS))
    yield from _differing({k: v for k, v in record.items() if k not in skipped},
                          {k: v for k, v in expected.items() if k not in skipped}, "", skipped)  # fmt: skip
    given = {
        "provenance.policy_sha256": (record["provenance"].get("policy_sha256"), plan.policy.digest),
        "provenance.tables_sha256": (record["provenance"]["tables_sha256"], plan.region.table_hashes),
    }
    for key, (said, is_) in given.items():
        if said != is_:
            yield Breach(
                RULE_RECORD, Text(f"plan.json: {key} is not that of the plan", f"plan.json：{key} 与方案不符")
            )
    try:
        if to_dict(read_policy(folder / "policy.toml")) != to_dict(plan.policy):
            what = Text("policy.toml is not the policy in plan.json", "policy.toml 与 plan.json 中的政策不同")
            yield Breach(RULE_RECORD, what)
    except PolicyError as fault:
        what = Text(f"policy.toml cannot be read: {fault.what.en}", f"policy.toml 无法读取：{fault.what.zh}")
        yield Breach(RULE_RECORD, what)


def _unwritten(said: Mapping[str, Any], is_: Mapping[str, Any], path: str) -> Iterator[str]:
    """Where the policy as it was read says more than plan.json: posts.price = 0.0."""
    for key, value in is_.items():
        if key not in said:
            yield f"{path}{key} = {json.dumps(value, ensure_ascii=False)}"
        elif isinstance(value, dict) and isinstance(said[key], Mapping):
            yield from _unwritten(said[key], value, f"{path}{key}.")


def _differing(said: Any, is_: Any, path: str, skipped: tuple[str, ...]) -> Iterator[Breach]:
    """Where two contents of plan.json differ: layers.0.goals.0.gap is 0.5, should be 0."""
    if isinstance(said, dict) and isinstance(is_, dict):
        for key in sorted(said.keys() | is_.keys()):
            if key not in skipped:
                inner = f"{path}.{key}" if path else key
                yield from _differing(said.get(key, ...), is_.get(key, ...), inner, skipped)
    elif isinstance(said, list) and isinstance(is_, list) and len(said) == len(is_):
        for n, (one, other) in enumerate(zip(said, is_, strict=True)):
            yield from _differing(one, other, f"{path}.{n}", skipped)
    elif said != is_ and not _close(said, is_):
        one, other = _shown(said), _shown(is_)
        what = Text(
            f"plan.json: {path} is {one.en}, should be {other.en}",
            f"plan.json：{path} 写作 {one.zh}，应为 {other.zh}",
        )
        yield Breach(RULE_RECORD, what)


def _close(one: Any, other: Any) -> bool:
    numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
    return numbers and math.isclose(one, other, rel_tol=CLOSE, abs_tol=1e-12)


def _shown(value: Any) -> Text:
    if value is ...:
        return Text("missing", "缺失")
    text = json.dumps(value, ensure_ascii=False)
    return both(text if len(text) <= 60 else text[:59] + "…")
