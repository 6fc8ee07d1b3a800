"""The command about what hangs on a plan: programme."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

import gridplan as gp
from gridplan.cli.frame import LangOption, OutDir, app, language, progress_bar, refusals, write_whole
from gridplan.cli.help import Command
from gridplan.words.text import Text

SECONDS = 75.0  # so that the command, with opening and writing, ends within 90 s
MOST_LOAD = 5.0  # so many times as long on a machine that is busy: opening the plan tells how busy


@app.command(cls=Command)
def programme(
    out: OutDir,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Some parts, with commas: posts, alliances, upstream, tiers, members, guarantee, chains, links, slots, hosts, support, scorecard; OUT/programme then holds these alone. 只做某些部分，用逗号分隔；OUT/programme 只保留这些部分。",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help="For all parts together; goals not closed by then tell bound and gap. "
            "各部分求解总时限（秒）；到时未证明的目标给出界与差距。",
            show_default="75, more on a busy machine 机器繁忙时酌增",
        ),
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
    with refusals(say), progress_bar(say, lines=True) as step:
        from gridplan.show.programme.save_shown import save_shown

        parts = (
            None
            if only is None
            else [part.strip() for part in only.replace("，", ",").split(",") if part.strip()]
        )
        wall, busy = time.perf_counter(), time.process_time()
        plan = gp.open_plan(out)
        load = (time.perf_counter() - wall) / max(0.001, time.process_time() - busy)
        given = seconds or SECONDS * min(MOST_LOAD, max(1.0, load))
        made = gp.programme(plan, only=parts, seconds=given, progress=step)
        files = save_shown(made, out)
        table = None if frontier is None else gp.measures.posts_frontier(made, seconds=seconds)
    print(made.summary(say))
    print(
        Text(
            f"Verified. Files in {out}: {', '.join(files)}", f"已核验。成果在 {out}：{', '.join(files)}"
        ).say(say)
    )
    if frontier is not None and table is not None:
        from gridplan.plans.folder.csv_file import write_csv

        with refusals(say):
            write_whole(frontier, lambda path: write_csv(table, path))
        print(table.to_string(index=False, float_format=lambda v: f"{v:.4g}"))


@app.command(cls=Command)
def score(
    out: OutDir,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV of what was measured outside: indicator_id, value, self_score, outside_score. 外部填报的指标（CSV）。",
        ),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="POLICY.toml",
            help="Write a policy that lays the scores of pairs, as a bounded price, over the plan's own, for the next plan. "
            "将结对得分（有上限的折算分钟）写成政策文件，供下一次制定方案。",
        ),
    ] = None,
    pair_data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV of scores of pairs from outside: district_id, hospital_id, score. 外部评价的结对得分（CSV）。",
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the indicators as CSV. 指标另存为 CSV。")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Score a plan and its programme under the seven heads; what is not measured says so. 按七个方面评价方案与实施方案。"""
    say = language(lang)
    with refusals(say):
        from gridplan.show.programme.score_text import (
            next_policy,
            pair_lines,
            read_assessment,
            read_pairs,
            score_lines,
        )

        made = gp.open_programme(out)
        card, heads = gp.measures.scorecard(made, None if data is None else read_assessment(data))
        scored = pairs is not None or pair_data is not None
        told = None if pair_data is None else read_pairs(pair_data)
        table = gp.measures.pair_scores(made, told) if scored else None
    print("\n".join(score_lines(card, heads, say)))
    if table is not None:
        print("\n".join(pair_lines(made.plan, table, say)))
    with refusals(say):
        if pairs is not None and table is not None:
            text = next_policy(made.plan, table, out, pairs)
            write_whole(pairs, lambda path: path.write_text(text, encoding="utf-8"))
        if csv is not None:
            from gridplan.plans.folder.csv_file import write_csv

            write_whole(csv, lambda path: write_csv(card, path))
