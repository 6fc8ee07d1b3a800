"""save(plan, out): the whole plan folder, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from gridplan.judging.verify import verify
from gridplan.plans.plan import Plan
from gridplan.plans.store import write_tables
from gridplan.show.form.form import write_form
from gridplan.show.map.draw_map import draw_areas
from gridplan.show.map.tiles import Tiles, tile_service
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.workbook.workbook import write_workbook
from gridplan.words.arguments import a_plan
from gridplan.words.errors import DataError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

MARK = "plan.json"  # what makes a folder a plan folder


def save(
    plan: Plan,
    out: str | Path,
    progress: Progress = silent,
    *,
    tiles: str | None = None,
    key: str | None = None,
    assets: bool = False,
) -> Path:
    """Write the plan folder: tables, plan.json, map.html, plan.xlsx, report.html, changes.docx (docs/plan-folder.md).

    All is written beside `out` first and then put in its place, so a folder is there whole or not at all. An
    earlier plan in `out` is replaced; files of other names that somebody put there are kept.

    Parameters
    ----------
    out : the plan folder itself; made where it does not exist, with its parents.
    progress : called at each step.
    tiles, key : a background of tiles for the map, see `draw`.
    assets : whether scripts and styles of the map stand beside it, see `PlanMap.save`.

    Returns
    -------
    The folder.

    Raises
    ------
    ArgumentError : `plan` is no plan.
    DataError : a table of the region was changed in place after planning; `out` may not be replaced or cannot be made, see `refuse_others`; unknown tiles or a wrong key.
    """
    a_plan(plan, "save")
    out = Path(out)
    service = tile_service(tiles, key)
    refuse_others(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        made = beside / "new"
        made.mkdir()
        write_folder(plan, made, progress, service, assets)
        _swap(made, out, beside / "old")
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return out


def write_folder(
    plan: Plan, folder: Path, progress: Progress, tiles: Tiles | None = None, assets: bool = False
) -> None:
    """Write all files of a plan into an existing folder."""
    progress(Step(Text("writing the tables", "写出数据表")))
    write_tables(plan, folder)
    progress(Step(Text("drawing the map", "绘制地图")))
    areas = drawn_areas(plan.region)
    draw_areas(plan, areas, tiles).save(folder / "map.html", assets)
    progress(Step(Text("writing workbook, report and form", "写出工作簿、报告和报告表")))
    verdict = verify(plan)
    write_workbook(plan, folder / "plan.xlsx", verdict)
    if plan.policy.partner_layers:
        write_form(plan, folder / "changes.docx")
    (folder / "report.html").write_text(report(plan, areas, verdict), encoding="utf-8", newline="\n")


def refuse_others(out: Path) -> None:
    """Only a plan folder or an empty one may be replaced; what stands above it must be a folder one may write to.

    Raises
    ------
    DataError : `out` is a file, a folder that holds something else than a plan, or nothing that can be made.
    """
    above = next((folder for folder in out.absolute().parents if folder.exists()), Path())
    if not above.is_dir() or not os.access(above, os.W_OK):
        what = Text(
            f"{out} cannot be made: {above} is no folder that may be written to",
            f"无法建立 {out}：{above} 不是可写的文件夹",
        )
        raise DataError(what, Text("give another folder", "请换一个文件夹"))
    if not out.exists() or (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        return
    what = Text(f"{out} exists and is not a plan folder", f"{out} 已存在，且不是方案文件夹")
    raise DataError(what, Text("give another folder, or empty this one", "请换一个文件夹，或先清空它"))


def _swap(made: Path, out: Path, old: Path) -> None:
    """Put `made` in the place of `out`; what stood there comes back if that fails."""
    had = out.exists()
    if had:
        out.rename(old)
    try:
        if had:
            _keep_strangers(old, made)
        made.rename(out)
    except OSError:
        if had:
            old.rename(out)
        raise


def _keep_strangers(old: Path, made: Path) -> None:
    """Copy over what the plan itself did not write (notes, an assignment edited by hand)."""
    for entry in sorted(old.iterdir()):
        if not (made / entry.name).exists():
            (shutil.copytree if entry.is_dir() else shutil.copy2)(entry, made / entry.name)
