"""Names as they are typed without Chinese, for the search of pages: pinyin and its initials travel with the page."""

from __future__ import annotations

import pandas as pd

from gridplan.inputs.matching.find_name import spellings_of
from gridplan.inputs.region import Region
from gridplan.words.pinyin import spelled

FULL = 2_000  # units: in larger regions only the initials of their names travel with the page
MOST = 20_000  # units: in still larger ones not even these


def typed_names(region: Region, hospitals: pd.DataFrame | None = None) -> dict[str, list[str]]:
    """ "initials pinyin" of every district, hospital, branch and unit, "" where it has no Chinese.

    Parameters
    ----------
    hospitals : the page's hospitals, where these are not those of the region; behind those of a whole name stand those of
        its core (瑞金医院, without the university).
    """
    units = len(region.units)
    table = region.hospitals if hospitals is None else hospitals
    return {
        "district": spelled(region.districts["name"]),
        "hospital": spellings_of(table["name"]),
        "branch": spellings_of(region.branches["name"]),
        "unit": spelled(region.units["name"], whole=units <= FULL) if units <= MOST else [],
    }
