"""The domain, the rules, the actions and the replies fit together; Rasa says nothing of a key that is there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError

from actions.menu import BY_INTENT
from bot.advice import load_tables
from bot.case import PHASES, load_replies
from bot.settings import ROOT

DATA = ROOT / "data"
RASA_KEYS = {"nlu", "stories", "rules", "responses"}
RASA_FOLDERS = {"nlu", "stories", "rules"}
BUILT_IN = {"nlu_fallback"}
NEVER_TYPED = {"helpdesk_terug"}  # `web` says it
ANSWERS = {
    "onderbuikgevoel", "signalen", "onthulling", "vertellen", "beroep_noemen", "bevestigen", "ontkennen", "weet_niet",
    "keuze",
}  # fmt: skip


def strict(path: Path) -> Any:
    """Read YAML; a key that stands there twice is an error."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = strict(ROOT / "domain.yml")
    return loaded


def steps() -> Iterator[Mapping[str, Any]]:
    """Every step of every rule and story."""
    for folder, key in (("rules", "rule"), ("stories", "story")):
        for path in sorted((DATA / folder).glob("*.yml")):
            for row in strict(path)[folder]:
                assert row[key]
                yield from row["steps"]


def test_the_strict_reader_refuses_a_key_that_stands_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "dubbel.yml"
    path.write_text("a: {b: 1}\na: {c: 2}\n")
    with pytest.raises(DuplicateKeyError):
        strict(path)


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "domain.yml", ROOT / "config.yml", ROOT / "endpoints.yml", ROOT / "credentials.yml",
        *sorted(DATA.glob("replies/*.yml")), *sorted(DATA.glob("rules/*.yml")), *sorted(DATA.glob("case/*.yml")),
        *sorted(DATA.glob("advice/*.yml")),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)  # fmt: skip
def test_no_key_stands_there_twice(path: Path) -> None:
    assert strict(path) is not None or path.name == "credentials.yml"


@pytest.mark.parametrize("part", ["intents", "actions", "entities"])
def test_no_name_stands_there_twice(domain: Mapping[str, Any], part: str) -> None:
    assert len(domain[part]) == len(set(domain[part]))


def test_the_domain_and_the_code_know_the_same_actions(domain: Mapping[str, Any], actions: Mapping[str, Any]) -> None:
    assert set(domain["actions"]) == set(actions)


def test_every_phase_has_its_form_and_every_form_asks_the_answer(domain: Mapping[str, Any]) -> None:
    assert set(domain["forms"]) == {f"{phase}_form" for phase in (*PHASES, "oefen")}
    assert all(form == {"required_slots": ["antwoord"]} for form in domain["forms"].values())


def test_every_rule_names_what_exists(domain: Mapping[str, Any], actions: Mapping[str, Any]) -> None:
    used = list(steps())
    assert {step["action"] for step in used if "action" in step} <= set(actions)
    assert {step["intent"] for step in used if "intent" in step} <= {*domain["intents"], *BUILT_IN}


def test_every_intent_is_answered_somewhere(domain: Mapping[str, Any]) -> None:
    ruled = {step["intent"] for step in steps() if "intent" in step}
    assert set(domain["intents"]) <= ruled


def test_what_is_no_answer_never_fills_the_slot(domain: Mapping[str, Any]) -> None:
    from_entity, from_text = domain["slots"]["antwoord"]["mappings"]
    assert len(from_text["not_intent"]) == len(set(from_text["not_intent"]))
    assert set(from_text["not_intent"]) == set(domain["intents"]) - ANSWERS
    assert from_entity["intent"] == "keuze"  # a press on what stands beside the question is no answer to it
    for mapping in (from_entity, from_text):
        loops = [row["active_loop"] for row in mapping["conditions"]]
        assert sorted(loops) == sorted(domain["forms"])
        assert {row["requested_slot"] for row in mapping["conditions"]} == {"antwoord"}


def test_every_intent_that_is_no_answer_has_a_rule_inside_a_form(domain: Mapping[str, Any]) -> None:
    rules = [row for path in sorted((DATA / "rules").glob("*.yml")) for row in strict(path)["rules"]]
    anywhere = {row["steps"][0]["intent"] for row in rules if "condition" not in row}
    assert anywhere == set(domain["intents"]) - ANSWERS


def test_training_data_and_domain_know_the_same_intents(domain: Mapping[str, Any]) -> None:
    trained = {row["intent"] for path in sorted((DATA / "nlu").glob("*.yml")) for row in strict(path)["nlu"]}
    assert trained == set(domain["intents"]) - NEVER_TYPED


def test_keys_of_rasa_stand_only_in_its_own_folders() -> None:
    files = [path for path in sorted(DATA.rglob("*.yml")) if path.relative_to(DATA).parts[0] not in RASA_FOLDERS]
    assert files
    for path in files:
        assert not RASA_KEYS & set(strict(path)), path.name


# -- replies ----------------------------------------------------------------------------------------------------------

CODE = [path for folder in ("actions", "bot/case") for path in sorted((ROOT / folder).glob("*.py"))]
BY_NAME = re.compile(r'Say\(\s*(?:response=)?"(?P<name>\w+)"')


def named_replies(domain: Mapping[str, Any]) -> set[str]:
    """Every reply that the code asks for, by its name or by a name that it makes."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
    literal = set(re.findall(r'"(\w+)"', code))
    made = {step["intent"] for step in steps() if "intent" in step}
    made |= {name.replace(".", "_") for name in re.findall(r'"((?:feiten|gevoel)\.\w+)"', code)}
    return literal | made


def test_every_reply_is_used_and_every_one_that_is_used_exists(domain: Mapping[str, Any]) -> None:
    known = set(load_replies(DATA / "replies", load_tables(DATA).words).texts())
    assert known <= named_replies(domain), f"nooit gezegd: {sorted(known - named_replies(domain))}"
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
    assert set(BY_NAME.findall(code)) <= known


def test_a_button_of_a_reply_carries_an_intent_that_exists(domain: Mapping[str, Any]) -> None:
    for path in sorted(DATA.glob("replies/*.yml")):
        for name, row in strict(path)["replies"].items():
            for choice in row.get("choices", ()):
                assert choice["intent"] in domain["intents"], name


def test_the_buttons_that_can_be_typed_carry_intents_that_exist(domain: Mapping[str, Any]) -> None:
    assert set(BY_INTENT) <= set(domain["intents"])


def test_every_fixed_text_is_said_somewhere() -> None:
    texts = {row["id"] for row in strict(DATA / "advice" / "texts.yml")["texts"]}
    code = [path for folder in ("actions", "bot") for path in (ROOT / folder).rglob("*.py") if path.name != "checks.py"]
    named = set(re.findall(r'"(\w+)"', "\n".join(path.read_text(encoding="utf-8") for path in code)))
    assert texts <= named, f"nooit gezegd: {sorted(texts - named)}"
