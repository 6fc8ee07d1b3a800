"""An assignment made or edited by hand, understood: names where ids belong, a layer left unsaid, subtotals."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from gridplan.inputs.column import plain
from gridplan.inputs.read_assignment import COLUMNS, canonical
from gridplan.inputs.region import Region
from gridplan.inputs.schema import ASSIGNMENT
from gridplan.inputs.sheets.cells import clean_id, half_width
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.notes import Notes, did_you_mean, listed
from gridplan.judging.verdict import Breach
from gridplan.policies.policy import Policy
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.text import Text, both

NOUNS = {
    "district": Text("district", "区"),
    "unit": Text("unit", "单元"),
    "hospital": Text("hospital", "医院"),
}
NUMERALS = re.compile(r"[0-9一二三四五六七八九十]")
LABEL = re.compile(r"(.*)\(([^()]+)\)")  # 市第一医院 (H1), as messages write it


@dataclass(frozen=True, eq=False)
class ByHand:
    """An assignment as it was understood.

    Parameters
    ----------
    rows : layer, unit_id, hospital_id, where given district_id, people, minutes (text stays as it was written), and
        row. What is known neither as an id nor as a name stays as it is.
    notes : what was read otherwise than it is written, or left out.
    slips : rows whose id and name speak of two.
    """

    rows: pd.DataFrame
    notes: Findings
    slips: tuple[Breach, ...]


def understood(region: Region, policy: Policy, assignment: pd.DataFrame) -> ByHand:
    """The rows of an assignment under canonical headers, with ids for names and the layer where there is but one.

    Raises
    ------
    DataError : a column is missing.
    """
    notes = Notes(list(assignment.attrs.get("notes", ())))
    rows = canonical(assignment, notes)
    layers = policy.layers
    missing = [f"{noun}_id" for noun in ("unit", "hospital") if not {noun, f"{noun}_id"} & set(rows.columns)]
    if "layer" not in rows and len(layers) > 1:
        missing.insert(0, "layer")
    if missing:
        layered = Text(f"; layers are {listed(layers)}", f"；服务类别有 {listed(layers)}")
        hint = Text(COLUMNS.en + layered.en, COLUMNS.zh + layered.zh) if "layer" in missing else COLUMNS
        raise DataError(Text("the assignment lacks columns", "分配表缺少列"), hint, missing)
    rows["layer"] = _layer(rows, layers, notes)
    slips: list[Breach] = []
    for noun in NOUNS:
        if {noun, f"{noun}_id"} & set(rows.columns):
            rows[f"{noun}_id"] = _ids(region, rows, noun, notes, slips)
    rows = _without_remarks(region, rows, notes)
    return ByHand(rows, Findings(notes.findings), tuple(slips))


def not_known(region: Region, policy: Policy, column: str, value: str) -> Text:
    """Why a layer, unit or hospital of a row is none, and which was probably meant."""
    if column == "layer":
        noun, near = Text("layer", "服务类别"), did_you_mean(value, policy.layers)
    else:
        word = column.removesuffix("_id")
        noun, table = NOUNS[word], getattr(region, f"{word}s")
        same = _same_name(table, column).get(plain(value), [])
        if len(same) > 1:
            ids = listed(same)
            return Text(
                f"{noun.en} '{value}' is not known: {len(same)} have that name ({ids}); write the id",
                f"{noun.zh}“{value}”不明：有 {len(same)} 个同名（{ids}），请写编号",
            )
        near = did_you_mean(value, _guesses(value, [*table[column], *table["name"].dropna()]))
        part = [id for name, ids in _same_name(table, column).items() for id in ids if plain(value) in name]
        if len(value) > 1 and len(part) == 1:  # 仁济医院 of 上海交通大学医学院附属仁济医院
            label = region.label(word, part[0])
            near = Text(f"did you mean {label}?", f"是否指 {label}？")
        near = near if "?" in near.en else Text(f"use a {column} of the region", f"请用地区数据中的 {column}")
    if not value:
        return Text(f"{noun.en} is not known: the cell is blank", f"{noun.zh}空缺")
    if clean_id(value) is None:
        lost = Text("its last digits were lost in Excel", "末几位已被 Excel 丢失")
        return Text(f"{noun.en} '{value}' is not known: {lost.en}", f"{noun.zh}“{value}”不存在：{lost.zh}")
    return Text(f"{noun.en} '{value}' is not known; {near.en}", f"{noun.zh}“{value}”不存在；{near.zh}")


def _without_remarks(region: Region, rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Without rows that name no unit of the region and no hospital: subtotals, remarks, headings."""
    nothing = (rows["hospital_id"] == "") & ~rows["unit_id"].isin(region.units["unit_id"])
    if nothing.any():
        count, where = int(nothing.sum()), row_ranges(rows.loc[nothing, "row"])
        said = listed(word for word in rows.loc[nothing, "unit_id"] if word)
        noun = "row" if count == 1 else "rows"
        what = Text(f" ({said})", f"（{said}）") if said else both("")
        notes.warn(
            "remark",
            ASSIGNMENT.name,
            Text(
                f"{count} row(s) without a unit of the region and without a hospital are left out{what.en}: {noun} {where}.",
                f"略去既无本地区单元也无医院的 {count} 行{what.zh}：第 {where} 行。",
            ),
            Text(
                "A total or a remark may stay; otherwise fill in the ids.",
                "合计或备注可保留；否则请补填编号。",
            ),
        )
    return rows[~nothing].reset_index(drop=True)


