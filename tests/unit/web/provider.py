"""An OpenID provider of the tests' own, that really listens on this machine: it does what the specification says, and
whatever a test has it do wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from .serving import listening

CLIENT, SECRET = "pluis-client", "het-geheim-van-pluis"
Claims = dict[str, Any]


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _by_hand(head: Claims, claims: Claims, sign: Callable[[bytes], bytes]) -> str:
    """Make a token that a library refuses to make."""
    said = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
    return f"{said}.{_base64(sign(said.encode()))}"


def _same(value: Any) -> Any:
    return value


@dataclass
class Provider:
    """Who signs in there, and how it behaves."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    person: Claims = field(default_factory=lambda: {"sub": "s-1", "name": "Fatima Jansen", "roles": ["groep-1"]})
    claims: Callable[[Claims], Claims] = _same  # of the token
    sign: Callable[[Claims], str] | None = None
    metadata: Claims = field(default_factory=dict)
    token_status: int = 200
    down: bool = False
    codes: dict[str, Claims] = field(default_factory=dict)
    asked: list[tuple[str, Claims]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Make the ASGI application."""
        made = FastAPI()
        made.get("/.well-known/openid-configuration")(self._discovery)
        made.get("/keys")(self._keys)
        made.get("/authorize")(self._authorize)
        made.post("/token")(self._token)
        return made

    def signed(self, claims: Claims) -> str:
        """Sign a token as it should be."""
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key, algorithms=["RS256"])

    def by_another_key(self, claims: Claims) -> str:
        """Sign a token by a key that is not the provider's, under the name of the one that is."""
        other = RSAKey.generate_key(2048, {"kid": "k1"})
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, other, algorithms=["RS256"])

    def by_the_public_key(self, claims: Claims) -> str:
        """Sign a token with what everyone knows, as if it were a shared secret."""
        head = {"alg": "HS256", "kid": "k1"}
        return _by_hand(head, claims, lambda said: hmac.digest(self.key.as_pem(private=False), said, "sha256"))

    def by_nobody(self, claims: Claims) -> str:
        """Make a token that nobody signed."""
        return _by_hand({"alg": "none"}, claims, lambda _said: b"")

    def tampered(self, claims: Claims) -> str:
        """Sign a token, and put other claims in it."""
        head, _, signature = self.signed(claims).split(".")
        _, body, _ = self.signed(claims | {"sub": "s-2"}).split(".")
        return f"{head}.{body}.{signature}"

    def _discovery(self) -> Response:
        if self.down:
            return Response(status_code=503)
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
        }
        return JSONResponse(said | self.metadata)

    def _keys(self) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(("authorize", asked))
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def _token(
        self,
        request: Request,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
        client_id: str = Form(""),
    ) -> Response:
        given = request.headers.get("authorization", "")
        self.asked.append(("token", {"code": code, "verifier": code_verifier, "auth": given, "client_id": client_id}))
        asked = self.codes.pop(code, None)  # once
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = _base64(digest)
        good = asked and (asked["code_challenge"], asked["redirect_uri"]) == (challenge, redirect_uri)
        if self.token_status >= 500:
            return Response("stuk: " + code, self.token_status)
        if not asked or not good:
            return JSONResponse({"error": "invalid_grant", "error_description": f"not {code}"}, 400)
        now = int(time.time())
        issued = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = (self.sign or self.signed)(self.claims(issued | self.person))
        return JSONResponse({"access_token": "toegang", "token_type": "Bearer", "id_token": token})


@contextmanager
def provider() -> Iterator[Provider]:
    """Have a provider listen for as long as the block lasts."""
    made = Provider()
    with listening(made.app(), {"log_config": None, "host": "127.0.0.1"}) as port:
        made.url = f"http://127.0.0.1:{port}"
        yield made
