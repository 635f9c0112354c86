"""Reads `data/advice/` once, checks every file against its schema and the files against each other,
and makes the tables. A fault is told as `file:line: reason`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.advice import checks
from bot.advice.checklists import read_checklists
from bot.advice.conditions import Vocabulary
from bot.advice.organisation import read_own, words_for
from bot.advice.reading import Table
from bot.advice.records import OUTCOMES, SETUPS, STATUSES, Choice, Fact, FixedText, Meaning, Question
from bot.advice.request import FACTS, FIELDS
from bot.advice.tables import Tables
from bot.yamlfile import Loaded, read_yaml, validate

FILES = (
    "facts", "words", "levels", "cautions", "setups", "plans", "methods", "meldcode", "patterns", "questions", "texts",
    "organisation", "checklists", "explanation",
)  # fmt: skip
AFTER_DECISION: Mapping[str, tuple[str, ...]] = {**FIELDS, "outcome": OUTCOMES, "setup": SETUPS}


def load_tables(root: Path, organisation: Path | None = None) -> Tables:
    """Read the tables under `root` (the folder `data`), and what operators filled in of their organisation.

    Raises DataFileError for the first fault found.
    """
    folder = root / "advice"
    loaded = {name: _read(folder, name) for name in FILES}
    checks.check_rows(loaded)
    checks.check_facts(loaded["facts"])
    checks.check_organisation(loaded["organisation"])
    before = _vocabulary(loaded["words"])
    after = Vocabulary(FACTS, AFTER_DECISION, before.words)
    questions = _questions(Table(loaded["questions"], before))
    levels = Table(loaded["levels"], before, after)
    setups = Table(loaded["setups"], before)
    plans = Table(loaded["plans"], after)
    meldcode = Table(loaded["meldcode"], after)
    own, placeholders = (loaded["organisation"].data[key] for key in ("fields", "placeholders"))
    named = words_for(placeholders, read_own(organisation, own))
    tables = Tables(
        version=_version(folder),
        facts={row["name"]: Fact(**row) for row in loaded["facts"].data["facts"]},
        levels=tuple(levels.level("table", index) for index in range(levels.length("table"))),
        level_fallback=levels.level("fallback"),
        report_with_expert=levels.note("report_with_expert"),
        help_unless=levels.note("help_unless"),
        person=Table(loaded["levels"], after).notes("person"),
        cautions=Table(loaded["cautions"], before, after).cautions("table"),
        setups=tuple(setups.setup("table", index) for index in range(setups.length("table"))),
        setup_fallback=setups.setup("fallback"),
        plans={row["setup"]: plans.plan("plans", index) for index, row in enumerate(plans.at("plans"))},
        every_plan=plans.plan("every"),
        methods=Table(loaded["methods"], after).notes("methods"),
        meldcode=meldcode.steps("steps", STATUSES),
        checks=meldcode.notes("checks"),
        duties=meldcode.notes("duties"),
        patterns=Table(loaded["patterns"], after).patterns("patterns"),
        pattern_says=loaded["patterns"].data["says"],
        questions=questions,
        checklists=read_checklists(Table(loaded["checklists"], after)),
        limits=loaded["questions"].data["limits"],
        texts=_texts(Table(loaded["texts"], before)),
        words={**loaded["texts"].data["words"], **named},
        impersonal=words_for(placeholders, {}),
        glossary=tuple(
            Meaning(row["word"], row["label"], row["meaning"], before.words[row["word"]])
            for row in loaded["words"].data["words"]
        ),
        explanation=loaded["explanation"].data,
    )
    checks.check_tables(tables, loaded)
    return tables


def _read(folder: Path, name: str) -> Loaded:
    """Read one file and hold it against its schema; all schemas share the definitions of `common.json`."""
    schema = json.loads((folder / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    common = json.loads((folder / "schema" / "common.json").read_text(encoding="utf-8"))
    loaded = read_yaml(folder / f"{name}.yml")
    validate(loaded, {**schema, "$defs": common["$defs"]})
    return loaded


def _version(folder: Path) -> str:
    """Name the tables by their content."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / f"{name}.yml").read_bytes())
    return digest.hexdigest()[:12]


def _vocabulary(loaded: Loaded) -> Vocabulary:
    """Read the words in order: a word may use those above it, so none can go round in a circle."""
    vocabulary = Vocabulary(FACTS, FIELDS)
    for index, row in enumerate(loaded.data["words"]):
        condition = Table(loaded, vocabulary).condition("words", index, "when")
        vocabulary = Vocabulary(FACTS, FIELDS, {**vocabulary.words, row["word"]: condition})
    return vocabulary


def _choices(rows: list[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(row["title"], row.get("facts", {}), row.get("reply", "")) for row in rows)


def _questions(table: Table) -> tuple[Question, ...]:
    """Read the questions; each gets the answer that one does not know."""
    unknown, questions = table.data["unknown_choice"], []
    for index, row in enumerate(table.data["questions"]):
        choices = _choices(row["choices"])
        facts = tuple(dict.fromkeys(fact for choice in choices for fact in choice.facts))
        questions.append(
            Question(
                id=row["id"],
                facts=facts,
                text=row["text"],
                why=row["why"],
                choices=(*choices, Choice(unknown, dict.fromkeys(facts, "unknown"))),
                asked_when=table.condition("questions", index, "asked_when"),
                part=row["part"],
                urgent=row.get("urgent", False),
                multiple=row.get("multiple", False),
                may_change=row.get("may_change", False),
            )
        )
    return tuple(questions)


def _texts(table: Table) -> dict[str, FixedText]:
    return {
        row["id"]: FixedText(
            row["id"],
            row["text"].strip(),
            _choices(row.get("choices", [])),
            _choices(row.get("typed", [])),
            table.sources("texts", index),
        )
        for index, row in enumerate(table.data["texts"])
    }
