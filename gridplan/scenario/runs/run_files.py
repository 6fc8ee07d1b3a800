"""Files of a run folder: written whole or not at all, and parts of many results as Parquet."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gridplan.files.whole import PART, told, write_whole
from gridplan.words.damaged import trusted
from gridplan.words.errors import DataError
from gridplan.words.text import Text

GOES_ON = Text(
    "what is finished is kept: make room and give the same command again",
    "已完成的结果均已保存：请腾出空间后重新运行同一命令",
)
DELETE = Text("delete the file; its scenarios are solved again", "请删除该文件，其中的情景将重新求解")

_PAIR = pa.struct(
    [
        ("district_id", pa.string()), ("hospital_id", pa.string()), ("priority", pa.int8()), ("counted", pa.int8()),
        ("people", pa.int64()), ("change", pa.string()),
    ]
)  # fmt: skip
SCHEMA = pa.schema(
    [
        ("key", pa.string()), ("layer", pa.string()), ("status", pa.string()), ("reason", pa.string()),
        ("reason_zh", pa.string()), ("seconds", pa.float64()), ("people", pa.int64()), ("person_minutes", pa.float64()),
        ("mean_minutes", pa.float64()), ("worst_minutes", pa.float64()), ("standard_minutes", pa.float64()),
        ("people_beyond", pa.int64()), ("fullest_people", pa.int64()), ("inequality_minutes", pa.float64()),
        ("pairs", pa.int64()), ("hospitals", pa.int64()), ("changes", pa.int64()), ("gap", pa.float64()),
        ("served_by", pa.list_(pa.string())), ("served_people", pa.list_(pa.int64())), ("pair_list", pa.list_(_PAIR)),
        ("record", pa.string()),
    ]
)  # fmt: skip
WIDE = ("served_by", "served_people", "pair_list", "record")
PLAIN = [name for name in SCHEMA.names if name not in WIDE]


def write_json(path: Path, content: Any) -> None:
    """JSON, whole."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_whole(path, lambda part: part.write_text(text + "\n", encoding="utf-8", newline="\n"), GOES_ON)


def write_folder(folder: Path, write: Callable[[Path], object]) -> None:
    """A folder, whole: written beside and renamed; one that is there already stays."""
    part = folder.with_name(f"{folder.name}.{os.getpid()}{PART}")
    with told(folder, GOES_ON):
        try:
            part.mkdir(parents=True)
            write(part)
            if not folder.exists():
                Path(part).replace(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises
    ------
    DataError : it cannot be read, or is only half there.
    FileNotFoundError : it is not there (any more): a run has just gathered it.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError):
        raise half(path) from None


def half(path: Path) -> DataError:
    """The error of a file that is not as gridplan wrote it."""
    what = Text(f"{path} is damaged, or only half there", f"{path} 已损坏或不完整")
    return DataError(what, DELETE)


def result_of(path: Path) -> pa.Table:
    """The rows of a result that lies loose.

    Raises
    ------
    DataError : it is damaged.
    """
    with trusted(half(path)):
        return to_table(read_json(path))


def to_table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows of results as one table; the record becomes text."""
    plain = [
        {
            **row,
            "record": None if row.get("record") is None else json.dumps(row["record"], ensure_ascii=False),
        }
        for row in rows
    ]
    return pa.Table.from_pylist(plain, schema=SCHEMA)


def write_part(path: Path, table: pa.Table) -> None:
    """A Parquet file, whole."""
    write_whole(path, lambda part: pq.write_table(table, part, compression="zstd"), GOES_ON)


def read_part(path: Path, columns: list[str]) -> pa.Table:
    """Some columns of a part.

    Raises
    ------
    DataError : it is damaged.
    """
    try:
        return pq.read_table(path, columns=columns)
    except (OSError, pa.ArrowException):
        raise half(path) from None


def clear_leftovers(folder: Path) -> None:
    """Take away what a kill has left half written."""
    for left in [*folder.rglob(f"*{PART}")]:
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def frame(table: pa.Table) -> pd.DataFrame:
    """A table for pandas."""
    return table.to_pandas()


def pairs_of(table: pa.Table) -> list[frozenset[tuple[str, str]]]:
    """(district_id, hospital_id) of each row's pair_list."""
    column = table["pair_list"].combine_chunks()
    flat = column.flatten()
    pairs = list(
        zip(flat.field("district_id").to_pylist(), flat.field("hospital_id").to_pylist(), strict=True)
    )
    made, start = [], 0
    for length in column.value_lengths().to_pylist():
        end = start + (length or 0)
        made.append(frozenset(pairs[start:end]))
        start = end
    return made
