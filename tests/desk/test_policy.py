"""The policy's form: out of the rules' own classes, and back without a change that nobody made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.desk.policy.names import FIELDS, OPTIONS
from gridplan.geography.travel import TravelSettings
from gridplan.policies.goals import GOALS
from gridplan.policies.rules import RULES
from gridplan.policies.values import WORD, WORDS
from tests.desk.at_desk import Desk, open_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("policy")
    gp.write_region(gp.tiny_town(), folder)
    with open_desk(folder) as opened:
        yield opened


class Form(HTMLParser):
    """What a browser would send of the policy's form, as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.inside, self.select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.inside = said.get("action") == "policy?do=save"
        elif self.inside and tag == "input" and (said["type"] == "text" or "checked" in said):
            self.sent[said["name"] or ""].append(said.get("value") or "")
        elif self.inside and tag == "select":
            self.select = said["name"] or ""
        elif self.inside and tag == "option" and self.select and "selected" in said:
            self.sent[self.select].append(said.get("value") or "")
            self.select = ""


def choose(desk: Desk, profile: str) -> dict[str, list[str]]:
    """The form of a profile that was just chosen."""
    reply = desk.post("policy/choose", {"profile": profile})
    assert reply.status == 200
    return Form(reply.text).sent


def written(desk: Desk) -> gp.Policy:
    return gp.policy(desk.server.state.policy_file)


@pytest.mark.parametrize("profile", gp.profile_names())
def test_a_form_that_nobody_touched_changes_nothing(profile: str, desk: Desk) -> None:
    form = choose(desk, profile)
    desk.server.state.policy_file.touch()
    reply = desk.post("policy/save", form)
    assert "Not saved" not in reply.words
    assert written(desk) == gp.policy(profile)
    assert written(desk).digest == gp.policy(profile).digest


def test_each_rule_is_there_with_its_clause_and_its_fields(desk: Desk) -> None:
    choose(desk, "shanghai-2025")
    page = desk.get("policy")
    for kind in RULES:
        assert f"{kind.id} {kind.title.en}" in page.words
        where = f"{kind.key}.0" if kind.many else kind.key
        for field in fields(kind):
            assert f'name="{where}.{field.name}' in page.text, (kind, field.name)


def test_rules_are_switched_and_numbers_changed(desk: Desk) -> None:
    form = choose(desk, "shanghai-2025")
    del form["on.eligibility"]
    form["district_cap.most"] = ["１"]
    form["district_cap.more_above_people"] = ["3,000,000"]
    form["on.travel_standard"], form["travel_standard.minutes"] = ["1"], ["75.5"]
    form |= {"hospital_cap.override.0.key": ["H1"], "hospital_cap.override.0.value": ["4"], "hospital_cap.override.0.reason": ["因床位充足"]}  # fmt: skip
    form |= {"pin.0.district_id": ["T1"], "pin.0.hospital_id": ["H2"], "pin.0.reason": ["现有托管"]}
    form["goals"] = ["coverage", "travel", ""]
    form["travel.speed_km_h.0.value"] = ["25"]
    assert "Not saved" not in desk.post("policy/save", form).words
    made = written(desk)
    assert made.rule(gp.rules.Eligibility) is None
    cap = made.rule(gp.rules.DistrictCap)
    assert cap is not None
    assert (cap.most, cap.more_above_people) == (1, 3_000_000)
    assert made.rule(gp.rules.TravelStandard) == gp.rules.TravelStandard(75.5)
    hospital = made.rule(gp.rules.HospitalCap)
    assert hospital is not None
    assert dict(hospital.override) == {"H1": gp.rules.Override(4, "因床位充足")}
    assert made.rules_of(gp.rules.Pin) == (gp.rules.Pin("T1", "H2", "现有托管"),)
    assert made.goals == ("coverage", "travel")
    assert made.travel.speed_km_h["central"] == 25
    assert made.programme == gp.policy("shanghai-2025").programme, "what the form does not show stays"


