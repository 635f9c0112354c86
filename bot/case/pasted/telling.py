"""Tells what was read in a pasted sheet, in short. Her own words are shown as text, never as markup or a link;
all other words come from our own texts, not from what was pasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.advice import fill
from bot.case.danger import ANSWERED, LABEL
from bot.case.pasted.records import Pasted, ReadAnswer, ReadFact
from bot.case.story import shorten
from bot.case.tools import Tools
from bot.case.weighing import PREFIX
from bot.markdown import literal

SHOWN, WORDS = 20, 140  # rows of a kind, and characters of one


def told_back(found: Pasted, tools: Tools) -> str:
    """Return what was read as Markdown."""
    texts = tools.sheet.pasted
    blocks = [*_head(found, tools), *_lists(found, tools)]
    if not found.rows and not found.interpretations:
        blocks.append(texts["nothing"])
    blocks += _decided(found, tools)
    if found.unread:
        blocks.append(texts["unread"].format(count=len(found.unread)))
    if found.doubled:
        blocks.append(texts["doubled"].format(count=len(found.doubled)))
    if found.advice:
        blocks.append(texts["advice"])
    return "\n\n".join(blocks)


def _head(found: Pasted, tools: Tools) -> Iterator[str]:
    if found.date:
        yield tools.sheet.pasted["date"].format(date=found.date)


def _lists(found: Pasted, tools: Tools) -> Iterator[str]:
    texts = tools.sheet.pasted
    lists = (
        (texts["facts"], [_fact(fact, tools) for fact in found.facts]),
        (texts["interpretations"], [_quoted(words) for words in found.interpretations]),
        (texts["answers"], [_answer(answer, tools) for answer in found.answers]),
        (texts["situation"], _situation(found, tools)),
    )
    for title, rows in lists:
        if rows:
            more = [texts["more"].format(count=len(rows) - SHOWN)] if len(rows) > SHOWN else []
            yield f"**{title}**\n" + "\n".join(f"- {row}" for row in (*rows[:SHOWN], *more))


def _fact(fact: ReadFact, tools: Tools) -> str:
    """One fact, with when it was and from whom it is known."""
    rows = tools.sheet.sections["facts"].rows
    label = f"{literal(shorten(fact.label, WORDS))}: " if fact.label else ""
    when = tools.sheet.pasted["when"].format(words=_quoted(fact.when)) if fact.when else ""
    notes = "; ".join(filter(None, (when, rows[fact.source] if fact.source else "")))
    return f"{label}{_quoted(fact.words)}{f' ({notes})' if notes else ''}"


def _answer(answer: ReadAnswer, tools: Tools) -> str:
    question, titles = asked(answer.question, tools), "; ".join(answer.titles)
    if answer.about:
        question = tools.sheet.sections["answers"].row("danger", words=_quoted(answer.about))
    return f"{question} {titles}"


def asked(question: str, tools: Tools) -> str:
    """Return the words of a question of the weighing, or of the danger question."""
    if question == ANSWERED:
        return LABEL
    row = next(row for row in tools.tables.questions if PREFIX + row.id == question)
    return fill(row.text, tools.tables.words)


def _situation(found: Pasted, tools: Tools) -> Sequence[str]:
    """What stands in the sheet as a sentence: the kindcheck, whom she consulted, and that she spoke with the client."""
    labels = {"yes": "ja", "no": "nee"}
    return [f"{tools.tables.facts[fact].label}: {labels[value]}" for fact, value in found.known.items()]


def _decided(found: Pasted, tools: Tools) -> Iterator[str]:
    """The steps that are done, the decision with its reason and who arranges help, and the next date."""
    texts = tools.sheet.pasted
    if found.steps:
        done = [str(step) for step, status in sorted(found.steps.items()) if status == "done"]
        yield texts["steps"].format(steps=", ".join(done)) if done else texts["no_steps"]
    rows = (
        ("decision", found.decided), ("reason", found.reason), ("help", found.help), ("review", found.review),
    )  # fmt: skip
    told = [texts[name].format(words=literal(shorten(words, WORDS))) for name, words in rows if words]
    if told:
        yield "\n".join(f"- {row}" for row in told)


def _quoted(words: str) -> str:
    return f"“{literal(shorten(words, WORDS))}”"
