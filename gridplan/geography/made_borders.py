"""Which borders were drawn from points, since the tables have none: whoever shows them says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridplan.inputs.region import Region
from gridplan.words.text import Text


@dataclass(frozen=True, eq=False)
class MadeBorders:
    """What `unit_areas` made up.

    Parameters
    ----------
    units : (n,) bool, units without a polygon: cells around their points.
    districts : (m,) bool, districts without a polygon whose units have none either: the ground around their points.
    """

    units: np.ndarray
    districts: np.ndarray

    @property
    def text(self) -> Text | None:
        """What a page says of it; None where every border is from the tables."""
        parts = []
        for made, noun, how in (
            (self.units, Text("units", "个单元"), Text("nearest-point cells", "最近点划分")),
            (self.districts, Text("districts", "个区"), Text("the ground around their units", "单元点外围")),
        ):
            if n := int(made.sum()):
                parts.append(
                    Text(
                        f"{n:,} of {len(made):,} {noun.en} ({how.en})",
                        f"{len(made):,} {noun.zh}中的 {n:,} 个（{how.zh}）",
                    )
                )
        if not parts:
            return None
        return Text(
            f"Borders drawn from points, not surveyed (dashed): {'; '.join(p.en for p in parts)}.",
            f"边界由点位推算、非勘界成果（虚线）：{'；'.join(p.zh for p in parts)}。",
        )

    @property
    def record(self) -> dict[str, int]:
        """What plan.json keeps of it."""
        counts = {"units": int(self.units.sum()), "districts": int(self.districts.sum())}
        return {key: n for key, n in counts.items() if n}


def made_borders(region: Region) -> MadeBorders:
    """The units and districts whose borders nobody stated."""
    units, districts = (~_drawn(table.geometry) for table in (region.units, region.districts))
    without = set(region.units.loc[units, "district_id"].astype(str))
    ids = region.districts["district_id"].astype(str)
    return MadeBorders(units, districts & ids.isin(without).to_numpy())


def _drawn(shapes: object) -> np.ndarray:
    areas: np.ndarray = shapely.area(np.asarray(shapes, dtype=object))
    return areas > 0  # NaN, so False, for None
