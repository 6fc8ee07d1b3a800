"""A plan whose page is opened."""

from __future__ import annotations

import pytest

import gridplan as gp


@pytest.fixture(scope="package")
def town() -> gp.Plan:
    return gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
