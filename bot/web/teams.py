"""Microsoft Teams as `web` has it: who may come in, and what each kind of activity does. What comes in is kept and
answered as in every other channel; the answer goes back by the courier."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from fastapi import Request, Response

from bot import logs
from bot.channels import Chat, TextTooLongError, UnknownConversationError, say, sentences
from bot.channels.teams import (
    CHANNEL,
    Address,
    Chats,
    Connector,
    Courier,
    NotAnAddressError,
    address_of,
    incoming,
    is_private,
    key_of,
    members,
    teams_forms,
)
from bot.settings import Settings, SettingsError
from bot.web import problems
from bot.web.problems import Problem
from bot.web.tokens import new_conversation_id

MICROSOFT: Final = ("smba.trafficmanager.net", "botframework.com")  # where Teams is answered: these, and what is under
LOCAL: Final = {"localhost", "127.0.0.1", "::1"}
_PRIVATE: Final = "https://teams.microsoft.com/l/chat/0/0?users={agent}"

Activity = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], Awaitable[None]]


class Agent(Connector, Protocol):
    """Microsoft's SDK, as far as this module knows it."""

    async def identify(self, authorization: str) -> Mapping[str, Any]:
        """Return the claims of who sends, none in a trial. Raises Problem."""

    async def process(self, request: Request, claims: Mapping[str, Any]) -> Response:
        """Hand the activity of a request to its handler; raises whatever that raises."""

    async def close(self) -> None:
        """Close the connections."""


