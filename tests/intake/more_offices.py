"""Offices whose files fell in a trial with new headers and layouts: English exports, layers of a GeoPackage, headings, a router."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import Transformer

from tests.intake.messy import DISTRICTS, FULL_WIDTH, town
from tests.intake.offices import (
    DISTRICT_HEADERS,
    HOSPITAL,
    HOSPITAL_HEADERS,
    Rows,
    base,
    book,
    csv,
    district_rows,
    districts_and_partners,
    hospital_rows,
    minutes,
    unit_rows,
)


def english_export(folder: Path) -> None:
    """English headers of a GIS, semicolons, full-width digits."""
    rows = [
        [*row[:2], str(row[2]).translate(FULL_WIDTH), *row[3:]]
        for row in unit_rows("district", "name", "people", "old", "lon", "lat")
    ]
    headers = ["County", "Town", "Population", "Pop65+", "POINT_X", "POINT_Y"]
    csv(folder / "population_by_town.csv", [headers, *rows], "utf-8-sig", ";")
    headers = [
        "Hospital name",
        "Affiliation",
        "Type",
        "Level",
        "Ownership",
        "County",
        "Beds",
        "Longitude",
        "Latitude",
    ]
    csv(folder / "hospital_list.csv", [headers, *hospital_rows(*HOSPITAL)])
    csv(folder / "county.csv", [["County", "Zone", "Population(万人)", "Area_km2"], *district_rows()])


def layers_of_one_package(folder: Path) -> None:
    """Everything in one GeoPackage, its layers in frames of their own."""
    file, region = folder / "市域.gpkg", town()
    headers = ["街道代码", "区名", "街道名", "人口", "老年人口65"]
    units = pd.DataFrame(unit_rows("id", "district", "name", "people", "old"), columns=headers)
    metres = Transformer.from_crs(4326, 4549, always_xy=True)
    points = gpd.points_from_xy(*metres.transform(region.units["lon"], region.units["lat"]))
    gpd.GeoDataFrame(units, geometry=points, crs=4549).to_file(file, layer="街道点")
    hospitals = pd.DataFrame(hospital_rows(*HOSPITAL[:-2]), columns=HOSPITAL_HEADERS[:-2])
    points = gpd.points_from_xy(region.hospitals["lon"], region.hospitals["lat"])
    gpd.GeoDataFrame(hospitals, geometry=points, crs=4326).to_file(file, layer="医院点")
    districts = pd.DataFrame(district_rows(), columns=DISTRICT_HEADERS)
    shapes = list(region.districts.geometry)
    gpd.GeoDataFrame(districts, geometry=shapes, crs=4326).to_file(file, layer="区面")


def headings_over_rows(folder: Path) -> None:
    """一、云溪区 over the streets of that district, whose own cells are blank; a cover before, a remark below."""
    rows: Rows = []
    for name in DISTRICTS.values():
        mine = [r for r in unit_rows("district", "name", "people", "old", "lon", "lat") if r[0] == name]
        rows += [[f"一、{name}"], *([None, *row[1:]] for row in mine), []]
    headers = ["区", "街道（镇）", "常住人口（人）", "65岁以上", "经度", "纬度"]
    book(folder / "统计表.xlsx", {"封面": [["市统计局"]], "表1": [headers, *rows, ["注：不含流动人口"]]})
    book(folder / "医院.xlsx", {"医院": [HOSPITAL_HEADERS, *hospital_rows(*HOSPITAL)]})
    districts_and_partners(folder)


def answer_of_a_router(folder: Path) -> None:
    """OSRM's table as it answers: seconds, no ids."""
    base(folder)
    region = town()
    answer = {
        "code": "Ok",
        "durations": (minutes() * 60).round(1).to_numpy().tolist(),
        "sources": [
            {"location": [x, y]} for x, y in zip(region.units["lon"], region.units["lat"], strict=True)
        ],
        "destinations": [
            {"location": [x, y]}
            for x, y in zip(region.hospitals["lon"], region.hospitals["lat"], strict=True)
        ],
    }
    (folder / "osrm.json").write_text(json.dumps(answer), encoding="utf-8")


OFFICES = [english_export, layers_of_one_package, headings_over_rows, answer_of_a_router]
