"""save(plan, out): the whole plan folder, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from geopandas import GeoSeries

from gridplan.files.whole import told
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.folder.own_files import RECORD
from gridplan.plans.folder.plan_folder import fill, held
from gridplan.plans.folder.store import write_plan_tables, write_record
from gridplan.plans.plan import Plan
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.map.tiles import Tiles, tile_service
from gridplan.words.arguments import a_plan, one_of
from gridplan.words.errors import ArgumentError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import SHOWN, Shown, Text, shown_in

CERTIFIED_UNITS = 2_000  # up to which a plan folder gets a certificate unasked: by size, never by the clock
GIS = ("gpkg", "parquet")
WAIT = 10.0  # seconds that a plan, once made, waits for another run to leave the folder


def save(
    plan: Plan,
    out: str | Path,
    progress: Progress = silent,
    *,
    tiles: str | None = None,
    key: str | None = None,
    assets: bool = False,
    certificate: bool | None = None,
    lang: Shown = "both",
    gis: Collection[str] = ("gpkg",),
) -> Path:
    """Write the plan folder: tables, plan.json, map.html, plan.xlsx, report.html, changes.docx (docs/plan-folder.md).

    All is written beside `out` first and then put in its place in one step, so that at every moment the folder is
    whole, the old one or the new one, also where the run is killed; what a killed run left is cleared away by the next.
    Of an earlier plan in `out` every file of gridplan's own is replaced or removed. Files of other names stay; own files
    that somebody edited by hand are kept in `OUT.edited/`, beside it, and the log says so.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    out : str or Path
        The plan folder itself; made where it does not exist, with its parents.
    progress : Progress, optional
        Called at each step.
    tiles, key : str, optional
        A background of tiles for the map, see `draw`.
    assets : bool, default False
        Whether scripts and styles of the map stand beside it, see `PlanMap.save`.
    certificate : bool, optional
        Whether certificate.json and check_certificate.py are written, see `certify`; by default where the region has
        at most 2,000 units.
    lang : {"both", "zh", "en"}, default "both"
        The language of map, workbook, report and form; "both" is Chinese with English beside it.
    gis : Collection[str], optional
        "gpkg", the default, for plan.gpkg (units, districts, hospitals, pairs and grids as layers, styled for QGIS),
        "parquet" for the same as GeoParquet; `gis=()` for neither.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ArgumentError
        `plan` is no plan, or `gis` names another format.
    DataError
        A table of the region was changed in place after planning; `out` may not be replaced or cannot be made;
        another run is using it; the disk is full; unknown tiles or a wrong key. The folder is then as it was.

    References
    ----------
    The files and columns: docs/plan-folder.md.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> (gp.save(plan, "out") / "map.html").is_file()
    True
    """
    a_plan(plan, "save")
    one_of("lang", lang, SHOWN)
    service = tile_service(tiles, key)
    if unknown := sorted({gis} - set(GIS) if isinstance(gis, str) else set(gis) - set(GIS)):
        raise ArgumentError(
            Text("unknown format for a GIS", "未知的 GIS 格式"),
            Text(f"known: {', '.join(GIS)}", f"可用：{'、'.join(GIS)}"),
            unknown,
        )
    with held(out, wait=WAIT) as claim, shown_in(lang):
        fill(
            claim,
            lambda made: write_folder(
                plan, made, progress, service, assets, certificate, (gis,) if isinstance(gis, str) else gis
            ),
        )
    return Path(out)


def write_folder(
    plan: Plan,
    folder: Path,
    progress: Progress,
    tiles: Tiles | None = None,
    assets: bool = False,
    certificate: bool | None = None,
    gis: Collection[str] = (),
) -> None:
    """Write all files of a plan into an existing folder."""
    # xlsxwriter and python-docx are heavy: whoever asks `refuse_others` alone does not wait for them
    from gridplan.proving.certify import certify
    from gridplan.show.form.form import write_form
    from gridplan.show.map.draw_map import draw_areas
    from gridplan.show.report.report import report
    from gridplan.show.shared.areas import drawn_areas
    from gridplan.show.shared.told_apart import as_named
    from gridplan.show.workbook.workbook import write_workbook

    progress(Step(Text("writing the tables", "写出数据表")))
    write_plan_tables(plan, folder)
    if len(plan.region.units) <= CERTIFIED_UNITS if certificate is None else certificate:
        progress(Step(Text("writing the certificate", "出具证书")))
        certify(plan).save(folder)
        if plan.travel.method == "roads":  # the program that checks makes minutes from points only
            write_csv(plan.travel.to_frame(), folder / "travel.csv")
    progress(Step(Text("drawing the map", "绘制地图")))
    areas = drawn_areas(plan.region)
    with told(folder / "map.html"):
        draw_areas(plan, areas, tiles).save(folder / "map.html", assets)
    progress(Step(Text("writing workbook, report and form", "写出工作簿、报告和报告表")))
    verdict = verdict_of(as_named(plan))
    with told(folder / "plan.xlsx"):
        write_workbook(plan, folder / "plan.xlsx", verdict)
    if plan.policy.partner_layers:
        with told(folder / "changes.docx"):
            write_form(plan, folder / "changes.docx")
    with told(folder / "report.html"):
        (folder / "report.html").write_text(report(plan, areas, verdict), encoding="utf-8", newline="\n")
    if gis:
        _write_gis(plan, folder, progress, gis, areas.ground)
    with told(folder / RECORD):
        write_record(plan, folder)


def _write_gis(
    plan: Plan, folder: Path, progress: Progress, gis: Collection[str], ground: GeoSeries | None
) -> None:
    from gridplan.plans.gis import GPKG, write_gpkg, write_parquet  # only where asked

    progress(Step(Text("writing the layers for a GIS", "写出 GIS 图层")))
    if "gpkg" in gis:
        with told(folder / GPKG):
            write_gpkg(plan, folder / GPKG, ground)
    if "parquet" in gis:
        with told(folder):
            write_parquet(plan, folder, ground)
