"""check(): all that is wrong with a region, at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gridplan.doctor import (
    cells,
    levels,
    links,
    minutes,
    names,
    places,
    programme_tables,
    relations,
    shapes,
    suspicions,
    totals,
)
from gridplan.doctor.chart import Chart
from gridplan.doctor.record import tables
from gridplan.geography.reading import read
from gridplan.inputs.matching.of_sheets import with_sheets
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.condense import condensed
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.same import once_per_content
from gridplan.words.text import Text

MOST_OF_A_KIND = 100

Check = Callable[[Chart], Iterable[Finding]]
CHECKS_OF_CELLS: tuple[Check, ...] = (
    totals.empty_tables,
    cells.unsafe_ids,
    cells.duplicate_ids,
    cells.blank_cells,
    cells.numbers_out_of_range,
    cells.unknown_words,
    cells.shares_as_persons,
    names.hidden_signs,
    names.hospitals_of_one_name,
    links.unknown_ids,
    links.links_that_join_nothing,
    links.former_codes,
    cells.blank_minutes,
    cells.minutes_below_zero,
    levels.districts_among_units,
    levels.units_within_units,
    levels.towns_and_villages,
    levels.units_that_are_districts,
    totals.groups_larger_than_people,
    programme_tables.unknown_disciplines,
    programme_tables.weak_key_specialties,
    programme_tables.more_days_than_experts,
    programme_tables.impossible_custody,
    programme_tables.strange_institutions,
    programme_tables.needs_of_nowhere,
    programme_tables.needs_twice,
    programme_tables.impossible_flows,
    programme_tables.centres_together,
)
PLACE = re.compile(r"\b(lon|lat)\b")  # as a finding names a cell of a location
OF_PLACES = (
    "absurd-coordinate", "outside-districts", "unit-beyond-border", "unit-elsewhere", "site-elsewhere", "other-datum",
)  # fmt: skip
BY_AREA = "(area)"  # as a finding names the weight
CHECKS_OF_PLACES: tuple[
    Check, ...
] = (  # these need something to stand on: districts, located units, hospitals
    places.swapped_or_absurd,
    shapes.invalid_polygons,
    places.outside_every_district,
    places.unit_without_district,
    totals.districts_without_residents,
    totals.unreachable_units,
    minutes.minutes_that_cannot_be,
    suspicions.another_datum,
    suspicions.in_another_district,
    shapes.without_polygon,
    shapes.overlaps,
    shapes.gaps,
    shapes.cut_off_parts,
    places.branch_without_location,
    relations.clinics_by_name,
    relations.today_with_gaps,
    suspicions.two_sites_in_one_place,
    totals.totals_that_differ,
    totals.areas_that_differ,
)


def check(region: Region | Path | str) -> Findings:
    """Every fault of a region: what reading noticed, then what the doctor sees. Nothing is changed.

    Errors stop a plan, warnings travel with it. An error in most rows of a table is said once, with the rows;
    else of one kind in one table at most 100 are listed, the rest are counted.

    Parameters
    ----------
    region : Region or Path or str
        A Region, or a region folder. Where no Region can be made of the folder, the findings say why.

    Returns
    -------
    Findings
        Errors first; `.to_frame(lang)` is the table severity, code, table, row, id, what, hint.

    Examples
    --------
    >>> import gridplan as gp
    >>> len(gp.check(gp.tiny_town()))
    0
    """
    if not isinstance(region, Region):
        try:
            region = read(region)
        except DataError as refused:
            return refused.findings
    return _seen(region)


@once_per_content
def _seen(region: Region) -> Findings:
    chart = Chart(region)
    needed = (region.districts, region.units["lon"].dropna(), region.hospitals)
    checks = CHECKS_OF_CELLS + (CHECKS_OF_PLACES if all(len(table) for table in needed) else ())
    seen = [finding for look in checks for finding in look(chart)]
    sizes = {schema.name: len(table) for schema, table in tables(region)}
    told = condensed(_without_echoes(region, seen), sizes)
    read_so = condensed(_without_lost_weights(region, seen), sizes)
    return Findings(with_sheets([*read_so, *_shortened(told)], region.sheets))


def _without_lost_weights(region: Region, seen: list[Finding]) -> list[Finding]:
    """What reading noticed; a unit without an area to share people out by only once, where its place is wrong."""
    lost = {
        f.row
        for f in (*region.findings.errors, *seen)
        if f.table == "units" and f.code != "no-weight" and PLACE.search(f.what.en)
    }
    return [
        f
        for f in region.findings
        if (f.code, f.row in lost) != ("no-weight", True) or BY_AREA not in f.what.en
    ]


def _without_echoes(region: Region, seen: list[Finding]) -> list[Finding]:
    """Without what is wrong only because the cells of a row have slipped, or a table lies elsewhere as a whole."""
    slipped = {(f.table, f.row) for f in region.findings if f.code == "too-many-cells"}
    elsewhere = {f.table for f in region.findings if f.code in ("table-elsewhere", "wrong-zone", "wrong-crs")}
    return [
        f
        for f in seen
        if (f.table, f.row) not in slipped and not (f.table in elsewhere and f.code in OF_PLACES)
    ]


def _shortened(findings: list[Finding]) -> Iterator[Finding]:
    """The first hundred of a kind, then one line for the rest."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        kind = (finding.severity, finding.code, finding.table)
        counts[kind] += 1
        if counts[kind] <= MOST_OF_A_KIND:
            yield finding
    for (severity, code, table), count in counts.items():
        if count > MOST_OF_A_KIND:
            more = count - MOST_OF_A_KIND
            yield Finding(
                "error" if severity == "error" else "warning", code, table,
                Text(f"The same in {more:,} more records.", f"另有 {more:,} 条记录有同样的问题。"),
                Text("So many at once usually have one cause.", "数量如此之多，通常出于同一原因。"),
            )  # fmt: skip
