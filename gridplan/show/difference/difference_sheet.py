"""What a page of differences says, as plain data: shapes once, every plan's assignment packed, figures against the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gridplan.plans.against_today import against_text, against_today
from gridplan.plans.measures import mean_minutes
from gridplan.plans.plan import Plan
from gridplan.plans.today import FAR
from gridplan.scenario.runs.compare import changed_pairs, difference, moved_units
from gridplan.scenario.runs.row import figures_of
from gridplan.show.difference.difference_words import DIFFERENCE_WORDS
from gridplan.show.map.packed import packed_areas, text
from gridplan.show.map.paints import COLOURS, change_ramp, ramps
from gridplan.show.map.sheet import dated, frames, from_points, hospital_rows, unit_rows, warnings
from gridplan.show.map.sheet_layers import number, positions, said
from gridplan.show.shared.areas import Areas
from gridplan.show.shared.palette import MARKS, NOBODY, partner_colours
from gridplan.show.shared.typed_names import typed_names
from gridplan.show.shared.words import GRID_WORDS, WORDS
from gridplan.words.text import Text, shown_now, two_halves
from gridplan.words.vocabulary import CATEGORIES, GRID, LAYERS, both_words, layer_title

TENTHS = 10  # of a minute, in which minutes are packed


@dataclass(frozen=True)
class Named:
    """A plan and what it is called on the page; what it is about, and whether its scenario changes nothing."""

    name: Text
    plan: Plan
    about: Text | None = None
    still: bool = False


def difference_sheet(
    plans: Sequence[Named], base: int, layers: Sequence[str], areas: Areas
) -> dict[str, Any]:
    """All that the page says, keyed by position in the base's tables; only plain values."""
    region = plans[base].plan.region
    hospitals = _partners(plans)
    rows = [_rows(named.plan, layers) for named in plans]
    return {
        "title": region.title or region.name,
        "shown": shown_now(),
        "plans": [
            {
                "name": said(named.name),
                "about": said(named.about or Text("", "")),
                "still": int(named.still),
                "policy": said(named.plan.policy.title),
                "outcome": said(named.plan.outcome),
                "proven": named.plan.status == "optimal",
                "people": _other_people(named.plan, plans[base].plan),
            }
            for named in plans
        ],
        "base": base,
        "notes": [said(note) for note in (*_unshared(plans, layers), *warnings(plans[base].plan))],
        "dates": [said(line) for line in dated(plans[base].plan)],
        "sources": [said(two_halves(source)) for source in region.sources],
        "alternative": said(_alternative(plans)),
        "words": {key: said(word) for key, word in {**WORDS, **DIFFERENCE_WORDS}.items()},
        "grid_words": {key: said(word) for key, word in GRID_WORDS.items()},
        "vocabulary": {"category": {key: said(word) for key, word in CATEGORIES.items()}},
        "marks": {key: [mark.path, mark.letter] for key, mark in MARKS.items()},
        "nobody": NOBODY,
        "colours": COLOURS,
        "ramps": {"minutes": ramps()["minutes"], "change": change_ramp()},
        "units": unit_rows(region),
        "districts": [
            {
                "id": str(row.district_id),
                "name": _name(row.name),
                "name_en": _name(row.name_en),
                "point": place,
            }
            for row, place in zip(pd.DataFrame(region.districts).itertuples(), _places(areas), strict=True)
        ],
        "hospitals": [
            {**row, "point": None if np.isnan(lon + lat) else [float(lat), float(lon)]}
            for row, (lon, lat) in zip(
                hospital_rows(region, hospitals), hospitals[["lon", "lat"]].to_numpy(float), strict=True
            )
        ],
        "layers": [_layer(plans, base, layer, hospitals, rows, areas) for layer in layers],
        "pinyin": typed_names(region, hospitals),
        "shapes": packed_areas(areas, []),
        "views": frames(region, areas),
        "from_points": from_points(region),
    }


def _unshared(plans: Sequence[Named], layers: Sequence[str]) -> list[Text]:
    """Layers that not every plan has: they are not compared, and the page says so."""
    has: dict[str, list[Named]] = {}
    for named in plans:
        for result in named.plan.layers:
            has.setdefault(result.layer, []).append(named)
    told = []
    for layer in (one for one in has if one not in layers):
        word, names = layer_title(layer), [named.name for named in has[layer]]
        known = [name for name in names if name.en]
        who = Text(", ".join(n.en for n in known), "、".join(n.zh for n in known))
        only = Text(f" ({who.en})", f"（{who.zh}）") if known else Text("", "")
        told.append(
            Text(
                f"{word.en}: {len(names)} of {len(plans)} plans have it{only.en}; it is not compared.",
                f"{word.zh}：{len(plans)} 个方案中仅 {len(names)} 个有此类别{only.zh}，未作比较。",
            )
        )
    return told


