"""Sample cities that come with gridplan, also where it is installed."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from gridplan.geography.reading import read
from gridplan.inputs.read_settings import FILE
from gridplan.inputs.region import Region
from gridplan.words.errors import ArgumentError
from gridplan.words.text import Text

SHARED = Path("share", "gridplan")


def sample(name: str = "shanghai") -> Region:
    """A sample city that comes with gridplan.

    Parameters
    ----------
    name : str, default "shanghai"
        Which one.

    Returns
    -------
    Region
        The city; what of it is modelled, it says.

    Raises
    ------
    ArgumentError
        There is no such city.

    References
    ----------
    data/shanghai/README.md: what is fact, what derived, what modelled.

    Examples
    --------
    >>> import gridplan as gp
    >>> len(gp.sample("shanghai").districts), len(gp.tiny_town().districts)
    (16, 3)
    """
    here = {folder.name: folder for folder in sample_folders()}
    if name not in here:
        raise ArgumentError(
            Text("there is no such sample city", "没有这个示例城市"),
            Text(f"there are: {', '.join(here) or 'none'}", f"可用：{'、'.join(here) or '无'}"),
            [name],
        )
    return read(here[name])


def sample_folders() -> list[Path]:
    """The folders of the sample cities: where they were installed, else in the clone."""
    schemes = [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
    roots = [Path(sysconfig.get_path("data", scheme)) / SHARED for scheme in schemes]
    roots.append(Path(__file__).resolve().parents[2] / "data")
    found: dict[str, Path] = {}
    for folder in (folder for root in roots if root.is_dir() for folder in sorted(root.iterdir())):
        if (folder / FILE).is_file():
            found.setdefault(folder.name, folder)
    return list(found.values())
