"""Many plans, each with its certificate: scenarios, points of a frontier, alternatives, years."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.folder.plan_folder import fill, held
from gridplan.plans.folder.store import write_plan_tables, write_record
from gridplan.plans.plan import Plan
from gridplan.proving.certify import certify

COLUMNS = ["name", "folder", "layer", "goal", "reached", "bound", "gap", "leaves", "why"]
UNSAFE = re.compile(r"[^\w.-]+")  # in a name of a folder
MOST_OF_NAME = 60


def certify_each(plans: Iterable[tuple[str, Plan]], folder: Path) -> pd.DataFrame:
    """Write a plan folder for each plan, with its certificate and the program that checks it, but nothing drawn.

    Parameters
    ----------
    plans : name → plan; made one at a time, so that many need not be held.
    folder : gets a folder of each name; what a name has that no folder may have becomes _.

    Returns
    -------
    A row per goal: name, folder, layer, goal, reached, bound, gap (NaN where nothing is certified), leaves, why.

    Raises
    ------
    DataError : a folder of that name holds something else, another run is using it, or it cannot be written.
    """
    rows, taken = [], set[str]()
    for name, plan in plans:
        own = _folder_of(name, taken)
        proof = certify(plan)

        def write(made: Path, plan: Plan = plan) -> None:
            write_plan_tables(plan, made)
            certify(plan).save(made)
            if plan.travel.method == "roads":  # the program that checks makes minutes from points only
                write_csv(plan.travel.to_frame(), made / "travel.csv")
            write_record(plan, made)

        with held(folder / own) as claim:
            fill(claim, write)
        rows += [
            (name, own, p.layer, p.goal, p.reached, p.bound, p.gap, p.leaves, p.why) for p in proof.proofs
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _folder_of(name: str, taken: set[str]) -> str:
    """A name that a folder may have, and no other plan's folder has."""
    plain = UNSAFE.sub("_", name).strip(".")[:MOST_OF_NAME] or "_"
    own, number = plain, 1
    while own.casefold() in taken:
        number += 1
        own = f"{plain}-{number}"
    taken.add(own.casefold())
    return own
