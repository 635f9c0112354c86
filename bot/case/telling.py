"""Turns the advice and the plan into messages: short, with reasons and sources, in an order that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.advice import GROUPS
from bot.case import danger
from bot.case.record import Case
from bot.case.rehearsal import NO_TALK, UNDECIDED
from bot.case.speech import Choice, Say
from bot.case.story import SIGNAL, shorten
from bot.case.tools import Tools, advice_request
from bot.markdown import literal

BEFORE = (
    "who", "joins", "interpreter", "not_with", "order", "time", "place", "invite", "children", "own_safety",
)  # fmt: skip
DURING = ("opening", "questions", "methods", "avoid", "stop", "unsafe")
AFTER = ("close", "record")
GATE = (
    "time", "who", "place", "opening", "questions", "own_safety", "not_with", "invite", "avoid", "stop", "unsafe",
    "record",
)  # fmt: skip
DANGER_NOW = ("time", "who", "opening", "own_safety", "not_with", "invite", "avoid", "record")  # first of all: call
GAPS_SHOWN = 4
SOURCES_SHOWN = 2
MELDCODE = "**De meldcode**"
PATTERNS = "**Waar dit bij kan passen**"
PATTERNS_SHOWN = 4


def advice_messages(case: Case, tools: Tools) -> tuple[Say, ...]:
    """The advice: what, why and what next; then what to mind; then where she stands in the meldcode."""
    told = tools.tables.advise(advice_request(case)).as_dict(tools.words(case), _pointed(case))
    first, *others = told["reasons"]
    head = [
        f"**Advies: {tools.labels['outcome'][told['outcome']]}**",
        with_sources(first, tools),
        _bullets(told["next_steps"]),
        f"*{tools.labels['report'][told['decisions']['report']]} {tools.labels['help'][told['decisions']['help']]}*",
    ]
    messages = [Say(text=_joined(head))]
    if others:
        reasons = _bullets(with_sources(reason, tools) for reason in others)
        messages.append(Say(text=_joined(["**Dit speelt ook mee**", reasons])))
    minded = [with_sources(row, tools) for row in (*told["cautions"], *told["checks"])]
    if minded:
        messages.append(Say(text=_joined(["**Let hierop**", _bullets(minded)])))
    if told["patterns"] and told["outcome"] != "call_112":
        patterns = _bullets(with_sources(row, tools) for row in told["patterns"][:PATTERNS_SHOWN])
        messages.append(Say(text=_joined([PATTERNS, tools.tables.pattern_says["intro"], patterns])))
    duty = "\n\n".join(row["text"] for row in told["duty"])
    messages.append(
        Say(text=_joined([MELDCODE, duty, steps_text(told["meldcode"])]), custom=steps_bar(told["meldcode"]))
    )
    messages.append(Say(text=_joined([tools.tables.text("norm"), _gaps(told["ask_next"], tools), told["notice"]])))
    if told["person"]["offer"]:
        messages.append(Say(text=tools.tables.text("person_offered")))
        if tools.desk:
            messages.append(Say("helpdesk_kan"))
    return tuple(messages)


def offers_person(case: Case, tools: Tools) -> bool:
    """Whether the advice says to speak with a person."""
    return bool(tools.tables.advise(advice_request(case)).as_dict(tools.words(case))["person"]["offer"])


def _pointed(case: Case) -> dict[str, str]:
    """The user's own words by the form, the context or the confirmed signal that they point to."""
    signals = {SIGNAL + line.signal: line.quote for line in case.lines_of("signal") if line.quote}
    return {name: literal(shorten(quote)) for name, quote in (signals | case.points).items()}


def _gaps(ask_next: Sequence[str], tools: Tools) -> str:
    """What is not known and would make the advice heavier: an advice that was not asked everything says so."""
    labels = [tools.tables.facts[fact].label for fact in ask_next if fact in GROUPS["danger"]][:GAPS_SHOWN]
    if not labels:
        return ""
    unknown = ", ".join(labels)
    return f"*Nog niet bekend, en van belang voor dit advies: {unknown}.* Weet je hier iets van? Schrijf het op."


