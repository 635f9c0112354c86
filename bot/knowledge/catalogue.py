"""Reads and checks the knowledge files that editors write; one bad line is told as `file:line: reason`,
and nothing of a broken set is ever used."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge.kinds import GROUPS, TOPICS, Kind, Row, Shelf, factor_shelf, kinds_of, shelf_of, topic_shelf
from bot.knowledge.records import Chapter, Citation, Form, Organisation, Reference, Signal, Source, Topic, WordRules
from bot.yamlfile import DataFileError, Loaded, read_yaml, validate

SHORT_WORDS = 80


@dataclass(frozen=True)
class Citable:
    """What a file may cite: the sources, and the sections of those of which it matters which is cited."""

    sources: tuple[Source, ...]
    sections: Mapping[str, tuple[str, ...]]  # by source

    def fault(self, source: str, section: str) -> str | None:
        """Say what is wrong with a reference and what to do about it; None when all is well."""
        if all(source != known.id for known in self.sources):
            return _unknown(source)
        names = self.sections.get(source)
        if names and not heading_of(section, names):
            return f"‘{section}’ is geen kop van {source}; kies een kop uit knowledge/sections.yml"
        return None


@dataclass(frozen=True)
class Catalogue:
    """All knowledge of one data root, checked."""

    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    words: WordRules
    signals: tuple[Signal, ...]
    forms: tuple[Form, ...]
    organisations: tuple[Organisation, ...]


def load_signals(root: Path, citable: Citable | None = None) -> tuple[Signal, ...]:
    """Read the signals under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "signals")
    _raise_first(_cited(loaded, "signals", citable or load_citable(root)))
    return tuple(
        Signal(row["id"], row["role"], row["label"], row["ask"], tuple(row["phrasings"]), Reference(**row["source"]))
        for row in loaded.data["signals"]
    )


def load_forms(root: Path, citable: Citable | None = None) -> tuple[Form, ...]:
    """Read the forms of violence under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "forms")
    _raise_first(_cited(loaded, "forms", citable or load_citable(root)))
    return tuple(
        Form(row["id"], row["label"], row["description"], tuple(row["phrasings"]), _references(row))
        for row in loaded.data["forms"]
    )


def load_organisations(root: Path, citable: Citable | None = None) -> tuple[Organisation, ...]:
    """Read the organisations under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "organisations")
    _raise_first(_cited(loaded, "organisations", citable or load_citable(root)))
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


def load_citable(root: Path) -> Citable:
    """Read what files under the data root `root` may cite. Raises DataFileError."""
    texts = _read(root, "sections", identified=False).data["texts"]
    return Citable(load_sources(root), {row["id"]: tuple(row["sections"]) for row in texts})


