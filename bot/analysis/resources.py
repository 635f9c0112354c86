"""Loads and checks the files that the analysis rests on; nothing is read at import.
Raises DataFileError with file and line for anything an editor can get wrong."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.analysis.labels import CONTEXT, CUE, FACT, FORM, PART, SAID, SIGNAL, WIDE
from bot.analysis.patterns import Compiled, PatternError, compile_patterns
from bot.yamlfile import Loaded, read_yaml, validate


@dataclass(frozen=True)
class Recognisable:
    """A signal or a form, and what it is called."""

    id: str
    label: str
    role: str


@dataclass(frozen=True)
class FactClues:
    """How a text may point to a fact."""

    id: str
    examples: tuple[str, ...]
    negatable: bool


@dataclass(frozen=True)
class Resources:
    """Everything read from `data/`, checked."""

    words: Mapping[str, Any]
    persons: Mapping[str, Any]
    statements: tuple[tuple[str, str], ...]
    situations: tuple[tuple[str, str], ...]  # a story, and how soon it needs a person
    facts: tuple[FactClues, ...]
    signals: tuple[Recognisable, ...]
    forms: tuple[Recognisable, ...]
    showing: Mapping[
        str, tuple[tuple[str, frozenset[str]], ...]
    ]  # SIGNAL, FORM: sentences, and the ids of what they show
    compiled: Compiled

    @property
    def cues(self) -> tuple[str, ...]:
        """Return the names of the cue groups, sorted."""
        return tuple(sorted(self.words["cues"]))


def load_resources(data_root: Path) -> Resources:
    """Read `data/analysis`, and the signals and forms of `data/knowledge`."""
    here = data_root / "analysis"
    words, persons = load_checked(here, "words"), load_checked(here, "persons")
    statements, facts = load_checked(here, "statements"), load_checked(here, "facts")
    parts, evidence = load_checked(here, "parts"), load_checked(here, "evidence")
    signals = read_yaml(data_root / "knowledge" / "signals.yml")
    forms = read_yaml(data_root / "knowledge" / "forms.yml")
    known = {f"{SIGNAL}{row['id']}" for row in signals.data["signals"]} | {
        f"{FORM}{row['id']}" for row in forms.data["forms"]
    }
    for section, prefix in (("signals", SIGNAL), ("forms", FORM)):
        for name in evidence.data[section]:
            if f"{prefix}{name}" not in known:
                raise evidence.error(f"onbekend id '{name}'", section, name)
    return Resources(
        words=words.data,
        persons=persons.data,
        statements=tuple((row["text"], row["kind"]) for row in _labelled(statements)),
        situations=tuple((row["text"], row["class"]) for row in load_checked(here, "situations").data["situations"]),
        facts=tuple(
            FactClues(name, tuple(row["examples"]), bool(row.get("negatable", True)))
            for name, row in facts.data["facts"].items()
        ),
        signals=_recognisable(signals.data["signals"]),
        forms=_recognisable(forms.data["forms"]),
        showing={
            SIGNAL: _showing(signals.data["signals"], evidence.data["none"], _shown(here, "signals", SIGNAL, known)),
            FORM: _showing(forms.data["forms"], evidence.data["none"], _shown(here, "forms", FORM, known)),
        },
        compiled=_compile(words, facts, parts, evidence),
    )


def load_checked(directory: Path, name: str) -> Loaded:
    """Read `<name>.yml` and check it against `schema/<name>.json`."""
    loaded = read_yaml(directory / f"{name}.yml")
    schema = json.loads((directory / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    validate(loaded, schema)
    return loaded


def _labelled(statements: Loaded) -> list[dict[str, str]]:
    rows, seen = [], set[str]()
    for kind, texts in statements.data["statements"].items():
        for index, text in enumerate(texts):
            key = " ".join(text.lower().split())
            if key in seen:
                raise statements.error(f"staat er twee keer in: {text}", "statements", kind, index)
            seen.add(key)
            rows.append({"text": text, "kind": kind})
    return rows


def _shown(here: Path, name: str, prefix: str, known: Collection[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the sentences of a file with the signals, or forms, that they show; an id that is not known is an error."""
    sentences = load_checked(here, name)
    for index, row in enumerate(sentences.data["sentences"]):
        for item in row[name]:
            if f"{prefix}{item}" not in known:
                raise sentences.error(f"onbekend id '{item}'", "sentences", index)
        yield row["text"], frozenset(row[name])


def _showing(
    rows: Sequence[Mapping[str, Any]], none: Sequence[str], more: Iterable[tuple[str, frozenset[str]]] = ()
) -> tuple[tuple[str, frozenset[str]], ...]:
    """Join the ways in which each item is said, sentences that show none, and more of either."""
    said = [(text, frozenset([row["id"]])) for row in rows for text in (row["label"], *row["phrasings"])]
    return (*said, *((text, frozenset[str]()) for text in none), *more)


def _recognisable(rows: Sequence[Mapping[str, Any]]) -> tuple[Recognisable, ...]:
    return tuple(Recognisable(row["id"], row["label"], row.get("role", "")) for row in rows)


def _compile(words: Loaded, facts: Loaded, parts: Loaded, evidence: Loaded) -> Compiled:
    sections = (
        (words, ("cues",), CUE, words.data["cues"]),
        (parts, ("parts",), PART, parts.data["parts"]),
        (parts, ("said",), SAID, parts.data["said"]),
        (evidence, ("signals",), SIGNAL, evidence.data["signals"]),
        (evidence, ("forms",), FORM, evidence.data["forms"]),
        (evidence, ("contexts",), CONTEXT, evidence.data["contexts"]),
        *((facts, ("facts",), prefix, _listed(facts, key)) for prefix, key in ((FACT, "patterns"), (WIDE, "wide"))),
    )
    macros = {**parts.data["lists"], **facts.data["lists"]}
    groups: dict[str, list[str]] = {}
    for loaded, keys, prefix, texts_of in sections:
        for name, texts in texts_of.items():
            groups[f"{prefix}{name}"] = texts
            inner = {FACT: ("patterns",), WIDE: ("wide",)}.get(prefix, ())
            _check_each(loaded, (*keys, name, *inner), texts, macros)
    return compile_patterns(groups, macros)


def _listed(facts: Loaded, key: str) -> dict[str, list[str]]:
    """The patterns of each fact under one of its two keys."""
    return {name: row[key] for name, row in facts.data["facts"].items() if key in row}


def _check_each(
    loaded: Loaded, keys: tuple[str, ...], texts: Sequence[str], macros: Mapping[str, Sequence[str]]
) -> None:
    """Compile one by one first, so that an error names its line."""
    for index, text in enumerate(texts):
        try:
            compile_patterns({"": [text]}, macros)
        except PatternError as error:
            raise loaded.error(str(error), *keys, index) from error
