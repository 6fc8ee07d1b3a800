"""Commands about many plans: scenarios, compare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import gridplan as gp
from gridplan.cli.certificates import CertificatesOption, write_certificates
from gridplan.cli.frame import (
    CsvOption,
    LangOption,
    PolicyName,
    ShownOption,
    app,
    language,
    progress_bar,
    refusals,
    shown,
    write_whole,
)
from gridplan.cli.help import Command
from gridplan.words.progress import Step
from gridplan.words.text import Language, Text, shown_in

if TYPE_CHECKING:
    import pandas as pd

STOPPED = 130
MOST_TOLD = 40  # scenarios whose plans are opened to be told against today
MOST_REASONS = 20  # lines; a country has many cities
ACROSS = 6  # scenarios beside one another in the table of districts


@app.command(cls=Command)
def scenarios(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Region folders, or folders that hold one per city. 地区文件夹，或其上级文件夹。",
        ),
    ],
    file: Annotated[Path, typer.Option(help="Scenarios as TOML. 情景文件。")],
    out: Annotated[Path, typer.Option(help="Run folder, made or continued. 运行文件夹（新建或继续）。")],
    policy: PolicyName = "shanghai-2025",
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Clock of each scenario. 每个情景的时限（秒）。")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Local processes. 本地进程数。")] = None,
    programme: Annotated[
        bool,
        typer.Option("--programme", help="Make the programme of each plan, too. 同时制定各情景的实施方案。"),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Plan many scenarios side by side; finished ones are kept. 并行规划多个情景，已完成的不再重复求解。"""
    say = language(lang)
    with refusals(say), progress_bar(say) as step:
        asked = gp.read_scenarios(file)
        alone = len(folders) == 1 and (folders[0] / "region.toml").is_file()
        runs = gp.scenarios(
            folders[0] if alone else gp.cities(*folders), asked, policy=policy, out=out, seconds=seconds,
            workers=workers, programme=programme, progress=lambda tally: step(Step(tally.text)),
        )  # fmt: skip
    print(runs.summary(say))
    for said in _unplanned(runs, say):
        print(f"  {said}")
    if runs.waiting:
        print(Text("Stopped. The same command goes on.", "已停止。重新运行同一命令即可继续。").say(say))
        raise typer.Exit(STOPPED)
    if programme:
        goals = runs.programmes()
        print(goals.drop(columns=["city", "bound", "reason", "reason_zh"]).to_string(index=False, na_rep=""))
    print(Text(f"Compare: gridplan compare {out}", f"比较：gridplan compare {out}").say(say))


@app.command(cls=Command)
def compare(
    runs: Annotated[Path, typer.Argument(metavar="RUNS", help="Run folder. 运行文件夹。")],
    base: Annotated[str | None, typer.Option(help="Scenario to compare with. 作为比较基准的情景。")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer. 服务类别。")] = None,
    csv: CsvOption = None,
    to_map: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="Map of all scenarios with a plan, HTML. 各情景对比地图。"
        ),
    ] = None,
    certificates: CertificatesOption = None,
    lang: ShownOption = None,
) -> None:
    """Show scenarios side by side. 并列比较各情景。"""
    from gridplan.scenario.runs.compare import layer_compared

    say = language(lang)
    with refusals(say), shown_in(shown(lang)):
        opened = gp.open_runs(runs)
        table = gp.compare(opened, base, layer)
        layer = layer_compared(opened, base, layer)
        _side_by_side(opened, table, layer, say)
        told = _before_after(opened, table, layer, say)
        if csv is not None:
            keys = ["name", "city", "scenario", "layer"]
            city = (
                None
                if told is None
                else told[told["district_id"] == ""].drop(columns=["district_id", "district"])
            )
            written = table if city is None else table.merge(city, on=keys, how="left")
            _write(written, csv, say)
            if told is not None:
                _write(told[told["district_id"] != ""], csv.with_name(f"{csv.stem}-districts.csv"), say)
        if to_map is not None:
            drawn = gp.draw_scenarios(opened, base=base)
            write_whole(to_map, drawn.save)
            print(Text(f"map in {to_map}", f"地图已写入 {to_map}").say(say))
        solved = table.loc[table["status"].isin(["optimal", "feasible"]), "name"].drop_duplicates()
        write_certificates(((str(name), opened.plan(str(name))) for name in solved), certificates, say)


def _side_by_side(runs: gp.results.Runs, table: pd.DataFrame, layer: str, say: Language) -> None:
    """The comparison, which layer it is of, and which plans are not compared for want of it."""
    import pandas as pd

    from gridplan.scenario.runs.row import SHOWN, SOLVED, STATUSES
    from gridplan.words.vocabulary import LAYERS, both_words

    solved = table["status"].isin(SOLVED)
    others = table[solved & (table["layer"] != layer)]
    shown = table[[*SHOWN, "gap"]].astype(object).where(table[[*SHOWN, "gap"]].notna(), "")
    if say == "zh":
        shown = shown.assign(status=[STATUSES[one].zh for one in shown["status"]])
        shown = shown.rename(columns={name: text.zh for name, text in SHOWN.items()} | {"gap": "差距"})
    with pd.option_context("display.unicode.east_asian_width", True):
        print(shown.to_string(index=False, na_rep="", float_format=lambda v: f"{v:.2f}"))
    for row in others.itertuples():
        print(Text(f"  {row.name} {row.reason}.", f"  {row.name}{row.reason_zh}。").say(say))
    has_it = runs.table["name"].isin(table.loc[solved & (table["layer"] == layer), "name"])
    more = [one for one in runs.table.loc[has_it, "layer"].unique() if one != layer]
    if more:
        mine, rest = both_words(LAYERS, layer), [both_words(LAYERS, str(one)) for one in more]
        print(
            Text(
                f"Compared: {mine.en}. Other layers: {', '.join(one.en for one in rest)} (--layer {more[0]}).",
                f"所比较的服务类别：{mine.zh}；另有{'、'.join(one.zh for one in rest)}（--layer {more[0]}）。",
            ).say(say)
        )


