"""Takes what the user told into the case: lines for the fact list, hints at facts, signals that may fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.analysis import Analysis, Kind, Statement
from bot.case.choosing import NEGATIONS, beside
from bot.case.record import Case, Entry, Line
from bot.case.speech import Given
from bot.case.tools import Tools, folded

SIGNAL, FORM, CONTEXT = "signal:", "form:", "context:"
ADDED = "aanvulling"
_TAKEN_BACK = re.compile(r"\b(?:niet|nooit) (?:gezegd|beweerd|geschreven|waar)\b|\bklopt niet\b")
PASSED_ON = re.compile(r"\bvertel|\bzei\b|\bzegt\b|\b(?:gehoord|hoorden?) (?:het |dit )?(?:via|van)\b")
QUOTES = "‘’“”„\"'"
# “ze zei ik durf niet weg” begins what someone said in her own words; “ze zei dat ik …” does not
_DIRECT = re.compile(
    r"\b(?:zei|zegt|zeggen|zeiden|vertelde|vertelt|riep|roept)"
    r"(?: (?!dat|of|hoe|wat|waarom|toen|als|terwijl|voordat)\w+){0,3} (?:ik|mijn|me|mij|we|wij)\b"
)
_SAYS = re.compile(r"\b(?:zei|zegt|zeiden|vertelde|vertelt|riep|roept)\b[^,;:‘’“”\"']{0,30}[:‘’“”„\"']", re.IGNORECASE)
_TOLD_MYSELF = re.compile(r"\bik (?:\w+ ){0,4}?(?:vertel|verteld|vertelde|zei)\b")
_VOICE = re.compile(  # words of the user herself after what someone said
    r"^(?:maar |en |dus |toen )?ik (?:denk|dacht|vind|vond|vermoed|schrok|schrik|geloof|merk|merkte|maak me)\b"
    r"|\bvolgens mij\b|\bdenk ik\b|\blijkt\b|\blijkt me\b"
)
_ABOUT_HER = re.compile(r"^(?:maar |en |dus |toen )?(?:ze|zij)\b")  # after “ze zei ik …” no longer her own words
_OF_MYSELF = re.compile(r"^(?:maar |en |dus |toen )?ik\b")  # after “ze vertelde dat …” it is the user who speaks
PLAIN = 0.9  # the score that the analysis gives to words that match a pattern; likeness to an example stays below it


def told(case: Case, question: str, text: str, tools: Tools, *, asked: str = "Wat je vertelde") -> Entry:
    """Make the entry for a piece of story; nothing in it is taken for granted but that it was said."""
    return with_story(Entry(question=question, asked=asked, answer=text), case, text, tools)


def with_story(entry: Entry, case: Case, text: str, tools: Tools) -> Entry:
    """Return the entry with what its words tell beside the answer itself: lines and hints."""
    analysis = tools.analyser.analyse(text)
    ids = case.add(entry).new_line_ids(len(analysis.statements))
    lines = [
        Line(id=line_id, kind=kind, quote=statement.quote, parts=parts)
        for line_id, statement, (kind, parts) in zip(
            ids, analysis.statements, _as_told(text, analysis.statements), strict=True
        )
    ]
    told = {"lines": [*entry.lines, *lines], "hints": _hints(analysis), "points": _points(analysis)}
    return entry.model_copy(update=told)


def _as_told(text: str, statements: Sequence[Statement]) -> list[tuple[Kind, dict[str, str]]]:
    """Return what each statement is, with its parts; what someone else said is an observation, and known from them.

    What was passed on goes on to the end of the sentence, or to words of the user about it.
    """
    read: list[tuple[Kind, dict[str, str]]] = []
    direct = passed_on = False
    source: dict[str, str] = {}
    end = 0
    for statement in statements:
        words = folded(statement.quote)
        same = not re.search(r"[.!?\n]", text[max(end - 1, 0) : statement.start]) and not _VOICE.search(words)
        begins = bool(_DIRECT.search(words) or _SAYS.search(statement.quote))
        direct = begins or (direct and same and not _ABOUT_HER.search(words))
        passed_on = _is_passed_on(words) or (passed_on and same and not _OF_MYSELF.search(words))
        own = {name: value for name, value in statement.parts.items() if name == "source"}
        source = own or source if direct or passed_on else {}
        felt = statement.kind == "feeling" and _is_of_another(statement.quote, text)
        kind: Kind = "observation" if direct or passed_on or felt else statement.kind
        read.append((kind, {**source, **statement.parts}))
        direct, end = direct and statement.quote[-1] not in QUOTES, statement.end
    return read


def _is_passed_on(spoken: str) -> bool:
    return bool(PASSED_ON.search(spoken)) and not _TOLD_MYSELF.search(spoken)


def _is_of_another(quote: str, text: str) -> bool:
    words = quote.strip(QUOTES)
    return _is_passed_on(folded(quote)) or any(f"{mark}{words}" in text for mark in QUOTES)


def is_passed_on(text: str) -> bool:
    """Whether words tell what someone else said."""
    return _is_of_another(text, text) or bool(_DIRECT.search(folded(text)))


def is_told(case: Case, text: str) -> bool:
    """Whether these words were taken as story just now, by what they interrupted."""
    last = case.entries[-1] if case.entries else Entry(question="")
    return bool(last.lines) and last.answer == text


def with_more(entry: Entry, case: Case, given: Given, tools: Tools) -> Entry:
    """Return the entry with what she told beside the answer itself, when she typed more than that."""
    more = beside(given)
    return with_story(entry, case, more, tools) if more and not is_told(case, given.text) else entry


def quoted(case: Case, text: str, tools: Tools) -> Case:
    """Add words of the client that the user passed on: what “ik” says in them is said by the client, no own feeling."""
    entry = told(case, ADDED, text, tools)
    said = [
        line.model_copy(update={"kind": "observation", "parts": {**line.parts, "source": "client"}})
        for line in entry.lines
    ]
    return case.add(entry.model_copy(update={"lines": said}))


def _hints(analysis: Analysis) -> dict[str, str]:
    signals = {SIGNAL + hit.id: hit.quote for hit in analysis.signals}
    return signals | {hint.fact: hint.quote for hint in analysis.hints}


def _points(analysis: Analysis) -> dict[str, str]:
    """What the words are like, beside facts and signals; what someone feels herself says nothing of the others."""
    felt = {statement.quote for statement in analysis.statements if statement.kind == "feeling"}
    forms = {FORM + hit.id: hit.quote for hit in analysis.forms if hit.quote not in felt}
    return forms | {CONTEXT + hit.id: hit.quote for hit in analysis.contexts if hit.quote not in felt}


def has_story(case: Case) -> bool:
    """Whether anything was told yet that can be worked with."""
    return bool(case.lines_of("observation", "interpretation"))


def shorten(quote: str, limit: int = 140) -> str:
    """Shorten a quote at a word, so that a question stays readable."""
    flat = " ".join(quote.split()).rstrip(" .,;")
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0] + " …"


def plain_words(text: str, tools: Tools) -> set[str]:
    """The facts that the words name outright, not those that they only resemble.

    What stands beside a denial, in a question, or in words that take it back is not outright: that is asked about.
    """
    if _TAKEN_BACK.search(text.casefold()):
        return set()
    asked = [sentence for sentence in re.findall(r"[^.!?]*[.!?]?", text) if sentence.endswith("?")]
    return {
        hint.fact
        for hint in tools.analyser.analyse(text).hints
        if hint.score >= PLAIN
        and not NEGATIONS & set(folded(hint.quote).split())
        and not any(hint.quote in sentence for sentence in asked)
    }
