"""Region → a canonical region folder that reads back as the same Region."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridplan.files.claim import claimed
from gridplan.files.swap import mended, put
from gridplan.files.whole import NEW, told
from gridplan.inputs.region import TABLES, TOGETHER, Region
from gridplan.inputs.sheets.cells import as_text, guarded
from gridplan.words.arguments import a_region
from gridplan.words.errors import DataError
from gridplan.words.text import Text


def write_region(region: Region, folder: Path | str, overwrite: bool = False) -> list[Path]:
    """Write `region` as a folder that `read` opens again, with the same fingerprint.

    CSV is UTF-8 with BOM (for Excel) with the canonical headers; districts.geojson, and units.geojson where
    a unit has a polygon, else units.csv; region.toml says wgs84. Coordinates are written in full. A text that
    a spreadsheet would take for a formula gets a `'` in front, which reading takes off again.

    Parameters
    ----------
    region : Region
        The city.
    folder : Path or str
        Made where it is missing.
    overwrite : bool, default False
        Whether tables and region.toml that are there are replaced.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    ArgumentError
        `region` is no Region.
    DataError
        Where the folder has a region already and `overwrite` is false, or cannot be written to; it is then as it was.

    Examples
    --------
    >>> import gridplan as gp
    >>> sorted(file.name for file in gp.write_region(gp.tiny_town(), "town"))[:2]
    ['branches.csv', 'districts.geojson']
    """
    a_region(region, "write_region")
    folder = Path(folder)
    kinds = (".csv", ".tsv", ".xlsx", ".geojson", ".json", ".gpkg", ".shp")
    there = [
        p for p in (folder.iterdir() if folder.is_dir() else ()) if p.stem in TABLES and p.suffix in kinds
    ]
    there += [folder / "region.toml"] if (folder / "region.toml").exists() else []
    if there and not overwrite:
        raise DataError(
            Text(f"{folder} holds a region already.", f"{folder} 中已有区域数据。"),
            Text("Choose another folder, or allow overwriting.", "请另选文件夹，或允许覆盖。"),
            which=[p.name for p in there],
        )
    texts: dict[str, Iterable[str]] = {"region.toml": [_settings(region)]}
    for name in TABLES:
        table = getattr(region, name)
        if (
            table is not None
            and name in ("districts", "units")
            and (
                name == "districts"
                or not shapely.is_missing(np.asarray(table["geometry"], dtype=object)).all()
            )
        ):
            texts[f"{name}.geojson"] = _geojson(name, table)
        elif table is not None:
            texts[f"{name}.csv"] = [_csv(table)]
    if there:
        with claimed(folder) as claim:
            mended(claim)
            _write(texts, claim.work / NEW)
            put(claim, gone=[path.name for path in there if path.name not in texts])
    else:
        _write(texts, folder)
    return [folder / name for name in texts]


def _write(texts: Mapping[str, Iterable[str]], folder: Path) -> None:
    """All of these files, or none of them; their texts are told piece by piece."""
    with told(folder):
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
    begun = []
    for name, text in texts.items():
        encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
        begun.append(folder / name)
        with told(folder / name):
            try:
                with (folder / name).open("w", encoding=encoding, newline="") as opened:
                    opened.writelines(text)
            except BaseException:
                for file in begun:
                    file.unlink(missing_ok=True)
                if made:
                    folder.rmdir()
                raise


def _settings(region: Region) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    lines = [f"name = {quoted(region.name)}"]
    lines += [f"title = {quoted(region.title)}"] if region.title else []
    lines += ['datum = "wgs84"']
    lines += (
        ["sources = [", *(f"  {quoted(source)}," for source in region.sources), "]"] if region.sources else []
    )
    lines += [f"data_date = {quoted(region.data_date)}"] if region.data_date else []
    lines += [f"map_approval = {quoted(region.map_approval)}"] if region.map_approval else []
    if region.modelled:
        lines += ["", "[people]", f"modelled = {quoted(region.people.removeprefix('modelled:').strip())}"]
    for name, said in region.modelled_tables.items():
        lines += ["", f"[tables.{name}]", f"modelled = {quoted(said)}"]
    return "\n".join(lines) + "\n"


def _csv(table: pd.DataFrame) -> str:
    plain = pd.DataFrame(table).drop(columns=["row", "geometry"], errors="ignore")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(plain.columns)
    for record in plain.astype(object).itertuples(index=False):
        writer.writerow([guarded(v) if isinstance(v, str) else as_text(v) for v in record])
    return out.getvalue()


def _geojson(name: str, table: gpd.GeoDataFrame) -> Iterator[str]:
    yield f'{{"type": "FeatureCollection", "name": "{name}", "features": [\n'
    properties = pd.DataFrame(table).drop(columns=["row", "geometry"], errors="ignore").astype(object)
    for first in range(0, len(table), TOGETHER):
        some = slice(first, first + TOGETHER)
        shapes = shapely.to_geojson(np.asarray(table["geometry"].iloc[some], dtype=object))
        features = []
        for record, shape in zip(properties.iloc[some].to_dict("records"), shapes, strict=True):
            told = {str(key): _json_value(value) for key, value in record.items()}
            said = json.dumps(told, ensure_ascii=False, allow_nan=False)
            features.append(f'{{"type": "Feature", "properties": {said}, "geometry": {shape or "null"}}}')
        yield (",\n" if first else "") + ",\n".join(features)
    yield "\n]}\n"


def _json_value(value: Any) -> str | int | float | None:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)