def _write(table: pd.DataFrame, csv: Path, say: Language) -> None:
    from gridplan.plans.folder.csv_file import write_csv

    write_whole(csv, lambda path: write_csv(table, path))
    print(Text(f"{len(table)} row(s) in {csv}", f"{len(table)} 行已写入 {csv}").say(say))


def _before_after(
    runs: gp.results.Runs, table: pd.DataFrame, layer: str, say: Language
) -> pd.DataFrame | None:
    """Each scenario against today, a line each, and its districts; of many scenarios `gp.measures.before_after` tells the same."""
    from gridplan.scenario.runs.before_after import before_after
    from gridplan.words.amount import people_text
    from gridplan.words.vocabulary import GRID, LAYERS, both_words

    solved = table[table["status"].isin(["optimal", "feasible"])]
    if solved.empty or len(solved) > MOST_TOLD or layer == GRID:
        return None
    every = before_after(runs, layer, districts=True)
    told = every[every["district_id"] == ""]
    name = both_words(LAYERS, layer)
    head = Text(
        f"Today → plan, {name.en}, of residents with a partner today: mean minutes, beyond 60 minutes, winners, losers",
        f"现状 → 方案（{name.zh}），现有合作医院的居民：人均出行时间（分钟），超过 60 分钟人口，缩短，延长",
    )
    print(head.say(say))
    for row in told.itertuples():
        won, lost = people_text(row.winners), people_text(row.losers)
        line = Text(
            f"  {row.name}: {row.minutes_today:.1f} → {row.minutes_same:.1f}; {row.beyond_today:,} → {row.beyond_same:,}; "
            f"{won.en} less, {lost.en} more; pairs {row.partners_today} → {row.partners}",
            f"  {row.name}：{row.minutes_today:.1f} → {row.minutes_same:.1f}；{row.beyond_today:,} → {row.beyond_same:,} 人；"
            f"缩短 {won.zh}，延长 {lost.zh}；结对 {row.partners_today} → {row.partners} 对",
        )
        none = Text(
            f"  {row.name}: nobody has a partner today; pairs {row.partners_today} → {row.partners}",
            f"  {row.name}：现均无合作医院；结对 {row.partners_today} → {row.partners} 对",
        )
        print((none if row.minutes_today != row.minutes_today else line).say(say))
    if told["people_without"].nunique() == 1 and told["people_without"].iloc[0]:
        n = people_text(told["people_without"].iloc[0])
        print(
            Text(
                f"  Without a partner today, counted apart: {n.en}.", f"  现无合作医院 {n.zh}，单独统计。"
            ).say(say)
        )
    if len(told) <= ACROSS and told["city"].nunique() == 1:
        _districts(runs, every, say)
    return every


def _districts(runs: gp.results.Runs, every: pd.DataFrame, say: Language) -> None:
    """Mean minutes of each district, today and in each scenario, of residents with a partner today; of all where nobody has one."""
    import pandas as pd

    names = runs.plan(str(every["name"].iloc[0])).region.district_names
    rows = every[every["district_id"] != ""]
    columns: dict[str, list[str]] = {}
    for scenario, mine in rows.groupby("name", sort=False):
        before = ["–" if was != was else f"{was:.1f}" for was in mine["minutes_today"]]
        after = mine["minutes_same"].where(mine["minutes_today"].notna(), mine["minutes"])
        cells = [f"{was} → {now:.1f}" for was, now in zip(before, after, strict=True)]
        columns[str(scenario)] = [
            f"{cell} ({a}→{b})"
            for cell, a, b in zip(cells, mine["partners_today"], mine["partners"], strict=True)
        ]
    first = rows[rows["name"] == rows["name"].iloc[0]]["district_id"]
    head = Text("district", "区").say(say)
    table = pd.DataFrame({head: [names[one].say(say) for one in first], **columns})
    said = Text(
        "By district: mean minutes, today → plan (partners)",
        "分区：人均出行时间（分钟），现状 → 方案（合作医院数）",
    )
    print(said.say(say))
    with pd.option_context("display.unicode.east_asian_width", True):
        print(table.to_string(index=False))


def _unplanned(runs: gp.results.Runs, say: Language) -> Iterator[str]:
    """Why scenarios have no plan: a line each, or one for a city of which all have the same reason."""
    from gridplan.scenario.runs.row import STATUSES

    rows = runs.table.drop_duplicates("name")
    reason = "reason_zh" if say == "zh" else "reason"
    lines = []
    for city, mine in rows.groupby("city", sort=False):
        same = bool(city) and len(mine) > 1 and mine[reason].nunique() == 1
        for row in mine[mine["reason"] != ""].head(1 if same else None).itertuples():
            who = (
                Text(f"{city}, all {len(mine)}", f"{city}，共 {len(mine)} 个").say(say) if same else row.name
            )
            lines.append(f"{who}: {STATUSES[row.status].say(say)}: {getattr(row, reason)}")
    yield from lines[:MOST_REASONS]
    if more := len(lines) - min(len(lines), MOST_REASONS):
        yield Text(
            f"… and {more:,} more; all of them: gridplan compare {runs.folder} --csv FILE",
            f"……另有 {more:,} 条；全部见 gridplan compare {runs.folder} --csv FILE",
        ).say(say)
