"""The one path from what the engine says to Bot Framework activities, the same for every channel.
Each rich form (quick replies, list to tick, rows to change, parts that open, steps, summary) also has a way
in plain text."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels import sentences
from bot.channels.engine import Message

BOT = {"id": "pluis", "name": "Pluis", "role": "bot"}
SUMMARY_VERSIONS = tuple(version for version, _, _ in sentences.SUMMARY_VERSIONS)
CARD = "application/vnd.microsoft.card.adaptive"
_ADAPTIVE = "AdaptiveCard"
_MOST_ROWS = 40  # with more, the card is larger than Teams takes; the list in text is there all the same
_STEP_STYLES = {"done": "good", "now": "accent", "todo": "emphasis"}
_MAIN = {"style": "positive"}  # of a button that its message is for

_HELPLINES = re.compile(  # or a link, in which none is to be made
    r"\[[^\]]*\]\([^)]*\)|"
    r"(?<![\w\[(/:.+-])(0800[- ]?(?:2000|0113|1205)|0900[- ]?8844|1712|112|113)(?![\w\])]|[-.,]\d| gevallen)"
)
_PAGE_OF_OURS = re.compile(r"(?<!\\)\]\((?=/)")


@dataclass(frozen=True)
class Offer:
    """A quick reply, or a list to tick, as it is handed out and what it means to the engine.

    One of kind `aside` belongs to what was said, not to the open question: it can be pressed at any later moment.
    One of kind `row` stands on a card only, and is no choice to type or to offer again.
    """

    id: str
    title: str
    payload: str
    kind: str = "choice"
    choices: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Rendered:
    """What one answer of the engine becomes: activities without id or time, offers, and whether to wipe."""

    activities: list[dict[str, Any]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    wipe: bool = False
    handover: Mapping[str, Any] | None = None  # what is asked of the helpdesk
    reminder: Mapping[str, Any] | None = None  # to set (`at`, seconds since the epoch), `cancel`, ask `when`, or tell


def render(messages: Iterable[Message], summary_link: Callable[[str, str], str], base_url: str = "") -> Rendered:
    """Turn the engine's messages into activities; `summary_link` signs an address for a version and a form.

    A link to a page of ours is completed with `base_url`: no client opens half an address.
    """
    activities: list[dict[str, Any]] = []
    offers: list[Offer] = []
    quick: list[Offer] = []
    wipe, reminder, handover = False, None, None

    def linked(text: str) -> str:
        return _PAGE_OF_OURS.sub(lambda _: f"]({base_url}", text)

    for message in messages:
        custom = message.get("custom") or {}
        kind = custom.get("kind")
        if text := str(message.get("text") or custom.get("text") or "").strip():
            activities.append(say(linked(text)))
        if kind == "tick":
            offer = _tick_offer(custom)
            offers.append(offer)
            _attach_tick(activities, offer, custom)
        elif kind == "rows":
            offers += _attach_rows(activities, custom)
        elif kind == "steps":
            _attach(activities, _steps(custom))
        elif kind == "parts":
            offers += _attach_parts(activities, custom, lambda text: with_links_to_call(linked(text)))
        elif kind == "summary":
            activities.append(_summary(summary_link))
        elif kind == "practice":
            activities.append(say(sentences.PRACTICE_REPORT.format(link=summary_link(*sentences.PRACTICE_FILE))))
        wipe = wipe or kind == "wipe"
        reminder = custom if kind == "reminder" else reminder
        handover = custom if kind == "handover" else handover
        quick += _choices(message.get("buttons"))
    attach_choices(activities, quick)
    return Rendered(activities, offers + quick, wipe, handover, reminder)


def say(text: str) -> dict[str, Any]:
    """Make a message of Pluis in Markdown, with the helplines in it as links to call."""
    return {"type": "message", "from": BOT, "text": with_links_to_call(text), "textFormat": "markdown"}


def goodbye(conversation: str) -> dict[str, Any]:
    """Say that a conversation is gone; it is kept nowhere, and has no number."""
    return say(sentences.WIPED) | {"id": f"{conversation}|wiped", "channelData": {"pluis": "wiped"}}


def with_links_to_call(text: str) -> str:
    """Turn the helplines in a text into `tel:` links; numbers that are part of something else stay."""
    return _HELPLINES.sub(lambda m: f"[{m[1]}](tel:{re.sub(r'[- ]', '', m[1])})" if m[1] else m[0], text)


def attach_choices(activities: list[dict[str, Any]], choices: Iterable[Offer]) -> None:
    """Put quick replies under the last message; clients show only those of the last one."""
    actions = [
        {"type": "messageBack", "title": c.title, "text": c.title, "displayText": c.title, "value": {"reply": c.id}}
        for c in choices
    ]
    if not actions:
        return
    target = next((a for a in reversed(activities) if a["type"] == "message"), None)
    if target is None:
        target = say("")
        activities.append(target)
    target["suggestedActions"] = {"actions": actions}
    target["inputHint"] = "expectingInput"
    activities.sort(key=lambda a: a is target)  # the message with the choices is the last one


def tick_payload(offer: Offer, values: Iterable[str]) -> str | None:
    """Return the payload of a ticked list, or None when a value was never in it."""
    chosen = [v for v in dict.fromkeys(values) if v]
    if not set(chosen) <= {c["value"] for c in offer.choices}:
        return None
    return offer.payload + json.dumps({"keuze": ",".join(chosen)}, ensure_ascii=False)


def tick_sentence(offer: Offer, values: Iterable[str]) -> str:
    """Say in words what was ticked."""
    chosen = set(values)
    titles = [c["title"] for c in offer.choices if c["value"] in chosen]
    return sentences.TICKED.format(titles="; ".join(titles)) if titles else sentences.TICKED_NONE


def _choices(buttons: Iterable[Mapping[str, Any]] | None, kind: str = "choice") -> list[Offer]:
    titles = ((str(button.get("title", "")), str(button.get("payload", ""))) for button in buttons or ())
    return [Offer(secrets.token_urlsafe(12), title, payload, kind) for title, payload in titles]


def _tick_offer(custom: Mapping[str, Any]) -> Offer:
    choices = tuple({"title": str(c["title"]), "value": str(c["value"])} for c in custom.get("choices") or ())
    return Offer(secrets.token_urlsafe(12), str(custom.get("submit") or "Klaar"), "/keuze", "tick", choices)


def _attach_tick(activities: list[dict[str, Any]], offer: Offer, custom: Mapping[str, Any]) -> None:
    if not custom.get("text"):
        activities.append(say(""))
    # no "1.": clients read that as Markdown, and each becomes a list of one
    numbered = [f"{n} · {c['title']}" for n, c in enumerate(offer.choices, 1)]
    values = [c["value"] for c in offer.choices]
    body = [
        {
            "type": "Input.ChoiceSet",
            "id": "keuze",
            "label": sentences.TICK_LABEL,
            "style": "expanded",
            "isMultiSelect": True,
            "wrap": True,
            "choices": [{"title": t, "value": v} for t, v in zip(numbered, values, strict=True)],
        },
        {"type": "TextBlock", "text": sentences.TICK_HINT, "wrap": True, "isSubtle": True, "size": "Small"},
    ]
    card = _card(body, "\n".join([*numbered, "", sentences.TICK_HINT]))
    card["content"]["actions"] = [_sends(offer) | _MAIN]
    activities[-1] |= {"attachments": [card], "inputHint": "expectingInput"}


def _attach_parts(
    activities: list[dict[str, Any]], custom: Mapping[str, Any], linked: Callable[[str], str]
) -> list[Offer]:
    """Put parts and buttons under the last message, and return what can be pressed; a part with a title opens by it."""
    body, plain, offers = [], [], []
    for part in custom.get("parts") or ():
        title, text = part.get("title"), linked(str(part.get("text", "")))
        asides = _choices(part.get("buttons"), "aside")
        inside: list[dict[str, Any]] = [{"type": "TextBlock", "text": text, "wrap": True}] if text else []
        inside += [{"type": "ActionSet", "actions": [_sends(aside)]} for aside in asides]  # a set holds only a few
        if title:
            opens = {"type": "Action.ShowCard", "title": title, "card": {"type": _ADAPTIVE, "body": inside}}
            inside = [{"type": "ActionSet", "actions": [opens]}]
            plain.append(f"**{title}**")
        body += inside
        plain += [*([text] if text else []), *(f"- {aside.title}" for aside in asides)]
        offers += asides
    if last := _choices(custom.get("buttons"), "aside"):
        body.append({"type": "ActionSet", "actions": [_sends(aside) for aside in last]})
    _attach(activities, _card(body, "\n\n".join(plain)))
    return offers + last


def _attach(activities: list[dict[str, Any]], card: dict[str, Any]) -> None:
    activities[-1] |= {"attachments": [card]}


def _attach_rows(activities: list[dict[str, Any]], custom: Mapping[str, Any]) -> list[Offer]:
    """Put rows under the last message, which tells them in text; one line opens them, each with what can be done.

    What stands in a row is someone's own words: plain text, in which no Markdown is read.
    """
    body: list[dict[str, Any]] = []
    offers: list[Offer] = []
    rows = custom.get("rows") or ()
    for row in rows if len(rows) <= _MOST_ROWS else ():
        buttons = row.get("buttons") or ()
        made = _choices(({**button, "title": button["full"]} for button in buttons), "row")
        actions = [
            _sends(offer) | {"title": str(button["title"]), "tooltip": offer.title}
            for button, offer in zip(buttons, made, strict=True)
        ]
        body += [
            {
                "type": "RichTextBlock",
                "inlines": [{"type": "TextRun", "text": str(row["text"])}],
                "separator": bool(body),
            },
            {"type": "ActionSet", "actions": actions, "spacing": "Small"},
        ]
        offers += made
    if offers:
        opens = {"type": "Action.ShowCard", "title": sentences.ROWS_TITLE, "card": {"type": _ADAPTIVE, "body": body}}
        card = _card([], "\n".join(f"- {row['text']}" for row in rows))
        card["content"]["actions"] = [opens]  # of the open question: the page closes them when it is answered
        _attach(activities, card)
    return offers


def _steps(custom: Mapping[str, Any]) -> dict[str, Any]:
    """Make a bar of steps, each with its number and a mark of where it stands; the message tells them in text."""
    steps = [(step["step"], *sentences.STEP_STATES[step["status"]], step) for step in custom["steps"]]
    now = next((step for status in ("now", "todo") for *_, step in steps if step["status"] == status), None)
    said = sentences.STEPS.format(of=len(steps), **now) if now else sentences.STEPS_DONE.format(of=len(steps))
    columns = [
        {"type": "Column", "width": "stretch", "style": _STEP_STYLES[step["status"]], "items": [
            _small(f"{mark} **{number}**") | {"horizontalAlignment": "Center"},
        ]}
        for number, mark, _, step in steps
    ]  # fmt: skip
    body: list[dict[str, Any]] = [{"type": "ColumnSet", "columns": columns}, _small(said)]
    return _card(body, "\n".join(f"{number} · {state}: {step['text']}" for number, _, state, step in steps))


def _small(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, "size": "Small"}


def _summary(link: Callable[[str, str], str]) -> dict[str, Any]:
    """Offer each version of the summary in each form: one card with a button for each, or links where none is shown."""
    body: list[dict[str, Any]] = []
    plain = []
    for version, title, about in sentences.SUMMARY_VERSIONS:
        links = [(name, link(version, form)) for form, name in sentences.SUMMARY_FORMS]
        apart = {"separator": bool(body), "spacing": "Large"}
        body += [
            {"type": "TextBlock", "text": title, "wrap": True, "weight": "Bolder", **apart},
            {"type": "TextBlock", "text": about, "wrap": True, "spacing": "None"},
            {"type": "ActionSet", "actions": [_opens(f"{title}: {name}", name, url) for name, url in links]},
        ]
        plain.append(f"**{title}**: " + " · ".join(f"[{name}]({url})" for name, url in links))
    return say(sentences.SUMMARY) | {"attachments": [_card(body, "\n\n".join(plain))]}


def _sends(offer: Offer) -> dict[str, Any]:
    return {"type": "Action.Submit", "title": offer.title, "data": {"reply": offer.id}}


def _opens(full: str, title: str, url: str) -> dict[str, str]:
    """Make a button that opens an address; read aloud it says which version it is of."""
    return {"type": "Action.OpenUrl", "title": title, "tooltip": full, "url": url} | _MAIN


def _card(body: list[dict[str, Any]], plain: str) -> dict[str, Any]:
    """Make an attachment of an adaptive card."""
    return {"contentType": CARD, "content": adaptive(body, plain)}


def adaptive(body: list[dict[str, Any]], plain: str) -> dict[str, Any]:
    """Make an adaptive card, with the same in plain text for who cannot see it."""
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": _ADAPTIVE,
        "version": "1.3",
        "lang": "nl",
        "fallbackText": plain,
        "body": body,
    }
