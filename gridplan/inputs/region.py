"""Region: the frozen bundle of tables that a plan is made for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.html import card, html_row, html_table, said
from gridplan.words.same import once_per_content
from gridplan.words.text import Text, both, two_halves
from gridplan.words.vocabulary import NOUNS

COORDINATES = {"lon", "lat", "from_lon", "from_lat", "to_lon", "to_lat"}
TABLES = tuple(NOUNS)
TOGETHER = 10_000  # rows whose text stands in memory at once


@dataclass(frozen=True, eq=False)
class Region:
    """One city's districts, units, hospitals, branches and partnerships.

    Numbers are float64, NaN where not stated; texts, words and ids are never NaN, "" where not stated. A cell
    that could not be read is NaN (or "") and an error in `findings`; an unknown word stays as it was.

    All coordinates are longitude and latitude in degrees, WGS 84 (EPSG:4326); CGCS2000 is taken as the same,
    GCJ-02 and BD-09 were converted on reading. Ids are text. Tables keep a column `row`: the row of
    the file a record came from (the header is row 1). Rows are sorted by id, so the order of a file does
    not matter.

    Parameters
    ----------
    name : str
        Short name, also the name of the plan folder ("shanghai").
    districts : GeoDataFrame
        district_id, name, name_en, kind, people (persons), area_km2, consortium ("urban", "county" or ""), geometry
        (polygon or None).
    units : GeoDataFrame
        unit_id, name, people (persons), people_* groups, district_id, lon, lat (a point inside), geometry (the
        unit's polygon or None).
    hospitals : DataFrame
        hospital_id, name, name_en, tier, category, specialty, grade, ownership, district_id, lon, lat, beds,
        capacity_people, referrals_capacity (NaN where not stated), willing ("yes", "no" or "").
    branches : DataFrame
        branch_id, hospital_id, name, district_id, status, relation, lon, lat (NaN where not located).
    partnerships : DataFrame
        hospital_id, district_id, basis, since.
    travel : DataFrame or None, default None
        unit_id, hospital_id, minutes, or None where the region has no such table.
    roads : DataFrame or None, default None
        from_lon, from_lat, to_lon, to_lat, minutes, or None.
    links : DataFrame or None, default None
        from_unit, to_unit, way ("bridge", "ferry"), name: units that count as touching, or None.
    departments : DataFrame or None, default None
        hospital_id, discipline (code of the national catalogue), level (0 none, 1 weak, 2 standard, 3 strong; NaN
        where not known), beds, visits (a year), key ("national", "city", "tcm", "district" or ""), since, source,
        places (trainees from primary care at once), or None. This and the next eight are for the programme; no plan reads them. A row that is missing means "not
        known", never zero.
    staff : DataFrame or None, default None
        hospital_id, discipline ("" for the hospital as a whole), eligible (experts who may be sent, persons),
        days_per_week (expert-days a week for deployment), managers (persons), source, or None. Counts, no persons.
    needs : DataFrame or None, default None
        district_id or unit_id, discipline, people (who need it, a year), or None.
    custody : DataFrame or None, default None
        hospital_id (who manages), managed_id, since, until, source, or None.
    support : DataFrame or None, default None
        hospital_id, discipline, year_started: weak specialties supported today, or None.
    institutions : DataFrame or None, default None
        institution_id, name, kind ("community_centre", "nursing" …), ownership, district_id, lon, lat, visits_capacity
        (a year), beds, home_beds, willing, office, gps (general practitioners), teams (of family doctors), source, or None.
    slots : DataFrame or None, default None
        hospital_id, discipline, week_slots (expert slots a week), window_days (that are booked ahead), source, or None.
    services : DataFrame or None, default None
        hospital_id, service ("lab", "imaging" …), has ("yes", "no" or ""), capacity (residents), source, or None.
    flows : DataFrame or None, default None
        unit_id, place_id (a hospital or an institution), class, year, visits (NaN: suppressed), or None. Counts, never patients.
    title : str, default ""
        What people call it ("上海市"); the name where not stated.
    people : str, default "given"
        How the people of the units came about: "given", or "modelled: …" with the way.
    sources : tuple[str, ...], default ()
        Where the data is from, as written in region.toml; "中文 / English" is shown in both languages.
    data_date, map_approval : str, default ""
        Of when the data is, and the approval number of the base map (审图号), as written there; "" where not stated.
    modelled_tables : Mapping[str, str], optional
        Tables whose content is modelled, with the way; a text per table.
    files : Mapping[str, str], optional
        File name(s) of each table, for messages.
    sheets : Mapping[str, tuple], optional
        Of tables read from several sheets of a workbook the id, row and sheet of each record, for messages.
    findings : Findings, optional
        What reading noticed.

    Examples
    --------
    >>> import gridplan as gp
    >>> town = gp.tiny_town()
    >>> town.name, len(town.districts), int(town.units["people"].sum())
    ('tiny_town', 3, 81000)
    """

    name: str
    districts: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    hospitals: pd.DataFrame
    branches: pd.DataFrame
    partnerships: pd.DataFrame
    travel: pd.DataFrame | None = None
    roads: pd.DataFrame | None = None
    links: pd.DataFrame | None = None
    departments: pd.DataFrame | None = None
    staff: pd.DataFrame | None = None
    needs: pd.DataFrame | None = None
    custody: pd.DataFrame | None = None
    support: pd.DataFrame | None = None
    institutions: pd.DataFrame | None = None
    slots: pd.DataFrame | None = None
    services: pd.DataFrame | None = None
    flows: pd.DataFrame | None = None
    title: str = ""
    people: str = "given"
    sources: tuple[str, ...] = ()
    data_date: str = ""
    map_approval: str = ""
    modelled_tables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, tuple[tuple[str, int, str], ...]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    @property
    def modelled(self) -> bool:
        """Whether the people of some units are modelled, not counted."""
        return self.people != "given"

    @cached_property
    def district_names(self) -> dict[str, Text]:
        """District → its name in English, where the table has one, and in Chinese; its id where it has none."""
        return _names_of(self.districts, "district_id")

    @cached_property
    def hospital_names(self) -> dict[str, Text]:
        """Hospital → its name, as `district_names`."""
        return _names_of(self.hospitals, "hospital_id")

    @cached_property
    def metric_crs(self) -> CRS:
        """A projected CRS in metres: the CGCS2000 3-degree zone of the region in China, UTM elsewhere.

        There is one for any coordinates, even swapped ones, so that the doctor can say what is wrong with them.
        """
        lon, lat = np.nan_to_num(self.units[["lon", "lat"]].median().to_numpy(dtype=float))
        lon, lat = (lat, lon) if abs(lat) > 90 else (lon, lat)
        if 73.5 <= lon <= 136.5 and 3 <= lat <= 54:
            return CRS.from_epsg(4534 + round((lon - 75) / 3))
        zone = int((lon + 180) % 360 // 6) + 1
        return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)

    @cached_property
    def table_hashes(self) -> dict[str, str]:
        """SHA-256 of the content of each table, whatever the file format, encoding or order of rows."""
        tables = {name: getattr(self, name) for name in TABLES}
        _HASHED[self] = {name: table.copy() for name, table in tables.items() if table is not None}
        return {name: _table_hash(table) for name, table in _HASHED[self].items()}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all tables: two regions with the same fingerprint give the same plans."""
        text = "\n".join(f"{name} {digest}" for name, digest in self.table_hashes.items())
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def unchanged(self) -> None:
        """Refuse to go on with tables that were changed in place since the region was planned for.

        Raises
        ------
        DataError : a table is no longer what `table_hashes` says; `which` names it.
        """
        digests = self.table_hashes
        then = _HASHED.get(self, {})  # a region that came from another process has none
        changed = [
            name
            for name, digest in digests.items()
            if not (name in then and getattr(self, name).equals(then[name]))
            and _table_hash(getattr(self, name)) != digest
        ]
        if changed:
            raise DataError(
                Text(
                    f"tables of region {self.name} were changed in place after planning",
                    f"地区 {self.name} 的数据表在规划后被就地修改",
                ),
                Text(
                    "a region is frozen: make another with region.with_tables(units=…) and plan again",
                    "地区数据不可修改：请用 region.with_tables(units=…) 生成新的地区并重新规划",
                ),
                changed,
            )

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        nouns = {"district": self.districts, "unit": self.units, "hospital": self.hospitals}
        nouns |= {} if self.institutions is None else {"institution": self.institutions}
        return {
            (noun, key): name
            for noun, t in nouns.items()
            for key, name in zip(t[f"{noun}_id"], t["name"], strict=True)
        }

    def label(self, noun: str, key: str) -> str:
        """Name and id of a "district", "unit", "hospital" or "institution", as messages show them: 崇明区 (310151)."""
        name = self._names.get((noun, key))
        return f"{name} ({key})" if isinstance(name, str) and name and name != key else key

    def in_english(self, said: str) -> str:
        """What is said with the English names of districts and hospitals in their labels, where the tables have them.

        Examples
        --------
        >>> import gridplan as gp
        >>> town = gp.tiny_town()
        >>> town.in_english(f"{town.label('district', 'T1')} has 4 units.")
        'Middle (T1) has 4 units.'
        """
        names = self._english_labels
        found = re.compile("|".join(map(re.escape, names)))
        return found.sub(lambda label: names[label[0]], said) if names else said

    @cached_property
    def _english_labels(self) -> dict[str, str]:
        """Label → the same with the English name, the longest first."""
        names = {}
        for noun, table in (("district", self.districts), ("hospital", self.hospitals)):
            english = table["name_en"] if "name_en" in table else table["name"].head(0)
            for id, name in zip(table[f"{noun}_id"], english, strict=False):
                if isinstance(name, str) and name:
                    names[self.label(noun, id)] = f"{name} ({id})"
        return {label: names[label] for label in sorted(names, key=len, reverse=True)}

    def with_tables(self, **tables: pd.DataFrame | None) -> Region:
        """The same region with some tables exchanged; None takes an optional one away."""
        return replace(self, **tables)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        people = int(self.units["people"].fillna(0).sum())
        modelled = f" ({self.people})" if self.modelled else ""
        return (
            f"Region {self.name}: {len(self.districts)} districts, {len(self.units)} units, "
            f"{people:,} people{modelled}, {len(self.hospitals)} hospitals"
        )

    def _repr_html_(self) -> str:
        rows = [
            (noun, len(table), ", ".join(str(column) for column in table.columns if column != "row"))
            for name, noun in NOUNS.items()
            if (table := getattr(self, name)) is not None and len(table)
        ]
        people = self.units["people"].fillna(0).sum()
        notes = [two_halves(source) for source in self.sources]
        if self.modelled:
            notes.insert(0, Text(f"People of units are {self.people}.", "单元人口为推算值，非普查数。"))
        if self.findings:
            found = len(self.findings)
            notes.append(Text(f"{found} finding(s), see `findings`.", f"数据提醒 {found} 条，见 findings。"))
        headings = (Text("table", "表"), Text("rows", "行数"), Text("columns", "列"))
        table = html_table(headings, (html_row(row) for row in rows))
        count = said(Text(f"{people:,.0f} residents", f"常住人口 {people:,.0f} 人"), "p")
        return card(both(self.title or self.name), count, table, *(said(note, "p") for note in notes))


def _names_of(table: pd.DataFrame, key: str) -> dict[str, Text]:
    rows = table[[key, "name", "name_en"]].astype(object)
    told = rows.where(rows.notna() & (rows != ""), None).itertuples(index=False, name=None)
    return {id: Text(english or name or id, name or id) for id, name, english in told}


# The tables of a region as they were hashed: to compare with them is ten times quicker than to hash anew.
_HASHED: WeakKeyDictionary[Region, dict[str, pd.DataFrame]] = WeakKeyDictionary()


@once_per_content
def _table_hash(table: pd.DataFrame) -> str:
    """Coordinates count to 1e-6 degrees (0.1 m); a column that states nothing is as good as none."""
    plain = pd.DataFrame(table.drop(columns=["row"], errors="ignore")).replace("", None)
    for name in COORDINATES.intersection(plain.columns):
        plain[name] = plain[name].round(6)
    if "geometry" in plain:
        shapes = shapely.normalize(
            shapely.transform(table["geometry"].to_numpy(), lambda corners: corners.round(6))
        )
        plain["geometry"] = shapely.to_wkb(shapes, hex=True)
    plain = plain.reindex(columns=sorted(plain.columns))
    plain = plain.dropna(axis="columns", how="all")
    plain = plain.sort_values(list(plain.columns)) if len(plain.columns) else plain
    digest = hashlib.sha256()
    for first in range(0, max(1, len(plain)), TOGETHER):
        rows = plain.iloc[first : first + TOGETHER]
        text = rows.to_csv(index=False, header=first == 0, lineterminator="\n", float_format="%.9g")
        digest.update(text.encode("utf-8"))
    return digest.hexdigest()
