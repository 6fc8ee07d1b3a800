"""region.toml as people type it: curly quotes, full-width signs and Chinese keys are understood, and said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.encoding import decode
from gridplan.inputs.sheets.guard import guarded_reading, refuse_large
from gridplan.inputs.sheets.notes import FileFault, Notes
from gridplan.inputs.sheets.read_toml import MOST_BYTES, parse_toml
from gridplan.words.text import Text

KEYS = {
    "名称": "name", "简称": "name", "标题": "title", "城市": "title", "坐标系": "datum", "坐标": "datum", "来源": "sources",
    "数据来源": "sources", "数据日期": "data_date", "日期": "data_date", "审图号": "map_approval", "表": "tables", "数据表": "tables",
    "人口": "people", "单元": "units", "别名": "aliases", "词": "words", "词语": "words", "名称对照": "names",
}  # fmt: skip
KEYS_OF_TABLES = {
    "文件": "file", "坐标系": "datum", "投影": "crs", "图层": "layer", "工作表": "sheet", "列": "columns", "字段": "columns",
    "筛选": "where", "单位": "units", "隐藏行": "hidden_rows", "推算": "modelled",
}  # fmt: skip
TITLES = {table.title.zh: name for name, table in TABLES.items()}
_QUOTES = str.maketrans("“”„‟＂＝［］｛｝，", '"""""=[]{},')
_SINGLE = str.maketrans("‘’＇", "'''")
_CHINESE_KEY = re.compile(r"(?m)^(\s*)([^\s\"'=#\[\].]*[^\x00-\x7f][^\s\"'=#\[\].]*)(\s*=)")
_CHINESE_SECTION = re.compile(r"(?m)^(\s*\[+)([^\]\n]*[^\x00-\x7f][^\]\n]*)(\]+)")
_BARE = re.compile(r"^(\s*[^\s\"'=#\[\]{}]+\s*=\s*)([^\W\d][\w.:/\- ]*?)(\s*(?:#.*)?)$")  # name = yunhu
_MEANS_ITSELF = ("true", "false", "inf", "nan")
_INNER_KEY = re.compile(r"([{,]\s*)([^\s\"'=#\[\]{},.]*[^\x00-\x7f][^\s\"'=#\[\]{},.]*)(\s*=)")


def read_by_hand(path: Path, notes: Notes) -> dict[str, Any]:
    """The content of region.toml; what had to be put right to read it is a warning.

    Raises
    ------
    FileFault : it cannot be opened, is too large, or is no TOML even so; the fault is that of what was typed.
    """
    with guarded_reading(str(path)):
        refuse_large(path, MOST_BYTES)
        text = decode(path.read_bytes(), path.name)[0]
    try:
        return parse_toml(text, path.name)
    except FileFault as fault:
        mended = _straightened(text)
        if mended.splitlines() == text.splitlines():
            raise
        try:
            content = parse_toml(mended, path.name)
        except FileFault:
            raise fault from None
    lines = [
        n for n, (a, b) in enumerate(zip(text.splitlines(), mended.splitlines(), strict=True), 1) if a != b
    ]
    rows = ", ".join(map(str, lines))
    notes.warn(
        "toml-by-hand",
        "region",
        Text(
            f"{path.name}: curly quotes, full-width signs, texts or Chinese keys without quotes were understood (lines {rows}).",
            f"{path.name}：弯引号、全角符号、未加引号的文字或中文键已按原意理解（第 {rows} 行）。",
        ),
        Text('Other programs want straight quotes: name = "…".', '其他程序只认直引号：name = "…"。'),
    )
    return content


def understood(values: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The same with Chinese keys by their canonical names; of keys that mean the same the first one, see `said_twice`."""
    meant: dict[str, Any] = {k: value for k, value in values.items() if k not in keys}
    for key in (k for k in values if k in keys):
        meant[key if keys[key] in meant else keys[key]] = values[key]
    return {k: meant[k] for name in values for k in (keys.get(name, name), name) if k in meant}


def said_twice(
    values: Mapping[str, Any], key: str, keys: Mapping[str, str], where: str, notes: Notes
) -> bool:
    """Whether another key means the same as this one, which is a fault: nobody knows which was meant."""
    other = keys.get(key, "")
    if other not in values:
        return False
    notes.fault(
        "setting-twice",
        "region",
        Text(
            f"region.toml: {where}{key} and {where}{other} mean the same, and both are there.",
            f"region.toml：{where}{key} 与 {where}{other} 含义相同，却都写了。",
        ),
        Text(
            f"Put what is in {key} under {other}, and delete {key}.",
            f"请把 {key} 的内容并入 {other}，并删除 {key}。",
        ),
        id=where + key,
    )
    return True


def _straightened(text: str) -> str:
    """The text with straight quotes and half-width signs outside of texts in straight quotes, and Chinese keys quoted."""
    lines = []
    for line in text.splitlines():
        typed = line
        if '"' not in line:
            typed = line.translate(_QUOTES)
        elif "＝" in line:
            typed = line.replace("＝", "=", 1)
        if "'" not in typed:
            typed = typed.translate(_SINGLE)
        if (bare := _BARE.match(typed)) and bare[2] not in _MEANS_ITSELF:
            typed = f'{bare[1]}"{bare[2]}"{bare[3]}'
        lines.append(typed)
    whole = "\n".join(lines)
    for pattern in (_CHINESE_KEY, _INNER_KEY):
        whole = pattern.sub(r'\1"\2"\3', whole)
    return _CHINESE_SECTION.sub(_quoted_section, whole)


def _quoted_section(match: re.Match[str]) -> str:
    names = [n if n.isascii() or n.startswith(('"', "'")) else f'"{n.strip()}"' for n in match[2].split(".")]
    return f"{match[1]}{'.'.join(names)}{match[3]}"
