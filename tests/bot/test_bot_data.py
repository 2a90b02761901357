"""Domain, rules and training data fit each other, the code, and the rule that development data stays out."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.dialogue.rasa_actions import ACTIONS, FIELD, FORM
from knowledge.seed import CONTENT
from nlu.acts import CONTROL_ACTS, FORM_ACTS, PAYLOAD_ACTS
from wenban.paths import ROOT

BOT = ROOT / "bot"
SHARED = ROOT.parent / "shared" / "data"
FIXTURES = ROOT / "tests" / "fixtures"
LEAST = 60


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def examples(block: dict[str, Any]) -> list[str]:
    return [line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.startswith("- ")]


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(load(BOT / "domain.yml"))


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    return list(load(BOT / "data" / "rules.yml")["rules"])


@pytest.fixture(scope="module")
def training() -> dict[str, list[str]]:
    """Examples by intent."""
    found: dict[str, list[str]] = {}
    for path in sorted((BOT / "data" / "nlu").glob("*.yml")):
        for block in load(path)["nlu"]:
            assert block["intent"] == path.stem, f"{path.name} holds examples of {block['intent']}"
            found.setdefault(block["intent"], []).extend(examples(block))
    return found


def bare(text: str) -> str:
    """Return what two sentences must share to be the same one."""
    return re.sub(r"[^\w]|_", "", text).lower()


def test_every_intent_has_one_rule_and_enough_examples(
    domain: dict[str, Any], rules: list[dict[str, Any]], training: dict[str, list[str]]
) -> None:
    intents = domain["intents"]
    assert len(intents) == len(set(intents)) >= 25
    assert set(training) == set(intents)
    ruled = Counter(step["intent"] for rule in rules for step in rule["steps"] if "intent" in step)
    assert ruled == Counter(intents)
    assert {intent: len(set(found)) for intent, found in training.items() if len(set(found)) < LEAST} == {}


def test_no_example_stands_twice(training: dict[str, list[str]]) -> None:
    where: dict[str, set[str]] = {}
    for intent, found in training.items():
        assert [text for text, count in Counter(found).items() if count > 1] == [], intent
        for text in found:
            where.setdefault(bare(text) or text, set()).add(intent)
    assert {text: intents for text, intents in where.items() if len(intents) > 1} == {}


def test_examples_are_sentences_of_citizens(training: dict[str, list[str]]) -> None:
    for intent, found in training.items():
        for text in found:
            assert text, intent
            assert len(text) <= 120, text
            assert not re.search(r"\]\(|\{\"", text), f"{intent}: an annotation in {text!r}"


def test_actions_are_registered(domain: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    registered = {action().name() for action in ACTIONS}
    assert set(domain["actions"]) == registered
    used = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert used <= registered | set(domain["responses"]) | set(domain["forms"])


def test_the_form_and_its_slot(domain: dict[str, Any]) -> None:
    assert domain["forms"] == {FORM: {"required_slots": [FIELD]}}
    mapping = domain["slots"][FIELD]["mappings"][0]
    assert mapping["conditions"] == [{"active_loop": FORM, "requested_slot": FIELD}]
    assert set(mapping["not_intent"]) == set(domain["intents"]) - FORM_ACTS
    assert all(slot["influence_conversation"] is False for slot in domain["slots"].values())


def test_acts_of_the_code_are_acts_of_the_domain(domain: dict[str, Any]) -> None:
    assert FORM_ACTS | CONTROL_ACTS | set(PAYLOAD_ACTS.values()) <= set(domain["intents"])


def test_every_entity_that_is_extracted_is_known(domain: dict[str, Any]) -> None:
    from actions.engine.reading import ENTITIES_OF, PREFILLS

    known = {name for entity in domain["entities"] for name in (entity if isinstance(entity, dict) else [entity])}
    assert {kind for kinds in (*ENTITIES_OF.values(), *PREFILLS.values()) for kind in kinds} <= known


def test_responses_say_something_and_name_their_act(domain: dict[str, Any]) -> None:
    for name, variants in domain["responses"].items():
        for variant in variants:
            assert variant["text"].strip()
            assert variant["custom"]["turn"]["act"] == name.removeprefix("utter_")


def test_fallback_is_an_action(domain: dict[str, Any]) -> None:
    policies = load(BOT / "config.yml")["policies"]
    assert policies[0]["core_fallback_action_name"] in domain["actions"]


def own_words(training: dict[str, list[str]]) -> dict[str, str]:
    """Return everything that the product learns or is searched by, with where it stands."""
    words = {bare(text): f"intent {intent}" for intent, found in training.items() for text in found}
    for path in sorted((CONTENT / "services").glob("*.yaml")):
        document = load(path)
        for text in [*document["aliases"], *document.get("variants", [])]:
            words[bare(text)] = path.name
    for path in sorted((CONTENT / "qa").glob("*.yaml")):
        for one in load(path)["entries"]:
            for text in [one["question"], *one["variants"]]:
                words[bare(text)] = one["id"]
    for name in ("calibration.tsv", "calibration_out.tsv", "out_of_scope.tsv"):
        for line in (CONTENT / name).read_text("utf-8").splitlines():
            words[bare(line.split("\t")[0])] = name
    return words


def development() -> list[str]:
    """Return the sentences that the product is measured with; without them at hand, our own held-out ones."""
    held_out = [line.split("\t") for line in (FIXTURES / "acts_holdout.tsv").read_text("utf-8").splitlines()]
    texts = [cell for row in held_out if not row[0].startswith("#") for cell in row if re.search(r"[一-鿿]", cell)]
    for name in ("queries.tsv", "out_of_scope.tsv"):
        if (SHARED / name).exists():
            with (SHARED / name).open(encoding="utf-8", newline="") as file:
                texts += [row["query"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    if (SHARED / "dialogues.jsonl").exists():
        for line in (SHARED / "dialogues.jsonl").read_text("utf-8").splitlines():
            texts += [turn["user"] for turn in json.loads(line)["turns"]]
    return texts


def test_what_we_are_measured_with_is_not_what_we_learn(training: dict[str, list[str]]) -> None:
    """Words of up to three characters ("确认", "水费") are nobody's own."""
    ours = own_words(training)
    assert len(ours) > 4000
    measured = development()
    assert len(measured) >= 300
    shared = {text: ours[text] for text in map(bare, measured) if len(text) > 4 and text in ours}
    assert shared == {}, "sentences of the development data stand in the product's own"
