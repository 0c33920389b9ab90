"""Rule files: templates that load, and faults that say where they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from etappe.errors import Faults, RulesFault
from etappe.journeys.rules import (
    FILES,
    STAGE_MODELS,
    TEMPLATES,
    JourneyRules,
    stages_template,
    template,
)
from etappe.words.kinds import CHANNELS, EVENT_KINDS, JOURNEY_KINDS, ROLES


def faults_of(**texts: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Faults) as caught:
        JourneyRules.parse({f"{name}.yaml": text for name, text in texts.items()})
    assert all(isinstance(fault, RulesFault) for fault in caught.value.faults)
    return [(fault.where, fault.what, fault.do_next) for fault in caught.value.faults]


def test_the_templates_load_and_cover_every_kind_of_event_and_journey() -> None:
    rules = JourneyRules.load()
    met = {kind for rule in rules.touchpoints.rules for each in rule.conditions for kind in each.exact.get("kind", ())}
    assert met == set(EVENT_KINDS) - {"other"} | (met & {"other"})
    assert {kind for model in rules.stages.models for kind in model.kinds} == set(JOURNEY_KINDS)
    assert {rule.id for rule in rules.channels.rules} == set(CHANNELS)
    assert set(rules.roles.labels) == set(ROLES)


def test_of_several_rules_of_one_channel_the_one_with_a_name_gives_it() -> None:
    names = JourneyRules.load().names
    assert [(list_, id) for list_, called in names.items() for id, pair in called.items() if pair == {"de": id, "en": id}] == []


def test_every_rule_of_the_templates_has_a_german_and_an_english_name() -> None:
    rules = JourneyRules.load()
    stages = [stage for model in rules.stages.models for stage in model.stages]
    for thing in [*rules.touchpoints.rules, *stages, *rules.stages.models, *rules.segments.rules]:
        assert thing.label.de != thing.id or thing.label.en.lower() == thing.id, thing.id
        assert thing.label.de
        assert thing.label.en
    assert all(rules.channels.label(channel).de for channel in CHANNELS)


def test_the_template_of_the_stages_is_made_of_the_default_models() -> None:
    assert template("stages.yaml") == stages_template()
    assert set(FILES) == {path.name for path in TEMPLATES.iterdir()}


@pytest.mark.parametrize("name", sorted(path.stem for path in STAGE_MODELS.glob("*.yaml")))
def test_every_stage_model_makes_a_whole_with_a_partner(name: str) -> None:
    kinds = set(yaml.safe_load(stages_template(name))["models"][0]["for"])
    models = (
        [name] if name == "five-stage" else [name, "use-to-decision" if "first_purchase" in kinds else "seven-phases"]
    )
    rules = JourneyRules.parse({"stages.yaml": stages_template(*models)})
    assert any(model.id == name for model in rules.stages.models)


def test_rules_of_a_folder_replace_the_templates_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "journeys.yaml").write_text("pause_days: 30\n", encoding="utf-8")
    rules = JourneyRules.load(tmp_path)
    assert (rules.limits.pause_days, rules.limits.dormancy_days) == (30, 180)
    assert rules.touchpoints == JourneyRules.load().touchpoints


def test_an_unknown_word_is_a_fault_with_its_line_column_and_nearest_word() -> None:
    text = "touchpoints:\n  - id: pricing\n    kind: page_veiw\n    pth: /preise\n"
    assert faults_of(touchpoints=text)[:2] == [
        ("touchpoints.yaml:4:5", "There is no rule word `pth` here.", "Did you mean `path`?"),
        ("touchpoints.yaml:3:11", "There is no kind of event `page_veiw`.", "Did you mean `page_view`?"),
    ]


def test_all_faults_of_all_files_are_told_at_once() -> None:
    found = faults_of(
        journeys="pause_days: soon\ndormancy_days: -3\nwhat: 1\n", channels="channels:\n  - {id: serch, kind: call}\n"
    )
    assert {where for where, _, _ in found} == {
        "channels.yaml:2:10",
        "journeys.yaml:1:13",
        "journeys.yaml:2:16",
        "journeys.yaml:3:1",
    }


@pytest.mark.parametrize(
    ("file", "text", "where", "what"),
    [
        (
            "touchpoints",
            "touchpoints:\n  - {id: a, kind: call}\n  - {id: a, kind: form}\n",
            "3:10",
            "two rules for `a`",
        ),
        ("touchpoints", "touchpoints:\n  - {id: Anruf, kind: call}\n", "2:10", "capital letters"),
        ("touchpoints", "touchpoints:\n  - {id: a}\n", "2:5", "no condition"),
        ("touchpoints", "touchpoints:\n  - {id: a, kind: call, name: '(x'}\n", "2:31", "cannot be read as a pattern"),
        ("touchpoints", "touchpoints:\n  - {id: a, kind: call, name: 'x(?=y)'}\n", "2:31", "looks around"),
        ("touchpoints", "touchpoints:\n  - {id: a, kind: call, sales: perhaps}\n", "2:32", "neither yes nor no"),
        ("touchpoints", "touchpoints:\n  - {id: a, kind: call, any: [{kind: form}]}\n", "2:30", "not both"),
        ("touchpoints", "touchpoints: [\n", "2:1", "not YAML"),
        ("touchpoints", "rules: []\n", "1:1", "no rule word `rules`"),
        (
            "stages",
            "models:\n  - {id: m, for: [first_purchase], stages: [{id: s}]}\n",
            "2:3",
            "No stage model is for repurchase",
        ),
        ("stages", "models:\n  - {id: m, for: [renewl], stages: [{id: s}]}\n", "2:19", "no kind of journey `renewl`"),
        (
            "stages",
            "models:\n  - {id: m, for: [renewal], stages: [{id: s, touchpoints: [pricing pag]}]}\n",
            "2:60",
            "`pricing pag`",
        ),
        ("roles", "titles:\n  - {role: chef, title: x}\n", "2:12", "no buying role `chef`"),
        ("roles", "behaviour:\n  - {role: user}\n", "2:5", "either `touchpoints` or `first: true`"),
        ("segments", "segments:\n  - {id: s, employees: {form: 3}}\n", "2:25", "no rule word `form`"),
        ("journeys", "pause_days: 60\ndormancy_days: 30\n", "2:16", "dormant before it pauses"),
    ],
)
def test_a_fault_points_at_its_place(file: str, text: str, where: str, what: str) -> None:
    found = [each for each in faults_of(**{file: text}) if what in each[1]]
    assert found, faults_of(**{file: text})
    assert found[0][0] == f"{file}.yaml:{where}"


def test_stages_and_roles_of_the_template_do_not_mind_touchpoints_that_a_user_left_out() -> None:
    rules = JourneyRules.parse({"touchpoints.yaml": "touchpoints:\n  - {id: anruf, kind: call}\n"})
    assert rules.touchpoints.ids == ("anruf", "other")


def test_rules_are_read_anew_when_their_text_has_changed_and_only_then(tmp_path: Path) -> None:
    text = template("touchpoints.yaml")
    (tmp_path / "touchpoints.yaml").write_text(text, encoding="utf-8")
    first = JourneyRules.load(tmp_path)
    assert JourneyRules.load(tmp_path) is first
    name = next(iter(first.names["touchpoint"].values()))["de"]
    (tmp_path / "touchpoints.yaml").write_text(text.replace(name, "Ganz anders", 1), encoding="utf-8")
    called = JourneyRules.load(tmp_path).names["touchpoint"].values()
    assert "Ganz anders" in {labels["de"] for labels in called}
    assert "Ganz anders" not in {labels["de"] for labels in first.names["touchpoint"].values()}
