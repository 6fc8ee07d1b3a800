"""A programme with all that shows it, into the folder of its plan: tables, page, map, workbook."""

from __future__ import annotations

from pathlib import Path

from gridplan.programmes.programme import Programme
from gridplan.programmes.store import save_programme
from gridplan.show.map.draw_map import draw
from gridplan.show.programme.programme_book import write_programme_book
from gridplan.show.programme.programme_report import programme_report
from gridplan.show.programme.report_chapter import write_chapter


def save_shown(programme: Programme, out: str | Path) -> list[str]:
    """Write OUT/programme/ whole: its tables, programme.json, programme.html, map.html, programme.xlsx; and its chapter in report.html.

    Returns
    -------
    Names of the files.

    Raises
    ------
    DataError : `out` is no plan folder, or not that of this plan; it cannot be written.
    """
    pages = {"programme.html": programme_report(programme), "map.html": draw(programme).html}

    def write(folder: Path) -> None:
        write_programme_book(programme, folder / "programme.xlsx")
        write_chapter(programme, Path(out), folder.parent)

    return save_programme(programme, out, pages, write)
