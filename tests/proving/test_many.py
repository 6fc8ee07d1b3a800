"""One of the random towns of `python -m tests.proving.many`, with engines that forget each of its rules."""

from __future__ import annotations

from pathlib import Path

from tests.proving.many import town


def test_nothing_is_believed_that_should_not_be(tmp_path: Path) -> None:
    came = town(0, tmp_path)
    assert came["towns"] == 1 and came["wrong engines noticed"] and came["digits"]
    bad = [key for key in came if "believed" in key or key == "more than the plan"]
    assert not any(came[key] for key in bad), came