class Teams:
    """The channel: takes in what comes from Teams, and has the courier send what is said."""

    def __init__(self, settings: Settings, chat: Chat, chats: Chats, make_agent: Callable[..., Agent], **courier: Any):
        self._settings, self._chat, self.chats = settings, chat, chats
        self._base = settings.public_url or f"http://{settings.host}:{settings.port}"
        handlers: dict[str, Handler] = {
            "message": self._said,
            "messageUpdate": self._changed,
            "messageDelete": self._removed,
            "installationUpdate": self._installed,
            "conversationUpdate": self._met,
        }
        handlers |= dict.fromkeys(("typing", "messageReaction", "event", "endOfConversation"), _nothing)
        self.agent = make_agent(settings, handlers)
        self.courier = Courier(chats, chat, self.agent, **courier)

    async def close(self) -> None:
        """Stop sending, and close the connections."""
        await self.courier.stop()
        await self.agent.close()

    # -- who may come in -------------------------------------------------------------------------------------------

    async def admit(self, request: Request) -> tuple[Address, dict[str, Any], Mapping[str, Any]]:
        """Return where an activity comes from, what it is and who sent it. Raises Problem."""
        claims = await self.agent.identify(request.headers.get("authorization", ""))
        try:
            activity = await request.json()
        except (ValueError, UnicodeDecodeError, RecursionError):
            raise Problem(problems.BAD_JSON) from None
        try:
            address = address_of(activity if isinstance(activity, dict) else {})
        except NotAnAddressError as error:
            raise Problem(problems.INVALID, f"Kijk naar: {error}") from None
        self._check_origin(address, activity, claims)
        return address, activity, claims

    def _check_origin(self, address: Address, activity: Activity, claims: Mapping[str, Any]) -> None:
        """Let through what is from Teams, of our own organisation, and to be answered where its token says."""
        if activity.get("channelId") != CHANNEL:
            raise Problem(problems.NOT_ADMITTED, "Dit kanaal bedient Pluis niet: alleen Microsoft Teams.")
        try:
            url = urlsplit(address.service_url)
            host = "" if url.query or url.fragment else (url.hostname or "").lower()
        except ValueError:
            raise Problem(problems.NOT_ADMITTED, "Het antwoordadres is geen adres.") from None
        if self._settings.teams_trial:
            fits = url.scheme == "http" and host in LOCAL
        else:
            fits = url.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in MICROSOFT)
            told = str(claims.get("serviceurl", ""))
            fits = fits and told.rstrip("/").lower() == address.service_url.rstrip("/").lower()
            if address.tenant.lower() != self._settings.teams_tenant:
                raise Problem(problems.NOT_ADMITTED, "Dit bericht komt van een andere organisatie.")
        if not fits:
            raise Problem(problems.NOT_ADMITTED, "Het antwoordadres hoort niet bij deze afzender.")

    # -- what comes in ---------------------------------------------------------------------------------------------

    async def _said(self, activity: dict[str, Any]) -> None:
        address = address_of(activity)
        if not is_private(activity):
            link = _PRIVATE.format(agent=address.agent)
            (form,) = teams_forms(say(sentences.TEAMS_PRIVATE.format(link=link)))
            await self.agent.send(address, form)
            return
        await self._heard(address, lambda conversation: self._chat.receive(conversation, incoming(activity)))

    async def _changed(self, activity: dict[str, Any]) -> None:
        """A message was changed; of a conversation that is over it is all that she says now."""
        if not is_private(activity) or _event(activity) == "undeleteMessage":
            return
        address = address_of(activity)
        if await self._present(address) is None:
            await self._said(activity)
        else:
            await self._heard(address, lambda conversation: self._chat.amend(conversation, incoming(activity)))

    async def _removed(self, activity: dict[str, Any]) -> None:
        if not is_private(activity):
            return
        if (conversation := await self._present(address_of(activity))) and (key := key_of(activity)):
            await self._chat.withdraw(conversation, key)

    async def _installed(self, activity: dict[str, Any]) -> None:
        if not is_private(activity):
            return
        if str(activity.get("action")).startswith("remove"):
            await self._leave(address_of(activity))
        else:
            await self._welcome(address_of(activity))

    async def _met(self, activity: dict[str, Any]) -> None:
        """Members came or went; in a chat of one person with Pluis only Pluis itself matters."""
        if not is_private(activity):
            return
        address = address_of(activity)
        if address.agent in members(activity, "membersRemoved"):
            await self._leave(address)
        elif members(activity, "membersAdded"):
            await self._welcome(address)

    async def _heard(self, address: Address, take: Callable[[str], Awaitable[object]]) -> None:
        """Have what came in taken by the conversation of its chat; a new one begins where it has none any more."""
        while True:
            conversation = await self._open(address)
            try:
                await take(conversation)
            except UnknownConversationError:  # not begun yet, or wiped just now
                await self._begin(conversation)
                continue
            except TextTooLongError:
                pass  # she was told so, in the chat
            return

    async def _welcome(self, address: Address) -> None:
        """Begin the conversation of a chat, unless that was done."""
        await self._begin(await self._open(address, heard=False))

    async def _begin(self, conversation: str) -> None:
        """Begin a conversation: what Teams does with what is typed there, then Pluis' welcome."""
        opening = [say(sentences.TEAMS.format(url=f"{self._base}/"))]
        with suppress(UnknownConversationError):  # wiped just now: by someone who is here already
            await self._chat.begin(conversation, CHANNEL, self._base, opening)

    async def _open(self, address: Address, *, heard: bool = True) -> str:
        """Return the conversation of a chat, perhaps one that is still to begin."""
        conversation = await asyncio.to_thread(self.chats.open, address, new_conversation_id(), heard=heard)
        logs.CONVERSATION.set(conversation)
        self.courier.follow(conversation, address)
        return conversation

    async def _present(self, address: Address) -> str | None:
        """Return the conversation of a chat when it has one."""
        conversation = await asyncio.to_thread(self.chats.conversation, address.id)
        if conversation is None:
            return None
        logs.CONVERSATION.set(conversation)
        self.courier.follow(conversation, address)
        try:
            await asyncio.to_thread(self._chat.store.check, conversation)
        except UnknownConversationError:
            return None
        return conversation

    async def _leave(self, address: Address) -> None:
        """Forget a chat and its conversation: who took Pluis away wants nothing more of it."""
        conversation = await asyncio.to_thread(self.chats.leave, address.id)
        if conversation is not None:
            await self._chat.runner.forget(conversation)  # what is left of it elsewhere


def check_teams(settings: Settings) -> None:
    """Raise SettingsError when Teams is set up by half."""
    if settings.teams_trial or not settings.teams_app_id:
        return
    needed = {
        "PLUIS_TEAMS_TENANT": settings.teams_tenant,
        "PLUIS_TEAMS_SECRET": settings.teams_secret.get_secret_value(),
        "PLUIS_PUBLIC_URL": settings.public_url,
    }
    if lacking := [name for name, value in needed.items() if not value]:
        raise SettingsError(f"Voor Teams ontbreekt {', '.join(lacking)}; zie docs/teams.md.")


def make_teams(settings: Settings, chat: Chat, chats: Chats, **courier: Any) -> Teams | None:
    """Make the channel, where it is set up; `courier` holds options of the courier.

    Raises SettingsError when it is set up by half.
    """
    if not (settings.teams_app_id or settings.teams_trial):
        return None
    check_teams(settings)
    from bot.web.agent import SdkAgent  # Microsoft's SDK is loaded only for who uses it

    return Teams(settings, chat, chats, SdkAgent, **courier)


def _event(activity: Activity) -> str:
    data = activity.get("channelData")
    return str(data.get("eventType")) if isinstance(data, Mapping) else ""


async def _nothing(_activity: dict[str, Any]) -> None:
    """What Pluis takes in and does nothing with."""
