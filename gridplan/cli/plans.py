"""Commands that make, judge and draw plans: plan, verify, map, table, figures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

import gridplan as gp
from gridplan.cli.frame import (
    BROKEN,
    AssetsOption,
    EngineName,
    Gis,
    LangOption,
    OutDir,
    PolicyName,
    RegionDir,
    ShownOption,
    TilesKeyOption,
    TilesOption,
    app,
    language,
    named,
    plain_text,
    progress_bar,
    refusals,
    shown,
    told_by,
    write_whole,
)
from gridplan.cli.help import Command
from gridplan.words.progress import Step
from gridplan.words.text import Language, Text, shown_in


@app.command(cls=Command)
def plan(
    folder: RegionDir,
    out: Annotated[Path, typer.Option(help="Plan folder to write. 写出的方案文件夹。")],
    policy: PolicyName = "shanghai-2025",
    engine: Annotated[EngineName, typer.Option(help="Engine. 求解引擎。")] = EngineName.auto,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop solving after so long. 求解时限（秒）。")
    ] = None,
    gap: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Stop at this relative gap. 允许的相对差距。")
    ] = 0.0,
    tiles: TilesOption = None,
    tiles_key: TilesKeyOption = None,
    assets: AssetsOption = False,
    certificate: Annotated[
        bool | None,
        typer.Option(
            "--certificate/--no-certificate",
            help="Write certificate.json and its checker (by default up to 2,000 units). 写出证书及复核程序。",
        ),
    ] = None,
    gis: Annotated[
        list[Gis] | None,
        typer.Option(
            help="Layers for a GIS (by default gpkg); may be repeated; none for none. GIS 图层（默认 gpkg），可重复；none 为不写。"
        ),
    ] = None,
    lang: ShownOption = None,
) -> None:
    """Make a plan, verify it, and write tables, map, workbook and report. 制定方案并写出全部成果。"""
    from gridplan.plans.folder.plan_folder import held
    from gridplan.show.map.tiles import tile_service

    say = language(lang)
    with refusals(say), progress_bar(say) as step, held(out), plain_text(folder):
        tile_service(tiles, tiles_key)
        step(Step(Text("reading the region", "读取数据")))
        region = gp.read(folder)
        rules = gp.policy(policy)
        certified = _no_plan_certified(region, rules, out, say) if certificate else nullcontext()
        with told_by(region.in_english), certified:
            made = gp.plan(region, rules, engine=engine.value, seconds=seconds, gap=gap, progress=step)
        where = gp.save(
            made,
            out,
            progress=step,
            tiles=tiles,
            key=tiles_key,
            assets=assets,
            certificate=certificate,
            lang=shown(lang),
            gis=[kind.value for kind in gis or (Gis.gpkg,) if kind is not Gis.none],
        )
    print(named(made.region, made.summary(say), say))
    files = ", ".join(p.name for p in sorted(where.iterdir()) if p.is_file())
    print(Text(f"Verified. Files in {where}: {files}", f"已核验。成果在 {where}：{files}").say(say))
    print(
        Text(
            f"Open {where / 'map.html'} in a browser; it needs no internet{' but for its tiles' if tiles else ''}.",
            f"用浏览器打开 {where / 'map.html'}，{'除底图外' if tiles else ''}无需联网。",
        ).say(say)
    )


@app.command(cls=Command)
def verify(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Region folder; not needed with --plan. 地区文件夹。"),
    ] = None,
    policy: PolicyName = "shanghai-2025",
    assignment: Annotated[
        Path | None, typer.Option(help="An assignment made or edited by hand, CSV or Excel. 手工分配表。")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="Sheet of an Excel file. Excel 工作表。")
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="A plan folder. 方案文件夹。")] = None,
    nearest: Annotated[
        bool,
        typer.Option(
            "--nearest", help="Also say what the nearest legal plan would change. 另列最近合规方案的变动。"
        ),
    ] = False,
    programme: Annotated[
        bool,
        typer.Option("--programme", help="With --plan: judge its programme too. 同时核验其实施方案。"),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Judge a plan from the tables alone: every broken rule at once. 只凭数据表核验方案，一次列出所有不符。"""
    say = language(lang)
    if (assignment is None) == (plan is None) or (assignment is not None and folder is None):
        what = Text(
            "give either DIR --policy NAME --assignment FILE, or --plan OUT",
            "请写 DIR --policy NAME --assignment FILE，或写 --plan OUT",
        )
        raise typer.BadParameter(what.say(say))
    with refusals(say):
        if plan is not None:
            from gridplan.plans.folder.verify_folder import verify_folder
            from gridplan.proving.checked import checked

            made, verdict = verify_folder(plan)
            _same_region(folder, made)
            verdict = checked(plan, verdict)
            print(named(made.region, verdict.report(say), say))
            if nearest:
                print(named(made.region, gp.repair(made).say(say), say))
            if programme:
                from gridplan.programmes.store import verify_programme

                second = verify_programme(plan)
                print(named(made.region, second.report(say), say))
                if not second.kept:
                    raise typer.Exit(BROKEN)
        else:
            assert folder is not None and assignment is not None
            region, rules, rows = gp.read(folder), gp.policy(policy), gp.read_assignment(assignment, sheet)
            verdict = gp.judge(region, rules, rows)
            print(named(region, verdict.report(say), say))
            if nearest:
                print(named(region, gp.repair(region, rules, rows).say(say), say))
    if not verdict.kept:
        raise typer.Exit(BROKEN)