def _today(plan: Plan, layer: str) -> dict[str, Any] | None:
    """Today's partnerships, beside the plans: of residents who have a partner; None in a layer of grids."""
    if layer not in plan.policy.partner_layers:
        return None
    city = plan.today.districts_frame(layer)
    rows = plan.today.assignment
    rows = rows[(rows["layer"] == layer) & rows["minutes"].notna() & (rows["people"] > 0)]
    people = int(rows["people"].sum())
    return {
        "mean_minutes": round(float(rows["people"] @ rows["minutes"]) / people, 4) if people else None,
        "worst_minutes": round(float(rows["minutes"].max()), 4) if people else None,
        "people_beyond": int(city["people_beyond"].sum()),
        "without": int(city["people_without"].sum()),
        "pairs": int((plan.today.pairs["layer"] == layer).sum()),
    }


def _alternative(plans: Sequence[Named]) -> Text:
    return Text(
        f"Two maps of one region that move together, of {len(plans)} plans. Units that change their hospital are hatched; "
        "the panel beside them tells the same by district, pair by pair.",
        f"同一地区的两幅联动地图，共 {len(plans)} 个方案。更换医院的单元以斜线标出；右侧面板按区、按结对列出同样内容。",
    )


def _partners(plans: Sequence[Named]) -> pd.DataFrame:
    """Every hospital that is a partner or lead in some plan, once; those of the base's table stand in its order."""
    wanted = {str(one) for named in plans for one in named.plan.pairs["hospital_id"]}
    table = pd.concat([pd.DataFrame(named.plan.region.hospitals) for named in plans], ignore_index=True)
    table = table.drop_duplicates("hospital_id")
    return table[table["hospital_id"].astype(str).isin(wanted)].reset_index(drop=True)


