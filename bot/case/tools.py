"""What the phases of a case work with: analysis, tables, signals. Made once by the composition root."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import simplemma
from rapidfuzz.distance import DamerauLevenshtein

from bot.advice import CLIENT_ROLES, OUTCOMES, PROFESSIONS, AdviceRequest, Tables, check_placeholders
from bot.analysis import pronouns
from bot.case.record import Case
from bot.case.rehearsal import Rehearsals, load_rehearsals
from bot.case.sheet.texts import SheetTexts, load_sheet_texts
from bot.helpdesk import DeskRules
from bot.knowledge import Source, load_signals, load_sources
from bot.yamlfile import Loaded, read_yaml

if TYPE_CHECKING:
    from bot.analysis.analyser import Analyser

MENDED_FROM = 6  # shorter words are too like each other
LANGUAGE = "nl"
OWN = "own"  # a decision in the user's own words


@dataclass(frozen=True)
class Signal:
    """A signal of the Kenniskaart as the conversation uses it."""

    id: str
    role: str
    label: str
    ask: str


@dataclass(frozen=True)
class Profession:
    """A profession to choose from, and the words by which users name it."""

    id: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class About:
    """Someone about whom the user can worry: the role in the advice, and the words by which it is recognised.

    `titles` are what the choice is called for a profession that speaks of no client; for those in
    `first` it comes first. With one of the words of `unless` beside it, it can be someone else, and that is asked.
    """

    id: str
    title: str
    words: tuple[str, ...]
    facts: Mapping[str, str]
    minor: bool
    titles: Mapping[str, str]
    first: tuple[str, ...]
    unless: tuple[str, ...]

    def title_for(self, profession: str) -> str:
        """What the choice is called for this profession."""
        return self.titles.get(profession, self.title)


@dataclass(frozen=True)
class OwnDecision:
    """Something the user can decide to do, with the level of advice that it answers to; `only` for a fact."""

    id: str
    title: str
    level: int
    only: str = ""


@dataclass(frozen=True, eq=False)
class Tools:
    """The domain packages and the small lists that the phases share; one of a kind, so that it can be a key."""

    analyser: Analyser
    tables: Tables
    signals: Mapping[str, Signal]
    professions: Sequence[Profession]
    unsaid: Sequence[str]
    about: Sequence[About]
    decisions: Sequence[OwnDecision]
    help: Sequence[tuple[str, str]]
    labels: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, str]
    sheet: SheetTexts
    rehearsals: Rehearsals
    desk: DeskRules | None = None  # when there is a helpdesk

    def words(self, case: Case) -> dict[str, str]:
        """What the placeholders are filled with: for the people in the case the user's own words."""
        story = ". ".join(line.quote for line in case.lines)
        return {**self.tables.words, **{name: word for name, word in asdict(pronouns(story)).items() if word}}


@dataclass(frozen=True)
class Lists:
    """The small lists of `data/case/`: professions, about whom it is, own decisions with who arranges help, and what
    outcomes are called. `unsaid` is how someone keeps the profession back; `help` holds pairs of id and title."""

    professions: tuple[Profession, ...]
    unsaid: tuple[str, ...]
    about: tuple[About, ...]
    decisions: tuple[OwnDecision, ...]
    help: tuple[tuple[str, str], ...]
    labels: Mapping[str, Mapping[str, str]]

    @property
    def decided(self) -> tuple[str, ...]:
        """What a user can have decided: one of the list, or her own words."""
        return (*(row.id for row in self.decisions), OWN)


