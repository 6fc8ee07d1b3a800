"""The gallery: maps, report and still pictures of the sample city, made at each build by the gridplan that is documented."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import gridplan as gp

ROOT = Path(__file__).resolve().parents[2]


def draw(folder: Path) -> None:
    """Everything that docs/gallery.md shows; done again only where the folder is not there."""
    if (folder / "grids.html").is_file():
        return
    print("drawing the gallery …", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    region = gp.read(ROOT / "data" / "shanghai")
    policy = gp.policy("shanghai-2025")
    plan, strict = gp.plan(region, policy), gp.plan(region, gp.policy("shanghai-2025-strict"))
    with TemporaryDirectory() as place:
        out = gp.save(plan, Path(place) / "plan")
        for name in ("map.html", "report.html", "plan.xlsx", "changes.docx"):
            (folder / name).write_bytes((out / name).read_bytes())
    gp.draw_difference(plan, strict).save(folder / "difference.html")
    gp.figures(plan, folder / "figures")
    gp.draw(gp.plan(region, gp.policy("zhejiang-2020"))).save(folder / "grids.html")
