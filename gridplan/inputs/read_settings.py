"""region.toml → Settings: the name of the region, the datum of its coordinates, which files hold what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from gridplan.inputs.column import Table, plain
from gridplan.inputs.matching.names import city_names
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets import by_hand
from gridplan.inputs.sheets.by_hand import KEYS, KEYS_OF_TABLES, read_by_hand, understood
from gridplan.inputs.sheets.headers import datum_named
from gridplan.inputs.sheets.notes import FileFault, Notes, listed, nearest
from gridplan.inputs.sheets.unit_factors import PERCENT, UNIT_FACTORS
from gridplan.words.text import Text
from gridplan.words.vocabulary import DATUMS

FILE = "region.toml"
_TOP = (
    "name", "title", "datum", "sources", "data_date", "map_approval", "tables", "people", "units",
    "aliases", "words", "names",
)  # fmt: skip
_TABLE = ("file", "datum", "crs", "layer", "sheet", "columns", "where", "modelled", "units", "hidden_rows")
_PEOPLE = ("share", "modelled", "decimals")
NAMED = ("districts", "units", "hospitals")
_UNITS = ("without_location",)


@dataclass(frozen=True)
class TableSettings:
    """What region.toml says of one table; empty `files` means: the file named like the table.

    `units` is the unit that a column counts in; `hidden_rows` is "leave_out", or "" for read; `city` is how the city is
    called before names (`city_names`).
    """

    files: tuple[str, ...] = ()
    datum: str = ""
    crs: CRS | None = None
    layer: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    modelled: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    hidden_rows: str = ""
    city: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What region.toml says.

    `share` is how district totals are shared out ("equal", "area", "column:NAME", "" for not at all);
    `modelled` says that the people in the units' own table are modelled, and how; `round_people` that decimals of
    persons are rounded. `aliases` are further headers (table → column → headers), `words` further words of closed lists
    (column → word → canonical word), `names` what names stand for (table → name → name or id).
    """

    name: str
    title: str = ""
    datum: str = ""
    sources: tuple[str, ...] = ()
    data_date: str = ""
    map_approval: str = ""
    tables: Mapping[str, TableSettings] = field(default_factory=dict)
    share: str = ""
    modelled: str = ""
    leave_out_unlocated: bool = False
    round_people: bool = False
    aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def table(self, name: str) -> TableSettings:
        """The settings of a table, the defaults where there are none."""
        settings = self.tables.get(name, TableSettings())
        return replace(settings, city=city_names(self.title, self.name))

    def schema(self, name: str) -> Table:
        """A table with the headers and words that region.toml adds."""
        return TABLES[name].knowing(self.aliases.get(name, {}), self.words)

    def datum_of(self, name: str) -> str:
        """The datum of a table's coordinates."""
        return self.table(name).datum or self.datum


def read_settings(folder: Path, notes: Notes) -> Settings | None:
    """The settings of a region folder; faults go to `notes`, None where there is nothing to read."""
    path = folder / FILE
    if not path.is_file():
        notes.fault(
            "missing-region-toml",
            "region",
            Text(f"There is no {FILE} in {folder.name}.", f"{folder.name} 中没有 {FILE}。"),
            Text(
                'Write one: name = "shanghai", datum = "wgs84" (or cgcs2000, gcj02, bd09).',
                '请新建：name = "shanghai"，datum = "wgs84"（或 cgcs2000、gcj02、bd09）。',
            ),
        )
        return None
    try:
        content = read_by_hand(path, notes)
    except FileFault as fault:
        invalid = fault.code == "invalid-toml"
        hint = Text(
            'Texts stand in quotes: name = "shanghai"; in Windows paths write / for \\.',
            '文字要加引号：name = "shanghai"；Windows 路径请用 / 代替 \\。',
        )
        code = "unreadable-region-toml" if invalid else fault.code
        notes.fault(code, "region", fault.what, hint if invalid else fault.hint)
        return None
    return _Checker(notes).settings(content, folder)


