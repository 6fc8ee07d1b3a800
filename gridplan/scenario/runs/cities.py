"""Cities: the region folders of one job, found by their names, and known by what is in their files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from gridplan.inputs.read_settings import FILE, read_settings
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.errors import DataError
from gridplan.words.text import Text


def cities(*folders: Path | str) -> dict[str, Path]:
    """City → region folder, in the order given, for `gp.scenarios`.

    Parameters
    ----------
    *folders : Path or str
        Region folders, or country folders: folders with a region folder per city.

    Returns
    -------
    dict[str, Path]
        City → region folder.

    Raises
    ------
    DataError
        A folder is neither, or two cities have the same name.

    Examples
    --------
    >>> import gridplan as gp
    >>> _ = gp.write_region(gp.tiny_town(), "country/town")
    >>> list(gp.cities("country"))
    ['town']
    """
    found: dict[str, Path] = {}
    twice: list[str] = []
    for folder in map(Path, folders):
        here = [folder] if (folder / FILE).is_file() else sorted(_inside(folder))
        if not here:
            raise no_region(folder)
        for city in here:
            name = city.resolve().name
            twice += [f"{name}: {found[name]}, {city}"] if name in found else []
            found[name] = city
    if twice:
        what = Text("cities have the same name", "有同名的城市")
        hint = Text(
            "results are told apart by the names of the folders: rename one",
            "结果按文件夹名称区分：请改名",
        )
        raise DataError(what, hint, twice)
    return found


def _inside(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if (path / FILE).is_file())


def no_region(folder: Path) -> DataError:
    """The error of a folder without region.toml."""
    what = Text(
        f"{folder} has no {FILE}: it is no region folder, nor does it hold any",
        f"{folder} 中没有 {FILE}，既不是地区文件夹，也不含地区文件夹",
    )
    return DataError(what, Text("give region folders", "请给出地区文件夹"))


def folder_digest(folder: Path) -> str:
    """SHA-256 over all that a region is read from, so that it need not be read to know whether it has changed.

    These are the files of the folder, and those outside it that its region.toml names.

    Raises
    ------
    DataError : it is no region folder.
    """
    if not (folder / FILE).is_file():
        raise no_region(folder)
    digest = hashlib.sha256()
    for file in [*sorted(path for path in folder.rglob("*") if path.is_file()), *_outside(folder)]:
        name = file.relative_to(folder) if file.is_relative_to(folder) else file
        try:
            content = file.read_bytes()
        except OSError as fault:  # whoever reads the region says so, and the other cities go on
            content = str(fault).encode()
        digest.update(f"{name.as_posix()}\n".encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _outside(folder: Path) -> list[Path]:
    """Files elsewhere that region.toml names, with those that belong to them (a shapefile is several)."""
    settings = read_settings(folder, Notes())
    named = [] if settings is None else [file for table in settings.tables.values() for file in table.files]
    others = [path for path in ((folder / name).resolve() for name in named) if path.is_file()]
    return sorted(
        {
            part
            for path in others
            if not path.is_relative_to(folder.resolve())
            for part in path.parent.iterdir()
            if part.stem == path.stem and part.is_file()
        }
    )
