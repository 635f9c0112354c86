"""Puts a case in the sections of a case sheet, in the order and the words of `data/case/sheet.yml`.

It holds no names, no labels, no rule ids, no own feeling, no signal without an observation, no safety plan,
and nothing of what the organisation filled in about itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.advice import PLAN_PARTS
from bot.case.decision import CHOICE, DATES
from bot.case.handing import BACK
from bot.case.record import UNKNOWN, Case
from bot.case.sheet.asked import answers, still_open
from bot.case.sheet.days import day_meant, told_day
from bot.case.sheet.facts import OwnWords, facts_of, interpretations_of
from bot.case.sheet.records import Section, Sheet, Stamp, Table, Work, plain
from bot.case.sheet.texts import ASKED_ADVICE, KIND_CHECK
from bot.case.telling import plan_blocks, source_line
from bot.case.tools import Tools, advice_request

FOR_ADVICE = "advies"  # the version that is read out to others: no interpretations, nothing that tells who it is


def make_sheet(slot: Mapping[str, Any], tools: Tools, version: str, stamp: Stamp) -> Sheet:
    """Make one version (`dossier` or `advies`) of the sheet for the case in `slot`."""
    case, texts = Case.from_slot(slot), tools.sheet
    words = {**tools.words(case), **tools.tables.impersonal}  # a sheet can go further than the organisation
    told = tools.tables.advise(advice_request(case)).as_dict(words)
    work = Work(case, tools, version, stamp, told, OwnWords(case, texts))
    wanted = texts.versions[version]
    made = [MAKERS[name](replace(work, name=name)) for name in wanted.sections]
    return Sheet(
        first_line=plain(tools.tables.text("case_sheet_first_line")),
        title=wanted.title,
        intro=(*_head(work), wanted.intro),
        sections=[section for section in made if not section.empty],
        open_words=texts.open_words,
    )


def _head(work: Work) -> list[str]:
    """Who writes, and when: the function and no more; of the client no more than the relation to the writer."""
    head, fields = work.texts.head, work.case.fields
    role = next((row.title for row in work.tools.professions if row.id == fields.get("profession") != "anders"), "")
    about = next((row.title for row in work.tools.about if row.id == fields.get("client_role")), "")
    rows = [head["date"].format(date=told_day(work.stamp.today)), head["role"].format(role=role or work.texts.to_fill)]
    return [*rows, *([head["about"].format(about=about[:1].lower() + about[1:])] if about else [])]


def _facts(work: Work) -> Section:
    """Every fact with when and from whom; beneath them the times that belong to all."""
    text = work.text
    facts, loose = facts_of(work.case, work.texts, work.own)
    rows = [
        (fact.text, "; ".join(fact.when) or text.row("no_time"), text.row(fact.source or "no_source")) for fact in facts
    ]
    hidden = [text.row("hidden", count=str(work.own.hidden))] if work.own.hidden else []
    paragraphs = [] if rows else [text.none]
    return Section(text.title, [*paragraphs, *hidden], Table(text.columns, rows) if rows else None, loose)


def _interpretations(work: Work) -> Section:
    rows = interpretations_of(work.case, work.own)
    return Section(work.text.title, [work.text.text] if rows else (), bullets=rows)


def _children(work: Work) -> Section:
    """What the kindcheck brought; without children no more is asked of them. A minor is a child of whom it speaks."""
    known = work.case.facts
    names = KIND_CHECK if known.get("children") == "yes" else KIND_CHECK[:2]
    minor = work.case.fields.get("minor") == "yes" and known.get("children") != "no"
    rows = [work.row(f"{fact}_{known.get(fact, 'unknown')}") for fact in names[minor:]]
    rows = [*([work.row("minor")] if minor else []), *rows]
    if known.get("children") != "no":
        rows += [work.row("details"), work.row("source")]
    if any(check["id"] == "informal_care_check" for check in work.told["checks"]):
        rows.append(work.row("care"))
    return Section(work.text.title, bullets=rows)


def _meldcode(work: Work) -> Section:
    decided = bool(work.case.fields.get("decision"))
    rows = [
        (
            work.row(f"step_{step['step']}"),
            work.row("decided" if decided and step["step"] == 5 else step["status"]),
            work.texts.to_fill,
        )
        for step in work.told["meldcode"]
    ]
    return Section(work.text.title, table=Table(work.text.columns, rows))


def _consulted(work: Work) -> Section:
    known = work.case.facts
    rows = [work.row(fact) for fact in ASKED_ADVICE if known.get(fact) == "yes"]
    rows += _helpdesk(work)
    nobody = all(known.get(fact) == "no" for fact in ASKED_ADVICE)
    rows = rows or [work.row("none" if nobody else "unknown")]
    if work.version == FOR_ADVICE:
        rows.append(work.row("pluis", advice=_outcome(work)))
    return Section(work.text.title, bullets=rows)


def _helpdesk(work: Work) -> list[str]:
    """What the helpdesk found; in the version for advice, where it may be what someone thinks, only that it did."""
    answers = [entry.answer for entry in work.case.entries if entry.question == BACK]
    if work.version == FOR_ADVICE:
        return [work.row("helpdesk_asked")] if answers else []
    quoted = [work.own.quoted(answer) for answer in answers]
    return [work.row("helpdesk", words=words) if words else work.row("helpdesk_asked") for words in quoted]


def _outcome(work: Work) -> str:
    labels, told = work.tools.labels, work.told
    outcome = plain(labels["outcome"][told["outcome"]])
    return f"{outcome[:1].upper()}{outcome[1:]}."


def _advice(work: Work) -> Section:
    labels, told = work.tools.labels, work.told
    decisions = [labels["report"][told["decisions"]["report"]], labels["help"][told["decisions"]["help"]]]
    paragraphs = [" ".join([_outcome(work), *map(plain, decisions)]), plain(told["notice"])]
    rows = [f"{plain(row['text'])}\n{source_line(row, work.tools)}".strip() for row in told["reasons"]]
    return Section(work.text.title, list(filter(None, paragraphs)), bullets=rows)


def _decision(work: Work) -> Section:
    """The user's own choice: a title of ours as it stands, her own words as a quote.

    Why she chose so is what she thinks, and so may be any words of her own here: those are for her own file alone.
    """
    chosen = next((entry.answer for entry in reversed(work.case.entries) if entry.question == CHOICE), "")
    titles = {row.title for row in work.tools.decisions}
    decided = chosen if chosen in titles else _in_own_words(chosen, work) if chosen != UNKNOWN else ""
    helped = work.case.fields.get("help", "")
    helped = helped if helped in dict(work.tools.help).values() else _in_own_words(helped, work)
    words = {"decision": decided, "reason": _in_own_words(work.case.fields.get("reason", ""), work), "help": helped}
    if work.version == FOR_ADVICE:
        del words["reason"]
    rows = [work.row(name, words=said or work.texts.to_fill) for name, said in words.items()]
    return Section(work.text.title, bullets=[*rows, work.row("date")])


def _in_own_words(words: str, work: Work) -> str:
    """Return what she typed as a quote; nothing in the version for advice, where it may be what she thinks."""
    return "" if work.version == FOR_ADVICE else work.own.quoted(words)


def _told(work: Work) -> Section:
    talked = work.case.facts.get("talked_with_client", "unknown")
    unsafe = work.told["conversation"]["setup"] == "no_talk_now"
    name = "talked" if talked == "yes" else "unsafe" if unsafe else "not_talked" if talked == "no" else "unknown"
    return Section(work.text.title, bullets=[work.row(name)])


def _contact(work: Work) -> Section:
    return Section(work.text.title, bullets=[work.row("contact")])


def _talk(work: Work) -> Section:
    """The plan for the talk in full, when it was shown."""
    plan = work.told["conversation"]
    if "plan" not in work.case.fields:
        return Section(work.text.title)
    head = [work.row("setup", label=plan["label"]), work.row("opening", opening=plan["opening"])]
    parts = [part for part in PLAN_PARTS if part != "opening"]
    blocks = plan_blocks(plan, parts, work.tools)
    groups = [(title, [plain(row).replace("  \n", "\n") for row in rows]) for title, rows in blocks.items()]
    return Section(work.text.title, [plain(row) for row in head], groups=groups)


def _questions(work: Work) -> Section:
    known = work.case.facts
    rows = [
        row.text
        for row in work.texts.questions
        if all(known.get(fact, "unknown") in values for fact, values in row.when.items())
    ]
    return Section(work.text.title, bullets=rows)


def _review(work: Work) -> Section:
    """The day for looking again, as a date."""
    words = work.case.fields.get("review", "")
    quoted, day = _in_own_words(words, work), day_meant(words, work.stamp.today)
    if day is None:
        row = work.row("no_date", words=quoted) if quoted else work.row("unknown")
    elif words in DATES or not quoted:
        row = work.row("date", date=told_day(day))
    else:
        row = work.row("words", date=told_day(day), words=quoted)
    return Section(work.text.title, [row])


def _version(work: Work) -> Section:
    knowledge = work.stamp.knowledge or work.row("unknown")
    return Section(work.text.title, [work.row("version", tables=work.told["tables_version"], knowledge=knowledge)])


MAKERS: Mapping[str, Callable[[Work], Section]] = {
    "facts": _facts, "answers": answers, "interpretations": _interpretations, "children": _children,
    "meldcode": _meldcode, "consulted": _consulted, "advice": _advice, "decision": _decision, "told": _told,
    "contact": _contact, "talk": _talk, "open": still_open, "questions": _questions, "review": _review,
    "version": _version,
}  # fmt: skip
