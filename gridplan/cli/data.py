"""Commands about data: check, travel."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import gridplan as gp
from gridplan.cli.frame import (
    BROKEN,
    LangOption,
    PolicyName,
    RegionDir,
    app,
    language,
    named,
    progress_bar,
    refusals,
    write_whole,
)
from gridplan.cli.help import Command
from gridplan.words.progress import Step
from gridplan.words.text import Text


@app.command(cls=Command)
def start(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder with a city's files as they are. 放有原始文件的文件夹。"),
    ],
    lang: LangOption = None,
) -> None:
    """Look at a folder of files, write region.toml, say what is missing. 识别文件夹中的文件，写出 region.toml，列出缺项。"""
    say = language(lang)
    with refusals(say):
        begun = gp.start(folder, lang=say)
        print(begun.report(say))
    if begun.findings.errors:
        raise typer.Exit(BROKEN)


@app.command(cls=Command)
def check(
    folder: RegionDir,
    policy: Annotated[
        str | None, typer.Option(help="Also check that this policy can work here. 同时预检该政策。")
    ] = None,
    repair: Annotated[
        Path | None,
        typer.Option(
            metavar="NEW", help="Write a repaired copy into a new folder. 在新文件夹写出修复后的数据。"
        ),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="With --repair: also do what this finding's hint offers; may be repeated. 修复时一并接受该代码的处理，可重复。",
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """List every fault of the data at once. 一次列出数据的所有问题。"""
    say = language(lang)
    with refusals(say):
        if accept and repair is None:
            what = Text("--accept goes with --repair NEW", "--accept 须与 --repair 新文件夹 同用")
            raise gp.errors.ArgumentError(what)
        if repair is not None:
            codes = [code.strip() for some in accept or () for code in some.split(",") if code.strip()]
            changes = gp.repair_folder(folder, repair, accept=codes)
            made = changes[~changes["why"].str.startswith("reading: ")]
            where = repair / "repairs.csv"
            print(
                Text(f"{len(made)} repair(s), listed in {where}", f"修复 {len(made)} 处，见 {where}").say(say)
            )
            if len(made):
                print(made.to_string(index=False))
            folder = repair
        region, findings = _checked(folder)
        if policy is not None and region is not None and not findings.errors:
            from gridplan.policies.pairs import candidates, pair_table
            from gridplan.policies.preflight import preflight, unstated

            rules = gp.policy(policy)
            travel = gp.travel_times(
                region, sorted(set(candidates(region, rules)["hospital_id"])), rules.travel
            )
            told = [*unstated(region, rules), *preflight(region, rules, travel, pair_table(region, rules))]
            findings = gp.results.Findings([*findings, *told])
    print(findings.report(say) if region is None else named(region, findings.report(say), say))
    from gridplan.intake.begin import accept_lines

    for line in accept_lines(findings, say):
        print(line)
    counts = len(findings.errors), len(findings.warnings)
    print(
        Text(
            f"{counts[0]} error(s), {counts[1]} warning(s)", f"错误 {counts[0]} 处，提醒 {counts[1]} 处"
        ).say(say)
    )
    if findings.errors:
        raise typer.Exit(BROKEN)


def _checked(folder: Path) -> tuple[gp.Region | None, gp.results.Findings]:
    """The region, where one can be made of the folder, and its faults."""
    try:
        region = gp.read(folder)
    except gp.errors.DataError as refused:
        return None, refused.findings
    return region, gp.check(region)


class Mode(StrEnum):
    """How people travel, to the embedded router."""

    auto = "auto"
    walk = "walk"
    bicycle = "bicycle"


@app.command(cls=Command)
def travel(
    folder: RegionDir,
    out: Annotated[Path, typer.Option(help="CSV to write. 写出的 CSV。")],
    policy: PolicyName = "shanghai-2025",
    osm: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Route on this map of OpenStreetMap (.osm.pbf); needs the extra router. "
            "按此 OpenStreetMap 地图（.osm.pbf）计算，需安装 router。",
        ),
    ] = None,
    mode: Annotated[
        Mode | None,
        typer.Option(help="With --osm: by car (auto), on foot or by bicycle. 出行方式：驾车、步行、骑行。"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Write the minutes from every unit to every candidate. 写出每个单元到每家候选医院的分钟数。"""
    from gridplan.geography.router.telling import made_by, told
    from gridplan.geography.router.valhalla import Valhalla
    from gridplan.inputs.read_region import MADE_BY
    from gridplan.plans.folder.csv_file import write_csv
    from gridplan.policies.pairs import candidates

    say = language(lang)
    with refusals(say), progress_bar(say, lines=osm is not None) as step:
        if mode is not None and osm is None:
            raise gp.errors.ArgumentError(Text("--mode goes with --osm FILE", "--mode 须与 --osm 地图 同用"))
        step(Step(Text("reading the region", "读取数据")))
        region, rules = gp.read(folder), gp.policy(policy)
        step(Step(Text("computing travel times", "计算出行时间")))
        ids = sorted(set(candidates(region, rules)["hospital_id"]))
        router = None if osm is None else Valhalla(osm, (mode or Mode.auto).value, step)
        times = gp.travel_times(region, ids, rules.travel, router or "auto")
        table = times.to_frame()
        write_whole(out, lambda path: write_csv(table, path))
        beside = out.with_name(f"{out.stem}{MADE_BY}")
        if osm is not None:
            write_whole(beside, lambda path: path.write_text(made_by(times) + "\n", encoding="utf-8"))
        else:
            beside.unlink(missing_ok=True)  # what it says would not be true any more
    left = len(times.left_out)
    print(
        Text(
            f"{len(table):,} pairs by {times.method} in {out}; {left:,} left out (unreachable)",
            f"{len(table):,} 对（{times.method}）已写入 {out}；{left:,} 对不可达，未写入",
        ).say(say)
    )
    for line in told(times, region):
        print(f"  {line.say(say)}")


@app.command(cls=Command)
def today(
    folder: RegionDir,
    policy: PolicyName = "shanghai-2025",
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder for its tables, CSV. 写出现状各表的文件夹。")
    ] = None,
    campuses: Annotated[
        bool | None,
        typer.Option(
            help="Whether an open campus counts as a partner of its district though no agreement is listed; "
            "else as the policy says. 已开放院区未签约是否视为现有合作，默认依政策。"
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Tell today as a plan: minutes, people beyond, load per hospital, caps. 评估现状：出行时间、远距人口、各院负荷、上限。"""
    from gridplan.plans.today_files import write_today
    from gridplan.plans.today_text import today_text

    say = language(lang)
    with refusals(say):
        now = gp.today(gp.read(folder), gp.policy(policy), campuses=campuses)
        print(named(now.region, today_text(now).say(say), say))
        print(named(now.region, now.verdict.report(say), say))
        if out is not None:
            files = ", ".join(file.name for file in write_today(now, out))
            print(Text(f"Files in {out}: {files}", f"成果在 {out}：{files}").say(say))
