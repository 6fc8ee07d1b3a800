"""A policy that contradicts itself or the region: one clear error each, naming file and key, from TOML and from Python."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.policies.rules import Rule

TOWN, SHANGHAI = gp.tiny_town(), gp.policy("shanghai-2025")
HEAD = 'extends = "shanghai-2025"\nname = "mine"\n'


def pair(district: str, hospital: str, key: str = "pin") -> str:
    return f'[[{key}]]\ndistrict_id = "{district}"\nhospital_id = "{hospital}"\n'


def override(key: str, who: str) -> str:
    return f'[{key}.override.{who}]\nmost = 3\nreason = "x"\n'


# name → TOML, the same in Python, the key that is named, words in English and in Chinese
CLASHES: dict[str, tuple[str, tuple[Rule, ...], str, str, str]] = {
    "more pins of a district than its cap": (
        pair("T1", "H1") + pair("T1", "H2") + pair("T1", "H3"),
        (gp.rules.Pin("T1", "H1"), gp.rules.Pin("T1", "H2"), gp.rules.Pin("T1", "H3")),
        "pin", "中区 (T1) has 3 pinned partners, cap 2", "指定了 3 家，上限 2",
    ),
    "more pins of a hospital than its cap": (
        "[hospital_cap]\nmost = 1\n" + pair("T1", "H1") + pair("T2", "H1"),
        (gp.rules.HospitalCap(1), gp.rules.Pin("T1", "H1"), gp.rules.Pin("T2", "H1")),
        "pin", "is pinned to 2 districts, cap 1", "被指定给 2 个区，上限 1",
    ),
    "a pin and a ban of one pair": (
        pair("T1", "H1") + pair("T1", "H1", "ban"), (gp.rules.Pin("T1", "H1"), gp.rules.Ban("T1", "H1")),
        "pin", "T1 – H1 is banned as well", "T1 – H1 同时被禁止",
    ),
    "a pin without a basis": (
        '[eligibility]\nmode = "strict"\n[candidates]\nexempt = []\n' + pair("T1", "H3"),
        (gp.rules.Eligibility("strict"), gp.rules.Candidates(exempt=()), gp.rules.Pin("T1", "H3")),
        "pin", "has priority 5, SH-6 allows 1 to 3", "SH-6 只许 1 至 3",
    ),
    "a pin of a specialist": (pair("T1", "H7"), (gp.rules.Pin("T1", "H7"),), "pin", "H7 is not a candidate", "H7 不是候选医院"),
    "a pin of nobody": (pair("T1", "H9"), (gp.rules.Pin("T1", "H9"),), "pin", "no hospital 'H9'", "没有医院 'H9'"),
    "a ban by name": (pair("T1", "市第一医院", "ban"), (gp.rules.Ban("T1", "市第一医院"),), "ban", "write the id: H1", "请写编号：H1"),
    "an override of no district": (
        override("district_cap", "T9"), (gp.rules.DistrictCap(2, {"T9": gp.rules.Override(3, "x")}),),
        "district_cap.override.T9", "no district 'T9'", "没有区 'T9'",
    ),
    "an override of no hospital": (
        override("hospital_cap", "H9"), (gp.rules.HospitalCap(3, {"H9": gp.rules.Override(3, "x")}),),
        "hospital_cap.override.H9", "no hospital 'H9'", "没有医院 'H9'",
    ),
    "an override that binds nobody": (
        override("hospital_cap", "H4"), (gp.rules.HospitalCap(3, {"H4": gp.rules.Override(3, "x")}),),
        "hospital_cap.override.H4", "no cap binds it", "不受数量限制",
    ),
    "a standard that nobody keeps": (
        "[travel_standard]\nminutes = 1\n[candidates]\nexempt = []\n", (gp.rules.TravelStandard(1), gp.rules.Candidates(exempt=())),
        "travel_standard", "min away, limit 1; 11 more unit(s) likewise, rows 3–13 of units", "另有 11 个单元同样：单元表第 3–13 行",
    ),
    "more partners than there may be": (
        "[least_partners]\nleast = 3\n[district_cap.override.T1]\nmost = 3\nreason = 'x'\n[district_cap.override.T2]\nmost = 3\nreason = 'x'\n",
        (gp.rules.LeastPartners(3), gp.rules.DistrictCap(2, {d: gp.rules.Override(3, "x") for d in ("T1", "T2")})),
        "least_partners", "must have 3 counted partners but can have 2", "须有 3 家计入上限的医院，但至多 2 家",
    ),
}  # fmt: skip


def refusal(policy: gp.Policy) -> gp.PolicyError:
    with pytest.raises(gp.PolicyError) as refused:
        gp.plan(TOWN, policy)
    return refused.value


def from_toml(folder: Path, text: str, name: str = "mine.toml") -> gp.Policy:
    (folder / name).write_text(text, encoding="utf-8")
    return gp.policy(folder / name)


@pytest.mark.parametrize("name", CLASHES)
def test_a_clash_with_the_region_names_file_and_key_once(name: str, tmp_path: Path) -> None:
    text, rules, key, english, chinese = CLASHES[name]
    error = refusal(from_toml(tmp_path, HEAD + text))
    (finding,) = error.findings
    assert f"mine.toml: {key}" in finding.what.en and f"mine.toml：{key}" in finding.what.zh
    assert english in str(error) and chinese in error.say("zh")
    assert error.say("zh").count(finding.what.zh) == 1
    same = refusal(SHANGHAI.with_rule(*rules))
    (said,) = same.findings
    assert said.id == finding.id and key in said.what.en and ".toml" not in said.what.en


@pytest.mark.parametrize("name", [name for name in CLASHES if "override" in name])
def test_the_judge_refuses_the_same_overrides(name: str, tmp_path: Path) -> None:
    text, _, key, english, _ = CLASHES[name]
    rows = gp.plan(TOWN, SHANGHAI).assignment
    with pytest.raises(gp.PolicyError, match=rf"mine\.toml: {key}") as refused:
        gp.judge(TOWN, from_toml(tmp_path, HEAD + text), rows)
    assert english in str(refused.value)


def test_a_fault_is_named_with_the_file_that_wrote_it(tmp_path: Path) -> None:
    from_toml(tmp_path, HEAD + override("district_cap", "T8"), "house.toml")
    mine = from_toml(
        tmp_path, 'extends = "house"\n[district_cap]\nmost = 3\n' + override("hospital_cap", "H9")
    )
    said = [f.what.en.rpartition(": the")[0] for f in refusal(mine).findings]
    assert said == ["house.toml: district_cap.override.T8", "mine.toml: hospital_cap.override.H9"]
    (tmp_path / "house.toml").write_text(HEAD + "[district_cap]\nmost = 0\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text('extends = "house"\n[hospital_cap]\nmost = 0\n', encoding="utf-8")
    with pytest.raises(gp.PolicyError) as refused:
        gp.policy(tmp_path / "mine.toml")
    assert [f.what.en.partition(" must")[0] for f in refused.value.findings] == [
        "house.toml: district_cap.most",
        "mine.toml: hospital_cap.most",
    ]


def test_where_a_policy_was_written_changes_neither_value_nor_digest(tmp_path: Path) -> None:
    mine = from_toml(tmp_path, HEAD + override("district_cap", "T1"))
    (tmp_path / "there").mkdir()
    there = from_toml(tmp_path / "there", HEAD + override("district_cap", "T1"), "theirs.toml")
    assert mine.origins != there.origins and mine == there
    assert mine.digest == there.digest and "mine.toml" not in repr(mine)
    assert pickle.loads(pickle.dumps(mine)).origins == mine.origins


def test_a_plan_folder_names_itself(tmp_path: Path) -> None:
    made = gp.plan(TOWN, SHANGHAI.with_rule(gp.rules.DistrictCap(2, {"T1": gp.rules.Override(2, "x")})))
    assert (
        gp.open_plan(gp.save(made, tmp_path / "p")).policy.where("district_cap").en
        == "plan.json: district_cap"
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[candidates]\ntiers = "municipal"', 'tiers = ["municipal"]'),
        ('[candidates]\nownerships = "militery"', 'ownerships = ["military"]'),
        ("[candidates]\ncounted = 3", 'counted = ["general"]'),
        ("[district_cap]\nmost = 0", "most = 1"),
        ("[most_changes]\nmost = -1", "most = 0"),
        ('pin = "T1"', "[[pin]]"),
        ('title_zh = ["x"]', 'title_zh = "…"'),
    ],
)
def test_a_hint_can_be_written_as_it_stands(text: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(gp.PolicyError) as refused:
        from_toml(tmp_path, (text + "\n" + HEAD) if "\n" not in text else HEAD + text + "\n")
    (finding,) = refused.value.findings
    assert finding.hint.en == finding.hint.zh == hint


def test_a_class_is_no_rule() -> None:
    with pytest.raises(TypeError, match=r"with_rule takes rules such as gp\.rules\.DistrictCap\(2\)"):
        SHANGHAI.with_rule(gp.rules.DistrictCap)  # type: ignore[arg-type]
