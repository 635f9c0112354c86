"""Reads a pasted case sheet, section by section: what is recognised is taken out, what is left is kept as unread."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.case.danger import ANSWERED
from bot.case.pasted.grammar import DAY, Grammar, grammar_of
from bot.case.pasted.lines import Scrap, one_line, tidy
from bot.case.pasted.patterns import CLOSE, OPEN
from bot.case.pasted.records import Pasted, ReadAnswer, ReadFact
from bot.case.sheet.texts import ASKED_ADVICE, KIND_CHECK
from bot.case.tools import OWN, Tools, folded
from bot.case.weighing import PREFIX

HEAD = ""
PLUIS = ("advice", "talk")  # what Pluis wrote: it weighs anew, so nothing of it is taken over
OF_OTHERS = {("consulted", "helpdesk")}  # sentences with words that she did not write
MOST_FACTS, MOST_LINES = 80, 200
SOURCES = ("self", "client", "other")
TALKED = {"talked": "yes", "not_talked": "no"}


@dataclass
class Found:
    """What is read so far."""

    grammar: Grammar
    tools: Tools
    head: dict[str, str] = field(default_factory=dict)
    facts: list[ReadFact] = field(default_factory=list)
    times: list[tuple[str, str]] = field(default_factory=list)
    interpretations: list[str] = field(default_factory=list)
    answers: dict[tuple[str, str], ReadAnswer] = field(default_factory=dict)
    more_answers: list[ReadAnswer] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    steps: dict[int, str] = field(default_factory=dict)
    danger_unknown: bool = False
    unread: list[str] = field(default_factory=list)

    def left(self, scrap: Scrap) -> None:
        """Keep what was not recognised."""
        self.unread += scrap.rest()

    def own(self, match: re.Match[str], before: str = "") -> None:
        """Keep what she filled in herself at a place of ours."""
        words = one_line(match.groupdict().get("own") or "")
        if any(char.isalnum() for char in words):
            self.unread.append(f"{before}{words}")


def read(text: str, tools: Tools) -> Pasted:
    """Read a pasted text; never raises, and what it returns is bounded by the length of the text."""
    grammar = grammar_of(tools)
    found = Found(grammar, tools)
    sections = _sections(tidy(text), grammar)
    for name, body in sections:
        READERS.get(name, _rows)(Scrap(body), found, name)
    marks = len({name for name, _ in sections if name}) + ("title" in found.head)
    return _pasted(found, marks, advice=any(name in PLUIS and body.strip() for name, body in sections))


def _sections(text: str, grammar: Grammar) -> list[tuple[str, str]]:
    """Cut the text at its headings; what stands before the first one is the head."""
    cuts = sorted(
        (match.start(), match.end(), name) for name, head in grammar.heads.items() for match in head.finditer(text)
    )
    starts = [(0, 0, HEAD), *cuts]
    ends = [start for start, _, _ in cuts] + [len(text)]
    return [(name, text[begin:end]) for (_, begin, name), end in zip(starts, ends, strict=True)]


def _head(scrap: Scrap, found: Found, _name: str) -> None:
    """Who writes, and when; a text that begins in the middle can hold rows of the facts and the answers."""
    grammar = found.grammar
    for match in scrap.take(grammar.version):
        found.head["title"] = match.group()
    for name, pattern in (("date", grammar.date), ("role", grammar.role), ("about", grammar.about)):
        for match in scrap.take(pattern):
            found.head[name] = one_line(match.groupdict().get("date") or match.groupdict().get("own") or "")
    scrap.take(grammar.ours)
    _take_facts(scrap, found)
    _take_answers(scrap, found)
    found.left(scrap)


def _facts(scrap: Scrap, found: Found, _name: str) -> None:
    _take_facts(scrap, found)
    found.left(scrap)


def _take_facts(scrap: Scrap, found: Found) -> None:
    """Take the rows with their cells as they stand, then those that lost their tabs, and the times beneath them."""
    scrap.take(found.grammar.columns)
    lines = []
    for line in scrap.text.split("\n"):
        cells = [one_line(cell) for cell in line.split("\t")]
        if len(cells) >= 3 and all(cells[:3]) and len(found.facts) < MOST_FACTS:
            found.facts.append(_fact(*cells[:3], found=found))
            lines += cells[3:]
        else:
            lines.append(line)
    scrap.text = "\n".join(lines)
    for match in scrap.take(found.grammar.fact):
        if len(found.facts) < MOST_FACTS:
            found.facts.append(_fact(*map(one_line, match.group("fact", "when", "source")), found=found))
        else:
            found.unread.append(one_line(match.group()))
    for name, pattern in found.grammar.fixed_rows.items():
        times = [(name, one_line(match["words"])) for match in scrap.take(pattern) if name in ("when", "how_often")]
        found.times += times


def _fact(fact: str, when: str, source: str, *, found: Found) -> ReadFact:
    """Make a fact of three cells; a cell that she filled in herself is kept as it stands."""
    rows = found.tools.sheet.sections["facts"].rows
    asked = found.grammar.asked.fullmatch(fact)
    named = next((name for name in SOURCES if folded(rows[name]) == folded(source)), "")
    if not named and folded(source) != folded(rows["no_source"]):
        found.unread.append(f"{_bare(fact)}: {source}")
    return ReadFact(
        words=_bare(asked["words"] if asked else fact),
        when="" if folded(when) == folded(rows["no_time"]) else _bare(when),
        source=named,
        label=one_line(asked["label"]) if asked else "",
    )


def _bare(text: str) -> str:
    """Take the quotation marks off words that stand between them."""
    quoted = re.fullmatch(rf"{OPEN}(.*){CLOSE}", text)
    return one_line(quoted[1] if quoted else text)


def _answers(scrap: Scrap, found: Found, _name: str) -> None:
    scrap.take(found.grammar.columns)
    _take_answers(scrap, found)
    found.left(scrap)


def _take_answers(scrap: Scrap, found: Found) -> None:
    """Take every question with its answer; one that stands there twice, and differs, is kept apart."""
    for question, pattern in found.grammar.answers.items():
        for match in scrap.take(pattern):
            about = one_line(match.groupdict().get("about") or "")
            answer = ReadAnswer(question, _titles(question, match["answer"], found.tools), about)
            if found.answers.setdefault((question, about), answer) != answer and answer not in found.more_answers:
                found.more_answers.append(answer)


def _titles(question: str, answer: str, tools: Tools) -> tuple[str, ...]:
    """Return the titles of the choices as the tables have them; a title may hold a semicolon itself."""
    row = next((row for row in tools.tables.questions if PREFIX + row.id == question), None)
    choices = row.choices if row else tools.tables.texts["danger"].answers
    named = {folded(choice.title): choice.title for choice in choices}
    pieces = [answer] if folded(answer) in named else answer.split(";")
    return tuple(named.get(folded(piece), one_line(piece)) for piece in pieces)


def _interpretations(scrap: Scrap, found: Found, name: str) -> None:
    """Take the text above them; each line is a thought, with or without its quotation marks."""
    scrap.take(found.grammar.intros[name])
    lines = scrap.rest()
    if len(lines) == 1:  # it may have lost its line breaks
        lines = re.sub(r"”\s+[-*•·]?\s*(?=“)", "”\n", lines[0]).split("\n")
    for line in lines[:MOST_FACTS]:
        if re.fullmatch(rf"{OPEN}.*{CLOSE}", line):
            found.interpretations.append(_bare(line))
        else:
            found.unread.append(line)
    found.unread += lines[MOST_FACTS:]


def _steps(scrap: Scrap, found: Found, _name: str) -> None:
    """Take the steps of the meldcode; a date that was filled in is kept with its step."""
    scrap.take(found.grammar.columns)
    for step, pattern in found.grammar.steps.items():
        for match in scrap.take(pattern):
            found.steps[step] = next(name for name in ("done", "now", "todo", "decided") if match[name])
            found.own(match, f"{found.tools.sheet.sections['meldcode'].rows[f'step_{step}']}: ")
    found.left(scrap)


def _rows(scrap: Scrap, found: Found, name: str) -> None:
    """Take the sentences of a section, and keep what was filled in."""
    for row, pattern in found.grammar.rows[name].items():
        for match in scrap.take(pattern):
            _say(name, row, found)
            if (name, row) not in OF_OTHERS:
                found.own(match)
    found.left(scrap)


def _say(section: str, row: str, found: Found) -> None:
    """Note what a sentence says of the case; two that contradict each other leave what keeps people safest."""
    if section == "children":
        fact, _, value = row.rpartition("_")
        if fact in KIND_CHECK and value in ("yes", "no"):
            _know(fact, value, found)
    elif section == "consulted":
        for fact in [row] if row in ASKED_ADVICE else ASKED_ADVICE if row == "none" else ():
            _know(fact, "yes" if row == fact else "no", found)
    elif section == "told" and row in TALKED:
        _know("talked_with_client", TALKED[row], found)


def _know(fact: str, value: str, found: Found) -> None:
    safest = found.tools.tables.facts[fact].safest
    found.known[fact] = safest if found.known.get(fact, value) != value else value


def _open(scrap: Scrap, found: Found, name: str) -> None:
    """Take what was not known; of the danger question that matters."""
    for question, pattern in found.grammar.labels.items():
        found.danger_unknown |= bool(scrap.take(pattern)) and question == ANSWERED
    _rows(scrap, found, name)


def _decision(scrap: Scrap, found: Found, name: str) -> None:
    """Take the choice, its reason, and who arranges help."""
    for row, pattern in found.grammar.rows[name].items():
        for match in scrap.take(pattern):
            if row in ("decision", "reason", "help"):
                found.head[row] = one_line(match["own"] or "")
            else:
                found.own(match)
    found.left(scrap)


def _review(scrap: Scrap, found: Found, name: str) -> None:
    for match in scrap.take(found.grammar.rows[name]["unknown"]):
        found.head["review"] = one_line(match["own"] or "")
    found.left(scrap)


def _questions(scrap: Scrap, found: Found, _name: str) -> None:
    for pattern in found.grammar.asked_about:
        scrap.take(pattern)
    found.left(scrap)


def _nothing(_scrap: Scrap, _found: Found, _name: str) -> None:
    """Leave what Pluis wrote itself."""


def _pasted(found: Found, marks: int, *, advice: bool) -> Pasted:
    """Put together what was read, with the ids of what has a title."""
    tools, head = found.tools, found.head
    professions = {folded(row.title): row.id for row in tools.professions}
    about = {folded(row.title): row.id for row in tools.about}
    titles = {folded(row.title): row.id for row in tools.decisions}
    fill = folded(tools.sheet.to_fill)
    role, client = folded(head.get("role", "")), folded(head.get("about", ""))
    strange = [head[name] for name, known in (("role", {*professions, fill}), ("about", {*about, fill}))
               if head.get(name) and folded(head[name]) not in known]  # fmt: skip
    decided = _bare(head.get("decision", ""))
    return Pasted(
        date=head.get("date", ""),
        profession=professions.get(role, ""),
        client_role=about.get(client, ""),
        facts=tuple(found.facts),
        times=tuple(found.times),
        interpretations=tuple(found.interpretations),
        answers=(*found.answers.values(), *found.more_answers),
        known=found.known,
        steps=found.steps,
        danger_unknown=found.danger_unknown,
        decision=titles.get(folded(decided), OWN) if decided else "",
        decided=decided,
        reason=_bare(head.get("reason", "")),
        help=_bare(head.get("help", "")),
        review=_day(head.get("review", "")),
        unread=_bounded(strange + found.unread),
        doubled=tuple(dict.fromkeys(answer.question for answer in found.more_answers)),
        advice=advice,
        marks=marks,
    )


def _bounded(lines: list[str]) -> tuple[str, ...]:
    """Return the lines, the last of so many with all that comes after it: nothing is lost."""
    return tuple(lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])])


def _day(text: str) -> str:
    """Return the next date: the day itself where there is one, else her words for it."""
    day, quoted = re.match(DAY, text, re.IGNORECASE), re.match(rf"{OPEN}(.*?){CLOSE}", text)
    return day.group() if day else quoted[1] if quoted else text


READERS: Mapping[str, Callable[[Scrap, Found, str], Any]] = {
    HEAD: _head, "facts": _facts, "answers": _answers, "interpretations": _interpretations, "meldcode": _steps,
    "open": _open, "decision": _decision, "review": _review, "questions": _questions,
    **dict.fromkeys(PLUIS, _nothing),
}  # fmt: skip
