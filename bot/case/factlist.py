"""The fact list at the end of phase 2: shown until the user says that it is right; lines come and go."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.case.choosing import BUTS, NONE, SHORT, is_nothing, is_unknown, says, ticked, words_in
from bot.case.record import AGAIN, Case, Entry, Line
from bot.case.speech import Choice, Given, Question, Reaction, Row, Say
from bot.case.story import ADDED, has_story, shorten, told, with_more
from bot.case.tools import Tools, folded
from bot.markdown import literal

LIST, REMOVE, ADD, EDIT = "feiten.lijst", "feiten.weghalen", "feiten.toevoegen", "feiten.aanpassen"
GONE, OTHER = "weg:", "anders:"  # what can be done with one line, before its id
STEP = "fact_list_step"
CHANGES = 12
CHOICES = (Choice("Klopt zo", "klopt"), Choice("Iets weghalen", REMOVE), Choice("Iets toevoegen", ADD))


def confirmed(case: Case) -> bool:
    """Whether the user said that the list is right; opening an answer again takes that back.

    After many changes the list is taken as it stands, so that the conversation goes on.
    """
    changes = [name for name in case.asked_since(AGAIN) if name in (ADDED, REMOVE, "feiten.stap")]
    return "fact_list" in case.fields or len(changes) >= CHANGES


def step(case: Case) -> str:
    """Return whether something is being removed or added, or which line is being changed."""
    return case.fields.get(STEP, "")


def question(case: Case) -> Question:
    """Show the list, or ask what must go or come."""
    if step(case) == REMOVE:
        choices = tuple(Choice(shorten(_line_text(line, str), 100), line.id) for line in case.lines)
        say = Say("feiten_weghalen", choices=(*choices, Choice("Toch niets", NONE)))
        return Question(REMOVE, say, "Wat weg mag", tick=True)
    if step(case) == ADD:
        say = Say("feiten_toevoegen", choices=(Choice("Toch niets", NONE),))
        return Question(ADD, say, "Wat erbij mag", open=True)
    if (line := _edited(case)) is not None:
        say = Say("feiten_aanpassen", values={"quote": _line_text(line)}, choices=(Choice("Toch niet", NONE),))
        return Question(EDIT, say, "Hoe de regel moet zijn", open=True)
    rows = tuple(map(_row, case.lines))
    say = Say("feiten_lijst", values={"lijst": fact_list_text(case)}, choices=CHOICES, rows=rows)
    return Question(LIST, say, "De feitenlijst")


def _row(line: Line) -> Row:
    """A line with what can be done with it; a signal comes from a list, so it has no words of hers to change."""
    edit = () if line.kind == "signal" else (Choice("Aanpassen", OTHER + line.id),)
    return Row(shorten(_line_text(line, str), 100), (*edit, Choice("Weghalen", GONE + line.id)))


def _edited(case: Case) -> Line | None:
    """The line that is being changed, as long as it is there."""
    return _line(case, step(case), f"{EDIT}:")


def _line(case: Case, value: str, before: str) -> Line | None:
    """The line that a value names, after what it begins with."""
    named = value.removeprefix(before) if value.startswith(before) else ""
    return next((line for line in case.lines if line.id == named), None)


def fact_list_text(case: Case) -> str:
    """The fact list as Markdown: facts, said-by, interpretations, signals, own feeling, what is open; each apart."""
    groups: tuple[tuple[str, list[str]], ...] = (
        ("Feiten: gezien, gehoord of verteld", [_line_text(line) for line in case.lines_of("observation")]),
        ("Interpretaties: wat jij denkt", [_line_text(line) for line in case.lines_of("interpretation")]),
        ("Jouw gevoel", [_line_text(line) for line in case.lines_of("feeling")]),
        ("Signalen die je aanvinkte", [_line_text(line) for line in case.lines_of("signal")]),
        ("Nog open", [row for row in case.unanswered if not row.endswith("?")]),
    )
    return "\n\n".join(f"**{title}**\n" + "\n".join(f"- {row}" for row in rows) for title, rows in groups if rows)


def _line_text(line: Line, show: Callable[[str], str] = literal) -> str:
    if line.kind == "signal":
        label = line.parts.get("label", line.signal)
        return f"{label}: “{show(shorten(line.quote))}”" if line.quote else label
    said_by = line.parts.get("source", "")
    note = {"client": " (verteld door de persoon zelf)", "other": " (van iemand anders gehoord)"}.get(said_by, "")
    return f"“{show(shorten(line.quote, 300))}”{note}"


def _to_step(case: Case, name: str) -> Case:
    return case.add(Entry(question="feiten.stap", fields={STEP: name}, silent=True))


def _answer_list(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    if given.choice in (REMOVE, ADD):
        return Reaction(_to_step(case, given.choice))
    if (line := _line(case, given.choice or "", OTHER)) is not None:
        return Reaction(_to_step(case, f"{EDIT}:{line.id}"))
    if (line := _line(case, given.choice or "", GONE)) is not None:
        return Reaction(case.add(_removal(case, [line.id], _row(line).text)))
    short = given.choice is not None or words_in(given) <= SHORT
    said = "yes" if given.choice == "klopt" or given.intent == "bedanken" else says(given)
    if short and (said == "no" or given.intent == "corrigeren"):
        return Reaction(_to_step(case, REMOVE))
    if short and (said or is_unknown(given)) and not (said == "yes" and BUTS & set(folded(given.text).split())):
        right = Entry(question=LIST, asked=question.label, answer="Klopt zo", fields={"fact_list": "klopt"})
        return Reaction(case.add(right), () if has_story(case) else (Say("nog_weinig"),))
    if words_in(given) < 3:
        return Reaction(case, understood=False)
    return _added(case, given, tools)


def _answer_add(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    if is_nothing(given):
        return Reaction(_to_step(case, ""))
    return _added(case, given, tools)


def _added(case: Case, given: Given, tools: Tools) -> Reaction:
    entry = told(case, ADDED, given.text, tools, asked="Aanvulling")
    return Reaction(case.add(entry.model_copy(update={"fields": {STEP: ""}})), (Say("toegevoegd"),))


def _answer_remove(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    chosen = ticked(given, question.choices)
    if chosen is None:
        return Reaction(case, understood=False)
    titles = [choice.title for choice in question.choices if choice.value in chosen]
    entry = _removal(case, chosen, ", ".join(titles) or "Niets")
    return Reaction(case.add(with_more(entry, case, given, tools)))


def _removal(case: Case, lines: list[str], answer: str) -> Entry:
    facts = _groundless(case, set(lines))
    return Entry(question=REMOVE, asked="Weggehaald", answer=answer, removed=lines, facts=facts, fields={STEP: ""})


def _answer_edit(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    line = _edited(case)
    if line is None or is_nothing(given) or is_unknown(given):
        return Reaction(_to_step(case, ""))
    entry = told(case, ADDED, given.text, tools, asked="Aangepast")
    if not entry.lines:  # words in which nothing is recognised still stand for the line
        (new,) = case.add(entry).new_line_ids(1)
        entry = entry.model_copy(update={"lines": [line.model_copy(update={"id": new, "quote": given.text})]})
    facts = _groundless(case, {line.id}) | entry.facts
    changed = {"removed": [line.id], "facts": facts, "fields": {STEP: ""}}
    return Reaction(case.add(entry.model_copy(update=changed)), (Say("aangepast"),))


def _groundless(case: Case, removed: set[str]) -> dict[str, str]:
    """The facts that rested on lines that go, and on no other; they are asked again when they matter."""
    left = {line.id for line in case.lines} - removed
    sources = [entry for entry in case.entries if entry.facts]
    gone = {entry.question for entry in sources if entry.lines and not left & {line.id for line in entry.lines}}
    resting = {
        fact for entry in sources if entry.question in gone for fact, value in entry.facts.items() if value == "yes"
    }
    standing = {fact for entry in sources if entry.question not in gone for fact in entry.facts}
    return dict.fromkeys(sorted(resting - standing), "unknown")


ANSWERS: Mapping[str, Callable[[Case, Question, Given, Tools], Reaction]] = {
    LIST: _answer_list,
    REMOVE: _answer_remove,
    EDIT: _answer_edit,
    ADD: _answer_add,
}
