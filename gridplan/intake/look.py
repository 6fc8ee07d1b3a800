"""Which file, sheet or layer is which table, by its headers; and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gridplan.inputs.column import Table
from gridplan.inputs.formats.choose_sheet import BY_DISTRICT, of_one_table
from gridplan.inputs.formats.read_file import BOOKS, SUFFIXES, local_file, read_file
from gridplan.inputs.formats.read_workbook import one_table, read_sheets
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.matching.names import name_key
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.guard import guarded_reading, refuse_large
from gridplan.inputs.sheets.headers import is_known
from gridplan.inputs.sheets.hidden_columns import columns_of
from gridplan.inputs.sheets.matrix import as_pairs, names_hospitals
from gridplan.inputs.sheets.notes import FileFault, Notes
from gridplan.inputs.sheets.place_cells import with_places
from gridplan.words.text import Text

MOST_FILES = 200
LARGEST = 512 * 2**20
LOOKED_AT = 500  # records of a sheet, to tell what it holds
COMPANIONS = (".prj", ".shx", ".dbf", ".cpg", ".sbn", ".sbx", ".qmd", ".qpj", ".toml")  # of other files
DOCUMENTS = (".docx", ".doc", ".wps", ".pdf", ".txt", ".md", ".pptx", ".ppt")
NOT_READ = Text(
    "a document, not read; if a table that is needed stands in it, copy the table into Excel (.xlsx)",
    "文档，不读取；如其中有所需表格，请复制到 Excel（.xlsx）",
)
OWN = ("region.toml", "repairs.csv")
CALLED = {
    "districts": "各区|区县情况|区情况|行政区|区划|边界|boundar|district",
    "units": "街道|乡镇|街镇|社区|村居|单元|网格|人口|unit|town|grid|pop",
    "hospitals": "医院|医疗机构|机构名录|hospital",
    "branches": "院区|分院|branch|campus",
    "partnerships": "合作|结对|帮扶|协作|托管关系|医联体|partner",
    "travel": "出行|时间|车程|通行|travel|minutes|^od|matrix",
    "roads": "道路|路网|road",
    "links": "桥|隧|轮渡|link",
    "departments": "科室|学科|department",
    "staff": "人员|专家|staff",
    "needs": "需求|患者|need",
    "custody": "托管|custody",
    "support": "薄弱|扶持|support",
    "institutions": "社区卫生|卫生院|基层医疗|institution",
}
REQUIRED, OPTIONAL, LACKING, NAMED = 2.0, 1.0, -1.5, 1.5
ENOUGH = 0.6  # of the required columns of a table that must be there


@dataclass(frozen=True, eq=False)
class Source:
    """One file, sheet or layer, as read."""

    file: str
    sheet: str
    layer: str
    read: Sheet

    @property
    def place(self) -> str:
        """File, and sheet or layer where there are several."""
        return " · ".join(part for part in (self.file, self.sheet, self.layer) if part)


@dataclass(frozen=True, eq=False)
class Fit:
    """How well a source fits a table: canonical column → header, required columns that lack, and a score."""

    source: Source
    table: str
    columns: dict[str, str]
    lacking: list[str]
    score: float

    @property
    def enough(self) -> bool:
        """Whether it may be this table at all."""
        required = [c for c in TABLES[self.table] if c.required]
        return len(self.lacking) <= (1 - ENOUGH) * len(required) and self.score > 0


def sources(folder: Path) -> tuple[list[Source], list[tuple[str, FileFault]]]:
    """Every file, sheet and layer of a folder that may hold a table, and the files that cannot be read."""
    found: list[Source] = []
    faults = []
    for path in sorted(p for p in folder.iterdir() if p.is_file() and p.name not in OWN)[:MOST_FILES]:
        suffix = path.suffix.casefold()
        if path.name.startswith((".", "~$")) or suffix in COMPANIONS:
            continue
        if suffix in DOCUMENTS:
            faults.append((path.name, FileFault("unknown-format", NOT_READ, NOT_READ)))
            continue
        try:
            local_file(folder, path.name)
            found += _of_file(path)
        except FileFault as fault:
            faults.append((path.name, fault))
    return found, faults


def _of_file(path: Path) -> Iterator[Source]:
    suffix = path.suffix.casefold()
    if suffix in BOOKS:
        with guarded_reading(path.name):
            refuse_large(path, LARGEST)
            sheets = read_sheets(path, any_header, hidden=False)
        yield from (
            Source(path.name, name if len(sheets) > 1 else "", "", sheet)
            for name, sheet in _by_form(sheets).items()
        )
    elif suffix == ".gpkg":
        import pyogrio  # GDAL takes long to load

        with guarded_reading(path.name):
            layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        for layer in layers:
            read = read_file(path, "", any_header, layer)
            yield Source(path.name, "", layer if len(layers) > 1 else "", read)
    elif suffix in SUFFIXES:
        yield Source(path.name, "", "", read_file(path, "", any_header))


def _by_form(sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    """The sheets by name; those that are parts of one table as one, as they will be read."""
    forms: dict[tuple[str, ...], list[str]] = {}
    for name, sheet in sheets.items():
        forms.setdefault(tuple(sheet.headers), []).append(name)
    found: dict[str, Sheet] = {}
    for names in forms.values():
        own = [sheets[name] for name in names]
        grids = [[sheet.headers, *sheet.cells.to_numpy(dtype=object).tolist()] for sheet in own]
        one = len(own) > 1 and any(
            fit(Source(own[0].file, "", "", own[0]), TABLES[table]).enough
            and of_one_table(grids, TABLES[table], any_header)
            for table in BY_DISTRICT
        )
        found |= {" + ".join(names): one_table(own, names)} if one else dict(zip(names, own, strict=True))
    return found


def any_header(text: str) -> bool:
    """Whether a text is a header of any table."""
    return any(is_known(text, table, {}) for table in TABLES.values())


def fit(source: Source, table: Table) -> Fit:
    """How well a source fits a table."""
    some = _some(source.read)
    sheet = as_pairs(some, table)
    if sheet is not some and not names_hospitals(some):
        sheet = some
    sheet = with_places(sheet, table)
    columns = columns_of(sheet, table, {}, Notes())
    columns = {name: header for name, header in columns.items() if table.column(name) is not None}
    excused = {table.key} if table.key and "name" in columns else set()
    if sheet.geometry is not None:
        excused |= {c.name for c in table if c.kind == "degree"} | (
            {"minutes"} if table.name == "roads" else set()
        )
    lacking = [c.name for c in table if c.required and c.name not in columns and c.name not in excused]
    required = [c.name for c in table if c.required and c.name in columns]
    optional = [name for name in columns if name not in required]
    called = bool(
        re.search(
            CALLED.get(table.name, table.name),
            f"{source.sheet} {source.layer} {Path(source.file).stem}",
            re.IGNORECASE,
        )
    )
    score = REQUIRED * len(required) + OPTIONAL * len(optional) + LACKING * len(lacking) + NAMED * called
    if sheet.geometry is not None and table.name in ("districts", "units"):
        score += NAMED
    return Fit(source, table.name, columns, lacking, score)


def _some(sheet: Sheet) -> Sheet:
    """Some hundred records from all over a large sheet: enough to see what its columns are."""
    if len(sheet.rows) <= LOOKED_AT:
        return sheet
    looked_at = np.zeros(len(sheet.rows), dtype=bool)
    looked_at[np.linspace(0, len(sheet.rows) - 1, LOOKED_AT).astype(int)] = True
    return sheet.keep(looked_at)


def recognised(found: list[Source]) -> tuple[dict[str, list[Fit]], list[Fit]]:
    """Table → the fits that make it, the one with its records first; and the fits that were not chosen for a table.

    A second source joins where it brings required columns, or shapes, that the first lacks.
    """
    best = {
        id(source): max((fit(source, table) for table in TABLES.values()), key=lambda f: f.score)
        for source in found
    }
    chosen: dict[str, list[Fit]] = {}
    left = []
    for one in sorted(best.values(), key=lambda f: (-f.score, -_year(f.source.place), f.source.place)):
        held = chosen.setdefault(one.table, [])
        joins = bool(held) and bool(TABLES[one.table].key) and _adds(one, held)
        if (not held and one.enough) or (joins and _may_join(one, held)):
            held.append(one)
        else:
            left.append(one)
    return {table: fits for table, fits in chosen.items() if fits}, left


def _adds(one: Fit, held: list[Fit]) -> bool:
    """Whether a fit brings what those before it lack: required columns, or shapes."""
    lacking = set.intersection(*(set(f.lacking) for f in held))
    shapes = one.source.read.geometry is not None and all(f.source.read.geometry is None for f in held)
    return bool(lacking & set(one.columns)) or shapes


def _may_join(one: Fit, held: list[Fit]) -> bool:
    """Whether ids or names of two sources meet."""
    for column in (TABLES[one.table].key, "name"):
        first = next((f for f in held if column in f.columns), None)
        if first is not None and column in one.columns:
            mine, theirs = (
                {name_key(c) for c in f.source.read.cells[f.columns[column]]} - {""} for f in (one, first)
            )
            if mine & theirs:
                return True
    return False


def _year(place: str) -> int:
    years = re.findall(r"(?:19|20)\d\d", place)
    return int(max(years)) if years else 0