def load_lists(data: Path) -> Lists:
    """Read the lists. Raises DataFileError for a missing key, or a name that the advice does not know."""
    professions = read_yaml(data / "case" / "professions.yml")
    about = read_yaml(data / "case" / "about.yml")
    decisions = read_yaml(data / "case" / "decisions.yml")
    for loaded in (professions, about, decisions):  # these come in the summary too, where the organisation may not
        check_placeholders(loaded, loaded.data, ())
    try:
        lists = Lists(
            professions=tuple(
                Profession(row["id"], row["title"], tuple(row["words"])) for row in professions.data["professions"]
            ),
            unsaid=tuple(professions.data["unsaid"]),
            about=tuple(_about(row) for row in about.data["about"]),
            decisions=tuple(OwnDecision(**row) for row in decisions.data["decisions"]),
            help=tuple((row["id"], row["title"]) for row in decisions.data["help"]),
            labels=decisions.data["labels"],
        )
    except (KeyError, TypeError) as error:
        raise professions.error(f"in data/case ontbreekt of mankeert iets: {error}") from error
    _known(professions, "professions", [row.id for row in lists.professions], PROFESSIONS)
    _known(about, "about", [row.id for row in lists.about], CLIENT_ROLES)
    for index, about_row in enumerate(lists.about):
        for name in (*about_row.titles, *about_row.first):
            if name not in PROFESSIONS:
                raise about.error(f"onbekend: {name}", "about", index)
    for outcome in OUTCOMES:
        if outcome not in lists.labels["outcome"]:
            raise decisions.error(f"geen naam voor uitkomst {outcome}", "labels", "outcome")
    return lists


def _about(row: Mapping[str, Any]) -> About:
    facts, titles = dict(row.get("facts", {})), dict(row.get("titles", {}))
    first, unless = tuple(row.get("first", ())), tuple(row.get("unless", ()))
    return About(row["id"], row["title"], tuple(row["words"]), facts, bool(row.get("minor")), titles, first, unless)


def _known(loaded: Loaded, key: str, ids: Sequence[str], known: Sequence[str]) -> None:
    for index, name in enumerate(ids):
        if name not in known:
            raise loaded.error(f"onbekend: {name}", key, index)


def load_tools(data: Path, analyser: Analyser, tables: Tables, desk: DeskRules | None = None) -> Tools:
    """Read what the phases need from `data/`. Raises DataFileError when a file is wrong."""
    lists = load_lists(data)
    signals = load_signals(data)
    return Tools(
        analyser=analyser,
        tables=tables,
        signals={signal.id: Signal(signal.id, signal.role, signal.label, signal.ask) for signal in signals},
        professions=lists.professions,
        unsaid=lists.unsaid,
        about=lists.about,
        decisions=lists.decisions,
        help=lists.help,
        labels=lists.labels,
        sources={source.id: _named(source) for source in load_sources(data)},
        sheet=load_sheet_texts(data),
        rehearsals=load_rehearsals(data, tables, lists.decided),
        desk=desk,
    )


def _named(source: Source) -> str:
    """Name a source by publisher and title; many titles begin with the publisher already."""
    return source.title if source.title.startswith(source.publisher) else f"{source.title} ({source.publisher})"


def advice_request(case: Case) -> AdviceRequest:
    """Put the case in the shape in which the tables read it."""
    fields = case.fields
    return AdviceRequest(
        profession=fields.get("profession", "anders"),
        client_role=fields.get("client_role", "unknown"),
        minor=fields.get("minor", "unknown"),
        case=case.facts,
    )


def folded(text: str) -> str:
    """Fold text for comparing: no capitals, accents or punctuation, single blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join(kept.split())


def mended(text: str, words: Iterable[str]) -> str:
    """Fold a short answer and mend typing errors in it: a word that is nearly one of `words` becomes it.

    One letter may be wrong, and not the first or the last; a word that is Dutch is no typing error.
    """
    known = {word for name in words for word in folded(name).split() if len(word) >= MENDED_FROM}
    spoken = folded(text).split()
    return " ".join(_nearest(word, known) if len(word) >= MENDED_FROM else word for word in spoken)


def _nearest(word: str, known: Collection[str]) -> str:
    if word in known or simplemma.is_known(word, lang=LANGUAGE):
        return word
    alike = (name for name in known if (name[0], name[-1]) == (word[0], word[-1]))
    return next((name for name in alike if DamerauLevenshtein.distance(word, name, score_cutoff=1) <= 1), word)
