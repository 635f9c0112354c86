"""Signing in by the organisation's own identity provider: OpenID Connect, the authorization code with PKCE.

What has to be known again at the callback is in a signed cookie of this browser, for another process may take it. What
is refused is told without why: that is in the log, by its kind alone. Loaded only where a provider is set."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.settings import Settings
from bot.web.cookies import WAITING
from bot.web.problems import SIGN_IN_FAILED, SIGN_IN_OUT, Problem

log = logging.getLogger("pluis.web")

# By a key that only the provider has: never one that we have too (HS…), never none.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY: Final = 60  # seconds that two clocks may differ
KEPT: Final = 600.0  # seconds that what the provider says of itself is not asked again
PATIENCE: Final = 10.0  # seconds that the provider may take
LONGEST_SUBJECT: Final = 255  # as the specification has it


@dataclass(frozen=True)
class Way:
    """Where the browser is sent, and what its cookie has to hold meanwhile."""

    url: str
    cookie: str


@dataclass(frozen=True)
class Person:
    """Who came back: whom the provider says it is, the roles that makes here, and where they wanted to go."""

    issuer: str
    subject: str
    name: str
    roles: tuple[str, ...]
    next: str


class Oidc:
    """The client of one provider."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.label = settings.oidc_label
        self._issuer, self._client_id = settings.oidc_issuer, settings.oidc_client_id
        self._secret = settings.oidc_secret.get_secret_value()
        self._claim, self._roles, self._clock = settings.oidc_claim, settings.oidc_roles, clock
        self._signer = URLSafeTimedSerializer(settings.key("secret"), salt="pluis.oidc")
        self._metadata: tuple[float, dict[str, Any]] | None = None

    async def begin(self, callback: str, after: str) -> Way:
        """Return where to send a browser that has to come back to `callback`. Raises Problem."""
        metadata = await self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with self._client(metadata, callback) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": after}
        return Way(str(url), self._signer.dumps(kept))

    async def finish(self, callback: str, cookie: str, answer: Mapping[str, str]) -> Person:
        """Return who came back with the provider's answer. Raises Problem."""
        kept = self._kept(cookie)
        if not secrets.compare_digest(kept["state"].encode(), answer.get("state", "").encode()):
            raise _refused("state")
        metadata = await self._discover()
        if answer.get("iss", metadata["issuer"]) != metadata["issuer"]:  # RFC 9207
            raise _refused("iss of the answer")
        if "error" in answer or not answer.get("code"):
            raise _refused("answer without a code")
        token = await self._exchange(metadata, callback, answer["code"], kept["verifier"])
        claims = _claims(token, await self._keys(metadata), self._wanted(metadata, kept["nonce"]), int(self._clock()))
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", self._client_id if len(parties) == 1 else "") != self._client_id:
            raise _refused("azp")
        return self._person(metadata["issuer"], claims, kept["next"])

    def _kept(self, cookie: str) -> dict[str, str]:
        try:
            kept: dict[str, str] = self._signer.loads(cookie, max_age=WAITING)
        except BadData:
            raise _refused("cookie") from None
        return kept

    def _wanted(self, metadata: dict[str, Any], nonce: str) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True, "value": nonce},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
        }

    def _person(self, issuer: str, claims: dict[str, Any], after: str) -> Person:
        subject, given = claims["sub"], _claim(claims, self._claim)
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise _refused("sub")
        values = set(map(str, given)) if isinstance(given, list) else {str(given)}
        roles = tuple(role for role, value in self._roles if value in values)
        named = next((str(claims[name]) for name in ("name", "preferred_username", "email") if claims.get(name)), "")
        name = "".join(letter for letter in named if letter.isprintable()).strip()
        return Person(issuer, subject, name or "Medewerker", roles, after)

    # -- the provider ----------------------------------------------------------------------------------------------

    async def _discover(self) -> dict[str, Any]:
        """Return what the provider says of itself."""
        if self._metadata is not None and time.monotonic() - self._metadata[0] < KEPT:
            return self._metadata[1]
        found = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer.rstrip("/"):
            raise _away("another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _is_protected(str(found.get(name, ""))):
                raise _away(f"no {name}")
        self._metadata = time.monotonic(), found
        return found

    async def _keys(self, metadata: dict[str, Any]) -> KeySet:
        """Return the provider's keys as they are now: they change, and people sign in seldom."""
        try:
            return KeySet.import_key_set(await self._get(metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise _away(type(error).__name__) from None

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                found = (await client.get(url)).raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _away(type(error).__name__) from None
        if not isinstance(found, dict):
            raise _away("no object")
        return found

    async def _exchange(self, metadata: dict[str, Any], callback: str, code: str, verifier: str) -> str:
        try:
            async with self._client(metadata, callback) as client:
                answer = await client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=verifier)
        except OAuthError:
            raise _refused("code") from None
        except (httpx.HTTPError, ValueError) as error:
            raise _away(type(error).__name__) from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused("no id_token")
        return token

    def _client(self, metadata: dict[str, Any], callback: str) -> Any:
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        with_secret = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return AsyncOAuth2Client(
            self._client_id, self._secret or None, with_secret if self._secret else "none", scope="openid profile",
            redirect_uri=callback, code_challenge_method="S256", timeout=PATIENCE,
        )  # fmt: skip


def _claims(token: str, keys: KeySet, wanted: dict[str, Any], now: int) -> dict[str, Any]:
    """Return the claims of a token that the provider signed for us, now and for this sign-in. Raises Problem."""
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(now, LEEWAY, **wanted).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _refused(type(error).__name__) from None
    return claims


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """Return a claim; one that stands in another is written with a dot."""
    if name in claims:
        return claims[name]
    outer, _, inner = name.partition(".")
    return _claim(claims[outer], inner) if inner and isinstance(claims.get(outer), dict) else []


def _is_protected(url: str) -> bool:
    address = urlsplit(url)
    here = address.hostname in {"127.0.0.1", "localhost", "::1"}
    return address.scheme == "https" or (address.scheme == "http" and here)


def _refused(what: str) -> Problem:
    log.warning("sign-in by the provider refused", extra={"found": what})
    return Problem(SIGN_IN_FAILED, "Begin opnieuw bij Aanmelden. Lukt het weer niet, vraag dan de beheerder van Pluis.")


def _away(what: str) -> Problem:
    log.warning("the provider is away", extra={"found": what})
    return Problem(SIGN_IN_OUT, "Probeer het over een paar minuten opnieuw.", retry_after=60)
