"""The door: each command is a thin call of the Python interface.

Exit codes: 0 fine · 1 errors in the data, or a broken rule · 2 wrong use · 3 the policy cannot work here ·
4 no plan in time, or no solver.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

import gridplan as gp
from gridplan.plan.store import write_csv
from gridplan.policy.pairs import candidates, pair_table
from gridplan.policy.preflight import preflight
from gridplan.show.folder import refuse_others
from gridplan.text import Language, Text, preferred_language

BROKEN, IMPOSSIBLE, UNSOLVED = 1, 3, 4

app = typer.Typer(
    name="gridplan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Assign a city's residents to lead hospitals under policy caps, with a proof. "
    "为全市居民确定合作医院：满足政策上限，并证明方案有多好。",
    epilog="Exit codes: 0 fine, 1 errors in the data or a broken rule, 2 wrong use, 3 the policy cannot work "
    "here, 4 no plan in time or no solver.",
)


class Lang(StrEnum):
    """Languages of messages."""

    en = "en"
    zh = "zh"


class EngineName(StrEnum):
    """Solvers."""

    highs = "highs"
    cbc = "cbc"


RegionDir = Annotated[
    Path, typer.Argument(metavar="DIR", help="Region folder with region.toml. 地区文件夹。")
]
PolicyName = Annotated[
    str, typer.Option(help="A built-in profile or a .toml file. 内置政策名或 .toml 文件。")
]
LangOption = Annotated[
    Lang | None, typer.Option(help="Language of messages. 信息语言。", show_default="your system's")
]


@app.command()
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
    lang: LangOption = None,
) -> None:
    """List every fault of the data at once. 一次列出数据的所有问题。"""
    say = _language(lang)
    with _refusals(say):
        if repair is not None:
            changes = gp.repair_folder(folder, repair)
            made = changes[~changes["why"].str.startswith("reading: ")]
            where = repair / "repairs.csv"
            print(
                Text(f"{len(made)} repair(s), listed in {where}", f"修复 {len(made)} 处，见 {where}").say(say)
            )
            if len(made):
                print(made.to_string(index=False))
            folder = repair
        findings = gp.check(folder)
        if policy is not None and not findings.errors:
            region, rules = gp.read(folder), gp.policy(policy)
            travel = gp.travel_times(region, list(candidates(region, rules)["hospital_id"]), rules.travel)
            findings = gp.Findings([*findings, *preflight(region, rules, travel, pair_table(region, rules))])
    print(findings.report(say))
    counts = len(findings.errors), len(findings.warnings)
    print(
        Text(
            f"{counts[0]} error(s), {counts[1]} warning(s)", f"错误 {counts[0]} 处，提醒 {counts[1]} 处"
        ).say(say)
    )
    if findings.errors:
        raise typer.Exit(BROKEN)


@app.command()
def plan(
    folder: RegionDir,
    out: Annotated[Path, typer.Option(help="Plan folder to write. 写出的方案文件夹。")],
    policy: PolicyName = "shanghai-2025",
    engine: Annotated[EngineName, typer.Option(help="Solver. 求解器。")] = EngineName.highs,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop solving after so long. 求解时限（秒）。")
    ] = None,
    gap: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Stop at this relative gap. 允许的相对差距。")
    ] = 0.0,
    lang: LangOption = None,
) -> None:
    """Make a plan, verify it, and write tables, map, workbook and report. 制定方案并写出全部成果。"""
    say = _language(lang)
    with _refusals(say), _progress(say) as step:
        refuse_others(out)
        step(Text("reading the region", "读取数据"))
        region = gp.read(folder)
        made = gp.plan(
            region, gp.policy(policy), engine=engine.value, seconds=seconds, gap=gap, progress=step
        )
        where = gp.save(made, out, progress=step)
    print(made.summary(say))
    files = ", ".join(p.name for p in sorted(where.iterdir()) if p.is_file())
    print(Text(f"Verified. Files in {where}: {files}", f"已核验。成果在 {where}：{files}").say(say))
    print(
        Text(
            f"Open {where / 'map.html'} in a browser; it needs no internet.",
            f"用浏览器打开 {where / 'map.html'}，无需联网。",
        ).say(say)
    )


@app.command()
def travel(
    folder: RegionDir,
    out: Annotated[Path, typer.Option(help="CSV to write. 写出的 CSV。")],
    policy: PolicyName = "shanghai-2025",
    lang: LangOption = None,
) -> None:
    """Write the minutes from every unit to every candidate. 写出每个单元到每家候选医院的分钟数。"""
    say = _language(lang)
    with _refusals(say), _progress(say) as step:
        step(Text("reading the region", "读取数据"))
        region, rules = gp.read(folder), gp.policy(policy)
        step(Text("computing travel times", "计算出行时间"))
        times = gp.travel_times(region, list(candidates(region, rules)["hospital_id"]), rules.travel)
        table = times.to_frame()
        _write_whole(out, lambda path: write_csv(table, path))
    left = len(times.left_out)
    print(
        Text(
            f"{len(table):,} pairs by {times.method} in {out}; {left:,} left out (unreachable)",
            f"{len(table):,} 对（{times.method}）已写入 {out}；{left:,} 对不可达，未写入",
        ).say(say)
    )
    for reason, count in times.left_out["reason"].value_counts().items():
        print(f"  {count:,}: {reason}")


@app.command()
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
    lang: LangOption = None,
) -> None:
    """Judge a plan from the tables alone: every broken rule at once. 只凭数据表核验方案，一次列出所有不符。"""
    say = _language(lang)
    if (assignment is None) == (plan is None) or (assignment is not None and folder is None):
        raise typer.BadParameter("give either DIR --policy NAME --assignment FILE, or --plan OUT")
    with _refusals(say):
        if plan is not None:
            made = gp.open_plan(plan)
            verdict = gp.verify(made)
            _same_region(folder, made)
            print(verdict.report(say))
            if nearest:
                print(gp.repair(made).say(say))
        else:
            assert folder is not None and assignment is not None
            region, rules, rows = gp.read(folder), gp.policy(policy), gp.read_assignment(assignment, sheet)
            verdict = gp.judge(region, rules, rows)
            print(verdict.report(say))
            if nearest:
                print(gp.repair(region, rules, rows).say(say))
    if not verdict.kept:
        raise typer.Exit(BROKEN)


@app.command("map")
def draw_map(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Plan folder. 方案文件夹。")],
    lang: LangOption = None,
) -> None:
    """Draw map.html of a plan folder again. 重新绘制方案地图。"""
    say = _language(lang)
    with _refusals(say):
        drawn = gp.draw(gp.open_plan(out))
        _write_whole(out / "map.html", lambda path: drawn.save(path))
    print(out / "map.html")


@app.command()
def explain(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Plan folder. 方案文件夹。")],
    unit: Annotated[str | None, typer.Option(help="A unit, by id or name. 单元（编号或名称）。")] = None,
    pair: Annotated[
        tuple[str, str] | None, typer.Option(metavar="DISTRICT HOSPITAL", help="A pair. 一个结对。")
    ] = None,
    district: Annotated[str | None, typer.Option(help="A district. 一个区。")] = None,
    hospital: Annotated[str | None, typer.Option(help="A hospital. 一家医院。")] = None,
    tight: Annotated[
        bool,
        typer.Option(
            "--tight", help="The rules that bind, and the gain from loosening each. 起约束作用的规则。"
        ),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Say why a plan is so, and what the alternatives would cost. 说明方案的理由，以及其他选择的代价。"""
    say = _language(lang)
    with _refusals(say):
        made = gp.open_plan(out)
        if tight and any((unit, pair, district, hospital)):
            raise typer.BadParameter("give --tight alone")
        if tight:
            answer = gp.tight(made, lang=say)
        else:
            answer = gp.explain(made, unit=unit, pair=pair, district=district, hospital=hospital, lang=say)
    print(answer)


