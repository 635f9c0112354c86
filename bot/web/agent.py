"""Microsoft's 365 Agents SDK as Pluis uses it; the only module that knows it, loaded only where Teams is used.

The SDK by itself tells the user what went wrong inside, prints it, checks neither issuer nor host, opens a connection
for every message, and asks for a key of ours before it hands on what came in: each of these is set right here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any, Final, cast

import aiohttp
import httpx
from fastapi import Request, Response
from jwt import PyJWK, PyJWKSet, PyJWTError, decode
from microsoft_agents.activity import (
    Activity,
    ChannelAccount,
    ChannelId,
    ConversationAccount,
    ConversationReference,
)
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.core import (
    AgentApplication,
    AgentAuthConfiguration,
    AuthenticationConstants,
    ClaimsIdentity,
    JwtTokenValidator,
    MemoryStorage,
    OutboundHostValidator,
    RestChannelServiceClientFactory,
    TurnContext,
    TurnState,
)
from microsoft_agents.hosting.core.connector.client import UserTokenClient
from microsoft_agents.hosting.core.connector.teams import TeamsConnectorClient
from microsoft_agents.hosting.fastapi import CloudAdapter, start_agent_process
from pydantic import ValidationError

from bot.channels.errors import ConnectorError, ConnectorGoneError, ConnectorRefusedError
from bot.channels.teams import CHANNEL, Address
from bot.settings import Settings
from bot.web import problems
from bot.web.problems import Problem

Keys = Callable[[str], Awaitable[Mapping[str, Any]]]  # address → a set of keys (RFC 7517)
Handler = Callable[[dict[str, Any]], Awaitable[None]]  # an activity as Teams sent it

ISSUER: Final = AuthenticationConstants.AGENTS_SDK_TOKEN_ISSUER
KEYS_GOOD: Final = 24 * 3600.0  # seconds; Microsoft asks to look at least once a day
KEYS_AGAIN: Final = 60.0  # seconds between two looks for a key that is not there: anyone can name one
KEYS_OUT: Final = 2.0  # seconds between two looks when there was no answer: each holds up all others that look
SEND_SECONDS: Final = 20.0
FOR_GOOD: Final = {400, 405, 406, 413, 415, 422}  # all else may pass: our key set right, a proxy, Teams itself
GONE: Final = (  # Microsoft's codes for a chat in which Pluis may write no more
    "ConversationNotFound", "BotNotInConversationRoster", "ConversationBlockedByUser", "MessageWritesBlocked",
)  # fmt: skip


_BODY: ContextVar[dict[str, Any]] = ContextVar("activity")  # of the request that is handled


class SigningKeys:
    """The public keys of those who sign tokens, each set fetched once a day and at most once a minute."""

    def __init__(self, fetch: Keys) -> None:
        self._fetch = fetch
        self._sets: dict[str, list[PyJWK]] = {}
        self._until: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._lock = asyncio.Lock()

    async def get_signing_key(self, address: str, header: Mapping[str, Any]) -> PyJWK:
        """Return the key that a token's header names. Raises Problem."""
        name, out = header.get("kid"), False
        async with self._lock:
            key = self._known(address, name)
            stale = time.monotonic() > self._until.get(address, 0.0)
            if (key is None or stale) and self._may_ask(address):
                out = not await self._load(address)
                key = self._known(address, name)
        if key is not None:
            return key  # one of yesterday's, when there are no newer ones to be had
        if out or time.monotonic() > self._until.get(address, 0.0):
            raise Problem(problems.OUT, "De sleutels van Microsoft zijn nu niet op te halen.")
        raise Problem(problems.NOT_ADMITTED)

    def _known(self, address: str, name: object) -> PyJWK | None:
        keys = self._sets.get(address, ())
        return next((key for key in keys if name and key.key_id == name), None)

    def _may_ask(self, address: str) -> bool:
        return time.monotonic() - self._asked.get(address, -KEYS_AGAIN) >= KEYS_AGAIN

    async def _load(self, address: str) -> bool:
        self._asked[address] = time.monotonic()
        try:
            told = await self._fetch(address)
            ours = [one for one in told["keys"] if CHANNEL in one.get("endorsements", [CHANNEL])]
            self._sets[address] = PyJWKSet.from_dict({"keys": ours}).keys
        except (httpx.HTTPError, ValueError, KeyError, AttributeError, PyJWTError):
            self._asked[address] += KEYS_OUT - KEYS_AGAIN
            return False
        self._until[address] = time.monotonic() + KEYS_GOOD
        return True


