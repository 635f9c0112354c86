"""Turns the advice and the plan into messages: short, with reasons and sources, in an order that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.advice import GROUPS
from bot.case.record import Case
from bot.case.speech import Say
from bot.case.tools import Tools, advice_request

PARTS = (
    ("who", "Met wie"),
    ("not_with", "Met wie niet"),
    ("order", "In welke volgorde"),
    ("place", "Waar en wanneer"),
    ("invite", "Veilig uitnodigen"),
    ("questions", "Open vragen"),
    ("avoid", "Liever niet"),
    ("close", "Zo sluit je af"),
)
SPOKEN = ("questions", "avoid", "close")
GAPS_SHOWN = 4
SOURCES_SHOWN = 2


def advice_messages(case: Case, tools: Tools) -> tuple[Say, ...]:
    """The advice: what, why and what next; then what to mind; then where she stands in the meldcode."""
    told = tools.tables.advise(advice_request(case)).as_dict(tools.words(case))
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
    duty = "\n\n".join(row["text"] for row in told["duty"])
    messages.append(Say(text=_joined(["**De meldcode**", duty, meldcode_text(told["meldcode"])])))
    messages.append(
        Say(text=_joined([tools.tables.texts["norm"].text, _gaps(told["ask_next"], tools), told["notice"]]))
    )
    if told["person"]["offer"]:
        messages.append(Say(text=tools.tables.texts["person_offered"].text))
    return tuple(messages)


def _gaps(ask_next: Sequence[str], tools: Tools) -> str:
    """What is not known and would make the advice heavier: an advice that was not asked everything says so."""
    labels = [tools.tables.facts[fact].label for fact in ask_next if fact in GROUPS["danger"]][:GAPS_SHOWN]
    if not labels:
        return ""
    unknown = ", ".join(labels)
    return f"*Nog niet bekend, en van belang voor dit advies: {unknown}.* Weet je hier iets van? Schrijf het op."


def plan_messages(case: Case, tools: Tools) -> tuple[Say, ...]:
    """The plan for the talk, in two messages: the setup, and the words."""
    plan: Mapping[str, Any] = tools.tables.advise(advice_request(case)).as_dict(tools.words(case))["conversation"]
    blocks = {name: _joined([f"**{title}**", _bullets(plan[name])]) for name, title in PARTS if plan.get(name)}
    reasons = _bullets(with_sources(reason, tools) for reason in plan["reasons"][:1])
    setup = [f"**Gespreksopzet: {plan['label']}**", reasons]
    setup += [text for name, text in blocks.items() if name not in SPOKEN]
    spoken = [f"**Zo kun je beginnen**\n\n{plan['opening']}"]
    spoken += [text for name, text in blocks.items() if name in SPOKEN]
    spoken.append(f"**Wordt het onveilig? Stop**\n\n{plan['stop']}")
    return (Say(text=_joined(setup)), Say(text=_joined(spoken)))


def with_sources(row: Mapping[str, Any], tools: Tools) -> str:
    """A text with its sources on a line of their own, the way a reader can find them."""
    line = source_line(row, tools)
    return f"{row['text']}  \n{line}" if line else str(row["text"])  # two blanks: Markdown breaks the line there


def source_line(row: Mapping[str, Any], tools: Tools) -> str:
    """Name the sources of a row by publisher and title: two at most, none of them twice."""
    names = dict.fromkeys(tools.sources.get(source["id"], source["id"]) for source in row["sources"])
    return f"Bron: {'; '.join(list(names)[:SOURCES_SHOWN])}" if names else ""


def meldcode_text(steps: Sequence[Mapping[str, Any]]) -> str:
    """The five steps, each with where it stands."""
    marks = {"done": "✓ gedaan", "now": "→ nu", "todo": "○ nog te doen"}
    return "\n".join(f"{step['step']}. {marks[step['status']]}: {step['text']}" for step in steps)


def _bullets(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}".replace("\n", "\n  ") for row in rows)


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block)
