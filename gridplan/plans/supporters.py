"""Main technical supporters (主要技术支持单位, SH-7): one per district, derived from the pairs of a plan."""

from __future__ import annotations

import pandas as pd

from gridplan.inputs.region import Region


def supporters_of(region: Region, pairs: pd.DataFrame) -> pd.Series:
    """Each district's main technical supporter among its counted partners.

    First a hospital with a running branch there (open and located, no mere outpatient clinic) where the district is not central; then the
    better priority; then more residents of the district; then the smaller id.

    Parameters
    ----------
    pairs : of a plan.

    Returns
    -------
    Series of hospital ids, indexed by district_id, named "main_supporter"; "" where no partner is counted.
    """
    districts, branches = region.districts, region.branches
    suburban = set(districts.loc[districts["kind"] != "central", "district_id"])
    runs = (
        (branches["status"] == "open")
        & (branches["relation"] != "clinic")
        & branches["lon"].notna()
        & branches["lat"].notna()
    )
    running = set(branches.loc[runs, ["district_id", "hospital_id"]].itertuples(index=False, name=None))
    counted = pairs[pairs["counted"] == 1]
    here = zip(counted["district_id"], counted["hospital_id"], strict=True)
    without = [not (pair in running and pair[0] in suburban) for pair in here]
    ranked = counted.assign(without=without, fewer=-counted["people"])
    ranked = ranked.sort_values(["district_id", "without", "priority", "fewer", "hospital_id"])
    first = ranked.drop_duplicates("district_id").set_index("district_id")["hospital_id"]
    return first.reindex(districts["district_id"]).fillna("").rename("main_supporter")
