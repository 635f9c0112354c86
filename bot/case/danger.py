"""Acute danger, anywhere in the conversation: the question with the user's own words, and what each answer sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot import advice
from bot.analysis import answer_of, danger_signs
from bot.case.choosing import is_unknown, words_in
from bot.case.record import AFTER_TALK, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import plain_words, shorten, told, with_more
from bot.case.tools import Tools, folded
from bot.markdown import literal

ASKED = "gevaar.gevraagd"
ANSWERED = "gevaar.antwoord"
LABEL = "Is er nu gevaar?"
QUOTE = "danger_quote"
COMING = "danger_coming_days"
_OF_NOW = {"nu", "momenteel", "moment", "net", "vandaag", "vanavond", "vannacht", "straks"}
NOW, LATER, OVER, NOT_KNOWN, NOT_NOW, NO = range(6)  # the answers, in the order of the fixed text; two only typed
LEAVES_OPEN = (NOT_KNOWN, NOT_NOW)  # these say nothing of the days to come
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

    What was typed at the danger question itself is quoted in it only when it tells of something new. A kind of trigger
    can be a guess of the classifier: its facts are set only when the user's words are plain by themselves, and else
    become hints, that make Pluis ask.
    """
    entry = told(case, ASKED, text, tools)
    plain = plain_words(text, tools)
    landing = {fact: value for row in triggers for fact, value in LANDS_ON.get(row.kind, {}).items()}
    facts = {fact: value for fact, value in landing.items() if fact in plain}
    guessed = {
        fact: row.quote for row in triggers for fact in (*LANDS_ON.get(row.kind, ()), *ASK_ABOUT.get(row.kind, ()))
    }
    news = _news(text, triggers, plain) if is_open(case) else triggers
    quote = news[0].quote if news else "" if is_open(case) else text
    update = {
        "lines": [] if kept else entry.lines,
        "hints": {**guessed, **entry.hints},
        "fields": {QUOTE: shorten(quote, 200)} if quote else {},
        "facts": facts,
        "offered": [f"gevaar:{trigger.quote}" for trigger in triggers],
        "silent": kept,
    }
    return case.add(entry.model_copy(update=update))


def is_open(case: Case) -> bool:
    """Whether the danger question waits for an answer."""
    return case.again == ANSWERED or (ASKED in case.asked and ANSWERED not in case.asked_since(ASKED))


def _news(text: str, triggers: Sequence[Trigger], plain: AbstractSet[str]) -> Sequence[Trigger]:
    """What words typed at the question tell of danger beside it; of an answer, or a reassurance, there is no news."""
    if answer_in(Given(text)) is not None:
        return ()
    return [
        row
        for row in triggers
        if plain & {*LANDS_ON.get(row.kind, ()), *ASK_ABOUT.get(row.kind, ())}
        or danger_signs(row.quote) & {"harm_told", "at_the_door"}
    ]


def _about(case: Case) -> tuple[str, Entry | None]:
    """The words that the question is about, and the old answer, when that is asked again: then those before it."""
    entries, taken = case.entries, None
    if case.again == ANSWERED:
        note = next(entry for entry in reversed(entries) if entry.taken is not None)
        entries, taken = entries[: note.at], note.taken
    words = next((entry.fields[QUOTE] for entry in reversed(entries) if QUOTE in entry.fields), "")
    return (taken.about if taken else "") or words, taken


class Danger:
    """The danger question; a form of its own, so that the conversation can go on where it was."""

    name = "gevaar"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Put the question until it is answered for the message that interrupted."""
        if not is_open(case):
            return None
        about, taken = _about(case)
        quote = about or (taken.shown if taken else "")  # an answer that was read in a sheet may have no words
        fixed = tools.tables.texts["danger"]
        text = advice.fill(fixed.text, {"citaat": literal(quote), **tools.words(case)})
        choices = tuple(Choice(choice.title, str(index)) for index, choice in enumerate(fixed.choices))
        return Question(ANSWERED, Say(text=text, choices=choices), LABEL)

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Set what the answer means, and say what must be shown; in doubt it counts as danger in the coming days."""
        at = int(given.choice) if given.choice is not None else answer_in(given)
        if at is None:
            clash = (Say("gevaar_tegenspraak"),) if _contradicts(danger_signs(given.text)) else ()
            return Reaction(case, clash, understood=False)
        entry = answered(case, at, tools, about=_about(case)[0])
        # “nee, op dit moment niet, volgens mij” tells nothing more
        bare = at in (LATER, OVER, NOT_NOW, NO) and "hedged_no" in danger_signs(given.text)
        after = case.add(entry if bare else with_more(entry, case, given, tools))
        reply = advice.fill(tools.tables.texts["danger"].answers[at].reply, tools.words(after))
        return Reaction(after, (Say(text=reply),) if reply else ())


def answered(case: Case, at: int, tools: Tools, *, about: str = "") -> Entry:
    """Return the entry for one of the answers; what it leaves open counts as danger until that is answered."""
    choice = tools.tables.texts["danger"].answers[at]
    facts = dict(choice.facts)
    if at in (OVER, NO) and case.is_yes(COMING):
        facts.pop(COMING)  # that this is over says nothing of another moment
    said_before = case.is_yes(COMING) and COMING not in case.assumed
    assumed = [COMING] if at in LEAVES_OPEN and not said_before else []
    return Entry(question=ANSWERED, asked=LABEL, about=about, answer=choice.title, facts=facts, assumed=assumed)


def answer_in(given: Given) -> int | None:
    """Return which of the answers is meant; a bare yes is “ja, nu”, and what is unclear is no answer.

    It is over only when she says so; that someone is safe at the moment is no answer.
    """
    signs, said = danger_signs(given.text), answer_of(given.text)
    if _contradicts(signs):
        return None
    if _tells_of_now(signs):
        return NOW
    if said == "unknown" or is_unknown(given):
        return NOT_KNOWN
    if signs & {"not_now", "no_danger_now"} and "not_calm_now" not in signs:
        return _not_now(signs, yes=said == "yes", title=folded(given.text) == "niet nu")
    if said == "yes":
        return _confirmed(signs)
    if said == "no" or "says_no" in signs:
        return _denied(signs, plain=said == "no")
    return _stated(signs, words_in(given))


def _contradicts(signs: AbstractSet[str]) -> bool:
    """Whether the words say that there is danger now, and that there is none: of the two nothing is chosen for her."""
    return "yes_and_no" in signs or ("danger_now" in signs and bool(signs & {"not_now", "no_danger_now"}))


def _tells_of_now(signs: AbstractSet[str]) -> bool:
    """Whether the words tell of something harmful at this moment, or of the other one at the door."""
    if "unsafe" in signs:
        return "now" in signs
    return "now" in signs and bool(signs & {"harm", "at_the_door"}) and not signs & {"denied", "past", "safe"}


def _not_now(signs: AbstractSet[str], *, yes: bool, title: bool) -> int | None:
    """Read “nu niet”: no more than that, unless the words beside it tell of danger, or doubt.

    The bare words “niet nu” are how the title of “later” begins.
    """
    if "not_only" in signs:
        return None
    if yes or "at_the_door" in signs:
        return LATER if "not_now" in signs else None
    doubts = "doubt" in signs and "goes_on" not in signs
    return LATER if title or doubts or signs & {"later", "harm_told"} else NOT_NOW


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
    """Read a no: over when it says so, not yet when it doubts; what else it tells is asked about again."""
    if "not_past" in signs:
        return None
    if "later" in signs:
        return LATER
    if _is_over(signs):
        return OVER
    if plain and "bare_no" in signs:
        return NO
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
