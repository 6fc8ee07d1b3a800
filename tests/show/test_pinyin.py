"""Pinyin of names: the readings of phrases, whether pypinyin loaded all of them or only those that are needed."""

import json
import os
import subprocess
import sys

from gridplan.show.map.pinyin import spelled

NAMES = ["重庆市长寿区", "长宁区银行大厦", "绿地3号(A)", "上海市第六人民医院", "曾厝垵", "Xuhui", ""]


def test_phrases_decide_readings():
    assert spelled(["重庆", "重点", "绿地3号"]) == ["cq chongqing", "zd zhongdian", "ld3h lvdi3hao"]
    assert spelled(["重庆", "Xuhui", ""], whole=False) == ["cq", "", ""]


def test_the_phrases_needed_give_what_all_phrases_give():
    code = "import json, sys; from gridplan.show.map.pinyin import spelled; print(json.dumps(spelled(json.loads(sys.argv[1]))))"
    run = subprocess.run(
        [sys.executable, "-c", code, json.dumps(NAMES)],
        env=dict(os.environ, PYPINYIN_NO_PHRASES="1"),
        capture_output=True,
        check=True,
    )
    assert json.loads(run.stdout) == spelled(NAMES)