def _rows(plan: Plan, layers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The rows of `compare` for each layer."""
    who = plan.candidates
    rows = {layer: figures_of(plan, layer, who) for layer in layers}
    for row in rows.values():
        row["pair_keys"] = {(pair["district_id"], pair["hospital_id"]) for pair in row["pair_list"]}
    return rows


def _other_people(plan: Plan, base: Plan) -> str | None:
    """The residents of each unit, where they are others than in the base."""
    mine, theirs = (
        one.region.units.set_index("unit_id")["people"].reindex(base.region.units["unit_id"]).fillna(0)
        for one in (plan, base)
    )
    return (
        None if np.array_equal(mine, theirs) else text(np.rint(mine.to_numpy(dtype=float)).astype(np.int64))
    )


def _layer(
    plans: Sequence[Named],
    base: int,
    layer: str,
    hospitals: pd.DataFrame,
    rows: Sequence[dict[str, dict[str, Any]]],
    areas: Areas,
) -> dict[str, Any]:
    """One layer: partners of all plans with the same colour and number in each, and what each plan makes of it."""
    region = plans[base].plan.region
    units = region.units["unit_id"]
    tables = [_assignment(named.plan, layer, units) for named in plans]
    against = [against_today(named.plan) if layer != GRID else pd.DataFrame() for named in plans]
    order = _order(plans, base, layer)
    place = {h: n for n, h in enumerate(order)}
    of_unit = [table["hospital_id"].map(place).fillna(-1).to_numpy(dtype=int) for table in tables]
    colours = partner_colours(order, _meetings(order, of_unit, areas.touching))
    at = positions(hospitals["hospital_id"])
    return {
        "name": said(both_words(LAYERS, layer)),
        "grid": layer == GRID,
        "today": _today(plans[base].plan, layer),
        "partners": [{"hospital": at[h], "number": n + 1, "colour": colours[h]} for h, n in place.items()],
        "plans": [
            {
                "of_unit": text(one + 1),
                "minutes": text(
                    (table["minutes"] * TENTHS).round().add(1).fillna(0).to_numpy(dtype=np.int64)
                ),
                "figures": _figures(mine[layer], table),
                "against": said(against_text(named.plan, now, layer)) if layer != GRID else None,
                "won_lost": _won_lost(now, layer),
                "served": _served(named.plan, layer, order),
                "difference": None
                if n == base
                else _difference(
                    plans[base].plan, named.plan, layer, mine[layer], rows[base][layer], place, at
                ),
            }
            for n, (named, mine, one, table, now) in enumerate(
                zip(plans, rows, of_unit, tables, against, strict=True)
            )
        ],
    }


def _assignment(plan: Plan, layer: str, units: pd.Series) -> pd.DataFrame:
    rows = plan.assignment[plan.assignment["layer"] == layer].set_index("unit_id")
    return rows[["hospital_id", "people", "minutes"]].reindex(units)


def _order(plans: Sequence[Named], base: int, layer: str) -> list[str]:
    """The partners of the base, the one with the most residents first; then those of the other plans."""
    order: dict[str, None] = {}
    for named in (plans[base], *plans):
        pairs = named.plan.pairs[named.plan.pairs["layer"] == layer]
        served = pairs.groupby("hospital_id", as_index=False)["people"].sum()
        served = served.sort_values(["people", "hospital_id"], ascending=[False, True])
        order |= dict.fromkeys(served["hospital_id"].astype(str))
    return list(order)


def _meetings(
    order: Sequence[str], of_unit: Sequence[np.ndarray], touching: np.ndarray
) -> list[tuple[str, str]]:
    """The partners that lie beside each other in some plan."""
    met: set[tuple[int, int]] = set()
    for one in of_unit:
        ends = np.sort(one[touching.reshape(-1, 2)], axis=1)
        met |= {(a, b) for a, b in np.unique(ends, axis=0).tolist() if a >= 0 and a != b}
    return [(order[a], order[b]) for a, b in sorted(met)]


def _figures(row: dict[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    """Those of `compare`, and the residents beyond 60 minutes whatever a policy's own standard is."""
    names = ("mean_minutes", "worst_minutes", "people_beyond", "standard_minutes", "pairs", "hospitals")
    beyond = int(table["people"].fillna(0)[table["minutes"] > FAR].sum())
    return {**{name: round(float(row[name]), 4) for name in names}, "beyond_far": beyond}


def _won_lost(now: pd.DataFrame, layer: str) -> list[int] | None:
    """Residents with fewer, and with more minutes than today; None in a layer of grids."""
    if layer == GRID:
        return None
    city = now[(now["layer"] == layer) & (now["district_id"] == "")].iloc[0]
    return [int(city["winners"]), int(city["losers"])]


def _served(plan: Plan, layer: str, order: Sequence[str]) -> list[int]:
    pairs = plan.pairs[plan.pairs["layer"] == layer]
    served = pairs.groupby("hospital_id")["people"].sum()
    return [int(served.get(h, -1)) for h in order]


def _difference(
    before: Plan,
    after: Plan,
    layer: str,
    row: dict[str, Any],
    base_row: dict[str, Any],
    place: dict[str, int],
    hospital: dict[str, int],
) -> dict[str, Any]:
    """What `compare`, `movers` and `pair_changes` say of the two plans in one layer."""
    moved = moved_units(before, after, layer)
    changed = changed_pairs(before, after)
    changed = changed[changed["layer"] == layer]
    added, dropped, people = difference(row, base_row)
    by_district = moved.groupby("district_id")["people"].sum()
    means = [mean_minutes(plan, "district_id", layer) for plan in (before, after)]
    partners = [_of_district(plan, layer, place) for plan in (before, after)]
    district = positions(before.region.districts["district_id"])
    return {
        "moved": people,
        "units": len(moved),
        "added": added,
        "dropped": dropped,
        "districts": [
            {
                "moved": int(by_district.get(d, 0)),
                "before": partners[0].get(d, []),
                "after": partners[1].get(d, []),
                "mean_before": number(means[0].get(d, np.nan), 4),
                "mean_after": number(means[1].get(d, np.nan), 4),
            }
            for d in before.region.districts["district_id"]
        ],
        "pairs": [
            [one.change, district[str(one.district_id)], hospital[str(one.hospital_id)], int(one.people)]
            for one in changed.itertuples()
        ],
    }


def _of_district(plan: Plan, layer: str, place: dict[str, int]) -> dict[str, list[int]]:
    pairs = plan.pairs[plan.pairs["layer"] == layer]
    found: dict[str, list[int]] = {}
    for d, h in zip(pairs["district_id"], pairs["hospital_id"], strict=True):
        found.setdefault(d, []).append(place[str(h)])
    return {d: sorted(partners) for d, partners in found.items()}


def _places(areas: Areas) -> list[list[float] | None]:
    return [None if np.isnan(lon) else [float(lat), float(lon)] for lon, lat in areas.middles]


def _name(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
