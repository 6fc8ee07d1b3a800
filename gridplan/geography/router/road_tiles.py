"""A map of OpenStreetMap (.osm.pbf) as the tiles that Valhalla routes on, and what to install for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from gridplan.words.errors import ArgumentError, DataError
from gridplan.words.text import Text, both

OLDEST_PYTHON = (3, 12)  # the oldest with a wheel of pyvalhalla that builds tiles
BUILDER = "valhalla_build_tiles"
NO_LIMIT = 10_000_000  # metres and pairs: a region is never larger


def router() -> ModuleType:
    """The package valhalla.

    Raises
    ------
    ArgumentError : it is not installed, or too old to build tiles; the error says what to install, on which Python.
    """
    try:
        module = import_module("valhalla")
    except ImportError:
        module = None
    if module is None or not hasattr(module, "PYVALHALLA_DIR"):
        here = f"{sys.version_info[0]}.{sys.version_info[1]}"
        oldest = ".".join(map(str, OLDEST_PYTHON))
        old = sys.version_info < OLDEST_PYTHON
        raise ArgumentError(
            Text("the embedded router is not installed", "未安装内置路由程序")
            if not old
            else Text(
                f"the embedded router needs Python {oldest} or newer; this is Python {here}",
                f"内置路由程序需要 Python {oldest} 或更新版本，当前为 Python {here}",
            ),
            Text(
                f'with Python {oldest} or newer, from the clone: pip install ".[router]" (pyvalhalla); or give the minutes of '
                "any other router as travel.csv (docs/travel.md)",
                f'请用 Python {oldest} 或更新版本，在源码目录中运行 pip install ".[router]"（pyvalhalla）；'
                "也可把其他路由程序的结果存为 travel.csv（docs/travel.md）",
            ),
        )
    return module


def road_tiles(osm: Path, folder: Path, valhalla: ModuleType) -> Any:
    """An actor of Valhalla on the roads of a map, its tiles in a folder that has to outlive it.

    Raises
    ------
    DataError : there is no such map, it is no .osm.pbf, or it has no roads.
    """
    if not osm.is_file():
        raise DataError(Text(f"There is no map {osm}.", f"没有地图文件 {osm}。"))
    tiles = folder / "tiles"
    tiles.mkdir()
    # The other way of Valhalla, costmatrix, takes short cuts and misses ways that exist.
    config = deepcopy(valhalla.get_config(tile_extract="", tile_dir=str(tiles), verbose=False))
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    for limits in config["service_limits"].values():
        if isinstance(limits, dict):
            limits |= {key: NO_LIMIT for key in limits if key.startswith("max_matrix_")}
    file = folder / "valhalla.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    binaries = str(Path(valhalla.PYVALHALLA_DIR) / "bin")
    done = subprocess.run(
        [sys.executable, "-m", "valhalla", BUILDER, "-c", str(file), str(osm.resolve())],
        env={**os.environ, "PATH": binaries + os.pathsep + os.environ.get("PATH", "")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode or not any(tiles.rglob("*.gph")):
        said = [line.strip() for line in done.stderr.splitlines() if "ERROR" in line or "Can't" in line]
        raise DataError(
            Text(f"Valhalla finds no roads in {osm.name}.", f"Valhalla 未能从 {osm.name} 中读出道路。"),
            Text(
                "Give the city's roads as .osm.pbf, as extracts of OpenStreetMap are.",
                "请给出本市道路的 .osm.pbf 文件（OpenStreetMap 的分区数据即为此格式）。",
            ),
            which=[both(line) for line in said[-1:]],
        )
    return valhalla.Actor(config)
