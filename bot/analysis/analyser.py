"""Puts the parts together: one text in, statements, signals, forms and hints out.
Everything is loaded and fitted once; after that an analysis reads no files and is safe from several threads."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from pathlib import Path

import numpy as np
from spacy.tokens import Doc, Span

from bot.analysis.fitted import Fitted, fitted
from bot.analysis.hints import HintFinder, contexts_in
from bot.analysis.labels import FORM, SIGNAL
from bot.analysis.parts import PartsFinder
from bot.analysis.pipeline import CLAUSES, ClauseWords, make_pipeline
from bot.analysis.recognise import FORM_WEIGHTS, SIGNAL_WEIGHTS, Reading, Recogniser, Weights, affirmed, denies
from bot.analysis.records import Analysis, FactHint, FormHit, SignalHit, Statement
from bot.analysis.resources import Recognisable, Resources, load_resources
from bot.analysis.statements import KindClassifier, centred
from bot.analysis.urgency import Urgency, learn
from bot.encoder import Encoder, Vectors
from bot.vectors import VectorCache

FORMS_SHOWN = 4
STORIES_HEARD = 500
_LONE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    """Put a blank for what spaCy cannot store (NUL, half a character); every offset stays."""
    return _LONE.sub(" ", text)


class Analyser:
    """Analyses Dutch text; `cache` is a directory for what was learnt from our own examples."""

    def __init__(self, data_root: Path, encoder: Encoder, cache: Path | None = None) -> None:
        resources = load_resources(data_root)
        self._encoder = encoder
        self._lock = threading.Lock()
        words = ClauseWords.from_data(resources.words)
        self._nlp = make_pipeline(words, resources.compiled)
        self._parts = PartsFinder(resources.persons, sorted(words.finite))
        learnt = fitted(Fitted, data_root, encoder.name, cache, lambda: self._fit(resources, cache))
        self._centre, self._kinds = learnt.centre, learnt.kinds
        self._signals, self._forms = learnt.signals, learnt.forms
        self._hints = HintFinder(resources.facts, learnt.clues)
        self._heard: dict[bytes, Mapping[str, float]] = {}
        self._made: Callable[[], Urgency] = lambda: fitted(
            Urgency, data_root, encoder.name, cache, lambda: self._learn(resources, cache)
        )

    def _fit(self, resources: Resources, cache: Path | None) -> Fitted:
        examples = VectorCache("analysis", self._encoder, cache)
        raw = examples.query([text for text, _kind in resources.statements])
        centre = raw.mean(axis=0)
        kinds = KindClassifier(resources.cues).fit(
            [self.whole(text) for text, _kind in resources.statements],
            centred(raw, centre),
            [kind for _text, kind in resources.statements],
        )

        def vectors(texts: Sequence[str]) -> Vectors:
            return centred(examples.query(texts), centre)

        def recogniser(items: Sequence[Recognisable], prefix: str, weights: Weights) -> Recogniser:
            texts = [text for text, _ids in resources.showing[prefix]]
            shown = [ids for _text, ids in resources.showing[prefix]]
            return Recogniser(items, prefix, weights).fit(
                [self._nlp.make_doc(text)[:] for text in texts], vectors(texts), shown
            )

        return Fitted(
            centre,
            kinds,
            recogniser(resources.signals, SIGNAL, SIGNAL_WEIGHTS),
            recogniser(resources.forms, FORM, FORM_WEIGHTS),
            vectors([text for clues in resources.facts for text in clues.examples]),
        )

    @cached_property
    def _urgency(self) -> Urgency:
        return self._made()

    def _learn(self, resources: Resources, cache: Path | None) -> Urgency:
        texts = [text for text, _ in resources.situations]
        vectors = VectorCache("situations", self._encoder, cache).query(texts)
        return learn(texts, [named for _, named in resources.situations], vectors)

    def urgency(self, text: str) -> Mapping[str, float]:
        """Return how much a whole story sounds like each class of urgency, 0 to 1. Loaded at its first use.

        One turn asks this of the same story several times: it is read once. What is kept of it is a digest.
        """
        text = _storable(text)
        key = blake2b(text.encode()).digest()
        heard = self._heard.get(key)
        if heard is None:
            heard = self._urgency.opinions(text, self._encoder.query([text]))
            if len(self._heard) >= STORIES_HEARD:
                self._heard.clear()
            self._heard[key] = heard
        return heard

    def whole(self, text: str) -> Span:
        """Parse a text and return it as one span."""
        span: Span = self._parse(text)[:]
        return span

    def clauses(self, text: str) -> list[str]:
        """Return the clauses into which a text is split."""
        doc = self._parse(text)
        return [clause.text for clause in doc.spans[CLAUSES]]

    def signals_named(self, text: str) -> set[str]:
        """Return the ids of the signals that a pattern of words names: what meaning is measured against."""
        doc = self._parse(text)
        return self._signals.named(list(doc.spans[CLAUSES]))

    def analyse(self, text: str) -> Analysis:
        """Split a text into clauses and say of each what it is and what it points to."""
        doc = self._parse(text)
        clauses = list(doc.spans[CLAUSES])
        if not clauses:
            return Analysis((), (), (), ())
        vectors = self._vectors(clauses)
        statements = self._statements(clauses, vectors)
        read = self._read(doc, clauses, vectors, statements)
        signals = [SignalHit(item.id, item.label, item.role, *hit) for item, hit in _hits(self._signals, read)]
        hints = self._hints.hints(doc, vectors)
        if signals:
            hints.append(FactHint("signals", signals[0].quote, signals[0].score))
        forms = [FormHit(item.id, item.label, *hit) for item, hit in _hits(self._forms, read)[:FORMS_SHOWN]]
        return Analysis(tuple(statements), tuple(signals), tuple(forms), tuple(hints), contexts_in(clauses))

    def _parse(self, text: str) -> Doc:
        with self._lock:  # a spaCy vocabulary grows while it reads
            return self._nlp(_storable(text))

    def _statements(self, clauses: Sequence[Span], vectors: Vectors) -> list[Statement]:
        return [
            Statement(
                quote=clause.text,
                start=clause.start_char,
                end=clause.end_char,
                kind=kind,
                score=score,
                parts=self._parts.parts(clause) if kind == "observation" else {},
            )
            for clause, (kind, score) in zip(clauses, self._kinds.kinds(clauses, vectors), strict=True)
        ]

    def _read(self, doc: Doc, clauses: Sequence[Span], vectors: Vectors, statements: Sequence[Statement]) -> _Read:
        """Read each clause, and of each sentence what goes from its first to its last clause that is no own feeling."""
        told = [row for row, statement in enumerate(statements) if statement.kind != "feeling"]
        parts = tuple(list(rows) for _, rows in groupby(told, key=lambda row: clauses[row].sent.start))
        sentences = [doc[clauses[rows[0]].start : clauses[rows[-1]].end] for rows in parts]
        of_clauses = {row: affirmed(clause) for row, clause in enumerate(clauses)}
        of_sentences = {row: affirmed(span) for row, span in enumerate(sentences) if not denies(span)}
        return _Read(
            self._reading(clauses, vectors, of_clauses),
            parts,
            self._reading(sentences, self._vectors(sentences), of_sentences),
        )

    def _reading(self, spans: Sequence[Span], vectors: Vectors, texts: Mapping[int, str]) -> Reading:
        plain = {row: self.whole(text) for row, text in texts.items() if text not in {"", spans[row].text}}
        return Reading(spans, vectors, plain, self._vectors([*plain.values()]))

    def _vectors(self, spans: Sequence[Span]) -> Vectors:
        return centred(self._encoder.query([span.text for span in spans]), self._centre)


@dataclass(frozen=True)
class _Read:
    """A text as it was read: its clauses, and of each sentence what is told in it, with the rows of its clauses."""

    clauses: Reading
    parts: tuple[list[int], ...]
    sentences: Reading


def _hits(recogniser: Recogniser, read: _Read) -> list[tuple[Recognisable, tuple[str, float]]]:
    """Return each item that a sentence or one of its clauses shows, with the clause that shows it best and the score,
    best first. A clause that denies an item never shows it; of its sentence only another clause that shows the item by
    itself can. Own feelings are no sign of anything."""
    if not read.parts:
        return []
    odds = recogniser.odds(read.clauses)
    apart, denied = recogniser.scores(read.clauses, odds, apart=True), recogniser.denied(read.clauses, odds)
    whole = recogniser.scores(read.sentences, recogniser.odds(read.sentences))
    best: dict[Recognisable, tuple[str, float]] = {}
    for row, part in zip(whole, read.parts, strict=True):
        shown = np.where(denied[part], 0.0, apart[part])
        scores = np.where(denied[part].any(axis=0), shown.max(axis=0), np.maximum(row, shown.max(axis=0)))
        for item, score in recogniser.hits(scores):
            clause = part[int(shown[:, recogniser.items.index(item)].argmax())]
            if score > best.get(item, ("", 0.0))[1]:
                best[item] = (read.clauses.spans[clause].text, score)
    return sorted(best.items(), key=lambda pair: -pair[1][1])
