"""Walks a checklist in the conversation, one item at a time; it can be left and resumed, and answers can be taken back.

What she answers and notes stays in the conversation: it is no fact and no story, and never comes into a case sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.advice import Checklist, ChecklistItem, View, fill, items_for, lines_for
from bot.case.choosing import TELLING, is_unknown, says, words_in
from bot.case.record import AFTER_TALK, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import SIGNAL, shorten
from bot.case.telling import source_line
from bot.case.tools import Tools, advice_request, folded, mended
from bot.markdown import literal

NAME = "lijst"
PREFIX, NOTE = "lijst.", "notitie."
ACTIVE = "list"  # the field that holds the list that is being walked
RESUMED, LEFT, LEAVE = "lijst.verder", "lijst.weg", "weg"
DONE, OPEN, UNSURE = "done", "open", "unknown"
NOT_YET = ("nog niet", "niet geregeld", "nog niks", "nog niets")
SAID: Mapping[str | None, str] = {"yes": DONE, "no": OPEN, "unknown": UNSURE}


class Checklists:
    """The list that is being walked; it comes before what else is open, and after danger."""

    name = NAME

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask the first item that has no answer yet, or one that is asked again."""
        checklist = _walked(case, tools)
        if checklist is None:
            return None
        items = items_for(checklist, _view(case, tools))
        again = [item for item in items if _id(checklist, item) == case.again]
        open_items = again or _open(case, checklist, items)
        if not open_items:
            return None
        return _question(checklist, open_items[0], items, case, tools)

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take where an item stands; what else was typed is a note with it. After the last one, tell what is open."""
        checklist = _walked(case, tools)
        if checklist is None:
            return Reaction(case, understood=False)
        if given.choice == LEAVE:
            return Reaction(left(case), (Say("lijst_weg"),))
        status = given.choice or _status(given)
        note = given.text if given.choice is None and (status is None or words_in(given) >= TELLING) else ""
        entry = Entry(
            question=question.id,
            asked=question.label,
            answer=checklist.answers[status or OPEN],
            fields={NOTE + question.id: note},
        )
        after = case.add(entry)
        kept = (Say("lijst_notitie"),) if note else ()
        if _open(after, checklist, items_for(checklist, _view(after, tools))):
            return Reaction(after, kept)
        done = case.add(entry.model_copy(update={"fields": {**entry.fields, ACTIVE: ""}}))
        return Reaction(done, (*kept, told_list(done, checklist, tools)))


def started(case: Case, checklist: Checklist, tools: Tools) -> tuple[Case, tuple[Say, ...]]:
    """Begin a list, or go on with one that was left; returns what is said before its first item."""
    view = _view(case, tools)
    items = items_for(checklist, view)
    left = len(_open(case, checklist, items))
    if 0 < left < len(items) and PREFIX + checklist.id in case.asked:
        resumed = Entry(question=RESUMED, asked=checklist.label, fields={ACTIVE: checklist.id})
        return case.add(resumed), (Say("lijst_verder"),)
    intro = "\n\n".join(fill(text, tools.words(case)) for text in lines_for(checklist.intro, view))
    begun = Entry(question=PREFIX + checklist.id, asked=checklist.label, fields={ACTIVE: checklist.id})
    return case.add(begun), (Say(text=intro),)


def left(case: Case) -> Case:
    """Leave the list that is being walked; it can be resumed."""
    return case.add(Entry(question=LEFT, fields={ACTIVE: ""}, silent=True))


def list_meant(text: str, tools: Tools) -> Checklist | None:
    """Return the list that words name; None when they name none, or more than one."""
    lists = tools.tables.checklists
    spoken = f" {mended(text, [word for row in lists for word in row.words])} "
    found = [row for row in lists if any(f" {folded(word)} " in spoken for word in row.words)]
    return found[0] if len(found) == 1 else None


def must_call_first(case: Case, tools: Tools) -> bool:
    """Whether 112 comes before any list."""
    return case.is_yes("danger_now") or tools.tables.decide(advice_request(case)).outcome == "call_112"


def without_story(before: Case, after: Case) -> Case:
    """Return the case in which nothing that was typed at a list became story; what it points to is still asked about.

    What was told of a talk is no note at a list.
    """
    new = after.entries[len(before.entries) :]
    if any(entry.question == AFTER_TALK for entry in new):
        return after
    plain = (
        entry.model_copy(
            update={"lines": [], "hints": {name: text for name, text in entry.hints.items() if SIGNAL not in name}}
        )
        for entry in new
    )
    return Case(entries=[*after.entries[: len(before.entries)], *plain])


def _walked(case: Case, tools: Tools) -> Checklist | None:
    """The list that is walked now, or that of an answer that is asked again."""
    again = case.again.removeprefix(PREFIX).split(":")[0] if case.again.startswith(PREFIX) else ""
    return tools.tables.checklist(again or case.fields.get(ACTIVE, ""))


def _view(case: Case, tools: Tools) -> View:
    return tools.tables.decide(advice_request(case)).view


def _id(checklist: Checklist, item: ChecklistItem) -> str:
    return f"{PREFIX}{checklist.id}:{item.id}"


def _open(case: Case, checklist: Checklist, items: Sequence[ChecklistItem]) -> list[ChecklistItem]:
    """The items without an answer since the list was begun."""
    answered = set(case.asked_since(PREFIX + checklist.id))
    return [item for item in items if _id(checklist, item) not in answered]


def _question(
    checklist: Checklist, item: ChecklistItem, items: Sequence[ChecklistItem], case: Case, tools: Tools
) -> Question:
    """Put one item: how far she is, what is asked, and why in one sentence; the source comes with “waarom?”."""
    words = tools.words(case)
    asked = fill(" ".join(lines_for(item.text, _view(case, tools))), words)
    why, doubt = fill(item.why, words), f"*Let op: {item.doubt}*" if item.doubt else ""
    values = {
        "lijst": checklist.label,
        "nummer": str(items.index(item) + 1),
        "aantal": str(len(items)),
        "punt": item.label,
        "vraag": asked,
        "uitleg": _joined(f"*{why}*", doubt),
    }
    choices = [Choice(title, status) for status, title in checklist.answers.items()]
    ways = (Choice("Waarom vraag je dit?", intent="waarom_vraag"), Choice("Stop met deze lijst", LEAVE))
    source = source_line({"sources": [source.as_dict() for source in item.sources]}, tools)
    say = Say("lijst_punt", values=values, choices=(*choices, *ways))
    return Question(_id(checklist, item), say, f"{checklist.label}, {item.label}", open=True, why=_joined(why, source))


def _joined(*blocks: str) -> str:
    return "\n\n".join(filter(None, blocks))


def _status(given: Given) -> str | None:
    """Read where an item stands from what was typed; None when it does not say."""
    spoken = folded(given.text)
    if is_unknown(given):
        return UNSURE
    return OPEN if spoken.startswith(NOT_YET) else SAID.get(says(given))


def told_list(case: Case, checklist: Checklist, tools: Tools) -> Say:
    """Tell what is arranged, and what is open with whom to arrange it."""
    view, words = _view(case, tools), tools.words(case)
    answers = {entry.question: entry.answer for entry in case.entries}
    rows: dict[bool, list[str]] = {True: [], False: []}
    for item in items_for(checklist, view):
        name = _id(checklist, item)
        done = answers.get(name) == checklist.answers[DONE]
        whom = next(iter(lines_for(item.with_whom, view)), "")
        note = case.fields.get(NOTE + name, "")
        noted = f" (je schreef: ‘{literal(shorten(note))}’)" if note else ""
        rows[done].append(f"- {item.label}{'' if done else f': {fill(whom, words)}'}{noted}")
    titles = ((True, checklist.answers[DONE]), (False, "Nog open"))
    groups = [f"**{title}**\n" + "\n".join(rows[done]) for done, title in titles if rows[done]]
    close = "\n\n".join(fill(text, words) for text in lines_for(checklist.close, view))
    return Say("lijst_klaar", values={"lijst": checklist.label, "slot": close, "stand": "\n\n".join(groups)})
