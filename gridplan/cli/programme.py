"""The command about what hangs on a plan: programme."""

from __future__ import annotations

from typing import Annotated

import typer

import gridplan as gp
from gridplan.cli.frame import LangOption, OutDir, app, language, progress_bar, refusals
from gridplan.cli.help import Command
from gridplan.words.text import Text


@app.command(cls=Command)
def programme(
    out: OutDir,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="Some parts, with commas: posts, support. 只做某些部分，用逗号分隔。"
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, help="Stop the goals of each part after so long. 每部分求解时限（秒）。"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make what hangs on a plan: who manages whom, who is sent; judged, into OUT/programme. 制定实施方案：托管、派驻等。"""
    say = language(lang)
    with refusals(say), progress_bar(say) as step:
        from gridplan.programmes.store import save_programme
        from gridplan.show.programme.programme_report import programme_report

        parts = (
            None
            if only is None
            else [part.strip() for part in only.replace("，", ",").split(",") if part.strip()]
        )
        made = gp.programme(gp.open_plan(out), only=parts, seconds=seconds, progress=step)
        files = save_programme(made, out, programme_report(made))
    print(made.summary(say))
    print(
        Text(
            f"Verified. Files in {out}: {', '.join(files)}", f"已核验。成果在 {out}：{', '.join(files)}"
        ).say(say)
    )
