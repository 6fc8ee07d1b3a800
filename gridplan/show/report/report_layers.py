"""Each layer in the report: its map with a legend, its districts, its hospitals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from gridplan.plans.plan import Plan
from gridplan.show.figures.svg_map import catchment_figure
from gridplan.show.report.report_grids import grid_decision
from gridplan.show.shared.areas import Areas
from gridplan.show.shared.per_hospital import SPONSOR, HospitalRow, hospital_rows
from gridplan.words.html import chip, count, figures, grouped_table, html_table, minutes, said, shown
from gridplan.words.text import Text, halves
from gridplan.words.vocabulary import CATEGORIES, GRID, PRIORITIES, both_words, layer_title

PAGE_WIDTH, PICTURE_HEIGHT = 1040.0, 430.0  # pixels of the pictures, side by side
Colours = Mapping[str, Mapping[str, str]]  # layer → hospital → fill, in the order of their numbers


def maps(plan: Plan, areas: Areas, colours: Colours) -> str:
    """Every layer's catchments as still pictures, with the hospitals' numbers as a legend."""
    return "".join(
        _article(layer, _pictures(plan, layer, areas, colours[layer]), _legend(plan, layer, colours[layer]))
        for layer in colours
    )


def districts(plan: Plan, colours: Colours) -> str:
    """Every layer, district by district: partners or grids, their people, minutes and priority."""
    return "".join(
        _article(
            layer,
            grid_decision(plan, dict(mine)) if layer == GRID else _pairs(plan, layer, mine),
        )
        for layer, mine in colours.items()
    )


def hospitals(plan: Plan, colours: Colours) -> str:
    """Every layer of partners, hospital by hospital; those that may be partners and are not come last.

    A column has the sponsors where one of these hospitals has one.
    """
    sponsored = any(row.sponsor for layer in colours if layer != GRID for row in hospital_rows(plan, layer))
    headings = [
        Text("hospital", "医院"), Text("category", "类别"), *([SPONSOR] if sponsored else []),
        Text("home district", "本部所在区"), Text("districts", "合作区"),
        Text("counted, of at most", "计入上限 / 上限"), Text("residents served", "服务人口"),
        Text("mean minutes", "人均出行时间（分钟）"), Text("longest", "最长"), Text("residents per bed", "每床服务人口"),
        Text("share of capacity", "承载能力占用"),
    ]  # fmt: skip
    parts = []
    for layer, mine in colours.items():
        if layer == GRID:
            continue
        numbers = {hospital: n for n, hospital in enumerate(mine, start=1)}
        rows = sorted(
            hospital_rows(plan, layer), key=lambda row: numbers.get(row.hospital_id, len(numbers) + 1)
        )
        parts.append(
            _article(layer, html_table(headings, (_hospital(row, mine, numbers, sponsored) for row in rows)))
        )
    return "".join(parts)


def _article(layer: str, *parts: str) -> str:
    return f"<article>{said(layer_title(layer), 'h3')}{''.join(parts)}</article>"


def _pictures(plan: Plan, layer: str, areas: Areas, colours: Mapping[str, str]) -> str:
    """The whole region, and beside it its centre where it has one."""
    central = (plan.region.districts["kind"] == "central").to_numpy()
    views = [(Text("Whole region", "全域"), shapely.total_bounds(areas.districts))]
    centre = shapely.total_bounds(areas.districts[central])
    if not central.all() and np.isfinite(centre).all():
        views.append((Text("Centre", "中心城区"), centre))
    size = (PAGE_WIDTH / len(views), PICTURE_HEIGHT)
    pictures = []
    for title, bounds in views:
        drawn = catchment_figure(plan, layer, areas, colours, bounds, size, halves(title)[0])
        pictures.append(f"<figure>{drawn}{said(title, 'figcaption')}</figure>")
    return f'<div class="figures">{"".join(pictures)}</div>'


def _legend(plan: Plan, layer: str, colours: Mapping[str, str]) -> str:
    """The hospitals behind the numbers, the one with the most residents first."""
    names = plan.region.hospitals.set_index("hospital_id")["name"]
    served = plan.pairs[plan.pairs["layer"] == layer].groupby("hospital_id")["people"].sum()
    items = [
        f"<li>{chip(colour, n)} {shown(names.get(hospital))} "
        f'<span class="en">{count(served.get(hospital))}</span></li>'
        for n, (hospital, colour) in enumerate(colours.items(), start=1)
    ]
    what = Text("Hospitals by number, with residents served", "图中编号与服务人口")
    return f'{said(what, "p")}<ul class="legend">{"".join(items)}</ul>'


def _pairs(plan: Plan, layer: str, colours: Mapping[str, str]) -> str:
    """A group of rows per district: its partners, their people, minutes and priority."""
    numbers = {hospital: n for n, hospital in enumerate(colours, start=1)}
    headings = [
        Text("district", "区"), Text("residents", "常住人口"), Text("partner hospital", "合作医院"),
        Text("residents served", "服务人口"), Text("mean minutes", "人均出行时间（分钟）"), Text("priority", "优先级"),
    ]  # fmt: skip
    pairs = plan.pairs_frame(layer).sort_values(["people", "hospital_id"], ascending=[False, True])
    of_district: dict[str, list[Any]] = {}
    for pair in pairs.itertuples():
        of_district.setdefault(pair.district_id, []).append(pair)
    groups = [
        _district_rows(district, name, of_district.get(district.district_id, []), numbers, colours)
        for district, name in zip(
            plan.region.districts.itertuples(), plan.region.district_names.values(), strict=True
        )
    ]
    words = "；".join(f"{n} {text.zh}" for n, text in PRIORITIES.items())
    english = "; ".join(f"{n} {text.en}" for n, text in PRIORITIES.items())
    return (
        f'<div class="decision">{grouped_table(headings, groups)}</div>'
        f"{said(Text(f'Priority: {english}.', f'优先级：{words}。'), 'p')}"
    )


def _district_rows(
    district: Any, name: Text, pairs: list[Any], numbers: Mapping[str, int], colours: Mapping[str, str]
) -> Iterator[str]:
    span = max(1, len(pairs))
    first = f'<th scope="row" rowspan="{span}">{said(name)}</th><td class="n" rowspan="{span}">{count(district.people)}</td>'
    if not len(pairs):
        yield f'<tr>{first}<td colspan="4">–</td></tr>'
    main = said(Text("main technical supporter", "主要技术支持单位"))
    for pair in pairs:
        mark = chip(colours[pair.hospital_id], numbers[pair.hospital_id])
        yield (
            f"<tr>{first}<td>{mark} {shown(pair.hospital)}{f'（{main}）' if pair.main else ''}</td>"
            f'<td class="n">{count(pair.people)}</td><td class="n">{minutes(pair.mean_minutes)}</td>'
            f'<td class="n">{int(pair.priority)}</td></tr>'
        )
        first = ""


def _load(row: HospitalRow) -> tuple[str, str]:
    """Residents per bed and share of capacity, where they are stated."""
    share = "–" if row.load is None else f"{row.load:.0%}"
    return "–" if row.per_bed is None else count(row.per_bed), share


def _hospital(
    row: HospitalRow, colours: Mapping[str, str], numbers: Mapping[str, int], sponsored: bool
) -> str:
    mark = chip(colours[row.hospital_id], numbers[row.hospital_id]) if row.hospital_id in numbers else ""
    cap = "–" if row.most is None else f"{row.counted} / {row.most}"
    where = "、".join(shown(name) for name in row.names) or "–"
    sponsor = f"<td>{shown(row.sponsor) or '–'}</td>" if sponsored else ""
    numbered = (cap, count(row.people), minutes(row.mean_minutes), minutes(row.worst_minutes), *_load(row))
    return (
        f'<tr><th scope="row">{mark} {shown(row.name)}</th><td>{said(both_words(CATEGORIES, row.category))}</td>'
        f"{sponsor}<td>{shown(row.home)}</td><td>{where}</td>"
        f"{figures(numbered)}</tr>"
    )
