"""Persons with decimals, as a raster sum leaves them, as whole persons: each district keeps its total."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text


def rounded_people(units: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The units with whole persons: the largest remainders are rounded up, so that no district's total changes."""
    rounded = units.copy()
    for column in [c for c in units.columns if str(c) == "people" or str(c).startswith("people_")]:
        values = units[column].to_numpy(float)
        if not (np.nan_to_num(values) % 1).any():
            continue
        for rows in units.groupby("district_id", sort=False).indices.values():
            known = rows[np.isfinite(values[rows])]
            rounded.loc[units.index[known], column] = largest_remainders(values[known])
        before, after = np.nansum(values), rounded[column].sum()
        notes.warn(
            "people-rounded",
            "units",
            Text(
                f"{column} had decimals; it is rounded, {before:,.2f} in all to {after:,.0f}.",
                f"{column} 含小数，已取整：合计 {before:,.2f} → {after:,.0f}。",
            ),
            Text('As decimals = "round" under [people] asks.', '依据 [people] 中的 decimals = "round"。'),
            id=str(column),
        )
    return rounded


def largest_remainders(values: np.ndarray) -> np.ndarray:
    """Whole numbers that add up to the rounded sum, each the one below or above."""
    whole: np.ndarray = np.floor(values)
    up = round(float(values.sum())) - int(whole.sum())
    whole[np.argsort(-(values - whole), kind="stable")[:up]] += 1
    return whole
