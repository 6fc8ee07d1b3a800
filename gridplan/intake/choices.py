"""What the files do not say plainly: the city, its datum, the frame of metres, the names that stand for others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely

from gridplan.inputs.matching.elsewhere import Around, frames_within
from gridplan.inputs.matching.frames import are_degrees, likely_crs
from gridplan.inputs.matching.names import name_key
from gridplan.inputs.region import Region
from gridplan.inputs.schema import TABLES, UNITS
from gridplan.inputs.sheets.headers import datum_in
from gridplan.inputs.sheets.numbers import as_written
from gridplan.inputs.sheets.place_cells import with_places
from gridplan.intake.look import Fit, Source
from gridplan.intake.region_toml import quoted
from gridplan.words.text import Text

CITY = re.compile(r"([\u4e00-\u9fff]{2,5}?(?:市|州|盟))(?![级属直辖委])")
LEAST_LETTERS = 2
Array = np.ndarray


def city_of(folder: Path, found: Iterable[Source], chosen: dict[str, list[Fit]]) -> str:
    """What the city is called: the name that most files, sheets and hospitals begin with; "" where none does."""
    texts = [folder.name, *(source.file for source in found), *(source.sheet for source in found)]
    for one in chosen.get("hospitals", []):
        if "name" in one.columns:
            texts += list(one.source.read.cells[one.columns["name"]])
    names = [match[1] for text in texts if (match := CITY.match(text.strip()))]
    return max(dict.fromkeys(names), key=names.count, default="")


def datum_of(chosen: dict[str, list[Fit]]) -> tuple[str, Text]:
    """The datum of the region, with why: what the headers of all places say, or the files; else a line to look at.

    What only some tables say holds for those alone, see `frames`.
    """
    placed = [one for fits in _placed(chosen).values() for one in fits]
    said = [_said(one) for one in placed]
    if said and all(said):
        best = max(dict.fromkeys(said), key=said.count)
        return best, Text("as the headers say", "依据表头")
    silent = [one for one, datum in zip(placed, said, strict=True) if not datum]
    if silent and all(one.source.read.crs is not None for one in silent):
        file = silent[0].source.file
        return "wgs84", Text(
            f"{file} says so; maps of Amap or Baidu would be gcj02 or bd09",
            f"依据 {file}；如取自高德、百度地图，请改为 gcj02、bd09",
        )
    unsaid = list(dict.fromkeys(one.table for one in silent if one.source.read.crs is None))
    only = any(said) and unsaid
    of = (
        Text(f" of {', '.join(unsaid)}", "、".join(TABLES[t].title.zh for t in unsaid))
        if only
        else Text("", "")
    )
    return "wgs84", Text(
        f"NOTHING SAYS IT{of.en}, please check: gcj02 if the places are from Amap or Tencent, bd09 from Baidu, "
        "cgcs2000 from surveyors",
        f"文件未写明{of.zh}，请核对：取自高德、腾讯填 gcj02，百度填 bd09，测绘部门填 cgcs2000",
    )


def frames(chosen: dict[str, list[Fit]], datum: str) -> dict[str, list[tuple[str, str, Text]]]:
    """Lines for tables whose headers say their datum where not all say that of the region, and for metres: in which
    frame they lie in the city.
    """
    lines: dict[str, list[tuple[str, str, Text]]] = {}
    metres: list[tuple[str, Array, Array]] = []
    bounds: list[Array] = []
    placed = _placed(chosen)
    said = {table: {_said(one) for one in fits} for table, fits in placed.items()}
    for table, datums in said.items():
        if len(datums) == 1 and datums != {""} and set().union(*said.values()) != {datum}:
            lines[table] = [("datum", quoted(*datums), Text("as the headers say", "依据表头"))]
    for one in (one for fits in placed.values() for one in fits):
        x, y = _places(one)
        known = np.isfinite(x) & np.isfinite(y)
        if known.any() and one.source.read.crs is None:
            if are_degrees(x, y):
                bounds.append(np.array([x[known].min(), y[known].min(), x[known].max(), y[known].max()]))
            else:
                metres.append((one.table, x[known], y[known]))
    for table, x, y in metres:
        fits_in = _frame(x, y, bounds)
        if fits_in:
            why = Text("the frame in which the places lie in the city", "按此投影，位置落在本市内")
            lines.setdefault(table, []).append(("crs", quoted(fits_in), why))
    return lines


def _placed(chosen: dict[str, list[Fit]]) -> dict[str, list[Fit]]:
    """The sources that say where things are, by table: by columns or by shapes."""
    placed = {
        table: [f for f in fits if f.source.read.geometry is not None or {"lon", "lat"} & set(f.columns)]
        for table, fits in chosen.items()
        if TABLES[table].spatial
    }
    return {table: fits for table, fits in placed.items() if fits}


def _said(one: Fit) -> str:
    """The datum that the headers of a source's places name, "" where they name none, or it is drawn."""
    return next((d for n in ("lon", "lat") if (d := datum_in(one.columns.get(n, "")))), "")


def _frame(x: Array, y: Array, bounds: list[Array]) -> str:
    named = likely_crs(x, y)
    if len(named) == 1:
        return named[0]
    if not bounds:
        return ""
    edges = np.array(bounds)
    city = Around(edges[:, 0].min(), edges[:, 1].min(), edges[:, 2].max(), edges[:, 3].max())
    found = frames_within(x, y, city, named) or frames_within(y, x, city, named)
    return found[0] if found and not (named and len(found) > 1) else ""


def _places(one: Fit) -> tuple[Array, Array]:
    """The coordinates of a source as its columns write them."""
    sheet = with_places(one.source.read, TABLES[one.table])
    if sheet.geometry is not None:
        middles = shapely.get_coordinates(
            shapely.centroid(sheet.geometry[shapely.is_geometry(sheet.geometry)])
        )
        return middles[:, 0], middles[:, 1]
    degree = next(c for c in UNITS if c.name == "lon")
    if not {"lon", "lat"} <= set(one.columns):
        return np.array([]), np.array([])
    both = []
    for name in ("lon", "lat"):
        read = [as_written(cell, degree) for cell in sheet.cells[one.columns[name]].tolist()]
        both.append(np.array([np.nan if w is None else w.value for w in read]))
    return both[0], both[1]


def stand_for(region: Region) -> dict[str, dict[str, str]]:
    """Names that are in no table, with the one name whose letters they are a choice of: 市二院 → 滨江市第二人民医院."""
    found: dict[str, dict[str, str]] = {}
    for target, columns in (("hospitals", ("hospital_id", "managed_id")), ("districts", ("district_id",))):
        named = getattr(region, target)
        known = set(named[TABLES[target].key])
        for table in ("hospitals", "units", "branches", "partnerships", "custody"):
            data = getattr(region, table)
            for column in [c for c in columns if data is not None and c in data and TABLES[table].key != c]:
                for word in [w for w in dict.fromkeys(data[column]) if w and w not in known]:
                    full = [name for name in named["name"] if _is_short_for(word, name)]
                    if len(full) == 1:
                        found.setdefault(target, {})[word] = full[0]
    return found


def _is_short_for(word: str, name: str) -> bool:
    """Whether a word is some letters of a name, in order."""
    short, full = name_key(word), iter(name_key(name))
    return len(short) >= LEAST_LETTERS and all(letter in full for letter in short)
