"""read(folder): a region folder → Region, ready to be checked and planned (`gp.read`)."""

from __future__ import annotations

from pathlib import Path

from gridplan.geography.sharing import share_people
from gridplan.inputs.read_region import read_region
from gridplan.inputs.region import Region
from gridplan.inputs.schema import UNITS


def read(folder: Path | str) -> Region:
    """The region in a folder: region.toml and its tables as CSV, Excel, GeoJSON, GeoPackage or Shapefile.

    All coordinates become WGS 84, ids become text, Chinese headers and words become canonical, units without
    district get the one they lie in, and, where region.toml asks for it, district totals are shared out.

    Parameters
    ----------
    folder : Path or str
        With region.toml; see docs/region-folder.md.

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
    """
    region, share = read_region(folder)
    if not share:
        return region
    shared = share_people(region, share)
    weights = [
        name for name in shared.units if UNITS.column(name) is None and name not in ("geometry", "row")
    ]
    return shared.with_tables(units=shared.units.drop(columns=weights))
