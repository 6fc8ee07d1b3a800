"""read(folder): a region folder → Region, ready to be checked and planned (`gp.read`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gridplan.geography.sharing import share_people
from gridplan.inputs.read_region import read_region, read_tables
from gridplan.inputs.region import Region
from gridplan.inputs.schema import UNITS


def read(
    folder: Path | str | Mapping[str, pd.DataFrame], *, name: str = "region", datum: str = "wgs84"
) -> Region:
    """The region in a folder: region.toml and its tables as CSV, Excel, GeoJSON, GeoPackage, Shapefile …; or in tables.

    All coordinates become WGS 84, ids become text, Chinese headers and words become canonical, units without
    district get the one they lie in, and, where region.toml asks for it, district totals are shared out.

    Parameters
    ----------
    folder : Path or str or Mapping[str, DataFrame]
        With region.toml; see docs/region-folder.md. Or the tables themselves, by name: DataFrames, and GeoDataFrames
        where they have shapes or points, under the headers that files may have.
    name : str, default "region"
        Of a region of tables.
    datum : str, default "wgs84"
        Of its coordinates.

    Returns
    -------
    Region
        With what reading noticed in `.findings`; `gp.check` adds what the doctor finds.

    Raises
    ------
    DataError
        Where no Region can be made (a missing table, column, datum; an unreadable file); every such fault of
        every file is in `.findings`.

    References
    ----------
    The columns: docs/region-folder.md.

    Examples
    --------
    >>> import gridplan as gp
    >>> _ = gp.write_region(gp.tiny_town(), "town")
    >>> gp.read("town").fingerprint == gp.tiny_town().fingerprint
    True
    >>> town = gp.tiny_town()
    >>> gp.read({"districts": town.districts, "units": town.units, "hospitals": town.hospitals}, name="town")
    Region town: 3 districts, 12 units, 81,000 people, 7 hospitals
    """
    if isinstance(folder, Mapping):
        return read_tables(folder, name, datum)
    region, share = read_region(folder)
    if not share:
        return region
    shared = share_people(region, share)
    weights = [
        name for name in shared.units if UNITS.column(name) is None and name not in ("geometry", "row")
    ]
    return shared.with_tables(units=shared.units.drop(columns=weights))