def many_not_known(column: str, values: list[str]) -> Text:
    """So many layers, units or hospitals that are none that the file is likely of another region."""
    noun = NOUNS.get(column.removesuffix("_id"), Text("layer", "服务类别"))
    return Text(
        f"{len(values):,} {noun.en}s are not known ({listed(values)}): look whether the file is of this region",
        f"{len(values):,} 个{noun.zh}不存在（{listed(values)}）：请核对文件是否属于本地区",
    )


def _guesses(word: str, known: list[str]) -> list[str]:
    """What may have been meant: nothing that only has another number (第六医院 is not 第二医院)."""
    bare = NUMERALS.sub("", word)
    return [other for other in known if NUMERALS.sub("", other) != bare]


def _layer(rows: pd.DataFrame, layers: tuple[str, ...], notes: Notes) -> pd.Series:
    """The layer of each row; where the policy has only one, a blank is that one."""
    said = rows["layer"] if "layer" in rows else pd.Series("", index=rows.index, dtype=object)
    if len(layers) > 1 or not (said == "").any():
        return said
    notes.warn(
        "layer-not-said", ASSIGNMENT.name,
        Text(f"{int((said == '').sum())} row(s) name no layer; read as {layers[0]}, the only one.", f"{int((said == '').sum())} 行未写服务类别，按唯一的类别 {layers[0]} 读取。"),
        Text("Write the layer if that is not meant.", "如不是，请写明服务类别。"),
    )  # fmt: skip
    return said.where(said != "", layers[0])


def _same_name(table: pd.DataFrame, key: str) -> dict[str, list[str]]:
    """Every name of a table, as names are compared → the ids that have it."""
    named: dict[str, list[str]] = {}
    for id, name in zip(table[key], table["name"], strict=True):
        if isinstance(name, str) and name:
            named.setdefault(plain(name), []).append(str(id))
    return named


def _ids(region: Region, rows: pd.DataFrame, noun: str, notes: Notes, slips: list[Breach]) -> list[str]:
    """The ids of a column: as written, else of the one thing with that name (of units: in the row's district)."""
    key, table = f"{noun}_id", getattr(region, f"{noun}s")
    known, named = set(table[key]), _same_name(table, key)
    home = dict(zip(table[key], table["district_id"], strict=True)) if noun == "unit" else {}
    given = rows[key] if key in rows else [""] * len(rows)
    names = rows[noun] if noun in rows else [""] * len(rows)
    districts = rows["district_id"] if "district_id" in rows else [""] * len(rows)

    def meant(word: str, district: str) -> list[str]:
        if word in known or not word:
            return [word] * bool(word)
        label = LABEL.fullmatch(half_width(word))
        if label is not None and label[2] in known:
            return [label[2]]
        same = named.get(plain(word), [])
        here = [id for id in same if home.get(id) == district]
        return here if len(here) == 1 else same

    ids: list[str] = []
    by_name: dict[str, list[tuple[str, int]]] = {}
    for id, name, district, row in zip(given, names, districts, rows["row"], strict=True):
        word = id or name
        found = meant(word, district)
        ids.append(found[0] if len(found) == 1 else word)
        if len(found) == 1 and found[0] != word:
            by_name.setdefault(word, []).append((found[0], int(row)))
        others = meant(name, district) if id and name else []
        if others and ids[-1] in known and ids[-1] not in others:
            slips.append(_two(region, noun, ids[-1], name, int(row)))
    _note_names(noun, by_name, notes)
    return ids


def _two(region: Region, noun: str, id: str, name: str, row: int) -> Breach:
    word, label = NOUNS[noun], region.label(noun, id)
    what = Text(
        f"{noun}_id says {label}, but the {word.en} beside it is {name}; the id was judged",
        f"{noun}_id 为 {label}，旁边的{word.zh}却是 {name}；已按编号核验",
    )
    return Breach("FIGURES", what, rows=(row,), **({} if noun == "district" else {f"{noun}_id": id}))


def _note_names(noun: str, by_name: dict[str, list[tuple[str, int]]], notes: Notes) -> None:
    if not by_name:
        return
    word, rows = NOUNS[noun], [row for read in by_name.values() for _, row in read]
    shown = listed(f"{name} → {', '.join(sorted({id for id, _ in read}))}" for name, read in by_name.items())
    notes.warn(
        "names-for-ids", ASSIGNMENT.name,
        Text(f"{len(rows)} row(s) name the {word.en} instead of its id: {shown}.", f"{len(rows)} 行以名称代替{word.zh}编号：{shown}。"),
        Text("Look whether each was read as it was meant.", "请核对是否读对。"),
    )  # fmt: skip
