"""The run folder: run.json says what is asked, results/ holds what is finished, regions/ what it starts from.

A finished scenario is one JSON file in results/, written whole. Every few hundred, and at the end, they are gathered
into one Parquet part, so that ten thousand stay quick to open. A kill between the part and the files that it replaces
leaves a result twice, and it counts once: results are known by their key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from gridplan.files.whole import told
from gridplan.scenario.runs.run_files import (
    GOES_ON,
    PLAIN,
    clear_leftovers,
    half,
    read_json,
    read_part,
    result_of,
    to_table,
    write_json,
    write_part,
)
from gridplan.words.errors import DataError
from gridplan.words.text import Text

FORM = 1  # of run.json; raised when its keys change meaning
TOGETHER = 512  # results that are gathered into one part
AGAIN = ("died",)  # what is tried again when the run goes on: another time there may be memory


@dataclass
class RunFolder:
    """A run folder on the disk."""

    path: Path
    loose: set[Path] = field(default_factory=set)

    @property
    def results(self) -> Path:
        """Where results are."""
        return self.path / "results"

    def make(self) -> None:
        """The folder, with what a kill has left half written taken away."""
        with told(self.path, GOES_ON):
            self.results.mkdir(parents=True, exist_ok=True)
            clear_leftovers(self.path)
        self.loose = set(self.results.glob("*.json"))

    def add(self, key: str, rows: Sequence[dict[str, Any]]) -> None:
        """Keep the rows of a finished scenario."""
        path = self.results / f"{key}.json"
        write_json(path, [{**_without_nan(row), "key": key} for row in rows])
        self.loose.add(path)
        if len(self.loose) >= TOGETHER:
            self.gather()

    def gather(self) -> None:
        """Make one part of the results that lie loose."""
        if not self.loose:
            return
        number = len(list(self.results.glob("part-*.parquet"))) + 1
        while (path := self.results / f"part-{number:05}.parquet").exists():
            number += 1
        try:
            write_part(path, _table_of(sorted(self.loose)))
        except FileNotFoundError as gone:
            raise half(Path(gone.filename)) from None
        with told(self.results, GOES_ON):
            for file in self.loose:
                file.unlink(missing_ok=True)
        self.loose = set()

    def finished(self) -> dict[str, str]:
        """Key → status of every result that need not be made again."""
        table = self.read(["key", "status"])
        pairs = zip(table["key"].to_pylist(), table["status"].to_pylist(), strict=True)
        return {key: status for key, status in pairs if status not in AGAIN}

    def read(self, columns: list[str] | None = None, keys: Iterable[str] | None = None) -> pa.Table:
        """Results, each key once, the newest: parts in their order, then what lies loose.

        Parameters
        ----------
        columns : which; by default all that are not lists.
        keys : only these.
        """
        only = None if keys is None else set(keys)
        while True:
            try:
                return self._read(columns or PLAIN, only)
            except FileNotFoundError:  # a run that is at work has gathered results since they were listed
                continue

    def _read(self, wanted: list[str], seen: set[str] | None) -> pa.Table:
        read = list(dict.fromkeys(["key", *wanted]))
        tables = []
        loose = sorted(self.results.glob("*.json"))
        if loose:
            tables.append(_table_of(loose).select(read))
        parts = sorted(self.results.glob("part-*.parquet"), reverse=True)
        tables += [read_part(path, read) for path in parts]
        known: set[str] = set()
        kept = []
        for table in tables:  # the newest first
            mine = table["key"].to_pylist()
            mask = [key not in known and (seen is None or key in seen) for key in mine]
            kept.append(table.filter(pa.array(mask, pa.bool_())))
            known.update(mine)
        return pa.concat_tables(kept).select(wanted) if kept else to_table([]).select(wanted)


def _table_of(files: Sequence[Path]) -> pa.Table:
    """The rows of loose results, file by file, as rows of Python take ten times the room of a table."""
    return pa.concat_tables([result_of(file) for file in files])


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Write run.json."""
    write_json(folder / "run.json", {"form": FORM, **record})


def read_record(folder: Path) -> dict[str, Any]:
    """What run.json holds.

    Raises
    ------
    DataError : it is no run folder, of a form that is not known, or damaged.
    """
    path = folder / "run.json"
    if not path.is_file():
        what = Text(
            f"{folder} is no run folder: it has no run.json", f"{folder} 不是运行文件夹：没有 run.json"
        )
        hint = Text(
            "give the folder that `gridplan scenarios … --out` wrote",
            "请给出 `gridplan scenarios … --out` 写出的文件夹",
        )
        raise DataError(what, hint)
    record = read_json(path)
    shape = {"bases": dict, "policy": dict, "settings": dict, "cases": list}
    if not isinstance(record, dict) or record.get("form") != FORM:
        form = record.get("form") if isinstance(record, dict) else None
        what = Text(
            f"{path} is of form {form!r}, but form {FORM} is read",
            f"{path} 的格式版本为 {form!r}，可读的是 {FORM}",
        )
        raise DataError(what, Text("run the scenarios again in a new folder", "请在新文件夹中重新运行情景"))
    if wrong := [key for key, kind in shape.items() if not isinstance(record.get(key), kind)]:
        what = Text(f"{path} is damaged: parts are missing", f"{path} 已损坏：缺少内容")
        hint = Text(
            "run the scenarios again: finished ones are found by their key",
            "请重新运行情景：已完成的按其键值识别",
        )
        raise DataError(what, hint, wrong)
    return record


def _without_nan(row: dict[str, Any]) -> dict[str, Any]:
    """JSON has no NaN; what is not known is null."""
    return {k: None if isinstance(v, float) and v != v else v for k, v in row.items()}
