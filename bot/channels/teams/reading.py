"""What an activity from Microsoft Teams says: where it comes from, what was typed or pressed, and whether files came
along. Nothing of who sent it is read."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.chat import Incoming
from bot.channels.errors import ChannelError

COLLEAGUE: Final = "een collega"  # in the place of whoever was mentioned: a mention holds a full name
_MENTION = re.compile(r"<at\b[^>]*>.*?</at>", re.DOTALL | re.IGNORECASE)
_PICTURE = re.compile(r"<img\b(?![^>]*schema\.skype\.com/Emoji)", re.IGNORECASE)
_NO_FILES = {"text/html", "messageReference"}  # the same text with its make-up; the message that this one answers
_LONGEST = {"id": 255, "service_url": 300, "agent": 255, "tenant": 64}


class NotAnAddressError(ChannelError):
    """An activity does not say where it comes from; the message names the field."""


@dataclass(frozen=True)
class Address:
    """Where a chat in Teams is, without whose it is."""

    id: str  # of the conversation, as Teams has it
    service_url: str  # where answers go
    agent: str  # Pluis itself, as Teams knows it there
    tenant: str


def address_of(activity: Mapping[str, Any]) -> Address:
    """Return where an activity comes from. Raises NotAnAddressError."""
    conversation, data = _part(activity, "conversation"), _part(activity, "channelData")
    tenant = _part(data, "tenant").get("id") or conversation.get("tenantId") or ""
    address = Address(
        id=str(conversation.get("id") or ""),
        service_url=str(activity.get("serviceUrl") or ""),
        agent=str(_part(activity, "recipient").get("id") or ""),
        tenant=str(tenant),
    )
    for name, longest in _LONGEST.items():
        value = getattr(address, name)
        if len(value) > longest or not (value or name == "tenant") or not value.isprintable():
            raise NotAnAddressError(name)
    return address


def is_private(activity: Mapping[str, Any]) -> bool:
    """Tell whether an activity is from a chat of one person with Pluis."""
    conversation = _part(activity, "conversation")
    return conversation.get("conversationType") in {None, "personal"} and not conversation.get("isGroup")


def incoming(activity: Mapping[str, Any]) -> Incoming:
    """Return what a message says: what was typed, without mentions, or the value of what was pressed."""
    return Incoming(
        text=text_of(activity),
        value=activity.get("value"),
        key=key_of(activity),
        has_files=any(_is_file(one) for one in _parts(activity, "attachments")),
    )


def members(activity: Mapping[str, Any], which: str) -> set[str]:
    """Return the ids of `membersAdded` or `membersRemoved`."""
    return {str(one.get("id")) for one in _parts(activity, which)}


def key_of(activity: Mapping[str, Any]) -> str | None:
    """Return the name under which a message is kept once: of its id; of a change it begins with that, and goes on with
    its moment."""
    if not (name := activity.get("id")):
        return None
    changed = activity.get("type") == "messageUpdate"
    return _digest(name) + (f"|{_digest(activity.get('timestamp'))[:16]}" if changed else "")


def text_of(activity: Mapping[str, Any]) -> str:
    """Return what was typed; of Pluis' own name nothing is left, of a colleague's that it was a colleague."""
    agent = _part(activity, "recipient").get("id")
    own = {str(one.get("text")) for one in _parts(activity, "entities") if _part(one, "mentioned").get("id") == agent}
    text = html.unescape(str(activity.get("text") or ""))
    return _MENTION.sub(lambda found: "" if found[0] in own else COLLEAGUE, text).replace("\xa0", " ").strip()


def _is_file(attachment: Mapping[str, Any]) -> bool:
    kind = str(attachment.get("contentType"))
    return kind not in _NO_FILES or bool(_PICTURE.search(str(attachment.get("content") or "")))


def _digest(name: object) -> str:
    return hashlib.blake2b(str(name).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _parts(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    parts = body.get(name)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
