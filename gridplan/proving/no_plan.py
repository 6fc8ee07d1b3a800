"""NoPlan: the certificate that no plan keeps the rules, with what a stranger needs to check it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridplan.files.claim import claimed
from gridplan.files.swap import mended, replaced
from gridplan.files.whole import NEW, resolved, told
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.inputs.write import write_region
from gridplan.plans.folder.certificate import CHECKER, FILE, FORM, checker
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.folder.own_files import is_own
from gridplan.policies.policy import Policy
from gridplan.policies.profile import to_dict
from gridplan.words.errors import DataError
from gridplan.words.text import Text

ENDS = "-infeasible"


@dataclass(frozen=True, eq=False)
class NoPlan:
    """What proves that a layer has no plan.

    Parameters
    ----------
    leaves : of the tree.
    tree : as the file holds it; each leaf shows by its prices, or by a cap, that no plan fits in it.
    """

    region: Region
    policy: Policy
    travel: Travel
    layer: str
    leaves: int
    tree: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        """As the file holds it."""
        travel = {"method": self.travel.method, "settings": dict(self.travel.settings)}
        none = {"layer": self.layer, "leaves": self.leaves, "tree": dict(self.tree)}
        return {"form": FORM, "policy": to_dict(self.policy), "travel": travel, "no_plan": none}

    def save(self, out: Path) -> Path:
        """Write `OUT-infeasible/`: certificate.json, check_certificate.py, region/; what such a folder held before is replaced.

        Raises
        ------
        DataError : a folder of that name holds a plan, or cannot be written to.
        """
        with told(out):
            there = resolved(out)
        folder = there.with_name(there.name + ENDS)
        if (folder / "plan.json").exists():
            raise DataError(
                Text(f"{folder} holds a plan", f"{folder} 中是一个方案"),
                Text("move it away, or give another --out", "请移走该文件夹，或另给 --out"),
            )
        with claimed(folder) as claim:
            mended(claim)
            made = claim.work / NEW
            with told(folder):
                made.mkdir()
                self._write(made)
                replaced(claim, is_own)
        return folder

    def _write(self, made: Path) -> None:
        write_region(self.region, made / "region")
        if self.travel.method != "straight_line":
            write_csv(self.travel.to_frame(), made / "travel.csv")
        text = json.dumps(self.data(), ensure_ascii=False, indent=1)
        (made / FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
        (made / CHECKER).write_text(checker(), encoding="utf-8", newline="\n")
