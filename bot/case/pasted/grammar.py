"""The sentences of a case sheet as patterns, made once from the texts that write it: `sheet.yml`, `questions.yml`,
the lists of `data/case/`. A sentence that is changed there is read as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.case.danger import ANSWERED, LABEL
from bot.case.facts import MISSING
from bot.case.pasted.patterns import CELL, CLOSE, GAP, MOST, OPEN, any_of, compiled, fixed, template, whole
from bot.case.sheet.days import MONTHS, WEEKDAYS
from bot.case.sheet.records import plain
from bot.case.sheet.texts import SectionText
from bot.case.tools import Tools
from bot.case.weighing import PREFIX

PERSON = r"[^\t\n?.|]{1,60}?"  # what she calls someone
DAY = rf"(?:{any_of(WEEKDAYS)}\s+)?\d{{1,2}}\s+{any_of(MONTHS)}\s+\d{{4}}"
SHORTEST = 5  # a fixed beginning shorter than this is none


@dataclass(frozen=True)
class Grammar:
    """All patterns, by section and by row."""

    heads: Mapping[str, re.Pattern[str]]
    ours: re.Pattern[str]
    version: re.Pattern[str]
    date: re.Pattern[str]
    role: re.Pattern[str]
    about: re.Pattern[str]
    columns: re.Pattern[str]
    fact: re.Pattern[str]
    asked: re.Pattern[str]
    fixed_rows: Mapping[str, re.Pattern[str]]
    rows: Mapping[str, Mapping[str, re.Pattern[str]]]
    steps: Mapping[int, re.Pattern[str]]
    answers: Mapping[str, re.Pattern[str]]
    labels: Mapping[str, re.Pattern[str]]
    intros: Mapping[str, re.Pattern[str]]
    asked_about: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=4)
def grammar_of(tools: Tools) -> Grammar:
    """Make the patterns."""
    texts, sections = tools.sheet, tools.sheet.sections
    return Grammar(
        heads={name: _head(name, section, tools) for name, section in sections.items()},
        ours=compiled("|".join(map(whole, _ours(tools)))),
        version=compiled("|".join(whole(version.title) for version in texts.versions.values())),
        date=compiled(template(texts.head["date"], date=rf"(?P<date>{DAY})")),
        role=_role(texts.head["role"], [row.title for row in tools.professions], tools),
        about=_role(texts.head["about"], [row.title for row in tools.about], tools),
        columns=compiled("|".join(_columns(row.columns) for row in sections.values() if row.columns)),
        fact=_fact(tools),
        asked=compiled(template(sections["facts"].rows["asked"], label="(?P<label>.{1,120}?)", words="(?P<words>.+)")),
        fixed_rows=_fixed_rows(tools),
        rows={name: _rows(section, tools) for name, section in sections.items()},
        steps={step: _step(step, tools) for step in range(1, 6)},
        answers=_answers(tools),
        labels=_labels(tools),
        intros={name: compiled(whole(section.text)) for name, section in sections.items() if section.text},
        asked_about=tuple(compiled(whole(row.text)) for row in texts.questions),
    )


def _columns(names: Sequence[str]) -> str:
    """The head of a table; the privacy door can take the last word of it for a name."""
    return GAP.join([*map(fixed, names[:-1]), rf"(?:{fixed(names[-1])}|\[persoon \d+\])"])


def _ours(tools: Tools) -> list[str]:
    """The sentences that are the same in every sheet, and say nothing of the case."""
    texts = tools.sheet
    versions = texts.versions.values()
    ours = [plain(tools.tables.texts["case_sheet_first_line"].text), *(version.intro for version in versions)]
    return [*ours, *(version.title for version in versions)]


def _role(text: str, titles: list[str], tools: Tools) -> re.Pattern[str]:
    """The pattern for a line of the head: a title of ours, or whatever was filled in."""
    known = any_of([*titles, tools.sheet.to_fill])
    return compiled(template(text, role=rf"(?P<own>{known}|[^\n]{{1,80}})", about=rf"(?P<own>{known}|[^\n]{{1,80}})"))


def _head(name: str, section: SectionText, tools: Tools) -> re.Pattern[str]:
    """A heading stands on a line of its own, or before the words with which its section begins."""
    title, begins = fixed(section.title), _begins(name, section, tools)
    before = rf"|(?<!\w){title}(?=[:\s]*\s[-*•·]?\s*(?:{'|'.join(begins)}))" if begins else ""
    return compiled(rf"^[ \t]*{title}[ \t]*:?[ \t]*$" + before)


def _begins(name: str, section: SectionText, tools: Tools) -> list[str]:
    """The patterns of what may follow a heading."""
    rows = [text.split("{")[0] for text in section.rows.values()]
    found = [section.text, section.none, " ".join(section.columns), *rows]
    if name == "advice":
        found += [plain(text) for text in tools.labels["outcome"].values()]
    if name == "questions":
        found += [row.text for row in tools.sheet.questions]
    asked = [_question(row.text) for row in tools.tables.questions] if name == "open" else []
    return [*(fixed(text) for text in found if len(text.split()) > 1 or text.endswith(": ")), *asked]


def _fact(tools: Tools) -> re.Pattern[str]:
    """A row of the facts that lost its tabs: the words, when, and from whom."""
    rows = tools.sheet.sections["facts"].rows
    label = template(rows["asked"], label="[^\t\n]{1,120}?", words="")
    when = rf"{OPEN}[^\t\n]{{1,200}}?{CLOSE}|{fixed(rows['no_time'])}"
    sources = any_of(rows[name] for name in ("self", "client", "other", "no_source"))
    words = rf"(?:{label})?{OPEN}[^\t]{{1,{CELL}}}?{CLOSE}"
    return compiled(rf"(?P<fact>{words}){GAP}(?P<when>{when}){GAP}(?P<source>{sources})")


def _fixed_rows(tools: Tools) -> Mapping[str, re.Pattern[str]]:
    """The rows of the facts that are no facts."""
    section = tools.sheet.sections["facts"]
    rows = section.rows
    stops = "|".join(fixed(rows[name].split("{")[0]) for name in ("when", "how_often"))
    until = rf"(?=[ \t]*(?:$|[-*•·]?[ \t]*(?:{stops})))"
    own = rf"{OPEN}(?P<words>[^\t\n]{{1,{MOST}}}?){CLOSE}{until}"
    return {
        "none": compiled(whole(section.none)),
        "hidden": compiled(template(rows["hidden"], count=r"\d{1,4}")),
        "when": compiled(template(rows["when"], words=own)),
        "how_often": compiled(template(rows["how_often"], words=own)),
    }


def _rows(section: SectionText, tools: Tools) -> Mapping[str, re.Pattern[str]]:
    """The sentences of a section; what is filled in runs to the end of the line, or to the next sentence."""
    starts = [fixed(text) for row in section.rows.values() if len(text := row.split("{")[0].strip()) > SHORTEST]
    until = rf"(?=[ \t]*[-*•·]?[ \t]*(?:{'|'.join(['$', *starts])}))"
    own = rf"(?:{fixed(tools.sheet.to_fill)}|(?P<own>[^\n]{{0,{MOST}}}?){until})"
    ours = rf"[^\n]{{1,{MOST}}}?"
    values = {"fill": own, "words": own, "tables": ours, "knowledge": ours}
    values |= {"advice": ours + until, "facts": ours}
    rows = sorted(section.rows.items(), key=lambda row: -len(row[1].split("{")[0]))  # one may hold another's beginning
    return {name: compiled(template(text, **values)) for name, text in rows if _is_simple(text)}


def _is_simple(text: str) -> bool:
    """Whether a sentence has no more than one piece of her own words in it; the day for looking again is read apart."""
    return not {"date", "label", "opening", "count"} & set(re.findall(r"\{(\w+)\}", text)) and "{words}, " not in text


def _step(step: int, tools: Tools) -> re.Pattern[str]:
    section = tools.sheet.sections["meldcode"].rows
    statuses = "|".join(f"(?P<{name}>{fixed(section[name])})" for name in ("done", "now", "todo", "decided"))
    date = rf"(?:{GAP}(?:{fixed(tools.sheet.to_fill)}|(?P<own>[^\n\t]{{1,100}})))?"
    return compiled(rf"{fixed(section[f'step_{step}'])}{GAP}(?:{statuses}){date}")


def _answers(tools: Tools) -> Mapping[str, re.Pattern[str]]:
    """Every question with its answers; what a question calls someone was the user's own word."""
    rows = tools.sheet.sections["answers"].rows
    bare = [rows["yes"], rows["no"]]
    asked = {PREFIX + row.id: (row.text, row.choices, row.multiple) for row in tools.tables.questions}
    asked[ANSWERED] = (LABEL, tools.tables.texts["danger"].answers, False)
    source = rf"(?:{GAP}{fixed(rows['no_source'])})?"
    found = {}
    for question, (text, choices, multiple) in asked.items():
        title = any_of([*(choice.title for choice in choices), *(bare if question != ANSWERED else ())])
        more = rf"(?:;\s+{title})*" if multiple else ""
        put = _of_danger(rows) if question == ANSWERED else _question(text)
        found[question] = compiled(rf"{put}{GAP}(?P<answer>{title}{more})(?=[\s|]|$){source}")
    return found


def _of_danger(rows: Mapping[str, str]) -> str:
    """The danger question, with the words that it was about or without."""
    about = template(rows["danger"], words=rf"{OPEN}(?P<about>[^\t\n|]{{1,{CELL}}}?){CLOSE}")
    return rf"(?:{about}|{fixed(rows['danger_hidden'])}|{fixed(LABEL)})"


def _labels(tools: Tools) -> Mapping[str, re.Pattern[str]]:
    """What can stand under “nog niet bekend”: questions, and what was asked of the facts."""
    texts = {PREFIX + row.id: _question(row.text) for row in tools.tables.questions}
    texts |= {question: whole(label) for question, label in MISSING.values()}
    return {name: compiled(text) for name, text in (texts | {ANSWERED: whole(LABEL)}).items()}


def _question(text: str) -> str:
    names = re.findall(r"\{(\w+)\}", text)
    return template(text, **dict.fromkeys(names, PERSON))
