"""The tables of the programme: spellings of disciplines, GBK, Excel, what a missing row means, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import gridplan as gp
from gridplan.doctor.doctor import check
from gridplan.inputs.disciplines import discipline_code, disciplines
from gridplan.inputs.schema import PROGRAMME_TABLES

TOWN = gp.tiny_town()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0304", "0304"), ("03.04", "0304"), ("A03.04", "0304"), ("a0304", "0304"), ("304", "0304"),
        ("０３０４", "0304"), ("'0304", "0304"), ("3.04", "0304"), ("3.1", "0310"), ("心血管内科", "0304"),
        ("心内科", "0304"), ("cardiology", "0304"), ("7", "07"), ("7.0", "07"), ("儿科专业", "07"), ("ICU", "28"),
        ("—", ""), ("心脏", "心脏"), ("99", "99"), ("0399", "0399"),
    ],
)  # fmt: skip
def test_spellings_of_a_discipline(cell, code):
    assert discipline_code(cell) == code


def test_every_name_of_the_catalogue_leads_back_to_its_code():
    for one in disciplines().values():
        for name in (one.code, one.name.zh, one.name.en, *one.aliases):
            assert discipline_code(name) == one.code


def folder(tmp_path, **tables):
    gp.write_region(TOWN, tmp_path)
    for name, content in tables.items():
        if isinstance(content, pd.DataFrame):
            content.to_excel(tmp_path / f"{name}.xlsx", index=False)
        else:
            (tmp_path / f"{name}.csv").write_text(content, encoding="gb18030")
    return tmp_path


def test_tables_in_chinese_from_gbk_and_excel(tmp_path):
    excel = pd.DataFrame({"区": ["T1"], "科目代码": [304], "患者数": [1200]})
    where = folder(
        tmp_path,
        departments="医院编号,诊疗科目,能力等级,重点专科级别\n市第一医院,心内科,3,国家\nH2,07,,\n",
        staff="医院编号,科目代码,高年资主治及以上人数,可派管理人员\nH1,03.04,12,\nH1,,,4\n",
        custody="托管方,被托管医院\nH1,H3\n",
        support="医院编号,专业,起始年度\nH3,0301,2024\n",
        needs=excel,
    )
    region = gp.read(where)
    assert region.departments.iloc[0][["hospital_id", "discipline", "level", "key"]].tolist() == [
        "H1",
        "0304",
        3.0,
        "national",
    ]
    assert pd.isna(region.departments.iloc[1]["level"])  # not known, not 0
    assert region.staff["discipline"].tolist() == ["", "0304"]
    assert region.needs[["discipline", "people"]].to_numpy().tolist() == [["0304", 1200.0]]
    assert region.custody[["hospital_id", "managed_id"]].to_numpy().tolist() == [["H1", "H3"]]
    assert region.support["year_started"].tolist() == [2024]
    assert not check(region).errors


def test_the_tables_are_written_and_read_back_with_what_is_modelled(tmp_path):
    tables = {
        "staff": pd.DataFrame({"hospital_id": ["H1"], "discipline": ["0304"], "eligible": [3.0], "row": [2]})
    }
    region = replace(TOWN.with_tables(**tables), modelled_tables={"staff": "by hand / 手工"})
    gp.write_region(region, tmp_path)
    again = gp.read(tmp_path)
    assert again.fingerprint == region.fingerprint != TOWN.fingerprint
    assert again.modelled_tables == {"staff": "by hand / 手工"}
    assert all(getattr(TOWN, name) is None for name in PROGRAMME_TABLES)


BAD = {
    "person-in-counts": {"staff": "hospital_id,discipline,eligible\nH1,0304,张三\n"},
    "absurd-number": {"departments": "hospital_id,discipline,level\nH1,0304,4\n"},
    "unknown-discipline": {"departments": "hospital_id,discipline,level\nH1,心血管内课,2\n"},
    "weak-key-specialty": {"departments": "hospital_id,discipline,level,key\nH1,0304,0,city\n"},
    "more-days-than-experts": {"staff": "hospital_id,discipline,eligible,days_per_week\nH1,0304,2,11\n"},
    "custody-of-itself": {"custody": "hospital_id,managed_id\nH1,H1\n"},
    "unknown-hospital": {"custody": "hospital_id,managed_id\nH1,H99\n"},
    "need-of-nowhere": {"needs": "discipline,people\n0304,10\n"},
    "unknown-unit": {"needs": "unit_id,discipline,people\nU999,0304,10\n"},
    "institution-is-a-hospital": {
        "institutions": "institution_id,name,kind,district_id,lon,lat\nH1,甲中心,community_centre,T1,120.02,30.02\n"
    },
    "duplicate-pair": {"departments": "hospital_id,discipline,level\nH1,0304,2\nH1,心内科,1\n"},
}


@pytest.mark.parametrize("code", BAD)
def test_a_fault_is_one_sentence_with_its_row(tmp_path, code):
    errors = check(folder(tmp_path, **BAD[code])).errors
    assert [finding.code for finding in errors] == [code]
    assert errors[0].table in BAD[code]
    assert errors[0].row is not None


def test_a_district_hospital_manages_none_of_another_district():
    hospitals = TOWN.hospitals.assign(
        tier=["district" if h in ("H2", "H3", "H4") else "municipal" for h in TOWN.hospitals["hospital_id"]]
    )
    rows = pd.DataFrame({"hospital_id": ["H3", "H2"], "managed_id": ["H4", "H4"], "row": [2, 3]})
    found = [
        f for f in check(TOWN.with_tables(hospitals=hospitals, custody=rows)) if f.code == "custody-elsewhere"
    ]
    assert [(f.row, f.id, f.severity) for f in found] == [(2, "H4", "warning")]
    assert "(T2)" in found[0].what.zh and "(T1)" in found[0].what.en


def test_custody_of_a_municipal_hospital_by_another_is_told():
    found = check(
        TOWN.with_tables(custody=pd.DataFrame({"hospital_id": ["H1"], "managed_id": ["H2"], "row": [2]}))
    )
    told = [(f.row, f.id) for f in found if f.code == "custody-of-no-district-hospital"]
    assert told == [(2, "H2")]


def test_needs_of_one_place_twice_and_a_name_among_practitioners(tmp_path):
    where = folder(tmp_path, needs="district_id,discipline,people\nT1,0304,10\nT1,心内科,20\n")
    assert [f.code for f in check(where).errors] == ["duplicate-pair"]
    head = "institution_id,name,kind,district_id,lon,lat,gps\n"
    where.joinpath("needs.csv").unlink()
    where.joinpath("institutions.csv").write_text(
        f"{head}C1,甲,community_centre,T1,120.02,30.02,李四\n", encoding="utf-8"
    )
    said = check(where).report("zh")
    assert "李四" not in said and "不得填写个人信息" in said


def test_the_name_of_a_person_is_not_repeated(tmp_path):
    said = check(folder(tmp_path, **BAD["person-in-counts"])).report("zh")
    assert "张三" not in said
    assert "不得填写个人信息" in said


def test_an_unknown_discipline_gets_a_guess(tmp_path):
    assert "心血管内科" in check(folder(tmp_path, **BAD["unknown-discipline"])).errors[0].hint.zh


def test_institutions_in_chinese_and_one_that_lies_far_outside(tmp_path):
    rows = "甲,甲中心,社区卫生服务中心,T1,120.02,30.02,8\n乙,乙院,乡镇卫生院,T1,120.4,30.4,\n"
    region = gp.read(
        folder(tmp_path, institutions=f"机构编号,机构名称,机构类型,区编号,经度,纬度,全科医生\n{rows}")
    )
    read = region.institutions.set_index("institution_id")
    assert read["kind"].to_dict() == {"甲": "community_centre", "乙": "township"}
    assert read.at["甲", "gps"] == 8 and pd.isna(read.at["乙", "gps"])
    found = check(region)
    assert [f.id for f in found if f.code == "institution-outside"] == ["乙"] and not found.errors
    assert region.label("institution", "甲") == "甲中心 (甲)"