class SdkAgent:
    """Takes in what Microsoft sends, and sends to it: a `Connector`."""

    def __init__(self, settings: Settings, handlers: Mapping[str, Handler]) -> None:
        logging.getLogger("microsoft_agents").setLevel(logging.CRITICAL + 1)  # it logs what was typed
        self._trial, self._app_id = settings.teams_trial, settings.teams_app_id
        configuration = AgentAuthConfiguration(
            client_id=settings.teams_app_id or None,
            tenant_id=settings.teams_tenant or None,
            client_secret=settings.teams_secret.get_secret_value() or None,
            anonymous_allowed=settings.teams_trial,
            issuers=[ISSUER],
            validate_issuer=True,
        )
        connections = MsalConnectionManager(connections_configurations={"SERVICE_CONNECTION": configuration})
        self._clients = _Clients(connections, settings.teams_trial)
        self._adapter = CloudAdapter(
            connection_manager=connections,
            channel_service_client_factory=self._clients,
            host_validator=OutboundHostValidator(enabled=not settings.teams_trial),
        )
        self._adapter.on_turn_error = None  # ours are raised, to become a problem document
        self._application = AgentApplication[TurnState](
            storage=MemoryStorage(),
            connection_manager=connections,
            start_typing_timer=False,
            remove_recipient_mention=False,
        )
        for kind, handler in handlers.items():
            self._application.activity(kind)(_handing(handler))
        self._validator = JwtTokenValidator(configuration)
        # the SDK by itself fetches for every key that anyone names, in threads that all else waits for
        self._validator._jwk_client_manager = SigningKeys(_fetch_keys)  # type: ignore[assignment]

    async def identify(self, authorization: str) -> Mapping[str, Any]:
        """Return the claims of who sends, none in a trial. Raises Problem."""
        if self._trial:
            return {}
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(problems.NO_KEY, "Alleen Microsoft Teams kan hier berichten brengen.")
        try:
            told = decode(token.strip(), options={"verify_signature": False})
            if told.get("iss") != ISSUER or told.get("aud") != self._app_id:  # before anything is fetched for it
                raise Problem(problems.NOT_ADMITTED)
            claims = (await self._validator.validate_token(token.strip())).claims
        except (PyJWTError, ValueError):
            raise Problem(problems.NOT_ADMITTED) from None
        if "exp" not in claims:  # the SDK takes that for “always”
            raise Problem(problems.NOT_ADMITTED)
        return claims

    async def process(self, request: Request, claims: Mapping[str, Any]) -> Response:
        """Hand the activity of a request to its handler, as Teams sent it; raises whatever that raises."""
        body = await request.json()
        if not isinstance(body.get("type"), str) or not body["type"]:
            raise Problem(problems.INVALID, "Kijk naar: type")
        _BODY.set(body)
        seen = cast(Request, _Envelope(request, body, ClaimsIdentity(dict(claims))))
        answer = await start_agent_process(seen, self._application, self._adapter)
        return answer or Response(status_code=202)

    async def send(self, address: Address, activity: dict[str, Any]) -> None:
        """Send one activity to a chat. Raises ConnectorError."""
        reference = ConversationReference(
            bot=ChannelAccount(id=address.agent),
            conversation=ConversationAccount(id=address.id, tenant_id=address.tenant or None),
            channel_id=ChannelId(CHANNEL),
            service_url=address.service_url,
        )
        claims = ClaimsIdentity() if self._trial else self._adapter.create_claims_identity(self._app_id)

        made = Activity.model_validate(activity)

        async def give(context: TurnContext) -> None:
            await context.send_activity(made)

        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._adapter.continue_conversation_with_claims(
                    claims, reference.get_continuation_activity(), give
                )
        except aiohttp.ClientResponseError as error:
            raise _refusal(error) from None  # the error holds what was sent
        except ValidationError:
            return  # Teams took it, and the SDK cannot read what it answered
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise ConnectorError(type(error).__name__) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._clients.close()