class _Checker:
    """Takes values out of TOML tables and notes what is not as it should be."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def settings(self, content: dict[str, Any], folder: Path) -> Settings:
        content = understood(content, KEYS)
        if isinstance(content.get("tables"), dict):
            content["tables"] = understood(content["tables"], by_hand.TITLES)
        self.known_keys(content, _TOP, "", KEYS)
        people = self.section(content, "people", _PEOPLE)
        units = self.section(content, "units", _UNITS)
        tables = self.section(content, "tables", tuple(TABLES))
        datum = self.datum(content, "")
        share = self.text(people, "share", "people.")
        modelled = self.text(people, "modelled", "people.")
        if share not in ("", "equal", "area") and not share.partition("column:")[2].strip():
            share = self.wrong("people.share", share, '"equal", "area", "column:NAME"')
        if share and modelled:
            self.wrong("people.modelled", modelled, "people.share | people.modelled")
        unlocated = self.one_of(units, "without_location", "units.", ("leave_out", "error"))
        return Settings(
            name=self.text(content, "name", "") or folder.resolve().name,
            title=self.text(content, "title", ""),
            datum=datum,
            sources=self.texts(content, "sources", ""),
            data_date=self.date(content, "data_date"),
            map_approval=self.text(content, "map_approval", ""),
            tables={name: self.table(name, value) for name, value in tables.items() if name in TABLES},
            share=share,
            modelled=modelled,
            leave_out_unlocated=unlocated == "leave_out",
            round_people=self.one_of(people, "decimals", "people.", ("round", "error")) == "round",
            aliases=self.aliases(content),
            words=self.words(content),
            names={
                table: self.mapping(names, table, "names.", _text)
                for names in [self.section(content, "names", NAMED)]
                for table in names
                if table in NAMED
            },
        )

    def aliases(self, content: dict[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Further headers: [aliases.hospitals] beds = ["编制数", …]."""
        found = {}
        section = self.section(content, "aliases", tuple(TABLES))
        for table in [name for name in section if name in TABLES]:
            columns = self.mapping(section, table, "aliases.", _wanted)
            for column in [c for c in columns if TABLES[table].column(c) is None]:
                self.unknown(f"aliases.{table}.{column}", column, TABLES[table].names)
            found[table] = {c: words for c, words in columns.items() if TABLES[table].column(c) is not None}
        return found

    def words(self, content: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Further words of closed lists: [words.tier] 县直 = "district"."""
        lists = {c.name: tuple(c.words) for table in TABLES.values() for c in table if c.words}
        found = {}
        section = self.section(content, "words", tuple(lists))
        for column in [name for name in section if name in lists]:
            words = self.mapping(section, column, "words.", _text)
            for word, canonical in words.items():
                if canonical not in lists[column]:
                    self.unknown(f"words.{column}.{word}", canonical, lists[column])
            found[column] = {plain(word): canonical for word, canonical in words.items()}
        return found

    def table(self, name: str, value: object) -> TableSettings:
        where = f"tables.{name}."
        if isinstance(value, str):
            return TableSettings(files=(value,))
        value = understood(value, KEYS_OF_TABLES) if isinstance(value, dict) else value
        if not isinstance(value, dict):
            self.wrong(where[:-1], value, 'units = "towns.csv" | [tables.units]')
            return TableSettings()
        self.known_keys(value, _TABLE, where, KEYS_OF_TABLES)
        columns = self.mapping(value, "columns", where, _text)
        for canonical in [c for c in columns if TABLES[name].column(c) is None]:
            self.unknown(f"{where}columns.{canonical}", canonical, TABLES[name].names)
            del columns[canonical]
        return TableSettings(
            files=self.texts(value, "file", where),
            datum=self.datum(value, where, required=False),
            crs=self.crs(value, where),
            layer=self.text(value, "layer", where) or None,
            sheet=self.text(value, "sheet", where) or None,
            columns=columns,
            where=self.mapping(value, "where", where, _wanted),
            modelled=self.text(value, "modelled", where),
            units=self.units(name, value, where),
            hidden_rows=self.one_of(value, "hidden_rows", where, ("read", "leave_out")),
        )

    def units(self, name: str, value: dict[str, Any], where: str) -> dict[str, str]:
        """The units that columns count in: units = { people = "万人", minutes = "seconds" }."""
        units = self.mapping(value, "units", where, _text)
        for canonical, unit in units.items():
            column = TABLES[name].column(canonical)
            if column is None:
                self.unknown(f"{where}units.{canonical}", canonical, TABLES[name].names)
            elif column.is_group and plain(unit) in PERCENT:
                continue
            elif UNIT_FACTORS.get(column.unit, {}).get(plain(unit)) is None:
                self.unknown(f"{where}units.{canonical}", unit, tuple(UNIT_FACTORS.get(column.unit, {})))
        return units

    def datum(self, values: dict[str, Any], where: str, required: bool = True) -> str:
        if "datum" not in values:
            if required and nearest("datum", [key for key in values if key not in _TOP]) == "":
                self.notes.fault(
                    "missing-datum",
                    "region",
                    Text(
                        f"{FILE} does not say the datum of the coordinates.",
                        f"{FILE} 没有写明坐标系（datum）。",
                    ),
                    Text(
                        'Write datum = "wgs84", "cgcs2000", "gcj02" (Amap, Tencent) or "bd09" (Baidu).',
                        '请写 datum = "wgs84"、"cgcs2000"、"gcj02"（高德、腾讯）或 "bd09"（百度）。',
                    ),
                    id="datum",
                )
            return ""
        datum = self.text(values, "datum", where)
        plain = datum.casefold().replace("-", "").replace(" ", "").replace("_", "")
        if plain not in DATUMS and isinstance(values["datum"], str):
            self.unknown(f"{where}datum", datum, DATUMS, datum_named(datum))
            return ""
        return plain if plain in DATUMS else ""

    def crs(self, values: dict[str, Any], where: str) -> CRS | None:
        name = self.text(values, "crs", where)
        if not name:
            return None
        try:
            if name.isprintable():
                return CRS.from_user_input(name)
            raise CRSError("it holds signs that cannot be seen")
        except (CRSError, ValueError):
            self.wrong(f"{where}crs", name, '"EPSG:4547", WKT, PROJ')
            return None

    def section(self, content: dict[str, Any], key: str, known: tuple[str, ...]) -> dict[str, Any]:
        value = content.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, value, f"[{key}]")
            return {}
        self.known_keys(value, known, f"{key}.", by_hand.TITLES)
        return value

    def known_keys(
        self, values: dict[str, Any], known: tuple[str, ...], where: str, meant: Mapping[str, str]
    ) -> None:
        """That keys are known, and none is there twice: in Chinese (`meant`) and by its canonical name."""
        for key in [key for key in values if key not in known]:
            if not by_hand.said_twice(values, key, meant, where, self.notes):
                self.unknown(where + key, key, known)

    def text(self, values: dict[str, Any], key: str, where: str) -> str:
        value = values.get(key, "")
        if not isinstance(value, str):
            return self.wrong(where + key, value, f'{key} = "…"')
        return value.strip()

    def one_of(self, values: dict[str, Any], key: str, where: str, words: tuple[str, ...]) -> str:
        """One of these words, "" where nothing is said."""
        word = self.text(values, key, where)
        if word not in ("", *words):
            return self.wrong(where + key, word, ", ".join(f'"{one}"' for one in words))
        return word

    def date(self, values: dict[str, Any], key: str) -> str:
        """A date as TOML writes it (2025-06-30), or in words ("2025 年 6 月")."""
        value = values.get(key, "")
        return value.isoformat() if isinstance(value, date) else self.text(values, key, "")

    def texts(self, values: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = values.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.wrong(where + key, value, f'{key} = ["…", "…"]')
            return ()
        return tuple(items)

    def mapping(
        self, values: dict[str, Any], key: str, where: str, take: Callable[[object], Any]
    ) -> dict[str, Any]:
        value = values.get(key, {})
        if not isinstance(value, dict) or any(take(v) is None for v in value.values()):
            self.wrong(where + key, value, f'{key} = {{ … = "…" }}')
            return {}
        return {name: take(v) for name, v in value.items()}

    def wrong(self, key: str, value: object, wanted: str) -> str:
        self.notes.fault(
            "wrong-setting",
            "region",
            Text(f"{FILE}: {key} = {value!r} cannot be used.", f"{FILE}：{key} = {value!r} 无法使用。"),
            Text(f"It should be {wanted}.", f"应为 {wanted}。"),
            id=key,
        )
        return ""

    def unknown(
        self, key: str, word: str, known: Mapping[str, object] | Sequence[str], meant: str = ""
    ) -> None:
        near = meant or nearest(word, known)
        guess = Text(f"Did you mean '{near}'? ", f"是否想写“{near}”？") if near else Text("", "")
        self.notes.fault(
            "unknown-setting",
            "region",
            Text(f"{FILE}: {key}: '{word}' is not known.", f"{FILE}：{key} 中的“{word}”不认识。"),
            Text(f"{guess.en}Known: {listed(known)}.", f"{guess.zh}可用：{listed(known)}。"),
            id=key,
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _wanted(value: object) -> tuple[str, ...] | None:
    items = value if isinstance(value, list) else [value]
    return tuple(str(v) for v in items) if all(isinstance(v, (str, int, float)) for v in items) else None
