"""Names as people type them: one matcher, said twice (Python and the pages' script); and the pinyin that it reads."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from gridplan.inputs.matching.find_name import find_id, named
from gridplan.inputs.matching.names import Names, city_names
from gridplan.show.shared.offline import asset
from gridplan.words.errors import DataError
from gridplan.words.match import Named, alike, core, fit, in_order
from gridplan.words.pinyin import spelled
from tests.conftest import Browser
from tests.intake.messy import town
from tests.sample import sample_city

NAMES = ["重庆市长寿区", "长宁区银行大厦", "绿地3号(A)", "上海市第六人民医院", "曾厝垵", "Xuhui", ""]


def test_phrases_decide_readings():
    assert spelled(["重庆", "重点", "绿地3号"]) == ["cq chongqing", "zd zhongdian", "ld3h lvdi3hao"]
    assert spelled(["重庆", "Xuhui", ""], whole=False) == ["cq", "", ""]


def test_the_phrases_needed_give_what_all_phrases_give():
    code = "import json, sys; from gridplan.words.pinyin import spelled; print(json.dumps(spelled(json.loads(sys.argv[1]))))"
    run = subprocess.run(
        [sys.executable, "-c", code, json.dumps(NAMES)],
        env=dict(os.environ, PYPINYIN_NO_PHRASES="1"),
        capture_output=True,
        check=True,
    )
    assert json.loads(run.stdout) == spelled(NAMES)


TYPED = [
    "瑞金", "六院", "6院", "市六", "十院", "中山", "Qingpu", "qingpu", "青浦", "rj", "ruijin", "RuiJin ", "qp", "sixth people",
    "SH001", "sh0", "jing'an", "jingan", "jìng ān", "中医", "zy", "中心医院", "310118", "浦东", "pd", "华山", "", " ", "xyz", "10",
    "people's hospital", "ｒｊ", "人民医院", "第", "s", "附属", "龙华医院", "dong fang", "10号", "医院 瑞金", "绿地3号【A】", "上海·交通",
]  # fmt: skip
UNIVERSITY = [
    "上海交通大学医学院附属瑞金医院",
    "复旦大学附属中山医院青浦分院",
    "上海市第六人民医院",
    "同济大学附属第十人民医院",
    "市中医院",
]


@pytest.fixture(scope="module")
def entries() -> list[Named]:
    region = sample_city()
    partners = {h for h in region.hospitals["hospital_id"] if h.startswith("SH")}
    tables = {"hospital": region.hospitals, "district": region.districts, "unit": region.units.head(60)}
    known = [one for noun, table in tables.items() for one in named(table, noun, (partners,), pinyin=True)]
    spellings = [
        f"{a} {b}".strip() for a, b in zip(spelled(UNIVERSITY), spelled(map(core, UNIVERSITY)), strict=True)
    ]
    return known + [
        Named(f"U{n}", name, "", pinyin, 1)
        for n, (name, pinyin) in enumerate(zip(UNIVERSITY, spellings, strict=True))
    ]


def test_the_script_of_the_pages_finds_what_python_finds(browser: Browser, entries: list[Named]) -> None:
    script = (
        asset("match.js")
        + """
        const found = (typed) => bestFirst(arguments[0].map((one, n) => ({ n: n, rank: one.rank, fit: fits(one, one.pinyin, typed) }))
            .filter((one) => one.fit !== null)).map((one) => [one.n, one.fit]);
        return arguments[1].map(found);"""
    )
    cut = [one.name[n : n + 3] for one in entries for n in (0, len(one.name) // 2)]
    typed = [*TYPED, *cut, *(one.pinyin[:4] for one in entries), *(one.name_en[3:9] for one in entries)]
    browser.driver.get("data:text/html,<meta charset=utf-8>")
    told = browser.driver.execute_script(script, [vars(one) for one in entries], typed)
    assert [[tuple(one) for one in found] for found in told] == [in_order(entries, word) for word in typed]
    assert sum(map(bool, told)) > len(typed) // 2


@pytest.mark.parametrize(
    ("noun", "typed", "id"),
    [
        ("hospital", "瑞金", "SH001"), ("hospital", "zsyy", "SH007"), ("hospital", "Ruijin", "SH001"), ("hospital", "6院", "SH004"),
        ("hospital", "六院", "SH004"), ("hospital", "市六", "SH004"), ("hospital", "SH007", "SH007"), ("district", "青浦", "310118"),
        ("district", "Qingpu", "310118"), ("district", "qp", "310118"), ("district", "qingpuqu", "310118"),
    ],
)  # fmt: skip
def test_people_say_names_in_many_ways(noun: str, typed: str, id: str) -> None:
    region = sample_city()
    names = dict(zip(region.hospitals["hospital_id"], region.hospitals["name"], strict=True))
    expected = {"SH004": next(h for h, name in names.items() if "第六人民医院" in name)}.get(id, id)
    candidates = {h for h in names if h.startswith("SH")}
    assert find_id(region, noun, typed, (candidates,)) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "市眼科医院",
        " 市 第一医院",
        "云州市第一医院",
        "军区总医院【云溪院区】",
        "军区总医院(云溪院区)",
        "云州第一医院",
        "第一医院",
    ],
)
def test_what_is_typed_is_the_hospital_that_a_file_would_take_it_for(typed: str) -> None:
    region = replace(town(), title="云州市")
    names = region.hospitals["name"].str.replace("云州市眼科", "云州市·眼科")
    region = region.with_tables(hospitals=region.hospitals.assign(name=names))
    in_files = Names(region.hospitals, "hospital_id", city_names("云州市")).find(typed)
    assert len(in_files) == 1
    assert {find_id(region, "hospital", typed)} == in_files


def test_what_several_bear_and_what_nobody_bears_is_asked_back() -> None:
    region = sample_city()
    with pytest.raises(DataError, match=r"hospitals fit '人民医院'"):
        find_id(region, "hospital", "人民医院")
    for wrong in ("瑞锦医院", "Ruijing", "瑞金医阮"):
        with pytest.raises(DataError, match=r"did you mean .*瑞金医院 \(SH001"):
            find_id(region, "hospital", wrong, ({"SH001"},))
    with pytest.raises(DataError, match="青浦区"):
        find_id(region, "district", "青埔区")
    with pytest.raises(DataError, match="no district ''"):
        find_id(region, "district", "")


def test_suggestions_are_by_likeness_partners_first() -> None:
    known = [
        Named("A", "瑞金医院卢湾分院", rank=1),
        Named("B", "瑞金医院", rank=0),
        Named("C", "同仁医院", rank=0),
    ]
    assert alike(known, "瑞全医院")[0] == 1
    assert fit(known[0], "瑞金") == fit(known[1], "瑞金") == 1 and in_order(known, "瑞金") == [(1, 1), (0, 1)]
    assert [core(name) for name in UNIVERSITY] == [
        "瑞金医院",
        "中山医院青浦分院",
        "第六人民医院",
        "第十人民医院",
        "市中医院",
    ]