def plan_messages(case: Case, tools: Tools) -> tuple[Say, ...]:
    """The plan for the talk in three messages: before, during and after it; or the gate, when talking must wait.

    Last comes what can be practised first, when something fits.
    """
    plan = _plan(case, tools)
    reason = with_sources(plan["reasons"][0], tools)
    practice = _practice(case, tools)
    if case.is_yes("danger_now"):
        return (_told(["Eerst [112](tel:112), nog niet praten", reason], plan, DANGER_NOW, tools),)
    if plan["setup"] == NO_TALK:
        return (_told([_capital(plan["label"]), reason], plan, GATE, tools), *practice)
    return (
        _told([f"Gespreksopzet: {plan['label']}", reason], plan, BEFORE, tools),
        _told(["Tijdens het gesprek"], plan, DURING, tools),
        _told(["Na het gesprek"], plan, AFTER, tools),
        *practice,
    )


def _practice(case: Case, tools: Tools) -> Sequence[Say]:
    """Offer the practice dialogue that is like this talk; not while it is asked whether there is danger now."""
    decided = tools.tables.decide(advice_request(case))
    fitting = tools.rehearsals.fitting(decided, case.fields.get("decision", UNDECIDED))
    if fitting is None or danger.is_open(case):
        return ()
    name = "oefenen_bellen" if decided.setup == NO_TALK else "oefenen_past"
    values = {"titel": fitting.title, "minuten": str(fitting.minutes)}
    return (Say(name, values=values, choices=(Choice(f"Eerst oefenen: {fitting.title}", fitting.id, "oefenen"),)),)


def _plan(case: Case, tools: Tools) -> Mapping[str, Any]:
    plan = tools.tables.advise(advice_request(case)).as_dict(tools.words(case))["conversation"]
    assert isinstance(plan, dict)
    return plan


def reason_text(case: Case, tools: Tools) -> str:
    """Why the talk is set up this way, or must wait: the reason that decides, with its sources."""
    return with_sources(_plan(case, tools)["reasons"][0], tools)


def _told(first: Sequence[str], plan: Mapping[str, Any], parts: Sequence[str], tools: Tools) -> Say:
    title, *rest = first
    blocks = plan_blocks(plan, parts, tools)
    return Say(text=_joined([f"**{title}**", *rest, *(_block(head, rows) for head, rows in blocks.items())]))


def plan_blocks(plan: Mapping[str, Any], parts: Iterable[str], tools: Tools) -> dict[str, list[str]]:
    """What is told of these parts of a plan, by head: parts that share a head stand together."""
    heads, blocks = tools.tables.plan_heads(plan["setup"]), dict[str, list[str]]()
    for part in parts:
        if rows := _rows(plan[part], tools):
            blocks.setdefault(heads[part], []).extend(rows)
    return blocks


def _rows(told: Any, tools: Tools) -> list[str]:
    """The lines of a part: one sentence, several, or methods with their sources."""
    if isinstance(told, str):
        return [told]
    return [row if isinstance(row, str) else f"*{row['label']}.* {with_sources(row, tools)}" for row in told]


def _block(head: str, rows: Sequence[str]) -> str:
    return f"**{head}**\n\n{rows[0]}" if len(rows) == 1 else f"**{head}**\n\n{_bullets(rows)}"


def with_sources(row: Mapping[str, Any], tools: Tools) -> str:
    """A text with its sources on a line of their own, the way a reader can find them."""
    line = source_line(row, tools)
    return f"{row['text']}  \n{line}" if line else str(row["text"])  # two blanks: Markdown breaks the line there


def source_line(row: Mapping[str, Any], tools: Tools) -> str:
    """Name the sources of a row by publisher and title: two at most, none of them twice."""
    names = dict.fromkeys(tools.sources.get(source["id"], source["id"]) for source in row["sources"])
    return f"Bron: {'; '.join(list(names)[:SOURCES_SHOWN])}" if names else ""


def meldcode_text(case: Case, tools: Tools) -> str:
    """Where she stands in the meldcode, on what is known now."""
    told = tools.tables.advise(advice_request(case)).as_dict(tools.words(case))
    return _joined([MELDCODE, steps_text(told["meldcode"])])


def steps_text(steps: Sequence[Mapping[str, Any]]) -> str:
    """The five steps, each with where it stands."""
    marks = {"done": "✓ gedaan", "now": "→ nu", "todo": "○ nog te doen"}
    return "\n".join(f"{step['step']}. {marks[step['status']]}: {step['text']}" for step in steps)


def steps_bar(steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The same steps as a bar, for what can show one."""
    return {"kind": "steps", "steps": [{name: step[name] for name in ("step", "status", "text")} for step in steps]}


def _bullets(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}".replace("\n", "\n  ") for row in rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block)
