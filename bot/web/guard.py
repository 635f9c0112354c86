"""Who may use `/api`: anyone on this machine, elsewhere those with a key. And how often anyone may do what.
A page elsewhere that points a name at this machine is not on it: the Host header must be local too."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import Request
from starlette.requests import HTTPConnection

from bot.studio import NotOpenError
from bot.web.problems import NO_KEY, TOO_OFTEN, Problem
from bot.web.rates import Kind
from bot.web.services import Services, ServicesDep

T = TypeVar("T")
_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "[::1]"}
_TOO_OFTEN: Final[dict[Kind, str]] = {
    "messages": "Je bericht is niet verstuurd. Wacht even, hooguit een minuut, en probeer het dan opnieuw. "
    "Is er nu gevaar? Bel 112.",
    "conversations": "Er beginnen nu heel veel gesprekken tegelijk vanaf dit adres. Probeer het zo opnieuw. "
    "Overleggen kan altijd: bel Veilig Thuis, 0800-2000.",
    "signins": "Er wordt hier heel vaak geprobeerd om binnen te komen. Wacht een minuut en probeer het dan opnieuw.",
    "groups": "Hier worden heel veel codes geprobeerd, of gesprekken gedeeld. Wacht even, hooguit een minuut, en "
    "probeer het dan opnieuw. Je gesprek blijft staan.",
    "api": "Probeer het opnieuw op het tijdstip in Retry-After. De beheerder kan de grens hoger zetten.",
}


async def may_use_api(request: Request, services: ServicesDep) -> None:
    """Let a request through, or answer 401; 429 when this key, or this address without a key, asks too often."""
    key = _key(request, services.settings.api_keys.get_secret_value())
    await not_too_often(services, "api", f"key {key}" if key else f"address {line_of(request)}")
    if not (key or is_local(request)):
        raise Problem(NO_KEY, "Geef de sleutel mee als ‘Authorization: Bearer …’. De beheerder kan er een maken.")


async def may_begin(request: Request, services: ServicesDep) -> None:
    """Let a request for a new conversation through, or answer 429; a page makes two of them, each counted apart."""
    await not_too_often(services, "conversations", f"{request.url.path} {line_of(request)}")


async def may_play(request: Request, services: ServicesDep) -> None:
    """Let a step in a practice dialogue through, or answer 429: these are counted by address, for nothing is kept."""
    await not_too_often(services, "messages", f"practice {line_of(request)}")


async def may_share(request: Request, services: ServicesDep) -> None:
    """Let a play be shared, or answer 429: these are counted by address, for who shares is not known."""
    await not_too_often(services, "groups", f"share {line_of(request)}")


async def opened_by(request: Request, services: Services, code: str, find: Callable[[str], T]) -> T:
    """Return what the code of a group opens, by `find`. Raises NotOpenError, and Problem for an address with too many
    codes that opened nothing: also of the one that is right, or it would be found by guessing."""
    whom = f"code {line_of(request)}"
    try:
        found = await asyncio.to_thread(find, code)
    except NotOpenError:
        await not_too_often(services, "groups", whom)
        raise
    await not_too_often(services, "groups", whom, count=False)
    return found


async def not_too_often(services: Services, kind: Kind, whom: str, *, count: bool = True) -> None:
    """Count one for someone, or only look. Raises Problem when it is one too many."""
    if seconds := await services.rates.seconds_to_wait(kind, whom, count=count):
        services.metrics.refused(kind)
        raise Problem(TOO_OFTEN, _TOO_OFTEN[kind], retry_after=seconds)


def line_of(connection: HTTPConnection) -> str:
    """Return the address of a connection; of IPv6 its /64, since who has one address there has all of those."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False))


def is_local(request: Request) -> bool:
    """Tell whether a request is from this machine, to a name of this machine."""
    if request.client is None or (request.url.hostname or "") not in _LOCAL_NAMES:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _key(request: Request, configured: str) -> str:
    """Return the configured key that a request carries; empty when it carries none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    keys = [key.strip() for key in configured.split(",") if key.strip()]
    matches = [key for key in keys if hmac.compare_digest(given.strip().encode(), key.encode())]
    return matches[0] if matches and scheme.lower() == "bearer" else ""
