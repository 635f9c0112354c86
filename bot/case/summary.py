"""The summary to download: one list of sections, written as Markdown and as DOCX.

What it holds and leaves out follows the rules for a case sheet: facts with who said them, interpretations apart,
decision with reason; no names, no own feeling, no ticked signal without an observation, no rule ids.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.case.danger import ANSWERED
from bot.case.facts import PART_OF
from bot.case.record import UNKNOWN, Case, Entry, Line
from bot.case.telling import meldcode_text, with_sources
from bot.case.tools import Tools, advice_request

WARNING = "Wie kan dit lezen? Zet dit niet in een gezinsdossier of portaal waar de ander bij kan."
SAID_BY = {"self": "zelf gezien of gehoord", "client": "verteld door wie het aangaat", "other": "gehoord van een ander"}
OPEN = "(nog in te vullen)"
OPEN_DATES = "Zet bij elke stap die je deed de datum."


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs and bullets."""

    title: str
    paragraphs: Sequence[str] = ()
    bullets: Sequence[str] = ()


def sections(case: Case, tools: Tools, today: date) -> list[Section]:
    """Put the case in the sections of a case sheet."""
    fields = case.fields
    words = tools.words(case)
    told = tools.tables.advise(advice_request(case)).as_dict(words)
    titles = {profession.id: profession.title for profession in tools.professions}
    head = [f"Datum: {_day(today)}", f"Functie van de schrijver: {titles.get(fields.get('profession', ''), OPEN)}"]
    observations = [_observed(line, fields.get("source", "")) for line in case.lines_of("observation")]
    seen_signals = [f"{line.parts.get('label', '')}: “{line.quote}”" for line in case.lines_of("signal") if line.quote]
    parts = [
        Section("Vooraf", [WARNING, *head]),
        Section("Feiten", bullets=[*observations, *_answers(case), *seen_signals] or ["Nog geen feiten opgeschreven."]),
        Section("Interpretaties", bullets=[f"“{line.quote}”" for line in case.lines_of("interpretation")]),
        Section("Weging", bullets=[f"{entry.shown}." for entry in _weighed(case)]),
        Section("Extra checks", bullets=[check["text"] for check in told["checks"]]),
        Section("Meldcode", [OPEN_DATES], meldcode_text(told["meldcode"]).splitlines()),
        Section(
            "Advies van Pluis",
            [_advice(told, tools), *([told["notice"]] if told["notice"] else [])],
            _reasons(told, tools),
        ),
        Section("Let op", bullets=[row["text"] for row in told["cautions"]]),
        _decision(case),
        _plan(told["conversation"], wanted="plan" in fields),
        Section("Nog in te vullen", bullets=_to_fill(case)),
        Section("Versie", [f"Beslistabellen: {told['tables_version']}. Gemaakt met Pluis; niet bewaard op de server."]),
    ]
    return [part for part in parts if part.paragraphs or part.bullets]


def markdown(slot: Mapping[str, Any], tools: Tools, today: date) -> str:
    """Write the summary of the case in `slot` as Markdown."""
    blocks = ["# Samenvatting"]
    for part in sections(Case.from_slot(slot), tools, today):
        rows = "\n".join(f"- {row}" for row in part.bullets)
        blocks += [f"## {part.title}", *filter(None, part.paragraphs), *([rows] if rows else [])]
    return "\n\n".join(blocks) + "\n"


def docx(slot: Mapping[str, Any], tools: Tools, today: date) -> bytes:
    """Write the summary of the case in `slot` as a Word document."""
    from docx import Document  # slow to import, and only needed for a download
    from docx.shared import Cm, Pt

    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.3)
    document.core_properties.title, document.core_properties.author = "Samenvatting", "Pluis"
    document.core_properties.language = "nl-NL"
    document.add_heading("Samenvatting", level=0)
    for part in sections(Case.from_slot(slot), tools, today):
        document.add_heading(part.title, level=1)
        for paragraph in filter(None, part.paragraphs):
            document.add_paragraph(_plain(paragraph))
        for row in part.bullets:
            document.add_paragraph(_plain(row), style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _observed(line: Line, default_source: str) -> str:
    source = SAID_BY.get(line.parts.get("source", default_source), "")
    when = line.parts.get("when", "")
    notes = ", ".join(note for note in (f"wanneer: {when}" if when and when not in line.quote else "", source) if note)
    return f"“{line.quote}”" + (f" ({notes})" if notes else "")


def _answers(case: Case) -> list[str]:
    """Facts that were asked for, such as when and how often, that did not become a line."""
    asked = [entry for entry in case.entries if entry.question in PART_OF and not entry.lines]
    return [entry.shown for entry in asked if entry.answer != UNKNOWN and entry.question != "feiten.bron"]


def _weighed(case: Case) -> list[Entry]:
    return [entry for entry in case.entries if entry.question.startswith(("weging.", ANSWERED)) and entry.facts]


def _advice(told: Mapping[str, Any], tools: Tools) -> str:
    outcome = tools.labels["outcome"][told["outcome"]]
    report = tools.labels["report"][told["decisions"]["report"]]
    return f"{outcome[:1].upper()}{outcome[1:]}. {report} {tools.labels['help'][told['decisions']['help']]}"


def _reasons(told: Mapping[str, Any], tools: Tools) -> list[str]:
    return [with_sources(row, tools) for row in told["reasons"]]


def _decision(case: Case) -> Section:
    chosen = next((entry.answer for entry in reversed(case.entries) if entry.question == "besluit.keuze"), "")
    rows = [
        f"Besluit: {chosen}" if chosen else "",
        f"Reden: {case.fields['reason']}" if "reason" in case.fields else "",
    ]
    rows.append(f"Opnieuw kijken: {case.fields['review']}" if "review" in case.fields else "")
    return Section("Eigen besluit", bullets=[row for row in rows if row])


def _plan(plan: Mapping[str, Any], *, wanted: bool) -> Section:
    if not wanted:
        return Section("Gesprek")
    rows = [*plan.get("who", []), *plan.get("order", []), *plan.get("place", []), *plan.get("invite", [])]
    return Section("Gesprek", [f"{plan['label']}. Begin zo: {plan['opening']}"], [*rows, *plan.get("questions", [])])


def _to_fill(case: Case) -> list[str]:
    rows = [
        "Hoe en wanneer de cliënt dit weet, of waarom niet",
        "Afspraak over veilig contact",
        "Gevraagd en gekregen advies, van wie en wanneer",
        *([] if "review" in case.fields else ["Volgende datum"]),
    ]
    return [f"{row}: {OPEN}" for row in rows] + [f"Nog niet bekend: {row}" for row in case.unanswered]


def _plain(text: str) -> str:
    """Take the Markdown marks out that a Word document shows as they stand."""
    return text.replace("**", "").replace("*", "").replace("](tel:", " (tel. ").replace("[", "")


def _day(day: date) -> str:
    months = "januari februari maart april mei juni juli augustus september oktober november december"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"
