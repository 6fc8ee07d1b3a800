"""Make the MODELLED tables of the programme: departments, staff, custody, institutions, slots, services.

No real figure but the key specialties, and the names and places of institutions.

    python data/shanghai/programme/make_programme.py [--out FOLDER]

Seeded: the same input gives the same files, byte for byte. Key specialties are reported facts of medium confidence
(facts/shanghai_key_specialties.csv); custody is derived from affiliates in the same building; institutions stand where
they stand (facts/shanghai_institutions.csv), what they can do is modelled; all else is modelled.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from gridplan.inputs.disciplines import disciplines

HERE = Path(__file__).parent
CITY = HERE.parent
SEED = 20250928
BASE = {
    "central": 1.75,
    "suburban": 1.5,
    "outer_suburban": 1.25,
}  # mean level of a department, by kind of district
RARE = 0.35  # disciplines of at most this weight are weaker
SAME_BUILDING_KM = 0.05
EXPERTS, WEEK, AWAY = (
    16.0,
    5.0,
    0.035,
)  # experts of a department, days of a week, share of the week for deployment
GPS_PER_10000 = 4.2  # general practitioners and paediatricians of primary care, residents
GPS_PER_TEAM = 3
CONTACTS = (
    3.46 * 0.65
)  # first contacts of a resident a year: visits (BMC HSR 2021, 21:51) × share at primary care
ROOM = 1.2  # capacity of a district's centres, all together, against its first contacts
SLOTS_OF_EXPERT, WINDOWS = 6, (7, 14, 28)  # expert slots a week of an expert; days that are booked ahead
SHARED = ("lab", "imaging", "ecg", "disinfection", "purchasing")
HAS = 0.6  # share of district hospitals that host such a centre today
CARRIES = 0.8  # residents that a laboratory or imaging centre can carry, against those of its district
REPORTED, MODELLED, DERIVED = "reported", "modelled", "derived"


def table(name: str) -> pd.DataFrame:
    """A table of the sample city, ids as text."""
    return pd.read_csv(CITY / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def departments(rng: np.random.Generator, hospitals: pd.DataFrame, kind: pd.Series) -> pd.DataFrame:
    """Levels of district hospitals and of partners, with the reported key specialties in place."""
    ranked = [one for one in disciplines().values() if one.weight]
    rows: dict[tuple[str, str], tuple[object, ...]] = {}
    for hospital in hospitals.itertuples():
        own = rng.normal(0, 0.35)
        for one in ranked:
            if hospital.tier == "district":
                rare = 0.6 if one.weight <= RARE else 0.0
                level = round(BASE[kind[hospital.district_id]] + own - rare + 0.15 + rng.normal(0, 0.6))
            else:
                level = 2 + int(rng.random() < 0.6)
            rows[hospital.hospital_id, one.code] = (int(np.clip(level, 0, 3)), "", MODELLED)
    for fact in table("facts/shanghai_key_specialties.csv").itertuples():
        rows[fact.hospital_id, fact.discipline] = (3, fact.reach, REPORTED)
    for hospital in hospitals[hospitals["category"].isin(["tcm", "integrated_tcm"])].itertuples():
        rows[hospital.hospital_id, "50"] = (3, "tcm", REPORTED)
    listed = [(*key, *row) for key, row in sorted(rows.items())]
    return pd.DataFrame(listed, columns=["hospital_id", "discipline", "level", "key", "source"])


def staff(rng: np.random.Generator, partners: pd.DataFrame) -> pd.DataFrame:
    """Experts who may be sent, by department; days a week and managers, by hospital."""
    ranked = [one for one in disciplines().values() if one.weight]
    rows: list[tuple[object, ...]] = []
    for hospital in partners.itertuples():
        size, experts = rng.uniform(0.75, 1.3), {}
        for one in ranked:
            experts[one.code] = int(rng.poisson(EXPERTS * size * (0.55 + 0.55 * one.weight)))
        days = round(sum(experts.values()) * WEEK * AWAY)
        rows.append((hospital.hospital_id, "", "", days, int(rng.integers(10, 17)), MODELLED))
        rows += [(hospital.hospital_id, code, count, "", "", MODELLED) for code, count in experts.items()]
    columns = ["hospital_id", "discipline", "eligible", "days_per_week", "managers", "source"]
    return pd.DataFrame(rows, columns=columns)


def custody(hospitals: pd.DataFrame, partners: pd.DataFrame) -> pd.DataFrame:
    """District hospitals in the same building as an open affiliate of a partner."""
    branches = table("branches.csv")
    branches = branches[
        (branches["relation"] == "affiliate") & (branches["status"] == "open") & (branches["lon"] != "")
    ]
    rows = []
    for lead in hospitals[hospitals["tier"] == "district"].itertuples():
        for branch in branches[branches["district_id"] == lead.district_id].itertuples():
            lon, lat = float(branch.lon) - float(lead.lon), float(branch.lat) - float(lead.lat)
            km = 111.2 * np.hypot(lon * np.cos(np.radians(float(lead.lat))), lat)
            if km <= SAME_BUILDING_KM and branch.hospital_id in set(partners["hospital_id"]):
                rows.append((branch.hospital_id, lead.hospital_id, "", "", DERIVED))
    return pd.DataFrame(rows, columns=["hospital_id", "managed_id", "since", "until", "source"])


def institutions(rng: np.random.Generator) -> pd.DataFrame:
    """Where they stand is a fact; practitioners, teams, capacity and beds are modelled and add up by district."""
    facts, residents = table("facts/shanghai_institutions.csv"), table("facts/shanghai_districts.csv")
    people = dict(zip(residents["adcode"], residents["population_2020"].astype(float), strict=True))
    size = rng.lognormal(0, 0.35, len(facts))
    beds = rng.integers(60, 240, len(facts))
    primary = facts["kind"].isin(["community_centre", "township"]).to_numpy()
    rows: list[tuple[object, ...]] = []
    for n, fact in enumerate(facts.itertuples()):
        about = (fact.id, fact.name_zh, fact.kind, "public", fact.adcode, fact.lon, fact.lat)
        if not primary[n]:
            rows.append((*about, "", int(beds[n]), "", "yes", "", "", "", MODELLED))
            continue
        share = size[n] / size[primary & (facts["adcode"] == fact.adcode).to_numpy()].sum()
        here = people[fact.adcode] * share
        gps = max(3, round(here / 10_000 * GPS_PER_10000))
        rows.append((
            *about, int(round(here * CONTACTS * ROOM, -2)), int(beds[n] // 6), int(beds[n] // 4), "yes", "", gps,
            max(1, round(gps / GPS_PER_TEAM)), MODELLED,
        ))  # fmt: skip
    columns = [
        "institution_id", "name", "kind", "ownership", "district_id", "lon", "lat", "visits_capacity", "beds", "home_beds",
        "willing", "office", "gps", "teams", "source",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def slots(rng: np.random.Generator, known: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Expert slots a week: of partners by their experts, of district hospitals so many for each discipline."""
    ranked = [one for one in disciplines().values() if one.weight]
    experts = {(r.hospital_id, r.discipline): int(r.eligible) for r in sent.itertuples() if r.discipline}
    rows: list[tuple[object, ...]] = []
    for hospital in known.itertuples():
        days = int(rng.choice(WINDOWS))
        for one in ranked:
            count = experts.get((hospital.hospital_id, one.code), int(rng.integers(2, 8))) * SLOTS_OF_EXPERT
            if count:
                rows.append((hospital.hospital_id, one.code, count, days, MODELLED))
    return pd.DataFrame(rows, columns=["hospital_id", "discipline", "week_slots", "window_days", "source"])