def load_words(root: Path) -> WordRules:
    """Read how questions are read, under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "synonyms", identified=False)
    synonyms: dict[str, str] = {}
    for index, row in enumerate(loaded.data["synonyms"]):
        for place, written in enumerate(row["for"]):
            if written.casefold() in synonyms:
                raise loaded.error(f"‘{written}’ staat hier al eerder", "synonyms", index, "for", place)
            synonyms[written.casefold()] = row["use"]
    elsewhere = _read(root, "elsewhere", identified=False).data["questions"]
    stopwords, pointers, openings = (frozenset(loaded.data[name]) for name in ("stopwords", "pointers", "openings"))
    return WordRules(synonyms, stopwords, pointers, openings, tuple(elsewhere))


def load_kinds(root: Path) -> tuple[Kind, ...]:
    """Read how rows of other kinds are told, under the data root `root`. Raises DataFileError."""
    loaded = _read(root, "kinds", identified=False)
    kinds = kinds_of(loaded)
    keys = [kind.key for kind in kinds]
    for index, kind in enumerate(kinds):
        if kind.key in keys[:index]:
            raise loaded.error(f"‘{kind.key}’ staat er twee keer; kies er een", "kinds", index)
        if not kind.told:
            continue
        known = _schema(root, kind.key)["properties"][kind.key]["items"]["properties"]
        for name in kind.fields():
            if name not in known:
                raise loaded.error(f"{kind.key}.yml heeft geen veld ‘{name}’", "kinds", index)
    for key in (TOPICS, GROUPS):
        if key not in keys:
            raise loaded.error(f"‘{key}’ ontbreekt; zet erbij welke kop erboven komt", "kinds")
    return kinds


def load_topics(root: Path, citable: Citable | None = None) -> tuple[Topic, ...]:
    """Read the topics under the data root `root`, with those of other kinds last. Raises DataFileError."""
    citable = citable or load_citable(root)
    sources = {source.id: source for source in citable.sources}
    shelves = [topic_shelf(loaded) for loaded in _topic_files(root)]
    shelves += [shelf_of(kind, _read(root, kind.key)) for kind in load_kinds(root) if kind.told]
    shelves.append(factor_shelf(_read(root, "factors")))
    _raise_first(_topic_errors(shelves, citable))
    return tuple(_topic(shelf, index, row, sources) for shelf in shelves for index, row in shelf)


def load_chapters(root: Path) -> tuple[Chapter, ...]:
    """Read which sections the sources under the data root `root` have. Raises DataFileError."""
    loaded, known = _read(root, "sections", identified=False), load_sources(root)
    titles = {source.id: source.title for source in known}
    chapters = []
    for index, row in enumerate(loaded.data["texts"]):
        if row["id"] not in titles:
            raise loaded.error(_unknown(row["id"]), "texts", index, "id")
        cited_as = frozenset({row["id"]})
        chapters += [Chapter(titles[row["id"]], section, cited_as) for section in row["sections"]]
    for index, row in enumerate(loaded.data["public"]):
        for place, source in enumerate(row["sources"]):
            if source not in titles:
                raise loaded.error(_unknown(source), "public", index, "sources", place)
        chapters.append(Chapter("Publieke feiten", row["section"], frozenset(row["sources"])))
    return tuple(chapters)


def heading_of(section: str, headings: Iterable[str]) -> str | None:
    """Return the heading that a cited `section` stands under: the same words, or with a part of it behind."""
    fits = (name for name in headings if section == name or section.startswith((f"{name}: ", f"{name} (")))
    return max(fits, key=len, default=None)


def read_catalogue(root: Path) -> Catalogue:
    """Read everything under the data root `root`. Raises DataFileError for the first fault."""
    citable = load_citable(root)
    return Catalogue(
        sources=citable.sources,
        topics=load_topics(root, citable),
        words=load_words(root),
        signals=load_signals(root, citable),
        forms=load_forms(root, citable),
        organisations=load_organisations(root, citable),
    )


def check(root: Path) -> list[DataFileError]:
    """Return the first fault of each kind of file under the data root `root`; empty when all is well."""
    faults: dict[str, DataFileError] = {}
    readers: Sequence[Callable[[Path], object]] = (
        load_sources,
        load_chapters,
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
        _raise_first(_repeated([(loaded, name)]))
    return loaded


def _read_valid(root: Path, path: Path, schema: str) -> Loaded:
    try:
        loaded = read_yaml(path)
    except ValueError as error:  # a date that does not exist, such as 2026-02-30
        raise DataFileError(path, 1, f"een waarde in dit bestand kan niet bestaan: {error}") from error
    validate(loaded, {**_schema(root, schema), "$defs": _schema(root, "common")["$defs"]})
    return loaded


def _schema(root: Path, name: str) -> Mapping[str, Any]:
    path = root / "knowledge" / "schema" / f"{name}.json"
    schema: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _topic_files(root: Path) -> list[Loaded]:
    folder = root / "knowledge" / "topics"
    paths = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
    if not paths:
        raise DataFileError(folder, 1, "er zijn geen onderwerpen")
    for path in paths:
        if path.suffix != ".yml":
            raise DataFileError(path, 1, "onderwerpen staan in bestanden die op .yml eindigen")
    return [_read_valid(root, path, "topics") for path in paths]


def _topic(shelf: Shelf, index: int, row: Row, sources: Mapping[str, Source]) -> Topic:
    return Topic(
        id=row["id"],
        kind=shelf.key,
        title=row["title"],
        short=row["short"].strip(),
        more=row["more"].strip() if row.get("more") else None,
        doubt=row["doubt"].strip() if row.get("doubt") else None,
        sources=tuple(_citation(sources[link["id"]], link["section"]) for link in row["sources"]),
        related=tuple(row["related"]),
        audience=tuple(row["for"]),
        review=_date(shelf.loaded, shelf.key, index, "review"),
        questions=tuple(row["questions"]),
    )


def _citation(source: Source, section: str) -> Citation:
    return Citation(source.id, source.title, section, source.year, source.url)


def _topic_errors(shelves: Sequence[Shelf], citable: Citable) -> Iterator[DataFileError]:
    yield from _repeated([(shelf.loaded, shelf.key) for shelf in shelves])
    ids = {row["id"] for shelf in shelves for _, row in shelf}
    for shelf in shelves:
        loaded, key = shelf.loaded, shelf.key
        yield from _cited(loaded, shelf.cites, citable)
        for index, row in shelf:
            for place, other in enumerate(row["related"]):
                if other not in ids or other == row["id"]:
                    reason = "verwijst naar zichzelf" if other == row["id"] else f"‘{other}’ bestaat niet"
                    yield loaded.error(f"related: {reason}", key, index, "related", place)
            if (words := len(row["short"].split())) > SHORT_WORDS:
                where = ("short",) if "short" in loaded.data[key][index] else ()
                yield loaded.error(f"short: {words} woorden, ten hoogste {SHORT_WORDS}", key, index, *where)
            if not row["sources"]:
                yield loaded.error("hier hoort geen enkele factor bij", key, index)


def _repeated(files: Sequence[tuple[Loaded, str]]) -> Iterator[DataFileError]:
    seen: dict[str, str] = {}
    for loaded, key in files:
        for index, row in enumerate(loaded.data[key]):
            if row["id"] in seen:
                yield loaded.error(f"id ‘{row['id']}’ staat ook in {seen[row['id']]}", key, index, "id")
            seen.setdefault(row["id"], f"{loaded.path.name}:{loaded.line(key, index, 'id')}")


def _cited(loaded: Loaded, key: str, citable: Citable) -> Iterator[DataFileError]:
    for index, row in enumerate(loaded.data[key]):
        places: list[tuple[Mapping[str, str], tuple[str | int, ...]]] = [
            (link, ("sources", place)) for place, link in enumerate(row.get("sources", ()))
        ]
        if "source" in row:
            places.append((row["source"], ("source",)))
        for link, where in places:
            if reason := citable.fault(link["id"], link["section"]):
                yield loaded.error(reason, key, index, *where)


def _unknown(source: str) -> str:
    return f"bron ‘{source}’ staat niet in sources.yml; zet hem erbij of verbeter"


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