@app.command("map", cls=Command)
def draw_map(
    out: OutDir,
    tiles: TilesOption = None,
    tiles_key: TilesKeyOption = None,
    assets: AssetsOption = False,
    against: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Plan folder before: draw what changes from it. 与此方案对比。"),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="With --against: HTML to write. 写出的 HTML。"),
    ] = None,
    lang: ShownOption = None,
) -> None:
    """Draw map.html of a plan folder again, or what changes from another. 重新绘制方案地图，或与另一方案对比。"""
    say = language(lang)
    if (against is None) != (to is None) or (against is not None and tiles is not None):
        what = Text(
            "--against OUT and --out FILE go together, without --tiles",
            "--against OUT 与 --out FILE 须同时给出，且不可带 --tiles",
        )
        raise typer.BadParameter(what.say(say))
    with refusals(say), shown_in(shown(lang)):
        if against is not None and to is not None:
            difference = gp.draw_difference(gp.open_plan(against), gp.open_plan(out))
            write_whole(to, lambda path: difference.save(path, assets))
            print(to)
            return
        from gridplan.plans.folder.plan_folder import add_files
        from gridplan.show.map.tiles import tile_service

        tile_service(tiles, tiles_key)
        drawn = gp.draw(gp.open_plan(out), tiles=tiles, key=tiles_key)
        add_files(out, lambda made: drawn.save(made / "map.html", assets))
    print(out / "map.html")


@app.command("table", cls=Command)
def lay_table(
    out: OutDir,
    to: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="HTML to write instead of OUT/table.html. 写出的 HTML。"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Write a page in which the plan is changed by hand and solved again, offline. 生成会商页：可离线调整方案并重新求解。"""
    say = language(lang)
    with refusals(say):
        made = gp.table(gp.open_plan(out))
        if to is not None:
            write_whole(to, made.save)
        else:
            from gridplan.plans.folder.plan_folder import add_files

            add_files(out, lambda folder: made.save(folder / "table.html"))
    print(to or out / "table.html")


@app.command("figures", cls=Command)
def draw_figures(
    out: OutDir,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the pictures. 图片文件夹。")],
    lang: ShownOption = None,
) -> None:
    """Draw still pictures for slides: maps, loads, travel. 绘制幻灯片用图：地图、服务人口、出行时间。"""
    say = language(lang)
    with refusals(say), shown_in(shown(lang)):
        files = gp.figures(gp.open_plan(out), to)
    print(Text(f"{len(files)} pictures in {to}:", f"{len(files)} 幅图在 {to}：").say(say))
    for file in files:
        print(f"  {file.name}")


@app.command(cls=Command)
def form(
    out: OutDir,
    unit: Annotated[str, typer.Option(help="Who reports. 填报单位。", show_default="blank 留空")] = "",
    contact: Annotated[str, typer.Option(help="Whom to ask. 联系人。", show_default="blank 留空")] = "",
    date: Annotated[
        str, typer.Option(help="Date as it is to be printed. 填报日期。", show_default="blank 留空")
    ] = "",
    outside: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Partners outside the city (SH-20), CSV or Excel. 市外合作单位表。",
            show_default="blank 留空",
        ),
    ] = None,
    lang: ShownOption = None,
) -> None:
    """Write the Word files of a plan: report form, a form per hospital, report. 写出报告表、分医院报告表和报告（Word）。"""
    from gridplan.plans.folder.plan_folder import add_files

    say = language(lang)
    with refusals(say):
        made = gp.open_plan(out)
        names: list[str] = []

        def write(folder: Path) -> None:
            files = gp.forms(
                made, folder, lang=shown(lang), unit=unit, contact=contact, date=date, outside=outside
            )
            names.extend(file.name for file in files)

        add_files(out, write)
    for name in names:
        print(out / name)


@contextmanager
def _no_plan_certified(region: gp.Region, policy: gp.Policy, out: Path, say: Language) -> Iterator[None]:
    """Where it turns out that no plan keeps the rules: the certificate of that, beside where the plan would have been."""
    try:
        yield
    except (gp.InfeasibleError, gp.PolicyError):
        from gridplan.proving.certify import certify_none

        proof = certify_none(region, policy)
        if proof is None:
            said = Text(
                "that no plan exists is not certified: rules that certificates do not know are part of the reason",
                "“不存在方案”未出具证书：原因涉及证书不包含的规则",
            )
        else:
            where = proof.save(out)
            said = Text(
                f"certified: check it with {where / 'check_certificate.py'} ({proof.leaves} leaves)",
                f"已出具证书：可用 {where / 'check_certificate.py'} 复核（{proof.leaves} 个叶节点）",
            )
        print(said.say(say), file=sys.stderr)
        raise


def _same_region(folder: Path | None, made: gp.Plan) -> None:
    """With DIR beside --plan: the plan must be of that very region."""
    if folder is not None and gp.read(folder).fingerprint != made.region.fingerprint:
        raise gp.DataError(
            Text(f"{folder} is not the region of that plan", f"{folder} 与该方案的数据不同"),
            Text("plan again, or leave DIR out", "请重新制定方案，或不写 DIR"),
        )
