"""Pinned pair (PIN): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.named_pair import NamedPair
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


@dataclass(frozen=True)
class Pin(NamedPair):
    """A pair that must be in the plan; it counts and is listed even if it serves nobody. A pinned lead leads a grid.

    Parameters
    ----------
    district_id, hospital_id : str, default ""
        The pair, by ids.
    reason : str, default ""
        Why, for people; printed with the plan.
    layer : str, default "partners"
        "partners", or "grid": the hospital leads a grid, and the district is its own.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Pin("T1", "H1", reason="tradition").sentence().en)
    District T1 partners with H1 (tradition).
    """

    id = "PIN"
    key = "pin"
    title = Text("Pinned pair", "指定结对")
    rank = 70

    def sentence(self) -> Text:
        why = self._because()
        if self.layer == GRID:
            return Text(
                f"{self.hospital_id} leads a grid in district {self.district_id}{why.en}.",
                f"{self.hospital_id} 须在 {self.district_id} 区牵头网格{why.zh}。",
            )
        return Text(
            f"District {self.district_id} partners with {self.hospital_id}{why.en}.",
            f"{self.district_id} 区须与 {self.hospital_id} 合作{why.zh}。",
        )
