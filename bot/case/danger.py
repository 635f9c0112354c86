"""Acute danger, anywhere in the conversation: the question with the user's own words, and what each answer sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot import advice
from bot.analysis import answer_of, danger_signs
from bot.case.choosing import TELLING, is_unknown, words_in
from bot.case.markdown import literal
from bot.case.record import AFTER_TALK, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import plain_words, shorten, told, with_story
from bot.case.tools import Tools, folded

ASKED = "gevaar.gevraagd"
ANSWERED = "gevaar.antwoord"
QUOTE = "danger_quote"
COMING = "danger_coming_days"
_OF_NOW = {"nu", "momenteel", "moment", "net", "vandaag", "vanavond", "vannacht", "straks"}
NOW, LATER, OVER, NOT_KNOWN = range(4)  # the answers, in the order of the fixed text
SHORT_STATEMENT = 8  # a longer text with “vroeger” in it is a story

LANDS_ON: Mapping[str, Mapping[str, str]] = {
    "weapon": {"weapon": "yes"},
    "threat_to_kill": {"threat_to_kill": "yes"},
    "strangulation": {"strangulation": "yes"},
    "serious_injury": {"serious_injury": "yes"},
    "sexual_violence": {"sexual_violence": "yes"},
    "locked_in": {"locked_in": "yes"},
    "care_withheld": {"care_withheld": "yes"},
    "child_in_danger": {"children_safe": "no", "children": "yes"},
}
ASK_ABOUT = {"suicide": ("perpetrator_suicidal",), "fled": ("danger_coming_days",)}  # who, and when? never landed on


@dataclass(frozen=True)
class Trigger:
    """What set off the safety net: the kind, and the words."""

    kind: str
    quote: str


def already_asked(case: Case, triggers: Sequence[Trigger]) -> bool:
    """Whether the danger question was put, and answered, for each of these statements before.

    What is said of now is a new statement each time, and so is all that is said after a talk. Once she said that there
    is danger now, nothing is asked any more: she was told to call.
    """
    if case.is_yes("danger_now"):
        return True
    since = case.asked_since(AFTER_TALK)
    if ANSWERED not in since:
        return False
    entries = case.entries[len(case.entries) - len(since) :]
    asked = {folded(name.removeprefix("gevaar:")) for entry in entries for name in entry.offered}
    said = [folded(trigger.quote) for trigger in triggers]
    return bool(said) and all(quote in asked and not _OF_NOW & set(quote.split()) for quote in said)


def noticed(case: Case, text: str, triggers: Sequence[Trigger], tools: Tools, *, kept: bool = False) -> Case:
    """Keep the message that interrupted as part of the story (unless it is `kept` already), and note what it may hold.

    A kind of trigger can be a guess of the classifier: its facts are set only when the user's words are plain by
    themselves, and else become hints, that make Pluis ask.
    """
    entry = told(case, ASKED, text, tools)
    plain = plain_words(text, tools)
    landing = {fact: value for row in triggers for fact, value in LANDS_ON.get(row.kind, {}).items()}
    facts = {fact: value for fact, value in landing.items() if fact in plain}
    guessed = {
        fact: row.quote for row in triggers for fact in (*LANDS_ON.get(row.kind, ()), *ASK_ABOUT.get(row.kind, ()))
    }
    update = {
        "lines": [] if kept else entry.lines,
        "hints": {**guessed, **entry.hints},
        "fields": {QUOTE: shorten(triggers[0].quote if triggers else text, 200)},
        "facts": facts,
        "offered": [f"gevaar:{trigger.quote}" for trigger in triggers],
        "silent": kept,
    }
    return case.add(entry.model_copy(update=update))


def _quote(case: Case) -> str:
    """The words that the question is about: those before the answer, when that is asked again."""
    entries = case.entries
    if case.again == ANSWERED:
        entries = entries[: next(entry.at for entry in reversed(entries) if entry.taken is not None)]
    return next((entry.fields[QUOTE] for entry in reversed(entries) if QUOTE in entry.fields), "")


class Danger:
    """The danger question; a form of its own, so that the conversation can go on where it was."""

    name = "gevaar"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Put the question until it is answered for the message that interrupted."""
        if case.again != ANSWERED and (ASKED not in case.asked or ANSWERED in case.asked_since(ASKED)):
            return None
        fixed = tools.tables.texts["danger"]
        text = advice.fill(fixed.text, {"citaat": literal(_quote(case)), **tools.words(case)})
        choices = tuple(Choice(choice.title, str(index)) for index, choice in enumerate(fixed.choices))
        return Question(ANSWERED, Say(text=text, choices=choices), "Is er nu gevaar?")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Set what the answer means, and say what must be shown; in doubt it counts as danger in the coming days."""
        at = int(given.choice) if given.choice is not None else answer_in(given)
        if at is None:
            return Reaction(case, understood=False)
        choice = tools.tables.texts["danger"].choices[at]
        facts = dict(choice.facts)
        if at == OVER and given.choice is None and "not_now" in danger_signs(given.text):
            facts.pop(COMING)  # “nee, nu niet” says nothing of the days to come: that is asked in the weighing
        said_before = case.is_yes(COMING) and COMING not in case.assumed
        if at == OVER and said_before:
            facts.pop(COMING, None)  # that this is over does not take away what was said of another moment
        assumed = [COMING] if at == NOT_KNOWN and not said_before else []
        entry = Entry(question=ANSWERED, asked=question.label, answer=choice.title, facts=facts, assumed=assumed)
        if given.choice is None and words_in(given) >= TELLING:
            entry = with_story(entry, case, given.text, tools)
        after = case.add(entry)
        reply = advice.fill(choice.reply, tools.words(after))
        return Reaction(after, (Say(text=reply),) if reply else ())


def answer_in(given: Given) -> int | None:
    """Return which of the four answers is meant; a bare yes is “ja, nu”, and what is unclear is no answer.

    It is over only when she says so, or says a bare no; that someone is safe at the moment is neither.
    """
    signs, said = danger_signs(given.text), answer_of(given.text)
    if _tells_of_now(signs):
        return NOW
    if said == "unknown" or is_unknown(given):
        return NOT_KNOWN
    if "not_now" in signs and "not_calm_now" not in signs:
        return OVER if {"says_no", "bare_no"} <= signs else LATER  # “nee, nu niet”; “niet nu” is the title of “later”
    if said == "yes":
        return _confirmed(signs)
    if said == "no" or "says_no" in signs:
        return _denied(signs, plain=said == "no")
    return _stated(signs, words_in(given))


def _tells_of_now(signs: AbstractSet[str]) -> bool:
    """Whether the words tell of something harmful at this moment, or of the other one at the door."""
    if "unsafe" in signs:
        return "now" in signs
    return "now" in signs and bool(signs & {"harm", "at_the_door"}) and not signs & {"denied", "past", "safe"}


def _is_over(signs: AbstractSet[str]) -> bool:
    return "past" in signs and "not_past" not in signs


def _is_safe(signs: AbstractSet[str]) -> bool:
    return "safe" in signs and "unsafe" not in signs


def _confirmed(signs: AbstractSet[str]) -> int | None:
    """Read a yes: it means now, unless the words beside it name another moment or take it back."""
    if "at_times" in signs or _is_over(signs) or _is_safe(signs):
        return None
    return LATER if "later" in signs and not signs & {"now", "happened"} else NOW


def _denied(signs: AbstractSet[str], *, plain: bool) -> int | None:
    """Read a no: over when it is bare or says so, not yet when it doubts; what else it tells is asked about again."""
    if "not_past" in signs:
        return None
    if "later" in signs:
        return LATER
    if _is_over(signs) or (plain and "bare_no" in signs):
        return OVER
    return LATER if "doubt" in signs and not _is_safe(signs) else None


def _stated(signs: AbstractSet[str], words: int) -> int | None:
    """Read words that are neither yes nor no."""
    if "bare_now" in signs:
        return NOW
    if "now" in signs or _is_safe(signs) or "not_past" in signs:
        return None
    if "later" in signs:
        return None if "happened" in signs else LATER
    return OVER if _is_over(signs) and not signs & {"denied", "doubt", "harm"} and words <= SHORT_STATEMENT else None
