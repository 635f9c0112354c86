"""Who may use `/api`: anyone on this machine, elsewhere those with a key.
A page elsewhere that points a name at this machine is not on it: the Host header must be local too."""

from __future__ import annotations

import hmac
import ipaddress

from fastapi import Request

from bot.web.problems import NO_KEY, Problem
from bot.web.services import ServicesDep

_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "[::1]"}


def may_use_api(request: Request, services: ServicesDep) -> None:
    """Let a request through, or answer 401."""
    if _is_local(request) or _has_key(request, services.settings.api_keys.get_secret_value()):
        return
    raise Problem(NO_KEY, "Geef de sleutel mee als ‘Authorization: Bearer …’. De beheerder kan er een maken.")


def _is_local(request: Request) -> bool:
    if request.client is None or (request.url.hostname or "") not in _LOCAL_NAMES:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_key(request: Request, configured: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    keys = [key.strip() for key in configured.split(",") if key.strip()]
    matches = [hmac.compare_digest(given.strip().encode(), key.encode()) for key in keys]
    return scheme.lower() == "bearer" and any(matches)
