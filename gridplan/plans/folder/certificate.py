"""Certificate: what proves a plan, as plain data, and the short program that checks it beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.files.whole import told
from gridplan.geography.neighbours import neighbours
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.cells import clean_text
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.once import once
from gridplan.policies.policy import Policy
from gridplan.policies.rules import ConnectedParts
from gridplan.words.text import Text

FILE = "certificate.json"
BORDERS = "borders.csv"
CHECKER = "check_certificate.py"
FORM = 1


@dataclass(frozen=True, eq=False)
class GoalProof:
    """What is proven of one goal of one layer.

    Parameters
    ----------
    value, reached : of the plan, in the goal's unit.
    bound : proven by the tree; None where nothing is.
    leaves : of the tree.
    tree : the tree as the file holds it.
    why : why nothing is certified, or what closed the rest; "" where the tree proves it whole.
    """

    layer: str
    goal: str
    value: float
    reached: float
    bound: float | None
    leaves: int
    tree: Mapping[str, Any]
    why: str = ""

    @property
    def gap(self) -> float | None:
        """Relative gap between what was reached and what is certified; None where nothing is."""
        if self.bound is None:
            return None
        return max(0.0, self.reached - self.bound) / max(1.0, abs(self.reached))

    def data(self) -> dict[str, Any]:
        """As the file holds it."""
        if self.bound is None:
            return {"goal": self.goal, "not_certified": self.why}
        own = {"goal": self.goal, "value": self.value, "reached": self.reached, "bound": self.bound}
        return {
            **own,
            "leaves": self.leaves,
            **({"why": self.why} if self.why else {}),
            "tree": dict(self.tree),
        }


@dataclass(frozen=True, eq=False)
class Certificate:
    """The proofs of a plan, goal by goal.

    Parameters
    ----------
    borders : DataFrame from_unit, to_unit: units that touch, where the policy asks what partners serve to hang together.
    """

    name: str
    proofs: tuple[GoalProof, ...]
    borders: pd.DataFrame | None = None

    @property
    def leaves(self) -> int:
        """Leaves of all trees."""
        return sum(proof.leaves for proof in self.proofs)

    @property
    def whole(self) -> bool:
        """Whether every goal is certified to one part in a million."""
        return all(proof.gap is not None and proof.gap <= 1e-6 for proof in self.proofs)

    @property
    def sentence(self) -> Text:
        """What report and map say of it."""
        none = [p for p in self.proofs if p.bound is None]
        if len(none) == len(self.proofs):
            return Text("No part of this plan is certified.", "本方案没有出具证书的部分。")
        part = "" if self.whole else " in part"
        zh = "" if self.whole else "部分"
        return Text(
            f"The proof can be checked{part} with {CHECKER} ({self.leaves} leaves).",
            f"证明{zh}可由 {CHECKER} 复核（{self.leaves} 个叶节点）。",
        )

    def data(self) -> dict[str, Any]:
        """As the file holds it."""
        layers: dict[str, list[dict[str, Any]]] = {}
        for proof in self.proofs:
            layers.setdefault(proof.layer, []).append(proof.data())
        return {
            "form": FORM,
            "plan": self.name,
            "layers": [{"layer": n, "goals": g} for n, g in layers.items()],
        }

    def save(self, folder: str | Path) -> Path:
        """Write certificate.json and check_certificate.py into a plan folder, and borders.csv where they are needed.

        Returns
        -------
        Path of the certificate.
        """
        out = Path(folder)
        file, text = out / FILE, json.dumps(self.data(), ensure_ascii=False, indent=1)
        with told(file):
            (out / CHECKER).write_text(checker(), encoding="utf-8", newline="\n")
            file.write_text(text + "\n", encoding="utf-8", newline="\n")
        if self.borders is not None:
            write_csv(self.borders, out / BORDERS)
        return file

    def __repr__(self) -> str:
        goals = ", ".join(
            f"{p.layer} {p.goal} {'–' if p.gap is None else f'{p.gap:.1e}'}" for p in self.proofs
        )
        return f"Certificate of {self.name}: {self.leaves} leaves; gaps {goals}"


def checker() -> str:
    """The program that checks a certificate, as text."""
    return (resources.files("gridplan.proving") / CHECKER).read_text(encoding="utf-8")


@once
def kept_with(plan: object) -> list[Certificate]:
    """The certificate that is known of a plan: none, or one, put here by who worked it out or opened it."""
    return []


def read_certificate(folder: Path, name: str) -> Certificate | None:
    """The certificate of a plan folder; None where there is none that can be read: `gridplan verify` says what is wrong."""
    if not (folder / FILE).is_file():
        return None
    try:
        held = json.loads((folder / FILE).read_text(encoding="utf-8"))
        proofs = tuple(_proof(one["layer"], goal) for one in held["layers"] for goal in one["goals"])
        return Certificate(name, proofs, _borders(folder / BORDERS))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def borders_of(region: Region, policy: Policy) -> pd.DataFrame | None:
    """The units that touch, as borders.csv holds them; None where no rule of the program asks for them."""
    if policy.rule(ConnectedParts) is None:
        return None
    ids, pairs = region.units["unit_id"].to_numpy(), neighbours(region)
    return pd.DataFrame({"from_unit": ids[pairs[:, 0]], "to_unit": ids[pairs[:, 1]]})


def _borders(file: Path) -> pd.DataFrame | None:
    if not file.is_file():
        return None
    return pd.read_csv(file, dtype=str, encoding="utf-8-sig", keep_default_na=False).map(clean_text)


def _proof(layer: str, goal: Mapping[str, Any]) -> GoalProof:
    if "tree" not in goal:
        nothing = float("nan")
        return GoalProof(layer, goal["goal"], nothing, nothing, None, 0, {}, goal["not_certified"])
    value, reached, bound = (float(goal[key]) for key in ("value", "reached", "bound"))
    why, leaves = goal.get("why", ""), int(goal["leaves"])
    return GoalProof(layer, goal["goal"], value, reached, bound, leaves, goal["tree"], why)
