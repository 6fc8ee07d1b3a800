"""Small cities made of the sample city: some districts each, drawn by a seed, with all that stands in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

import gridplan as gp
from gridplan.inputs.region import Region

OF_HOSPITALS = ("departments", "staff", "slots", "services")
OF_BOTH = (
    ("custody", ("hospital_id", "managed_id")),
    ("partnerships", ("hospital_id",)),
    ("branches", ("hospital_id",)),
)


def city_part(number: int, districts: int) -> Region:
    """One small city.

    Parameters
    ----------
    number : which one; the same number gives the same city.
    districts : how many of the sample's it has.
    """
    city, draw = gp.sample("shanghai"), np.random.default_rng(number)
    able = city.hospitals[(city.hospitals["tier"] == "municipal") & (city.hospitals["ownership"] == "public")]
    first: list[str] = []  # a general and a TCM hospital that may be partners
    for categories in (("general",), ("tcm", "integrated_tcm")):
        homes = sorted(set(able.loc[able["category"].isin(categories), "district_id"]) - set(first))
        first.append(str(draw.choice(homes)))
    rest = sorted(set(city.districts["district_id"]) - set(first))
    chosen = {*first, *draw.choice(rest, districts - len(first), replace=False).tolist()}
    here: dict[str, pd.DataFrame | None] = {
        name: _in(getattr(city, name), "district_id", chosen)
        for name in ("districts", "units", "hospitals", "institutions", "branches", "partnerships")
    }
    hospitals = here["hospitals"]
    assert hospitals is not None
    known = set(hospitals["hospital_id"])
    for name in OF_HOSPITALS:
        here[name] = _in(getattr(city, name), "hospital_id", known)
    for name, columns in OF_BOTH:
        table = here.get(name, getattr(city, name))
        for column in columns:
            table = _in(table, column, known)
        here[name] = table
    return city.with_tables(**here, links=None, needs=None, support=None, flows=None)


def _in(table: pd.DataFrame | None, column: str, known: set[str]) -> pd.DataFrame | None:
    return None if table is None else table[table[column].isin(known)].reset_index(drop=True)
