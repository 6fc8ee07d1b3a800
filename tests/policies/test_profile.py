"""Profiles: the built-in ones load and read well; one's own says file and key of every fault, all at once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from gridplan.policies.extends import profile_names
from gridplan.policies.profile import from_dict, policy, save_policy, to_dict
from gridplan.policies.rules import (
    RULES,
    Ban,
    Candidates,
    Capacity,
    DistrictCap,
    Eligibility,
    FullCoverage,
    HospitalCap,
    LeastPartners,
    LeastShare,
    Override,
    Pin,
    Priority,
    TravelStandard,
)
from gridplan.words.errors import PolicyError
from gridplan.words.vocabulary import KINDS

BASE = 'extends = "shanghai-2025"\nname = "mine"\n'
EVERYTHING = policy("shanghai-2025").with_rule(
    DistrictCap(2, {"T2": Override(1, "small"), "T1": Override(3, "large 大")}),
    Pin("T1", "H1", "why"), Ban("T2", "H1"), Pin("T2", "H3"), Capacity("beds", 800.5), TravelStandard(45.5, 2),
    LeastPartners(1), LeastShare(0.125), Candidates(ownerships=("public", "military"), exempt_layer="chinese"),
    Eligibility("strict"),
)  # fmt: skip


def write(folder: Path, text: str | bytes, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def refusal(path: str | Path) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        policy(path)
    return refused.value


def test_shanghai_2025_is_what_policy_rules_says() -> None:
    p = policy("shanghai-2025")
    assert p.goals == ("travel",) and p.prices == (0, 5, 10, 15, 30) and p.worst_priority == 5
    assert p.rules == (
        FullCoverage(),
        DistrictCap(2),
        HospitalCap(3),
        Candidates(),
        Priority(),
        Eligibility(),
    )
    assert p.candidates.layers == {"general": ("general",), "tcm": ("tcm", "integrated_tcm")}
    assert (p.candidates.tiers, p.candidates.ownerships) == (("municipal",), ("public",))


def test_strict_differs_in_the_order_only() -> None:
    plain, strict = policy("shanghai-2025"), policy("shanghai-2025-strict")
    assert strict.name == "shanghai-2025-strict" and strict.title != plain.title
    assert strict.goals == ("priority", "travel") and not any(strict.prices)
    assert [line.en.split()[0] for line in plain.diff(strict)] == ["SH-5", "goals:"]


@pytest.mark.parametrize("name", profile_names())
def test_a_built_in_profile_prints_as_a_page(name: str) -> None:
    p = policy(name)
    english, chinese = p.page("en"), p.page("zh")
    assert str(p) == f"{chinese}\n\n{english}"
    for rule in p.rules:
        for page, lang in ((english, "en"), (chinese, "zh")):
            (line,) = [line for line in page.splitlines() if line.strip().startswith(rule.id + " ")]
            assert rule.title.say(lang) in line and rule.sentence().say(lang) in line  # type: ignore[arg-type]
    for kind in RULES:
        if not p.rules_of(kind):
            assert (
                kind.title.en in english.split("Off: ")[1] and kind.title.zh in chinese.split("未启用：")[1]
            )
    assert p.source in english and p.title.zh in chinese
    assert "detour 1.3" in english and "中心城区 20" in chinese and "central" not in chinese


def test_a_page_in_a_notebook_runs_nothing() -> None:
    html = policy("shanghai-2025").with_rule(Pin("T1", "H1", "<script>alert(1)</script>"))._repr_html_()
    assert "<script>" not in html


@pytest.mark.parametrize(
    "p", [policy("shanghai-2025"), policy("shanghai-2025-strict"), EVERYTHING], ids=lambda p: p.name
)
def test_round_trip(tmp_path: Path, p) -> None:
    save_policy(p, tmp_path / "saved.toml")
    again = policy(tmp_path / "saved.toml")
    assert again == p and again.digest == p.digest
    assert from_dict(to_dict(p), "plan.json") == p


def test_extends_writes_only_what_differs(tmp_path: Path) -> None:
    text = (
        BASE
        + '[district_cap.override.310115]\nmost = 3\nreason = "large"\n[travel.speed_km_h]\ncentral = 15\n'
    )
    p, base = policy(write(tmp_path, text)), policy("shanghai-2025")
    assert p.rule(DistrictCap) == DistrictCap(2, {"310115": Override(3, "large")})
    assert p.travel.speed_km_h == {**base.travel.speed_km_h, "central": 15} and p.travel.detour == 1.3
    assert (p.name, p.rule(HospitalCap)) == ("mine", base.rule(HospitalCap))


def test_off_switches_rules_of_the_extended_profile_off(tmp_path: Path) -> None:
    write(tmp_path, BASE + "[least_share]\nshare = 0.2\n[capacity]\n", "house.toml")
    p = policy(
        write(
            tmp_path, 'extends = "house"\noff = ["least_share", "hospital_cap"]\n[district_cap]\nmost = 1\n'
        )
    )
    assert p.rule(LeastShare) is None and p.rule(HospitalCap) is None
    assert p.rule(DistrictCap) == DistrictCap(1) and p.rule(Capacity) is not None
    write(tmp_path, 'extends = "mine"\n[least_share]\nshare = 0.1\n', "again.toml")
    again = policy(tmp_path / "again.toml")  # what one switches off, one above it may write again
    assert again.rule(LeastShare) == LeastShare(0.1) and again.rule(HospitalCap) is None
    assert policy(write(tmp_path, BASE + "off = []\n")).rules == policy("shanghai-2025").rules


def test_off_needs_something_to_switch_off(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, 'off = ["least_share"]\n[travel]\ndetour = 1.3\n[travel.speed_km_h]\n'))
    assert "off acts only with extends" in str(error) and "off 须与 extends 同用" in error.say("zh")


def test_a_profile_without_a_name_is_called_after_its_file(tmp_path: Path) -> None:
    assert policy(write(tmp_path, 'extends = "shanghai-2025"\n', "ours.toml")).name == "ours"


def test_extends_a_file_beside_it_wherever_one_stands(tmp_path: Path, monkeypatch) -> None:
    write(tmp_path, BASE + "[district_cap]\nmost = 1\n", "base.toml")
    write(tmp_path, 'extends = "base"\n[hospital_cap]\nmost = 5\n', "one.toml")
    write(tmp_path, 'extends = "base.toml"\n', "two.toml")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    one, two = policy("../one.toml"), policy(tmp_path / "two.toml")
    assert (one.rule(DistrictCap), one.rule(HospitalCap)) == (DistrictCap(1), HospitalCap(5))
    assert two.rule(DistrictCap) == DistrictCap(1)


def test_files_lying_about_do_not_change_a_built_in(tmp_path: Path, monkeypatch) -> None:
    write(tmp_path, BASE + "[district_cap]\nmost = 9\n", "shanghai-2025.toml")
    monkeypatch.chdir(tmp_path)
    assert policy("shanghai-2025-strict").rule(DistrictCap) == DistrictCap(2)
    assert policy("shanghai-2025.toml").rule(DistrictCap) == DistrictCap(9)  # which extends the built-in


@pytest.mark.parametrize(
    "files", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c.toml", "c": "./b.toml"}]
)
def test_an_extends_loop_is_said(tmp_path: Path, files: dict[str, str]) -> None:
    for name, base in files.items():
        write(tmp_path, f'extends = "{base}"\n', f"{name}.toml")
    error = refusal(tmp_path / "a.toml")
    assert "in turn" in str(error) and ".toml: extends:" in str(error) and "形成循环" in error.say("zh")


@pytest.mark.parametrize(
    ("base", "said"),
    [('"shanghai-2024"', "did you mean shanghai-2025"), ("5", "shanghai-2025"), ('"no.toml"', "no.toml")],
)
def test_extends_of_nothing_is_said(tmp_path: Path, base: str, said: str) -> None:
    error = refusal(write(tmp_path, f"extends = {base}\n"))
    assert said in str(error) and (said.split()[-1] in error.say("zh"))


# What is written below the good head → the keys that are named, and words of the message.
def test_a_policy_that_extends_nothing_and_says_nothing_is_told_where_to_begin(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, ""))
    assert [f.id for f in error.findings] == ["travel"] and 'extends = "shanghai-2025"' in str(error)


def test_a_policy_saved_as_gbk_is_read(tmp_path: Path) -> None:
    text = BASE + 'title_zh = "一区一院"\n'
    assert policy(write(tmp_path, text.encode("gb18030"))).title.zh == "一区一院"


FAULTS = {
    "unknown table": ("[distirct_cap]\nmost = 1", ["distirct_cap"], "did you mean district_cap?"),
    "unknown key in a rule": ("[district_cap]\nmots = 1", ["district_cap.mots"], "did you mean most?"),
    "unknown key in an override": ('[district_cap.override.X]\nmost = 1\nreasn = "x"', ["district_cap.override.X.reasn", "district_cap.override.X.reason"], "did you mean reason?"),
    "unknown key in travel": ("[travel]\ndetuor = 2", ["travel.detuor"], "did you mean detour?"),
    "unknown kind of district": ("[travel.speed_km_h]\nsuburbann = 20", ["travel.speed_km_h.suburbann"], "suburban"),
    "two unknown goals": ('goals = ["prioritty", "travle"]', ["goals", "goals"], "did you mean travel?"),
    "unknown goal": ('goals = ["prioritty", "travel"]', ["goals"], "did you mean priority?"),
    "a goal twice": ('goals = ["worst", "travel", "worst"]', ["goals"], "write each goal once"),
    "a goal in Chinese": ('goals = ["出行"]', ["goals"], "coverage, deviations, priority, travel, worst"),
    "off: a rule that is none": ('off = ["least_shar"]', ["off"], "did you mean least_share?"),
    "off: an id": ('off = ["SHARE"]', ["off"], "not a known rule"),
    "off: a text": ('off = "least_share"', ["off"], "list of rules"),
    "off: what is no rule": ('off = ["travel"]', ["off"], "not a known rule"),
    "off: a list of lists": ('off = [["least_share"]]', ["off"], "list of rules"),
    "off and written": ('off = ["district_cap"]\n[district_cap]\nmost = 1', ["off"], "written here as well"),
    "no goal": ("goals = []", ["goals"], "at least one goal"),
    "goals that are numbers": ("goals = [1, 2]", ["goals"], "list of goals"),
    "goals as a table": ("[goals]\nfirst = 1", ["goals"], "list of goals"),
    "tolerance below 0": ("tolerance = -0.1", ["tolerance"], "got -0.1"),
    "tolerance as a text": ('tolerance = "5%"', ["tolerance"], "tolerance = 0.05"),
    "tolerance true": ("tolerance = true", ["tolerance"], "got True"),
    "tolerance nan": ("tolerance = nan", ["tolerance"], "got nan"),
    "tolerance without an end": ("tolerance = inf", ["tolerance"], "got inf"),
    "tolerance misspelt": ("tolerence = 0.1", ["tolerence"], "did you mean tolerance?"),
    "goals as a text": ('goals = "travel"', ["goals"], "list"),
    "goals in a list of lists": ('goals = [["travel"]]', ["goals"], "list"),
    "cap 0": ("[district_cap]\nmost = 0", ["district_cap.most"], "got 0"),
    "cap -1": ("[hospital_cap]\nmost = -1", ["hospital_cap.most"], "got -1"),
    "cap 2.5": ("[district_cap]\nmost = 2.5", ["district_cap.most"], "got 2.5"),
    "cap true": ("[district_cap]\nmost = true", ["district_cap.most"], "got True"),
    "cap text": ('[district_cap]\nmost = "two"', ["district_cap.most"], "got 'two'"),
    "cap nan": ("[district_cap]\nmost = nan", ["district_cap.most"], "got nan"),
    "override without reason": ("[district_cap.override.X]\nmost = 3", ["district_cap.override.X.reason"], "needs a reason"),
    "override with a blank reason": ('[hospital_cap.override.X]\nmost = 3\nreason = "  "', ["hospital_cap.override.X.reason"], "needs a reason"),
    "override without a number": ('[hospital_cap.override.X]\nreason = "x"', ["hospital_cap.override.X.most"], "whole number"),
    "override 0": ('[district_cap.override.X]\nmost = 0\nreason = "x"', ["district_cap.override.X.most"], "got 0"),
    "override that is a number": ("[district_cap.override]\nX = 3", ["district_cap.override.X"], "most and reason"),
    "overrides that are a number": ("[district_cap]\noverride = 3", ["district_cap.override"], "table"),
    "prices of wrong length": ("[priority]\nprices = [0, 5, 10]", ["priority.prices"], "five"),
    "falling prices": ("[priority]\nprices = [30, 15, 10, 5, 0]", ["priority.prices"], "not falling"),
    "a single price": ("[priority]\nprices = 5", ["priority.prices"], "five"),
    "unknown tier": ('[candidates]\ntiers = ["munincipal"]', ["candidates.tiers"], "municipal"),
    "tiers as a text": ('[candidates]\ntiers = "municipal"', ["candidates.tiers"], "list"),
    "merge as a text": ('[candidates]\nmerge_layers = "false"', ["candidates.merge_layers"], "true or false"),
    "layer of a taken name": ('[candidates]\nexempt_layer = "general"', ["candidates.exempt_layer"], "name of its own"),
    "unknown mode": ('[eligibility]\nmode = "prefre"', ["eligibility.mode"], "prefer"),
    "mode as a list": ('[eligibility]\nmode = ["strict"]', ["eligibility.mode"], "prefer"),
    "a pin without hospital": ('[[pin]]\ndistrict_id = "X"', ["pin.hospital_id"], "missing"),
    "a pin that is a text": ('pin = "X"', ["pin"], "table"),
    "a list of rules": ("[[full_coverage]]", ["full_coverage"], "table"),
    "beds without people": ('[capacity]\nsource = "beds"', ["capacity.people_per_bed"], "needed"),
    "speed 0": ("[travel.speed_km_h]\ncentral = 0", ["travel.speed_km_h.central"], "got 0"),
    "speeds as a number": ("[travel]\nspeed_km_h = 20", ["travel.speed_km_h"], "table"),
    "detour below 1": ("[travel]\ndetour = 0.9", ["travel.detour"], "got 0.9"),
    "snap 0": ("[travel]\nsnap_km = 0", ["travel.snap_km"], "got 0"),
    "unknown method": ('[travel]\nmethod = "car"', ["travel.method"], "straight_line"),
    "several at once": ('[priority]\nprices = []\n[hospital_cap]\nmost = 0\n[elegibility]\nmode = "x"\n[least_share]\nshare = 2',
                        ["priority.prices", "hospital_cap.most", "elegibility", "least_share.share"], "eligibility"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_and_key_in_both_languages(tmp_path: Path, name: str) -> None:
    text, keys, words = FAULTS[name]
    error = refusal(write(tmp_path, BASE + text + "\n"))
    assert sorted(f.id for f in error.findings) == sorted(keys)
    for finding in error.findings:
        assert finding.severity == "error" and finding.hint.en and finding.hint.zh
        assert finding.what.en.startswith(f"mine.toml: {finding.id} ")
        assert finding.what.zh.startswith(f"mine.toml：{finding.id} ")
        assert finding.what.en in str(error) and finding.what.zh in error.say("zh")
    assert words in str(error)


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, 'name = "bare"\n[travel]\n'))
    assert [f.id for f in error.findings] == ["travel.detour", "travel.speed_km_h"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    broken = refusal(write(tmp_path, "name = \n", "broken.toml"))
    assert "broken.toml: not valid TOML" in str(broken) and "line 1" in str(broken)
    assert "broken.toml：不是有效的 TOML" in broken.say("zh")
    for path in (tmp_path / "none.toml", tmp_path):
        error = refusal(path)
        assert f"{path}: cannot be read" in str(error) and "无法读取" in error.say("zh")
    binary = refusal(write(tmp_path, b"\x00\x01", "binary.toml"))
    assert "binary.toml is not a text file" in str(binary) and "不是文本文件" in binary.say("zh")


def test_a_profile_with_bom_reads(tmp_path: Path) -> None:
    assert policy(write(tmp_path, b"\xef\xbb\xbf" + BASE.encode())).name == "mine"


def test_an_unknown_name_says_what_there_is() -> None:
    near, far = refusal("shanghai-2052"), refusal("guangzhou")
    assert "did you mean shanghai-2025?" in str(near) and "是否指 shanghai-2025" in near.say("zh")
    assert all(name in str(far) and name in far.say("zh") for name in profile_names())


def test_ids_may_be_written_as_numbers(tmp_path: Path) -> None:
    p = policy(write(tmp_path, BASE + '[[pin]]\ndistrict_id = 310151\nhospital_id = "SH003"\n'))
    assert p.rules_of(Pin) == (Pin("310151", "SH003"),)


def test_one_pin_may_be_a_plain_table(tmp_path: Path) -> None:
    p = policy(write(tmp_path, BASE + '[ban]\ndistrict_id = "A"\nhospital_id = "B"\n'))
    assert p.rules_of(Ban) == (Ban("A", "B"),)


def test_every_kind_of_district_has_a_speed_in_every_profile() -> None:
    assert all(set(policy(name).travel.speed_km_h) == set(KINDS) for name in profile_names())


def test_a_policy_is_a_value() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVERYTHING.name = "other"  # type: ignore[misc]
