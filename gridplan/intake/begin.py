"""start(): a folder of files as they are → region.toml, what is missing, and the doctor's findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gridplan.doctor.doctor import check
from gridplan.doctor.mending.accept import MEANINGS
from gridplan.files.whole import told, write_whole
from gridplan.inputs.read_region import read_region
from gridplan.inputs.read_settings import FILE
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.notes import FileFault
from gridplan.intake.choices import city_of, datum_of, frames, stand_for
from gridplan.intake.look import Fit, Source, any_header, recognised, sources
from gridplan.intake.missing import missing
from gridplan.intake.region_toml import Choices, region_toml
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.text import Language, Text, preferred_language

COLUMNS = ["file", "table", "why"]
SHOWN = 12
HINT = Text("give a folder in which files may be written", "请给出可写入文件的文件夹")


@dataclass(frozen=True, eq=False)
class Beginning:
    """What `start` made of a folder.

    Parameters
    ----------
    file : the region.toml that it wrote.
    chosen : file (with sheet or layer), table ("" where it is none that was needed), why.
    confirm : choices that nothing in the files says, to be looked at.
    missing : what is not there, with where cities get it.
    findings : the doctor's, of the folder as it is now.
    """

    file: Path
    chosen: pd.DataFrame
    confirm: tuple[Text, ...]
    missing: tuple[tuple[str, Text], ...]
    findings: Findings

    @property
    def acceptable(self) -> list[str]:
        """The codes of `repair_folder` that would do away with some of the errors."""
        return acceptable(self.findings)

    def report(self, lang: Language = "en") -> str:
        """All of it as text."""
        zh = lang == "zh"
        lines = [Text("Which file is which table:", "文件与表的对应：").say(lang)]
        lines += [
            f"  {file} → {table or '—'}: {why}" for file, table, why in self.chosen.itertuples(index=False)
        ]
        if self.confirm:
            lines.append(
                Text(f"Please look at, in {self.file.name}:", f"请在 {self.file.name} 中核对：").say(lang)
            )
            lines += [f"  {one.say(lang)}" for one in self.confirm]
        if self.missing:
            lines.append(Text("Missing, and where cities get it:", "缺少的内容及获取途径：").say(lang))
            lines += [f"  {what}: {where.say(lang)}" for what, where in self.missing]
        lines.append(Text("What the doctor finds:", "数据检查结果：").say(lang))
        lines.append(self.findings.report(lang))
        folder = self.file.parent
        lines += accept_lines(self.findings, lang)
        lines.append(
            f"下一步：修改 {self.file}，再运行 gridplan check {folder} --repair 新文件夹"
            if zh
            else f"Next: change {self.file}, then gridplan check {folder} --repair NEW"
        )
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.report("en")


def acceptable(findings: Findings) -> list[str]:
    """The codes of `repair_folder` that would do away with some of the errors."""
    errors = findings.errors
    codes = [code for code in MEANINGS if any(f.code == code for f in errors)]
    without_people = any(
        f.code == "blank-cell" and f.table == "units" and "people" in f.what.en for f in errors
    )
    return ["people-from-total", *codes] if without_people else codes


def accept_lines(findings: Findings, lang: Language) -> list[str]:
    """What a planner may accept, a line per code under its heading; none where nothing is to be accepted."""
    codes = acceptable(findings)
    head = Text("What you may accept instead of filling in cells:", "可接受的处理（代替逐格填写）：")
    return (
        [head.say(lang), *(f"  --accept {code}: {MEANINGS[code].say(lang)}" for code in codes)]
        if codes
        else []
    )


def start(folder: Path | str, *, lang: Language | None = None) -> Beginning:
    """Look at a folder of files, say which is what, and write a region.toml in which every choice can be changed.

    Parameters
    ----------
    folder : Path or str
        Workbooks, CSV and maps as a city has them, whatever they are called.
    lang : str, optional
        "en" or "zh": of the remarks in region.toml; by default that of the system.

    Returns
    -------
    Beginning
        Which file, sheet or layer is which table and why; what to look at; what is missing, with where cities get it;
        and what `check` finds in the folder.

    Raises
    ------
    DataError
        There is no such folder, it has a region.toml already, or none of its files is a table.

    Examples
    --------
    >>> import gridplan as gp
    >>> from pathlib import Path
    >>> _ = gp.write_region(gp.tiny_town(), "files")
    >>> Path("files/region.toml").unlink()
    >>> begun = gp.start("files")
    >>> sorted(begun.chosen["table"])
    ['branches', 'districts', 'hospitals', 'partnerships', 'units']
    >>> len(begun.findings.errors)
    0
    """
    folder, lang = Path(folder), lang or preferred_language()
    file = folder / FILE
    if not folder.is_dir():
        raise DataError(Text(f"There is no folder {folder}.", f"没有文件夹 {folder}。"))
    if file.exists():
        raise DataError(
            Text(f"{file} is there already; it is not overwritten.", f"{file} 已存在，不会覆盖。"),
            Text("Change it and run gridplan check, or delete it to start anew.", "请修改后运行 gridplan check；如要重新开始请先删除它。"),
        )  # fmt: skip
    found, faults = sources(folder)
    chosen, left = recognised([source for source in found if any(map(any_header, source.read.headers))])
    if not chosen:
        raise DataError(
            Text(f"No file in {folder} has headers of a table that gridplan knows.", f"{folder} 中没有任何文件具有可识别的表头。"),
            Text("Needed are districts, units (streets, towns) and hospitals; docs/region-folder.md lists their columns.", "需要区、单元（街道、乡镇）和医院三张表；各列见 docs/region-folder.md。"),
            which=[source.place for source in found] + [name for name, _ in faults],
        )  # fmt: skip
    title = city_of(folder, found, chosen)
    datum, why = datum_of(chosen)
    others = {table: [f.source.place for f in left if f.table == table and f.enough] for table in chosen}
    choices = Choices(
        title or folder.resolve().name, title, datum, why, chosen, others, frames(chosen, datum)
    )
    _write(file, choices, lang)
    try:
        region, _ = read_region(folder)
        choices.names = stand_for(region)
        if choices.names:
            _write(file, choices, lang)
        findings = check(folder if choices.names else region)
    except DataError as refused:
        findings = refused.findings
    return Beginning(
        file,
        _table(choices, left, found, faults, lang),
        tuple(_to_confirm(choices)),
        tuple(missing(chosen)),
        findings,
    )


def _write(file: Path, choices: Choices, lang: Language) -> None:
    text = region_toml(choices, lang)
    with told(file, HINT):
        write_whole(file, lambda path: path.write_text(text, encoding="utf-8", newline="\n"), HINT)


def _to_confirm(choices: Choices) -> list[Text]:
    found = [
        Text(
            f'datum = "{choices.datum}": {choices.why_datum.en}',
            f'坐标系 datum = "{choices.datum}"：{choices.why_datum.zh}',
        )
    ]
    for table, lines in choices.tables.items():
        found += [
            Text(
                f"[tables.{table}] {key} = {value}: {why.en}",
                f"[tables.{table}] 中 {key} = {value}：{why.zh}",
            )
            for key, value, why in lines
        ]
    for table, places in choices.others.items():
        found += [
            Text(
                f"[tables.{table}]: {place} might be this table, too",
                f"[tables.{table}]：{place} 也可能是这张表",
            )
            for place in places
        ]
    for table, names in choices.names.items():
        found += [
            Text(f"[names.{table}] {a} is read as {b}", f"[names.{table}] {a} 按 {b} 理解")
            for a, b in names.items()
        ]
    return found


def _table(
    choices: Choices,
    left: list[Fit],
    found: list[Source],
    faults: list[tuple[str, FileFault]],
    lang: Language,
) -> pd.DataFrame:
    rows = []
    for table in [name for name in TABLES if name in choices.chosen]:
        for one in choices.chosen[table]:
            headers = [h for h in one.columns.values() if h in one.source.read.headers]
            shown = ", ".join(headers[:SHOWN]) + (" …" if len(headers) > SHOWN else "")
            shapes = (
                Text("; with shapes", "；含图形") if one.source.read.geometry is not None else Text("", "")
            )
            rows.append(
                (
                    one.source.place,
                    table,
                    Text(f"headers {shown}{shapes.en}", f"表头 {shown}{shapes.zh}").say(lang),
                )
            )
    told = {row[0] for row in rows}
    nothing = Text("no headers of a table that is needed", "没有所需表的表头")
    for one in left:
        why = (
            Text(f"most like {one.table}, not chosen", f"近似 {one.table}，未采用") if one.enough else nothing
        )
        rows.append((one.source.place, "", why.say(lang)))
        told.add(one.source.place)
    rows += [(source.place, "", nothing.say(lang)) for source in found if source.place not in told]
    rows += [(name, "", fault.what.say(lang)) for name, fault in faults]
    return pd.DataFrame(rows, columns=COLUMNS)
