"""Words of hospitals and branches that say several things at once, or might mean another: read, and told."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from gridplan.inputs.aliases import DOUBTFUL_TIERS, MILITARY_TIERS
from gridplan.inputs.column import plain
from gridplan.inputs.schema import HOSPITALS
from gridplan.inputs.sheets.cells import clean_word, half_width
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.text import Text
from gridplan.words.vocabulary import TIERS


def hospital_words(data: pd.DataFrame, ids: list[str], notes: Notes) -> pd.DataFrame:
    """ "specialist:FIELD" → category and specialty; a military tier → tier municipal, ownership military."""
    category = HOSPITALS.column("category")
    if data.empty:
        return data
    if "category" in data and category is not None:
        pieces = data["category"].map(half_width).str.partition(":")
        split = pieces[1] == ":"
        data["category"] = data["category"].where(
            ~split, pieces[0].map(lambda word: clean_word(word, category))
        )
        given = data["specialty"] if "specialty" in data else pd.Series("", index=data.index, dtype="str")
        data["specialty"] = given.where(given != "", pieces[2].str.strip())
    if "tier" in data:
        military = data["tier"].map(plain).isin(MILITARY_TIERS)
        for position in np.flatnonzero(military):
            notes.warn(
                "military-tier",
                "hospitals",
                Text(
                    "military is no tier; it is read as tier municipal, ownership military.",
                    "“军队”不是层级；按市级、军队所有读取。",
                ),
                Text(
                    "Write tier = municipal, ownership = military.",
                    "请写 tier = municipal，ownership = military。",
                ),
                row=int(data["row"].iloc[position]),
                id=ids[position],
            )
        data.loc[military, "tier"] = "municipal"
        if "ownership" in data:
            data["ownership"] = data["ownership"].mask(military, "military")
    return data


def note_fenyuan(data: pd.DataFrame, words: pd.Series, ids: list[str], notes: Notes) -> None:
    """Say that 分院 was read with caution: it may be a campus or a hospital under agreement."""
    for position in np.flatnonzero(words.map(plain) == "分院"):
        notes.warn(
            "ambiguous-word",
            "branches",
            Text(
                "relation 分院 is read as affiliate (a hospital under agreement).",
                "“分院”按协作分院（affiliate）读取。",
            ),
            Text("Write 院区 (campus) if it is part of the hospital.", "如属医院本部的一部分，请写“院区”。"),
            row=int(data["row"].iloc[position]),
            id=ids[position],
        )


def note_tiers(data: pd.DataFrame, words: pd.Series, taught: Collection[str], notes: Notes) -> None:
    """Say which tiers were read from words that leave it open whose hospital it is: 委属 may be the State's commission.

    Parameters
    ----------
    taught : words that region.toml explains itself.
    """
    doubtful = words.map(plain).isin(set(DOUBTFUL_TIERS) - set(taught)).to_numpy(bool)
    for tier in dict.fromkeys(data["tier"][doubtful]):
        at = np.flatnonzero(doubtful & (data["tier"] == tier).to_numpy())
        said, rows = listed(dict.fromkeys(words.iloc[at])), data["row"].iloc[at].tolist()
        name, other = TIERS[tier], "provincial" if tier != "provincial" else "municipal"
        notes.warn(
            "ambiguous-word",
            "hospitals",
            Text(
                f"tier {said} (rows {row_ranges(rows)}) does not say whose hospital it is; it is read as {tier}.",
                f"隶属“{said}”（第 {row_ranges(rows)} 行）未写明是哪一级，按{name.zh}读取。",
            ),
            Text(
                f"Where it is the National Health Commission's, a ministry's or the province's, write {other}, or teach the word: "
                f'[words.tier] "{words.iloc[at[0]]}" = "{other}" in region.toml.',
                f"如属国家或省级（国家卫健委委属、部属），请改写为“{TIERS[other].zh}”，或在 region.toml 的 [words.tier] 中写 "
                f'"{words.iloc[at[0]]}" = "{other}"。',
            ),
            row=int(rows[0]),
            id="tier",
        )