def main() -> None:
    """Entry point of the `gridplan` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Chinese on any Windows console or pipe
    app()


def _language(lang: Lang | None) -> Language:
    return lang.value if lang is not None else preferred_language()


def _same_region(folder: Path | None, made: gp.Plan) -> None:
    """With DIR beside --plan: the plan must be of that very region."""
    if folder is not None and gp.read(folder).fingerprint != made.region.fingerprint:
        raise gp.DataError(
            Text(f"{folder} is not the region of that plan", f"{folder} 与该方案的数据不同"),
            Text("plan again, or leave DIR out", "请重新制定方案，或不写 DIR"),
        )


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside, then swap in: a file is there whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(path)
    except OSError as fault:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise gp.DataError(
            Text(f"{path} cannot be written: {fault.strerror}", f"{path} 无法写入：{fault.strerror}"),
            Text("give the name of a file in a folder one may write to", "请给出可写文件夹中的文件名"),
        ) from None


@contextmanager
def _progress(lang: Language) -> Iterator[Callable[[Text], None]]:
    """A live line on a terminal, silence in a pipe."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=text.say(lang))


@contextmanager
def _refusals(lang: Language) -> Iterator[None]:
    """Every refusal is one clear message and an exit code that scripts can use."""
    try:
        yield
    except gp.DataError as error:
        _stop(error, lang, BROKEN)
    except (gp.PolicyError, gp.InfeasibleError) as error:
        _stop(error, lang, IMPOSSIBLE)
    except gp.SolveError as error:
        _stop(error, lang, UNSOLVED)
    except gp.GridplanError as error:
        _stop(error, lang, BROKEN)
    except OSError as fault:
        where = fault.filename or ""
        what = Text(f"{where} cannot be used: {fault.strerror}", f"{where} 无法使用：{fault.strerror}")
        _stop(gp.DataError(what, Text("look at its permissions", "请检查其权限")), lang, BROKEN)


def _stop(error: gp.GridplanError, lang: Language, code: int) -> NoReturn:
    print(f"{type(error).__name__}: {error.say(lang)}", file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
