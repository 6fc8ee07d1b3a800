"""Write the region folder of a city of the documents: its real files, and the hospital tables that stand beside this.

    python data/cities/make_city.py CITY --data DIR --out FOLDER [--plan]

With --plan it is planned under the policy of its own document, too: map, report, and the parts of the programme that the
data allow; the others are listed with what they need.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import gridplan as gp
from gridplan.show.programme.save_shown import save_shown

HERE = Path(__file__).parent
POLICIES = {
    "hangzhou": "jianggan-2019",
    "jiaxing": "zhejiang-2020",
    "chengdu": "chengdu-2018",
    "liuzhou": "liuzhou-2016",
}
TITLES = {"hangzhou": "杭州市", "jiaxing": "嘉兴市", "chengdu": "成都市", "liuzhou": "柳州市"}
# Ours: which districts are central, suburban, outer; counties run county communities.
KINDS = {
    "hangzhou": {
        "central": "330102 330103 330104 330105 330106 330108", "suburban": "330109 330110", "outer_suburban": "330111 330185",
        "county": "330122 330127 330182",
    },
    "jiaxing": {"central": "330402 330411", "county": "330421 330424 330481 330482 330483"},
    "chengdu": {
        "central": "510104 510105 510106 510107 510108", "suburban": "510112 510113 510114 510115 510116",
        "outer_suburban": "510121 510129 510131 510132 510181 510182 510183 510184",
    },
    "liuzhou": {"central": "450202 450203 450204 450205", "county": "450222 450223 450224 450225 450226"},
}  # fmt: skip
CENSUS_CODES = {
    "hangzhou": {"330112": "330185"},
    "chengdu": {"510118": "510132"},
}  # the census's code → the polygon's
NOTE = (
    "医院表据公开信息整理，非官方名录；所有医院位置均为近似 / Hospitals: compiled from public knowledge, no official list; "
    "all their positions are approximate"
)


def write_city(city: str, data: Path, out: Path) -> Path:
    """The region folder of a city; says what is left out."""
    source = data / city
    kinds = {code: kind for kind, codes in KINDS[city].items() for code in codes.split()}
    out.mkdir(parents=True, exist_ok=True)
    census = pd.read_csv(source / "district_population_2020.csv", dtype=str)
    census["adcode"] = census["adcode"].replace(CENSUS_CODES.get(city, {}))
    left = census[~census["adcode"].isin(list(kinds))]
    if len(left):
        people = left["人口数_合计"].astype(int).sum()
        print(f"{city}: left out, no polygon: {'、'.join(left['区县'])}, {people:,} residents")
    census = census[census["adcode"].isin(list(kinds))]
    census[["adcode", "人口数_合计"]].to_csv(
        out / "census.csv", index=False, encoding="utf-8", lineterminator="\n"
    )
    towns = pd.read_csv(source / "towns_gcj02.csv", dtype=str)
    towns = towns[towns["adcode"].isin(list(kinds))]
    towns.to_csv(out / "towns.csv", index=False, encoding="utf-8", lineterminator="\n")
    pd.DataFrame(kinds.items(), columns=["adcode", "kind"]).to_csv(
        out / "kinds.csv", index=False, lineterminator="\n"
    )
    for name in ("hospitals", "branches", "partnerships"):
        path = HERE / city / f"{name}.csv"
        if path.is_file():
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            table = table[table["district_id"].isin(list(kinds))]
            table.to_csv(out / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    text = f'''name = "{city}"
title = "{TITLES[city]}（示例）"
datum = "gcj02"
sources = [
    "{NOTE}",
    "区界与乡镇街道点：Vonng/adcode，CC BY 4.0 / Borders and towns: Vonng/adcode, CC BY 4.0",
    "各区常住人口：2020 年第七次人口普查，leiii/census，MIT，(c) 2022 Lei Dong / Residents: 7th census 2020, leiii/census, MIT",
    "区的类型为本软件所拟 / Kinds of districts are ours",
]
data_date = "2020-11-01"

[tables.districts]
file = ["{(source / "districts_gcj02.geojson").resolve().as_posix()}", "census.csv", "kinds.csv"]
[tables.units]
file = "towns.csv"
where = {{ level = "town" }}
'''
    for name in ("hospitals", "branches"):
        if (out / f"{name}.csv").is_file():
            text += f'[tables.{name}]\nfile = "{name}.csv"\ndatum = "wgs84"\n'
    text += '[people]\nshare = "equal"\n[units]\nwithout_location = "leave_out"\n'
    (out / "region.toml").write_text(text, encoding="utf-8", newline="\n")
    return out


def plan_city(city: str, folder: Path, out: Path) -> gp.Plan:
    """Plan, save and show a city; then the parts of the programme that its data allow."""
    plan = gp.plan(gp.read(folder), gp.policy(POLICIES[city]))
    gp.save(plan, out)
    print(plan.summary())
    try:
        programme = gp.programme(plan)
    except gp.errors.DataError as error:
        print(error)
    else:
        save_shown(programme, out)
        print(programme.summary())
    return plan


def main() -> None:
    """One city, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", choices=[*POLICIES, "all"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plan", action="store_true")
    asked = parser.parse_args()
    for city in POLICIES if asked.city == "all" else [asked.city]:
        folder = write_city(city, asked.data, asked.out / f"{city}-region")
        if asked.plan:
            plan_city(city, folder, asked.out / city)


if __name__ == "__main__":
    main()
