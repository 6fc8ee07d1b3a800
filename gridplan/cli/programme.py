"""The command about what hangs on a plan: programme."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import gridplan as gp
from gridplan.cli.frame import LangOption, OutDir, app, language, progress_bar, refusals, write_whole
from gridplan.cli.help import Command
from gridplan.words.text import Text


@app.command(cls=Command)
def programme(
    out: OutDir,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Some parts, with commas: posts, alliances, upstream, chains, support. 只做某些部分，用逗号分隔。",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, help="Stop the goals of each part after so long. 每部分求解时限（秒）。"),
    ] = None,
    frontier: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Need that 10 %, 20 % … of the posts meet, as CSV. 岗位数与满足需求的关系（CSV）。",
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make what hangs on a plan: who manages whom, who is sent; judged, into OUT/programme. 制定实施方案：托管、派驻等。"""
    say = language(lang)
    with refusals(say), progress_bar(say) as step:
        from gridplan.show.programme.save_shown import save_shown

        parts = (
            None
            if only is None
            else [part.strip() for part in only.replace("，", ",").split(",") if part.strip()]
        )
        made = gp.programme(gp.open_plan(out), only=parts, seconds=seconds, progress=step)
        files = save_shown(made, out)
        table = None if frontier is None else gp.measures.posts_frontier(made, seconds=seconds)
    print(made.summary(say))
    print(
        Text(
            f"Verified. Files in {out}: {', '.join(files)}", f"已核验。成果在 {out}：{', '.join(files)}"
        ).say(say)
    )
    if frontier is not None and table is not None:
        from gridplan.plans.folder.store import write_csv

        write_whole(frontier, lambda path: write_csv(table, path))
        print(table.to_string(index=False, float_format=lambda v: f"{v:.4g}"))
