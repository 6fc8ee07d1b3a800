"""Commands about a plan that is there: explain, changes, transition."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import gridplan as gp
from gridplan.cli.frame import (
    CsvOption,
    LangOption,
    OutDir,
    app,
    language,
    named,
    refusals,
    told_by,
    write_whole,
)
from gridplan.cli.help import Command
from gridplan.words.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

MATTER = 5  # pairs of a district or a hospital that are told unless all are asked for


@app.command(cls=Command)
def explain(
    out: OutDir,
    unit: Annotated[str | None, typer.Option(help="A unit, by id or name. 单元（编号或名称）。")] = None,
    pair: Annotated[
        tuple[str, str] | None, typer.Option(metavar="DISTRICT HOSPITAL", help="A pair. 一个结对。")
    ] = None,
    district: Annotated[str | None, typer.Option(help="A district. 一个区。")] = None,
    hospital: Annotated[str | None, typer.Option(help="A hospital. 一家医院。")] = None,
    post: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="HOSPITAL DISCIPLINE", help="Of the programme: a post. 实施方案：一个派驻岗位。"
        ),
    ] = None,
    alliance: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="DISTRICT DISCIPLINE", help="Of the programme: an alliance. 实施方案：一个专科联盟。"
        ),
    ] = None,
    chain: Annotated[
        str | None,
        typer.Option(metavar="UNIT", help="Of the programme: a unit's 1+1+1. 实施方案：一个单元的 1+1+1。"),
    ] = None,
    tight: Annotated[
        bool,
        typer.Option(
            "--tight", help="The rules that bind, and the gain from loosening each. 起约束作用的规则。"
        ),
    ] = False,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="With --district, --hospital, --unit: all, not only the five that matter. 列出全部。",
        ),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Say why a plan is so, and what the alternatives would cost. 说明方案的理由，以及其他选择的代价。"""
    say = language(lang)
    with refusals(say), ExitStack() as names:
        if post or alliance or chain:
            if tight or any((unit, pair, district, hospital)):
                what = Text("ask about one thing at a time", "一次只能问一项")
                raise typer.BadParameter(what.say(say))
            asked = gp.open_programme(out)
            answer = gp.explain(asked, post=post, alliance=alliance, chain=chain, lang=say)
            print(named(asked.plan.region, str(answer), say))
            return
        made = gp.open_plan(out)
        names.enter_context(told_by(made.region.in_english))
        if tight and any((unit, pair, district, hospital)):
            raise typer.BadParameter(Text("give --tight alone", "--tight 须单独使用").say(say))
        if tight:
            answer = gp.tight(made, lang=say)
        else:
            most = None if every else MATTER
            answer = gp.explain(
                made, unit=unit, pair=pair, district=district, hospital=hospital, most=most, lang=say
            )
    print(named(made.region, str(answer), say))


@app.command(cls=Command)
def changes(out: OutDir, csv: CsvOption = None, lang: LangOption = None) -> None:
    """List what is new, adjusted, ended and kept against today, and why. 列出新建、调整、撤销、保留的结对及理由。"""
    from gridplan.plans.against_today import against_text, against_today
    from gridplan.plans.changes import changes_text

    say = language(lang)
    with refusals(say):
        made = gp.open_plan(out)
        table = gp.changes(made)
        if made.policy.partner_layers:
            against = against_today(made)
            for layer in made.policy.partner_layers:
                print(named(made.region, against_text(made, against, layer).say(say), say))
        print(named(made.region, changes_text(made, table).say(say), say))
        _write(table, csv, say)


@app.command(cls=Command)
def transition(
    out: OutDir,
    per_phase: Annotated[
        int,
        typer.Option(
            metavar="K", help="Most changes per phase; a swap is two. 每期最多变动数；更换一家计两项。"
        ),
    ],
    no_worse: Annotated[
        float,
        typer.Option(
            metavar="MINUTES",
            help="Minutes by which a phase may leave a district worse off than the one before. 每期各区人均出行时间较前一期至多增加的分钟数。",
        ),
    ] = 5.0,
    csv: CsvOption = None,
    lang: LangOption = None,
) -> None:
    """Lead from today to the plan in phases, none worse than the one before. 分期从现状过渡到方案，每期不比前一期差。

    With --csv FILE also FILE-districts.csv: minutes of every district in every phase. 另写各区各期出行时间。
    """
    say = language(lang)
    if per_phase < 1:
        what = Text(
            f"{per_phase} is no number of changes; give 1 or more",
            f"{per_phase} 不能作为变动数；请给出不小于 1 的整数",
        )
        raise typer.BadParameter(what.say(say), param_hint="--per-phase")
    if not no_worse >= 0:
        less = Text(
            f"{no_worse:g} is no number of minutes; give 0 or more",
            f"{no_worse:g} 不能作为分钟数；请给出不小于 0 的数",
        )
        raise typer.BadParameter(less.say(say), param_hint="--no-worse")
    with refusals(say):
        from gridplan.ask.phases.transition_text import districts_table, phases_table, phases_text

        made = gp.open_plan(out)
        with told_by(made.region.in_english):
            phases = gp.transition(made, per_phase, no_worse)
        print(named(made.region, phases_text(made, phases).say(say), say))
        _write(phases_table(made, phases), csv, say)
        if csv is not None:
            _write(districts_table(made, phases), csv.with_name(f"{csv.stem}-districts.csv"), say)


def _write(table: pd.DataFrame, csv: Path | None, say: Language) -> None:
    if csv is not None:
        from gridplan.plans.folder.csv_file import write_csv

        write_whole(csv, lambda path: write_csv(table, path))
        print(Text(f"{len(table)} row(s) in {csv}", f"{len(table)} 行已写入 {csv}").say(say))
