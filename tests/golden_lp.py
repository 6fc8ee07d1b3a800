"""Writes golden LPs anew: python tests/golden_lp.py NAME … (make golden NAME=least_partners)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main(names: list[str]) -> int:
    """Write each; names that no test knows are refused, with those that there are."""
    from tests.optimise import test_golden_grid_lp as of_grids
    from tests.optimise import test_golden_lp as of_partners

    known = {name: module for module in (of_partners, of_grids) for name in module.CASES}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        sys.stderr.write(
            f"no golden LP {', '.join(unknown) or 'named'}; there are: {', '.join(known)}" + "\n"
        )
        sys.stderr.write("a rule's own stands in its file of tests/rules/ as GOLDEN" + "\n")
        return 2
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            path = of_partners.GOLDEN / f"{name}.lp"
            path.write_text(known[name].written(Path(folder), name), encoding="utf-8")
            sys.stdout.write(f"{path} written: read it, row by row, before it counts" + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