class _Envelope:
    """A request of which the SDK sees no more than where it is from: one field that its strict reader does not expect,
    such as an empty name, would lose the message."""

    def __init__(self, request: Request, body: Mapping[str, Any], claims: ClaimsIdentity) -> None:
        self.method, self.headers, self.path_params = request.method, request.headers, request.path_params
        self.state = SimpleNamespace(claims_identity=claims)
        self._body = {
            "type": body["type"], "serviceUrl": body["serviceUrl"], "channelId": CHANNEL,
            "conversation": {"id": body["conversation"]["id"]}, "recipient": {"id": body["recipient"]["id"]},
            "from": {"id": "someone"},
        }  # fmt: skip

    async def json(self) -> dict[str, Any]:
        """Return what it sees."""
        return self._body


class _Clients(RestChannelServiceClientFactory):
    """Makes clients that share their connections, and ask for a key only when they send."""

    def __init__(self, connections: MsalConnectionManager, trial: bool) -> None:
        super().__init__(connections)
        self._connections, self._trial = connections, trial
        self._pool: aiohttp.TCPConnector | None = None

    async def create_connector_client(
        self,
        context: TurnContext | None,
        claims_identity: ClaimsIdentity,
        service_url: str,
        audience: str,
        scopes: list[str] | None = None,
        use_anonymous: bool = False,
    ) -> TeamsConnectorClient:
        """Make a client for one service address."""
        if self._pool is None or self._pool.closed:
            self._pool = aiohttp.TCPConnector(limit=64)

        async def authorise(
            request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
        ) -> aiohttp.ClientResponse:
            provider = self._connections.get_token_provider(claims_identity, service_url)
            wanted = scopes or claims_identity.get_token_scope()
            try:
                key = await provider.get_access_token(audience, wanted)
            except ValueError:  # with what Entra answered
                raise ConnectorError("no key from Entra") from None
            request.headers["Authorization"] = f"Bearer {key}"
            return await handler(request)

        base = service_url if service_url.endswith("/") else f"{service_url}/"
        session = aiohttp.ClientSession(
            base_url=base,
            connector=self._pool,
            connector_owner=False,
            timeout=aiohttp.ClientTimeout(total=SEND_SECONDS),
            trust_env=True,  # a proxy of the organisation
            middlewares=() if self._trial else (authorise,),
        )
        return TeamsConnectorClient(endpoint=service_url, token="", session=session)

    async def create_user_token_client(
        self, context: TurnContext, claims_identity: ClaimsIdentity, use_anonymous: bool = False
    ) -> UserTokenClient:
        """Make a client for keys of users, of which Pluis asks none."""
        return UserTokenClient(app_id="", endpoint=self._token_service_endpoint, token="")

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()


def _handing(handler: Handler) -> Callable[[TurnContext, TurnState], Awaitable[None]]:
    async def handle(_context: TurnContext, _state: TurnState) -> None:
        await handler(_BODY.get())

    return handle


def _refusal(error: aiohttp.ClientResponseError) -> ConnectorError:
    kind = f"status {error.status}"
    if error.status in {403, 404} and any(code in error.message for code in GONE):
        return ConnectorGoneError(kind)
    if error.status in FOR_GOOD:
        return ConnectorRefusedError(kind)
    return ConnectorError(kind, _seconds(dict(error.headers or {}).get("Retry-After", "")))


def _seconds(told: str) -> float:
    """Read a Retry-After (RFC 9110): seconds, or a moment."""
    if told.isdecimal():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


async def _fetch_keys(address: str) -> Mapping[str, Any]:
    async with httpx.AsyncClient(timeout=5.0, trust_env=True) as http:
        answer = await http.get(address)
        answer.raise_for_status()
        keys: Mapping[str, Any] = answer.json()
        return keys
