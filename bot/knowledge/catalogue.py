"""Reads and checks the knowledge files that editors write; one bad line is told as `file:line: reason`,
and nothing of a broken set is ever used."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge.records import Citation, Form, Organisation, Reference, Signal, Source, Topic, WordRules
from bot.yamlfile import DataFileError, Loaded, read_yaml, validate

SHORT_WORDS = 80


@dataclass(frozen=True)
class Catalogue:
    """All knowledge of one data root, checked."""

    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    words: WordRules
    signals: tuple[Signal, ...]
    forms: tuple[Form, ...]
    organisations: tuple[Organisation, ...]


def load_signals(root: Path) -> tuple[Signal, ...]:
    """Read the signals under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "signals")
    _raise_first(_cited(loaded, "signals", _source_ids(root)))
    return tuple(
        Signal(row["id"], row["role"], row["label"], row["ask"], tuple(row["phrasings"]), Reference(**row["source"]))
        for row in loaded.data["signals"]
    )


def load_forms(root: Path) -> tuple[Form, ...]:
    """Read the forms of violence under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "forms")
    _raise_first(_cited(loaded, "forms", _source_ids(root)))
    return tuple(
        Form(row["id"], row["label"], row["description"], tuple(row["phrasings"]), _references(row))
        for row in loaded.data["forms"]
    )


def load_organisations(root: Path) -> tuple[Organisation, ...]:
    """Read the organisations under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "organisations")
    _raise_first(_cited(loaded, "organisations", _source_ids(root)))
    return tuple(
        Organisation(
            id=row["id"],
            name=row["name"],
            phone=row.get("phone"),
            url=row.get("url"),
            hours=row.get("hours"),
            text=row["text"],
            sources=_references(row),
            checked=_date(loaded, "organisations", index, "checked"),
        )
        for index, row in enumerate(loaded.data["organisations"])
    )


def load_sources(root: Path) -> tuple[Source, ...]:
    """Read the sources under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "sources")
    return tuple(
        Source(
            id=row["id"],
            title=row["title"],
            publisher=row["publisher"],
            year=row["year"],
            url=row.get("url"),
            checked=_date(loaded, "sources", index, "checked"),
            note=row.get("note"),
        )
        for index, row in enumerate(loaded.data["sources"])
    )


def load_words(root: Path) -> WordRules:
    """Read how questions are read, under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "synonyms", identified=False)
    synonyms: dict[str, str] = {}
    for index, row in enumerate(loaded.data["synonyms"]):
        for place, written in enumerate(row["for"]):
            if written.casefold() in synonyms:
                raise loaded.error(f"‘{written}’ staat hier al eerder", "synonyms", index, "for", place)
            synonyms[written.casefold()] = row["use"]
    return WordRules(synonyms, frozenset(loaded.data["stopwords"]), frozenset(loaded.data["pointers"]))


def load_topics(root: Path) -> tuple[Topic, ...]:
    """Read the topics under the data root `root`, in the order of the files. Raises DataFileError."""
    sources = {source.id: source for source in load_sources(root)}
    files = _topic_files(root)
    _raise_first(_topic_errors(files, set(sources)))
    return tuple(
        _topic(loaded, index, row, sources) for loaded in files for index, row in enumerate(loaded.data["topics"])
    )


def read_catalogue(root: Path) -> Catalogue:
    """Read everything under the data root `root`. Raises DataFileError for the first fault."""
    return Catalogue(
        sources=load_sources(root),
        topics=load_topics(root),
        words=load_words(root),
        signals=load_signals(root),
        forms=load_forms(root),
        organisations=load_organisations(root),
    )


def check(root: Path) -> list[DataFileError]:
    """Return the first fault of each kind of file under the data root `root`; empty when all is well."""
    faults: dict[str, DataFileError] = {}
    readers: Sequence[Callable[[Path], object]] = (
        load_sources,
        load_topics,
        load_words,
        load_signals,
        load_forms,
        load_organisations,
    )
    for reader in readers:
        try:
            reader(root)
        except DataFileError as fault:
            faults.setdefault(str(fault), fault)
    return list(faults.values())


def _read(root: Path, name: str, *, identified: bool = True) -> Loaded:
    loaded = _read_valid(root, root / "knowledge" / f"{name}.yml", name)
    if identified:
        _raise_first(_repeated((loaded,), name))
    return loaded


