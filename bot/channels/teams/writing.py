"""From activities as every channel has them to what Microsoft Teams shows.

Teams shows at most three quick replies, and none beside a card: others become buttons of a card. It takes no more than
40 KB in UTF-16 for all of a message, reads Markdown in its own way, and shows the first words of a message in a
notification, on whatever screen. Sources: Microsoft's pages on suggested actions and on formatting bot messages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from bot.channels import sentences
from bot.channels.activities import BOT, CARD, adaptive
from bot.markdown import literal

MOST_QUICK: Final = 3
MOST_TEXT: Final = 4000  # characters in one message; more is read better in two
MOST_CARD: Final = 14_000  # characters; with its text under the 20,000 of which Teams takes no more
_A_ROW: Final = 3  # buttons beside each other
_A_BUTTON: Final = 45  # letters that fit in one
_PARAGRAPH = re.compile(r"\n{2,}")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#~|!&])(?=(.?))", re.DOTALL)
_LISTED = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")


def teams_forms(activity: Mapping[str, Any], *, discreet: bool = False) -> list[dict[str, Any]]:
    """Return the messages that an activity becomes in Teams, in order.

    Discreet ones hold all in a card that begins with a neutral line: they come unasked, and may be seen by others.
    """
    if activity["type"] != "message":
        return [{"type": activity["type"], "from": BOT}]
    cards = [_fitted(card) for card in activity.get("attachments") or ()]
    texts = [as_teams(part) for part in split(str(activity.get("text") or ""))] or [""]
    choices = (activity.get("suggestedActions") or {}).get("actions") or ()
    wide = any(len(one["title"]) > _A_BUTTON for one in choices)
    if choices and (discreet or cards or wide or len(choices) > MOST_QUICK):
        cards, choices = [*cards, _buttons(choices)], ()
    messages = [_discreet(text) if discreet else _message(text) for text in texts]
    if cards:
        messages[-1]["attachments"] = [*messages[-1].get("attachments", ()), *cards]
    if choices:
        actions = [{"type": "imBack", "title": one["title"], "value": one["title"]} for one in choices]
        messages[-1]["suggestedActions"] = {"actions": actions}
    return [one for one in messages if one.get("text") or one.get("attachments")]


def plain_form(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message in words alone, for when Teams does not take its card."""
    words = [str(form.get("text") or "")]
    words += [as_teams(str(card["content"].get("fallbackText") or "")) for card in form.get("attachments") or ()]
    words += ["\n".join(f"- {one['title']}" for one in (form.get("suggestedActions") or {}).get("actions") or ())]
    return _message("\n\n".join(word for word in words if word))


def split(text: str, most: int = MOST_TEXT) -> list[str]:
    """Return a text in parts of at most so many characters: between paragraphs, else lines, else words."""
    parts: list[str] = []
    for piece, joint in _pieces(text, most):
        if parts and len(parts[-1]) + len(joint) + len(piece) <= most:
            parts[-1] += joint + piece
        else:
            parts.append(piece)
    return [part for part in parts if part]


def as_teams(text: str) -> str:
    """Return Markdown as Teams reads it: a line of its own needs an empty line before it, but in a list; a backslash
    would be shown, so marks of a user's own stand bare, but for those that would make a link or a tag."""
    lines = _ESCAPED.sub(_bare, text).split("\n")
    told = lines[:1]
    for before, line in pairwise(lines):
        apart = before and line and not (_LISTED.match(line) and _LISTED.match(before))
        told += ["", line] if apart else [line]
    return "\n".join(told)


def _bare(escaped: re.Match[str]) -> str:
    if escaped[1] == "<":
        return "&lt;"
    return "] " if escaped[1] == "]" and escaped[2] == "(" else escaped[1]


def _pieces(text: str, most: int) -> Iterable[tuple[str, str]]:
    """Yield what stays together, each with what stood before it."""
    for paragraph in _PARAGRAPH.split(text):
        if len(paragraph) <= most:
            yield paragraph, "\n\n"
            continue
        for number, line in enumerate(paragraph.split("\n")):
            joint = "\n" if number else "\n\n"
            if len(line) <= most:
                yield line, joint
                continue
            for word in (found[0] for found in re.finditer(rf"\S{{1,{most}}}", line)):
                yield word, joint
                joint = " "


def _message(text: str) -> dict[str, Any]:
    said = {"type": "message", "from": BOT, "summary": sentences.SUMMARY_OF_MESSAGE, "textFormat": "markdown"}
    return said | ({"text": text} if text else {})


def _block(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True} | more


def _discreet(text: str) -> dict[str, Any]:
    blocks = [_block(sentences.DISCREET, isSubtle=True), *([_block(text)] if text else [])]
    return _message("") | {"attachments": [{"contentType": CARD, "content": adaptive(blocks, text)}]}


def _buttons(choices: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return choices as buttons of a card. What is pressed Teams does not show: the courier says it. A button that is
    too narrow for its words has them above it."""
    actions = [{"type": "Action.Submit", "title": one["title"], "data": one["value"]} for one in choices]
    if any(len(action["title"]) > _A_BUTTON for action in actions):
        body = [part for action in actions for part in _worded(action)]
    else:
        body = [_set(actions[at : at + _A_ROW]) for at in range(0, len(actions), _A_ROW)]
    return {"contentType": CARD, "content": adaptive(body, "\n".join(f"- {action['title']}" for action in actions))}


def _worded(action: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    yield _block(literal(action["title"]), separator=True)
    yield _set([{**action, "title": sentences.CHOOSE, "tooltip": action["title"]}])


def _set(actions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"type": "ActionSet", "actions": list(actions)}


def _fitted(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card; in words alone when it is too large."""
    content = card["content"]
    if len(json.dumps(content, ensure_ascii=False)) > MOST_CARD:
        plain = str(content.get("fallbackText") or "")
        content = adaptive([_block(part) for part in split(plain)], plain[:MOST_TEXT])
    return {"contentType": card["contentType"], "content": content}
