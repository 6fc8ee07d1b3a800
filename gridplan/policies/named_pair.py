"""What a pin and a ban share: one district, one hospital, and why."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.inputs.region import Region
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, layer_title


@dataclass(frozen=True)
class NamedPair(Rule):
    """One district and one hospital, and why.

    Parameters
    ----------
    layer : "partners", or "grid": a pin names a hospital and its own district, and the hospital leads; a banned one
        leads no grid with units of the district. A hospital may stand in both layers; a pin or ban speaks of one.
    """

    district_id: str = ""
    hospital_id: str = ""
    reason: str = ""
    layer: str = "partners"
    many = True

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("district_id", "hospital_id"):
            object.__setattr__(
                self, name, str(getattr(self, name)).strip()
            )  # ids are text, even where one is a number

    def concerns(self, layer: str) -> bool:
        """Partners or grids, as `layer` says."""
        return (self.layer == GRID) == (layer == GRID)

    def _because(self) -> Text:
        return Text(f" ({self.reason})", f"（{self.reason}）") if self.reason else Text("", "")


def nothing_to_choose(region: Region, layer: str, district: str) -> Text:
    """That a district has no pair left in a layer."""
    label = region.label("district", district)
    return Text(
        f"{label} has no pair that may be chosen in layer {layer}",
        f"{label}在{layer_title(layer).zh}中没有可选的结对",
    )