def test_what_is_one_of_a_list_is_chosen_from_it(desk: Desk) -> None:
    """Which visits count, whom a score is of, which residents weigh more: nothing of it has to be typed."""
    form = choose(desk, "shanghai-2025")
    page = desk.get("policy").text
    for name in ("visit_demand.places", "pair_scores.scores.0.key", "pair_scores.scores.0.with", "group_weights.weights.0.key"):  # fmt: skip
        assert re.search(rf'<select[^>]* name="{re.escape(name)}"', page), name
    form |= {"on.visit_demand": ["1"], "visit_demand.places": ["municipal"]}
    form |= {"on.pair_scores": ["1"], "pair_scores.scores.0.key": ["T1"], "pair_scores.scores.0.with": ["H2"], "pair_scores.scores.0.value": ["60"]}  # fmt: skip
    form |= {"on.group_weights": ["1"], "group_weights.weights.0.key": ["people_65plus"], "group_weights.weights.0.value": ["2"]}  # fmt: skip
    assert "Not saved" not in desk.post("policy/save", form).words
    made = written(desk)
    assert made.rule(gp.rules.VisitDemand) == gp.rules.VisitDemand("municipal")
    assert made.rule(gp.rules.PairScores) == gp.rules.PairScores(5, {"T1 H2": 60})
    assert made.rule(gp.rules.GroupWeights) == gp.rules.GroupWeights({"people_65plus": 2})
    shown = Form(desk.get("policy").text).sent
    assert (shown["pair_scores.scores.0.key"], shown["pair_scores.scores.0.with"]) == (["T1"], ["H2"])
    desk.post("policy/save", shown)
    assert written(desk) == made


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_values_that_cannot_stand_come_back_with_the_sentences_of_the_command_line(
    lang: str, desk: Desk, tmp_path: Path
) -> None:
    form = choose(desk, "shanghai-2025")
    before = desk.server.state.policy_file.read_bytes()
    form["district_cap.most"] = ["two"]
    form["hospital_cap.most"] = ["0"]
    form["hospital_cap.override.0.key"], form["hospital_cap.override.0.value"] = ["H1"], ["4"]
    form["priority.prices"] = ["5, 4, 3"]
    form["tolerance"] = ["-1"]
    form["goals"] = []
    desk.base = desk.base.replace("/en/", f"/{lang}/")
    reply = desk.post("policy/save", form)
    desk.base = desk.base.replace(f"/{lang}/", "/en/")
    assert desk.server.state.policy_file.read_bytes() == before
    text = gp.policy("shanghai-2025")
    gp.save_policy(text, tmp_path / "policy.toml")
    bad = (tmp_path / "policy.toml").read_text(encoding="utf-8")
    bad = bad.replace("most = 2", 'most = "two"', 1).replace("most = 3", "most = 0", 1)
    (tmp_path / "policy.toml").write_text(bad, encoding="utf-8")
    with pytest.raises(gp.PolicyError) as refused:
        gp.policy(tmp_path / "policy.toml")
    for finding in refused.value.findings:
        assert finding.what.say("zh" if lang == "zh" else "en") in reply.words
    for field in ("district_cap.most", "hospital_cap.most", "priority.prices", "tolerance"):
        assert f'href="#f-{field}"' in reply.text
        mark = re.search(rf'<input[^>]* id="f-{re.escape(field)}"[^>]*>', reply.text)
        assert mark is not None and 'aria-invalid="true"' in mark[0]
    assert 'value="two"' in reply.text, "what was typed stays"


def test_another_profile_keeps_the_one_before(desk: Desk) -> None:
    choose(desk, "shanghai-2025")
    choose(desk, "zhejiang-2020")
    kept = [p for p in (desk.server.state.folder / "set-aside").iterdir() if p.name.endswith("policy.toml")]
    assert any(gp.policy(p).name == "shanghai-2025" for p in kept)
    other = str(desk.server.state.policy_file)
    assert other.endswith(".toml"), "by its path gp.policy would read it"
    for name in ("../../etc/passwd", other, "nowhere"):
        assert "no policy named" in desk.post("policy/choose", {"profile": name}).words


def test_a_policy_that_somebody_broke_by_hand_is_told_at_every_step(desk: Desk) -> None:
    choose(desk, "shanghai-2025")
    desk.server.state.policy_file.write_text("[district_cap]\nmost = 0\n", encoding="utf-8")
    for step in ("policy", "plan"):
        page = desk.get(step)
        assert page.status == 200
        assert "policy.toml: district_cap.most must be a whole number from 1" in page.words
    assert "district_cap.most" in desk.post("policy/save", {"name": "x"}).words
    assert "Not saved" not in desk.post("policy/choose", {"profile": "shanghai-2025"}).words


def test_every_field_option_and_goal_has_a_name_in_both_languages() -> None:
    named = {field.name for kind in (*RULES, TravelSettings) for field in fields(kind)}
    assert named - set(FIELDS) == set()
    used = {name: set(words) for name, words in {**WORD, **WORDS}.items() if name in named}
    assert {
        name: words - set(OPTIONS.get(name, {}))
        for name, words in used.items()
        if words - set(OPTIONS.get(name, {}))
    } == {}
    from gridplan.desk.policy.names import GOALS as NAMED

    assert list(NAMED) == list(GOALS)