def services(rng: np.random.Generator, district: pd.DataFrame) -> pd.DataFrame:
    """Which centres district hospitals host today, and how many residents laboratories and imaging can carry."""
    residents = table("facts/shanghai_districts.csv")
    people = dict(zip(residents["adcode"], residents["population_2020"].astype(float), strict=True))
    alone = district["district_id"].value_counts()
    rows: list[tuple[object, ...]] = []
    for hospital in district.itertuples():
        for service in SHARED:
            has = "yes" if rng.random() < HAS else ""
            share = CARRIES if alone[hospital.district_id] > 1 else ROOM
            room = int(round(people[hospital.district_id] * share, -3)) if service in SHARED[:2] else ""
            rows.append((hospital.hospital_id, service, has, room, MODELLED))
    return pd.DataFrame(rows, columns=["hospital_id", "service", "has", "capacity", "source"])


def main() -> None:
    """Write the six tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    out = parser.parse_args().out
    rng = np.random.default_rng(SEED)
    hospitals = table("hospitals.csv")
    kind = table("facts/shanghai_districts.csv").set_index("adcode")["kind"]
    public = hospitals[(hospitals["tier"] == "municipal") & (hospitals["ownership"] == "public")]
    partners = public[public["category"].isin(["general", "tcm", "integrated_tcm"])]
    known = pd.concat([hospitals[hospitals["tier"] == "district"], partners])
    general = hospitals[(hospitals["tier"] == "district") & (hospitals["category"] == "general")]
    made = {
        "departments": departments(rng, known, kind),
        "staff": staff(rng, partners),
        "custody": custody(hospitals, partners),
        "institutions": institutions(rng),
    }
    made["slots"] = slots(rng, known, made["staff"])
    made["services"] = services(rng, general)
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in made.items():
        rows.to_csv(out / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
