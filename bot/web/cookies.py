"""The cookies of staff: none of them is for scripts, and over https none can be set by another name of the site."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from fastapi import Request, Response

from bot.settings import Settings
from bot.web.problems import UNPROTECTED, Problem
from bot.web.services import base_url

WAITING: Final = 600  # seconds that someone may take at the organisation's own sign-in


@dataclass(frozen=True)
class Cookie:
    """One cookie: its name, for how long, and whether it comes along when another site sends someone here."""

    name: str
    same_site: Literal["strict", "lax"] = "strict"
    path: str = "/"
    seconds: int | None = None  # until the browser is closed

    def read(self, request: Request, settings: Settings) -> str:
        """Return what the browser holds; empty when it holds none."""
        return request.cookies.get(self._named(is_encrypted(request, settings)), "")

    def write(self, response: Response, request: Request, settings: Settings, value: str) -> None:
        """Have the browser hold a value. Raises Problem where others could read along."""
        secure = is_encrypted(request, settings)
        response.set_cookie(
            self._named(secure), value, max_age=self.seconds, path=self.path, secure=secure, httponly=True,
            samesite=self.same_site,
        )  # fmt: skip

    def clear(self, response: Response, request: Request, settings: Settings) -> None:
        """Have the browser hold none."""
        secure = is_encrypted(request, settings)
        response.delete_cookie(
            self._named(secure), path=self.path, secure=secure, httponly=True, samesite=self.same_site
        )

    def _named(self, secure: bool) -> str:
        """Return the name; one that begins so is only taken over https, and from this very name and path."""
        prefix = "__Host-" if self.path == "/" else "__Secure-"
        return prefix + self.name if secure else self.name


SIGN_IN: Final = Cookie("pluis")
FORM: Final = Cookie("pluis-formulier")
WAY: Final = Cookie("pluis-oidc", "lax", "/aanmelden", WAITING)  # Lax: the callback comes from another site


def is_encrypted(request: Request, settings: Settings) -> bool:
    """Tell whether this is https. Raises Problem when it is not, and not this machine either."""
    address = urlsplit(base_url(request, settings))
    if address.scheme == "https":
        return True
    if _is_here(address.hostname or ""):
        return False
    raise Problem(UNPROTECTED, "Over http kan een ander je wachtwoord lezen. De beheerder kan https aanzetten.")


def _is_here(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
