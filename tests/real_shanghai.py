"""The real Shanghai as a region folder: region.toml points at the files as they were found, nothing is copied.

Run it to write the folder: python tests/real_shanghai.py OUT (needs GRIDPLAN_REAL_DATA; `make real` does it).
docs/real-city.md explains the region.toml line by line; tests keep the two alike.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

CITY = Path(__file__).resolve().parents[1] / "data" / "shanghai"
FOUND = ["districts_gcj02.geojson", "towns_gcj02.csv", "hospitals_poi.csv", "district_population_2020.csv"]

REGION_TOML = """\
name = "shanghai-real"
title = "上海市"
datum = "wgs84"                     # of what is not said otherwise below
sources = [
    "District polygons and town points: Vonng/adcode, CC BY 4.0; changed: one file per city, fewer columns",
    "Residents by district: 7th census 2020, from leiii/census, MIT, (c) 2022 Lei Dong",
    "Hospitals, branches and links: compiled from public knowledge, not an official list",
    "Points of hospitals and branches: ni1o1/pygeo-tutorial, MIT, (c) 2020 ni1o1",
]

[tables]
hospitals = "{sample}/hospitals.csv"
branches = "{sample}/branches.csv"
partnerships = "{sample}/partnerships.csv"
links = "{sample}/facts/shanghai_links.csv"

[tables.districts]
file = ["{found}/districts_gcj02.geojson", "{sample}/facts/shanghai_districts.csv"]
datum = "gcj02"                     # the file claims CRS84; it is GCJ-02

[tables.units]
file = "{found}/towns_gcj02.csv"
datum = "gcj02"
where = {{ level = "town" }}          # 16 of its rows are whole districts

[people]
share = "equal"                     # the census stops at districts

[units]
without_location = "leave_out"      # 19 towns have no point
"""


def write_real_shanghai(data: Path, folder: Path) -> Path:
    """Write region.toml for the real files in `data`/shanghai; returns the region folder.

    Raises
    ------
    FileNotFoundError : a file is missing in `data`/shanghai.
    """
    found = (data / "shanghai").resolve()
    for name in FOUND:
        if not (found / name).is_file():
            raise FileNotFoundError(found / name)
    folder.mkdir(parents=True, exist_ok=True)
    text = REGION_TOML.format(found=found.as_posix(), sample=CITY.as_posix())
    (folder / "region.toml").write_text(text, encoding="utf-8", newline="\n")
    return folder


if __name__ == "__main__":
    named = os.environ.get("GRIDPLAN_REAL_DATA")
    if not named or len(sys.argv) != 2:
        sys.exit("GRIDPLAN_REAL_DATA=/folder/with/real/data python tests/real_shanghai.py OUT")
    write_real_shanghai(Path(named), Path(sys.argv[1]))
