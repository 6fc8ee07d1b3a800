"""Commands about what might be otherwise: frontier, alternatives, robustness, years."""

from __future__ import annotations

from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import gridplan as gp
from gridplan.cli.certificates import CertificatesOption, write_certificates
from gridplan.cli.frame import (
    LangOption,
    OutDir,
    PolicyName,
    RegionDir,
    app,
    language,
    progress_bar,
    refusals,
    told_by,
    write_whole,
)
from gridplan.cli.help import Command
from gridplan.words.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd


class Against(StrEnum):
    """Goals that travel is traded against."""

    changes = "changes"
    partners = "partners"
    worst = "worst"


class RegretGoal(StrEnum):
    """Which regret comes first."""

    worst = "worst"
    mean = "mean"


TableOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="CSV of the table to write. 写出的表（CSV）。")
]
Seconds = Annotated[float | None, typer.Option(min=0.1, help="Stop solving after so long. 求解时限（秒）。")]
Within = Annotated[
    float,
    typer.Option(min=0.0, max=1.0, help="Share above the best that is near it. 与最优相差多少以内算近优。"),
]


@app.command(cls=Command)
def frontier(
    folder: RegionDir,
    against: Annotated[
        Against, typer.Option(help="What travel is traded against. 与出行权衡的目标。")
    ] = Against.changes,
    points: Annotated[int, typer.Option(min=2, max=1000, help="Most points. 最多点数。")] = 8,
    policy: PolicyName = "shanghai-2025",
    seconds: Seconds = None,
    out: TableOption = None,
    certificates: CertificatesOption = None,
    lang: LangOption = None,
) -> None:
    """Trade travel against changes, partners or the worst served, each point proven. 权衡曲线，每个点均给出证明。"""
    say = language(lang)
    with refusals(say):
        region = gp.read(folder)
        with progress_bar(say) as step, told_by(region.in_english):
            made = gp.frontier(
                region,
                gp.policy(policy),
                "travel",
                against.value,
                points=points,
                seconds=seconds,
                progress=step,
            )
        print(made.summary(say))
        _write(made.to_frame(), out, say)
        each = ((f"point-{n}", made.plan(n)) for n in range(1, len(made.points) + 1))
        write_certificates(each, certificates, say)


@app.command(cls=Command)
def alternatives(
    folder: OutDir,
    within: Within = 0.01,
    count: Annotated[int, typer.Option(min=1, max=1000, help="Most alternatives. 最多备选方案数。")] = 5,
    seconds: Seconds = None,
    out: TableOption = None,
    certificates: CertificatesOption = None,
    lang: LangOption = None,
) -> None:
    """Find plans nearly as good that differ most, and the pairs in all of them. 差别最大的近优方案及共有结对。"""
    say = language(lang)
    with refusals(say):
        made = gp.alternatives(gp.open_plan(folder), within=within, count=count, seconds=seconds)
        print(made.summary(say))
        _write(made.pairs(), out, say)
        found = ((f"alternative-{n}", made.plan(n)) for n in range(1, len(made.found) + 1))
        write_certificates(found, certificates, say)


@app.command(cls=Command)
def robustness(
    folder: RegionDir,
    policy: PolicyName = "shanghai-2025",
    goal: Annotated[
        RegretGoal, typer.Option(help="Which regret is made least first. 先使哪种后悔值最小。")
    ] = RegretGoal.worst,
    samples: Annotated[int, typer.Option(min=0, help="Futures that are drawn. 抽样的情景数。")] = 20,
    people: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="People of a district, more or fewer. 各区人口增减幅度。")
    ] = 0.1,
    travel: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="Journeys, longer or shorter. 出行时间增减幅度。")
    ] = 0.2,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the drawing. 抽样种子。")] = 0,
    within: Within = 0.01,
    seconds: Seconds = None,
    out: TableOption = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="OUT", help="Plan folder of the least regret to write. 写出最小后悔方案。")
    ] = None,
    lang: LangOption = None,
) -> None:  # fmt: skip
    """Say how often each pair holds over futures, and find the plan of least regret. 结对的稳健性与最小后悔方案。"""
    from gridplan.plans.folder.plan_folder import held

    say = language(lang)
    with refusals(say):
        with progress_bar(say) as step, held(plan) if plan is not None else nullcontext():
            region, rules = gp.read(folder), gp.policy(policy)
            drawn = gp.futures(region, rules, samples=samples, people=people, travel=travel, seed=seed)
            with told_by(region.in_english):
                made = gp.robustness(
                    region, rules, drawn, goal=goal.value, within=within, seconds=seconds, progress=step
                )
            if plan is not None:
                gp.save(made.plan, plan, progress=step)
        print(made.summary(say))
        _write(made.to_frame(), out, say)


@app.command(cls=Command)
def years(
    folder: RegionDir,
    rates: Annotated[
        Path, typer.Option(metavar="FILE", help="Yearly rates, CSV or Excel. 人口变动率表。")
    ],
    span: Annotated[
        str, typer.Option("--years", metavar="FROM-TO", help="First and last year. 起止年份。")
    ],
    per_year: Annotated[
        int, typer.Option(min=0, metavar="K", help="Most changes from year to year. 每年最多变动数。")
    ] = 4,
    first: Annotated[
        int | None,
        typer.Option(min=0, metavar="K", help="The same for the first year against today. 首年较现状最多变动数。"),
    ] = None,
    policy: PolicyName = "shanghai-2025",
    seconds: Seconds = None,
    out: TableOption = None,
    certificates: CertificatesOption = None,
    lang: LangOption = None,
) -> None:  # fmt: skip
    """Plan many years together, with few changes from each to the next. 多年统一规划，逐年少量变动。"""
    say = language(lang)
    begin, _, end = span.replace("–", "-").partition("-")
    if not (begin.strip().isdigit() and end.strip().isdigit() and int(begin) <= int(end)):
        what = Text(
            f"{span!r} is no span of years; write 2026-2035", f"{span!r} 不是年份范围；请写 2026-2035"
        )
        raise typer.BadParameter(what.say(say), param_hint="--years")
    with refusals(say):
        region = gp.read(folder)
        with progress_bar(say) as step, told_by(region.in_english):
            made = gp.years(
                region,
                gp.policy(policy),
                rates,
                years=range(int(begin), int(end) + 1),
                per_year=per_year,
                first=first,
                seconds=seconds,
                progress=step,
            )
        print(made.summary(say))
        _write(made.to_frame(), out, say)
        if certificates is not None:
            each = ((str(year), one) for year, one in made.plans.items())
            write_certificates(each, certificates, say)


def _write(table: pd.DataFrame, out: Path | None, say: Language) -> None:
    if out is not None:
        from gridplan.plans.folder.csv_file import write_csv

        write_whole(out, lambda path: write_csv(table, path))
        print(Text(f"{len(table)} row(s) in {out}", f"{len(table)} 行已写入 {out}").say(say))
