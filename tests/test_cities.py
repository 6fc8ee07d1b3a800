"""The cities of the documents: their hospital tables, and a plan of each under the policy of its own document."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

import gridplan as gp
from gridplan.words.vocabulary import CATEGORIES, OWNERSHIPS, TIERS

HERE = Path(__file__).resolve().parents[1] / "data" / "cities"
sys.path.insert(0, str(HERE))
import make_city  # noqa: E402

# City: grids.
CITIES = {"hangzhou": 20, "jiaxing": 7, "chengdu": 24, "liuzhou": 5}


@pytest.mark.parametrize("city", CITIES)
def test_the_tables_keep_to_the_words_and_say_how_sure_they_are(city: str) -> None:
    table = pd.read_csv(HERE / city / "hospitals.csv", dtype=str, keep_default_na=False)
    assert table["hospital_id"].is_unique and set(table["confidence"]) <= {"high", "medium", "low"}
    assert set(table["tier"]) <= set(TIERS) and set(table["category"]) <= set(CATEGORIES)
    assert set(table["ownership"]) <= set(OWNERSHIPS) and (table["beds"] == "").all()
    assert (table["coord_source"] != "").all()
    branches = HERE / city / "branches.csv"
    if branches.is_file():
        assert set(pd.read_csv(branches, dtype=str)["hospital_id"]) <= set(table["hospital_id"])


def test_the_credits_and_the_warning_stand_beside_them() -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    assert "Vonng/adcode" in text and "CC BY 4.0" in text and "Lei Dong" in text
    assert "approximate" in make_city.NOTE and "近似" in make_city.NOTE


@pytest.mark.parametrize("city", CITIES)
def test_a_city_is_planned_under_its_own_document(real_data, tmp_path, capsys, city: str) -> None:
    folder = make_city.write_city(city, real_data, tmp_path / "region")
    said = capsys.readouterr().out
    assert ("no polygon" in said) == (city in ("chengdu", "liuzhou"))
    region = gp.read(folder)
    assert not gp.check(region).errors and any("approximate" in source for source in region.sources)
    plan = gp.plan(region, gp.policy(make_city.POLICIES[city]))
    assert plan.status == "optimal" and gp.verify(plan).kept
    assert plan.assignment[plan.assignment["layer"] == "grid"]["hospital_id"].nunique() == CITIES[city]


def test_the_programme_of_a_city_makes_what_its_data_allow(real_data, tmp_path) -> None:
    plan = gp.plan(gp.read(make_city.write_city("hangzhou", real_data, tmp_path)), gp.policy("jianggan-2019"))
    made = gp.programme(plan)
    assert [part.name for part in made.parts] == ["tiers"]
    assert {f.id for f in made.findings} == {"members", "chains", "hosts", "support"}
