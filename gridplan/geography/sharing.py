"""District totals shared out to the units that have no people of their own, in whole persons that add up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd

from gridplan.geography.tessellate import unit_areas
from gridplan.inputs.region import Region
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text

EQUAL, AREA, COLUMN = "equal", "area", "column:"


def share_people(region: Region, how: str) -> Region:
    """The region with people in every unit, and `people` saying that they are modelled.

    A district's total less the people that its units state themselves is shared out to its other units,
    by the method of largest remainders (Hamilton), so that the persons are whole and add up exactly.

    Parameters
    ----------
    how : "equal" (the same for every unit), "area" (by km2; a unit given as a point has the part of its
        district that is nearest to it), "column:NAME" (by a column of the units).

    Returns
    -------
    Region : new units, `people` = "modelled: …", with findings for what could not be shared out. A unit whose
        weight is not known stays without people.
    """
    units = region.units.copy()
    weights = _weights(region, how)
    wanting = units["people"].isna()
    findings = list(region.findings)
    totals = region.districts.drop_duplicates("district_id").set_index("district_id")["people"]
    for district_id, total in totals.items():
        here = units["district_id"] == district_id
        open_units = wanting & here
        rest = total - units.loc[here, "people"].sum()
        weighed = open_units & (weights >= 0)
        findings += [_no_weight(units.loc[i], how) for i in units.index[open_units & ~weighed]]
        if not weighed.any() or weights[weighed].sum() == 0 or not rest >= 0:
            unknown = open_units.any() and not weighed.any() and rest >= 0  # said unit by unit
            if not unknown and (open_units.any() or not here.any()):
                findings.append(_not_shared(str(district_id), total, rest, units[here]))
            continue
        units.loc[weighed, "people"] = share_out(round(rest), weights[weighed].to_numpy())
    modelled = int((wanting & units["people"].notna()).sum())
    part = "" if modelled == len(units) else f" ({modelled} of {len(units)} units)"
    people = f"modelled: {_way(how)} of district totals{part}" if modelled else region.people
    return replace(region, units=units, people=people, findings=Findings(findings))


def share_out(total: int, weights: np.ndarray) -> np.ndarray:
    """`total` whole persons in proportion to `weights`: rounded down, then one more by largest remainder.

    Exact (in fractions), so the shares add up whatever the weights; of equal remainders the first goes first.
    """
    exact = [Fraction(float(w)) for w in weights]
    whole = sum(exact)
    shares = [total * w / whole for w in exact]
    people = [int(share) for share in shares]  # shares are not negative: int rounds down
    by_remainder = sorted(range(len(shares)), key=lambda i: (people[i] - shares[i], i))
    for i in by_remainder[: total - sum(people)]:
        people[i] += 1
    return np.array(people, dtype=float)


def _weights(region: Region, how: str) -> pd.Series:
    units = region.units
    if how == EQUAL:
        return pd.Series(1.0, index=units.index)
    if how == AREA:
        shapes: gpd.GeoSeries = unit_areas(units, region.districts, region.metric_crs)
        area = shapes.to_crs(region.metric_crs).area
        return area.where(units["lon"].between(-180, 180) & units["lat"].between(-90, 90))
    name = how.removeprefix(COLUMN).strip()
    if not how.startswith(COLUMN) or name not in units:
        raise ValueError(
            f"The 'how' of share_people must be 'equal', 'area' or 'column:NAME'. Got {how!r} instead."
        )
    return units[name].astype("float64")


def _way(how: str) -> str:
    if how == EQUAL:
        return "equal shares"
    return "shares by area" if how == AREA else f"shares by {how.removeprefix(COLUMN).strip()}"


def _no_weight(unit: pd.Series, how: str) -> Finding:
    return Finding(
        "error",
        "no-weight",
        "units",
        Text(
            f"{unit['name']} has no people of its own and no weight ({how}) to share people out by.",
            f"{unit['name']} 没有人口，也没有用于分摊的权重（{how}）。",
        ),
        Text("Give it people, a location, or a weight of 0 or more.", "请填写人口、位置或不小于 0 的权重。"),
        row=int(unit["row"]),
        id=str(unit["unit_id"]),
    )


def _not_shared(district_id: str, total: float, rest: float, units: pd.DataFrame) -> Finding:
    """Why a district's people could not be shared out to its units."""
    if units.empty:
        what = Text(
            f"No unit lies in the district; its {total:,.0f} people are nowhere.",
            f"该区没有任何单元，{total:,.0f} 人无处分配。",
        )
    elif np.isnan(total):
        what = Text("The district has no total to share out.", "该区没有可分摊的人口总数。")
    elif rest < 0:
        what = Text(
            f"Its units' own people exceed the district's total by {-rest:,.0f}.",
            f"各单元已有人口超出区总数 {-rest:,.0f} 人。",
        )
    else:
        what = Text("The weights of its units are all 0.", "该区各单元的权重全为 0。")
    hint = Text(
        "Look at the district's total, its units and their weights.", "请核对该区人口总数、各单元及其权重。"
    )
    return Finding("error", "not-shared", "districts", what, hint, id=district_id)