def _read_valid(root: Path, path: Path, schema: str) -> Loaded:
    try:
        loaded = read_yaml(path)
    except ValueError as error:  # a date that does not exist, such as 2026-02-30
        raise DataFileError(path, 1, f"een waarde in dit bestand kan niet bestaan: {error}") from error
    text = (root / "knowledge" / "schema" / f"{schema}.json").read_text(encoding="utf-8")
    validate(loaded, json.loads(text))
    return loaded


def _topic_files(root: Path) -> list[Loaded]:
    folder = root / "knowledge" / "topics"
    paths = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
    if not paths:
        raise DataFileError(folder, 1, "er zijn geen onderwerpen")
    for path in paths:
        if path.suffix != ".yml":
            raise DataFileError(path, 1, "onderwerpen staan in bestanden die op .yml eindigen")
    return [_read_valid(root, path, "topics") for path in paths]


def _topic(loaded: Loaded, index: int, row: Mapping[str, Any], sources: Mapping[str, Source]) -> Topic:
    return Topic(
        id=row["id"],
        title=row["title"],
        short=row["short"].strip(),
        more=row["more"].strip() if row.get("more") else None,
        doubt=row["doubt"].strip() if row.get("doubt") else None,
        sources=tuple(_citation(sources[link["id"]], link["section"]) for link in row["sources"]),
        related=tuple(row["related"]),
        audience=tuple(row["for"]),
        review=_date(loaded, "topics", index, "review"),
        questions=tuple(row["questions"]),
    )


def _citation(source: Source, section: str) -> Citation:
    return Citation(source.id, source.title, section, source.year, source.url)


def _topic_errors(files: Sequence[Loaded], sources: set[str]) -> Iterator[DataFileError]:
    yield from _repeated(files, "topics")
    ids = {row["id"] for loaded in files for row in loaded.data["topics"]}
    for loaded in files:
        yield from _cited(loaded, "topics", sources)
        for index, row in enumerate(loaded.data["topics"]):
            for place, other in enumerate(row["related"]):
                if other not in ids or other == row["id"]:
                    reason = "verwijst naar zichzelf" if other == row["id"] else f"‘{other}’ bestaat niet"
                    yield loaded.error(f"related: {reason}", "topics", index, "related", place)
            if (words := len(row["short"].split())) > SHORT_WORDS:
                yield loaded.error(f"short: {words} woorden, ten hoogste {SHORT_WORDS}", "topics", index, "short")


def _repeated(files: Sequence[Loaded], key: str) -> Iterator[DataFileError]:
    seen: dict[str, str] = {}
    for loaded in files:
        for index, row in enumerate(loaded.data[key]):
            if row["id"] in seen:
                yield loaded.error(f"id ‘{row['id']}’ staat ook in {seen[row['id']]}", key, index, "id")
            seen.setdefault(row["id"], f"{loaded.path.name}:{loaded.line(key, index, 'id')}")


def _cited(loaded: Loaded, key: str, sources: set[str]) -> Iterator[DataFileError]:
    for index, row in enumerate(loaded.data[key]):
        places: list[tuple[Mapping[str, str], tuple[str | int, ...]]] = [
            (link, ("sources", place)) for place, link in enumerate(row.get("sources", ()))
        ]
        if "source" in row:
            places.append((row["source"], ("source",)))
        for link, where in places:
            if link["id"] not in sources:
                yield loaded.error(f"bron ‘{link['id']}’ staat niet in sources.yml", key, index, *where)


def _source_ids(root: Path) -> set[str]:
    return {row["id"] for row in _read(root, "sources").data["sources"]}


def _references(row: Mapping[str, Any]) -> tuple[Reference, ...]:
    return tuple(Reference(**link) for link in row["sources"])


def _date(loaded: Loaded, key: str, index: int, field: str) -> date:
    # YAML reads a bare 2026-11-22 as a date and a quoted one as text; both are fine.
    value = loaded.data[key][index][field]
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise loaded.error(f"{field}: ‘{value}’ is geen datum (jjjj-mm-dd)", key, index, field) from error


def _raise_first(errors: Iterable[DataFileError]) -> None:
    for error in errors:
        raise error
