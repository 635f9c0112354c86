"""Who may bring something to `/api/messages`: only Microsoft, for this Pluis, with a token that is good now. The tokens
are signed with keys of these tests, and read by the SDK as it reads Microsoft's."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from microsoft_agents.authentication.msal import MsalConnectionManager

from bot.channels.teams import Address
from bot.settings import Settings, SettingsError
from bot.web import agent, serve
from bot.web.agent import ISSUER, KEYS_AGAIN, KEYS_GOOD, KEYS_OUT
from tests.unit.channels.fakes import FakeEngine

from .conftest import Site, make_settings, running
from .microsoft import TENANT, activity, bring, microsoft

APP = "11111111-2222-3333-4444-555555555555"
SERVICE = "https://smba.trafficmanager.net/emea/"
SECRET = "niet-voor-in-een-log"
CONFIGURED = {
    "teams_app_id": APP, "teams_tenant": TENANT, "teams_secret": SECRET, "public_url": "https://pluis.voorbeeld.nl",
}  # fmt: skip

KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PUBLIC = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one", "use": "sig", "alg": "RS256"}


@dataclass
class Keys:
    """Where the keys come from, and how often that was asked."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [PUBLIC])
    asked: list[str] = field(default_factory=list)
    out: bool = False

    async def fetch(self, address: str) -> Mapping[str, Any]:
        """Give the keys."""
        self.asked.append(address)
        if self.out:
            raise httpx.ConnectError("out")
        return {"keys": self.keys}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    made = Keys()
    monkeypatch.setattr(agent, "_fetch_keys", made.fetch)
    return made


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would go to Microsoft."""
    sent: list[dict[str, Any]] = []

    async def send(_self: object, _address: Address, body: dict[str, Any]) -> None:
        sent.append(body)

    monkeypatch.setattr(agent.SdkAgent, "send", send)
    return sent


@asynccontextmanager
async def configured(root: Path, **changes: Any) -> AsyncIterator[Site]:
    async with running(root, FakeEngine(), client="52.112.0.1", **CONFIGURED | changes) as site:
        yield site


@pytest.fixture
async def site(tmp_path: Path, keys: Keys, sent: list[dict[str, Any]]) -> AsyncIterator[Site]:
    async with configured(tmp_path) as built:
        yield built


def token(key: rsa.RSAPrivateKey = KEY, kid: str | None = "one", algorithm: str = "RS256", **claims: Any) -> str:
    """Sign a token as Microsoft does, but for the changes."""
    now = int(time.time())
    told = {"iss": ISSUER, "aud": APP, "nbf": now - 5, "exp": now + 3600, "serviceurl": SERVICE} | claims
    body = json.dumps({name: value for name, value in told.items() if value is not None}).encode()
    signed = jwt.api_jws.encode(  # of any claims: the other way in refuses to make some that it would have to read
        body,
        key if algorithm == "RS256" else "x" * 32,
        algorithm,
        headers={"kid": kid} if kid else {},
    )
    return f"Bearer {signed}"


def unsigned() -> str:
    now = int(time.time())
    return "Bearer " + jwt.encode({"iss": ISSUER, "aud": APP, "exp": now + 60}, "", "none", headers={"kid": "one"})


async def test_a_good_token_comes_in(site: Site, sent: list[dict[str, Any]]) -> None:
    answer = await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())
    assert answer.status_code == 202, answer.text
    while not any("antwoord op: hoi" in str(body) for body in sent):
        await asyncio.sleep(0.01)
    assert site.engine.texts == ["hoi"]


NOW = int(time.time())
REFUSED = {
    "no token": ("", 401),
    "not a bearer": ("Basic abc", 401),
    "an empty one": ("Bearer ", 401),
    "nonsense": ("Bearer a.b.c", 403),
    "wrong issuer": (token(iss="https://sts.windows.net/11111111-2222-3333-4444-555555555555/"), 403),
    "no issuer": (token(iss=None), 403),
    "a list as issuer": (token(iss=[ISSUER]), 403),
    "wrong audience": (token(aud="00000000-2222-3333-4444-555555555555"), 403),
    "two audiences": (token(aud=[APP, "x"]), 403),
    "no audience": (token(aud=None), 403),
    "expired": (token(exp=NOW - 3600), 403),
    "not yet good": (token(nbf=NOW + 3600), 403),
    "another's key under a known name": (token(OTHER), 403),
    "for ever": (token(exp=None), 403),
    "an unknown key": (token(OTHER, kid="two"), 403),
    "no name of a key": (token(kid=None), 403),
    "unsigned": (unsigned(), 403),
    "a secret in place of a key": (token(algorithm="HS256"), 403),
    "another service address": (token(serviceurl="https://smba.trafficmanager.net/amer/"), 403),
    "no service address": (token(serviceurl=None), 403),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_any_other_is_refused_and_nothing_reaches_the_engine(site: Site, name: str) -> None:
    authorization, status = REFUSED[name]
    headers = {"Authorization": authorization} if authorization else {}
    answer = await bring(site.http, activity(SERVICE, "hoi"), **headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert site.engine.tried == []
    assert site.app.state.services.teams.chats.conversation("a:chat") is None


@pytest.mark.parametrize(
    "change",
    [
        {"serviceUrl": "https://smba.trafficmanager.net.evil.nl/emea/"}, {"serviceUrl": "http://127.0.0.1:9/"},
        {"serviceUrl": "https://smba.trafficmanager.net/amer/"}, {"serviceUrl": "http://smba.trafficmanager.net/emea/"},
        {"channelId": "webchat"}, {"channelId": None},
        {"conversation": {"id": "a:chat", "tenantId": "t", "conversationType": "personal"}, "channelData": {}},
        {"conversation": {"id": "a:chat", "conversationType": "personal"}, "channelData": {}},
        {"channelData": {"tenant": {"id": "00000000-8888-7777-6666-555555555555"}}},
    ],
)  # fmt: skip
async def test_a_good_token_for_something_else_is_refused(site: Site, change: dict[str, Any]) -> None:
    answer = await bring(site.http, activity(SERVICE, "hoi") | change, Authorization=token())
    assert answer.status_code == 403, answer.text
    assert site.engine.tried == []


async def test_a_slash_at_the_end_makes_no_other_address(site: Site, sent: list[dict[str, Any]]) -> None:
    answer = await bring(site.http, activity(SERVICE, "hoi"), Authorization=token(serviceurl=SERVICE.rstrip("/")))
    assert answer.status_code == 202, answer.text


async def test_a_host_that_is_not_of_microsoft_is_refused_whatever_its_token_says(site: Site) -> None:
    hosts = ("evil.nl/", "[x", "smba.trafficmanager.net/emea/?x=", "smba.trafficmanager.net@evil.nl/")
    for url in (*(f"https://{host}" for host in hosts), "http://smba.trafficmanager.net/emea/"):
        answer = await bring(site.http, activity(url, "hoi"), Authorization=token(serviceurl=url))
        assert answer.status_code == 403, answer.text
    assert site.engine.tried == []


async def test_what_was_brought_before_is_not_let_in_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    said, good = activity(SERVICE, "hoi"), token()
    assert (await bring(site.http, said, Authorization=good)).status_code == 202
    chats = site.app.state.services.teams.chats
    monkeypatch.setattr("bot.channels.teams.chats.RETRIES", -1.0)  # a minute later
    assert (await bring(site.http, said, Authorization=good)).status_code == 403
    assert chats.seen("a:chat", said) == "replayed"
    while not site.engine.texts:
        await asyncio.sleep(0.01)
    assert site.engine.texts == ["hoi"]


# -- the keys ----------------------------------------------------------------------------------------------------------


async def test_the_keys_are_asked_once_and_only_for_who_could_be_microsoft(site: Site, keys: Keys) -> None:
    for authorization in (token(iss="https://evil.nl"), token(aud="x"), "Bearer a.b.c"):
        await bring(site.http, activity(SERVICE, "hoi"), Authorization=authorization)
    assert keys.asked == []
    for _ in range(3):
        await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())
    assert len(keys.asked) == 1


async def test_names_of_keys_that_are_not_there_do_not_make_pluis_ask_again_and_again(site: Site, keys: Keys) -> None:
    for number in range(20):
        answer = await bring(site.http, activity(SERVICE, "hoi"), Authorization=token(OTHER, kid=f"k{number}"))
        assert answer.status_code == 403
    assert len(keys.asked) == 1


async def test_a_new_key_is_found_and_old_ones_are_looked_at_each_day(
    site: Site, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())).status_code == 202
    real, ahead = time.monotonic, [KEYS_AGAIN + 1]
    monkeypatch.setattr(time, "monotonic", lambda: real() + ahead[0])
    keys.keys = [PUBLIC | {"kid": "two"}]
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token(kid="two"))).status_code == 202
    ahead[0] = KEYS_GOOD + 2 * KEYS_AGAIN
    keys.keys = [PUBLIC | {"kid": "three"}]
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token(kid="two"))).status_code == 403


async def test_yesterdays_keys_are_good_while_no_newer_ones_can_be_had(
    site: Site, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())).status_code == 202
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + KEYS_GOOD + 1)
    keys.out = True
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())).status_code == 202
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token(kid="two"))).status_code == 503


async def test_a_key_for_another_channel_signs_nothing_for_teams(site: Site, keys: Keys) -> None:
    keys.keys = [PUBLIC | {"endorsements": ["webchat"]}, PUBLIC | {"kid": "two", "endorsements": ["msteams"]}]
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())).status_code == 403
    assert site.engine.tried == []


async def test_without_the_keys_nobody_is_refused_for_good(
    site: Site, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.out = True
    answer = await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())
    assert answer.status_code == 503  # Microsoft, or the user, tries again
    keys.out = False
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())).status_code == 503
    assert len(keys.asked) == 1  # who floods does not make all wait for one answer after another
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + KEYS_OUT)
    assert (await bring(site.http, activity(SERVICE, "hoi"), Authorization=token())).status_code == 202


# -- settings ----------------------------------------------------------------------------------------------------------


async def test_where_teams_is_not_set_up_nobody_comes_in(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine()) as site:
        for headers in ({}, {"Authorization": token()}):
            answer = await bring(site.http, activity(SERVICE, "hoi"), **headers)
            assert answer.status_code == 401
        assert site.engine.tried == []


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "0.0.0.0"}, {"host": "10.0.0.5"}, {"host": "pluis.voorbeeld.nl"}, {"host": "::"},
        {"public_url": "https://pluis.voorbeeld.nl"},
    ],
)  # fmt: skip
def test_a_trial_does_not_start_where_others_could_reach_it(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="uitproberen laat iedereen binnen"):
        make_settings(tmp_path, teams_trial=True, **changes)


@pytest.mark.parametrize(
    "changes", [{}, {"host": "localhost"}, {"host": "::1"}, {"public_url": "http://localhost:8000"}]
)
def test_a_trial_starts_on_this_machine(tmp_path: Path, changes: dict[str, str]) -> None:
    assert make_settings(tmp_path, teams_trial=True, **changes).teams_trial


@pytest.mark.parametrize(("client", "host"), [("10.0.0.9", "127.0.0.1:8000"), ("127.0.0.1", "evil.nl")])
async def test_a_trial_lets_in_nobody_from_elsewhere(tmp_path: Path, client: str, host: str) -> None:
    async with running(tmp_path, FakeEngine(), client=client, teams_trial=True) as site:
        answer = await bring(site.http, activity("http://127.0.0.1:9/", "hoi"), Host=host)
        assert answer.status_code == 403
        assert site.engine.tried == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.nl"}, {"Sec-Fetch-Site": "cross-site"}, {"Content-Type": "text/plain"}]
)
async def test_a_trial_lets_in_no_page_of_a_browser(tmp_path: Path, headers: dict[str, str]) -> None:
    async with running(tmp_path, FakeEngine(), teams_trial=True) as site:
        body = json.dumps(activity("http://127.0.0.1:9/", "hoi"))
        answer = await site.http.post(
            "/api/messages", content=body, headers={"Content-Type": "application/json"} | headers
        )
        assert answer.status_code == 403
        assert site.engine.tried == []


async def test_in_a_trial_answers_go_to_this_machine_alone(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), teams_trial=True) as site:
        for url in (SERVICE, "http://10.0.0.9/", "http://127.0.0.1.evil.nl/", "file:///etc/passwd"):
            assert (await bring(site.http, activity(url, "hoi"))).status_code == 403
        assert site.engine.tried == []


@pytest.mark.parametrize("lacking", ["teams_tenant", "teams_secret", "public_url"])
def test_set_up_by_half_it_does_not_start_and_says_why(tmp_path: Path, lacking: str) -> None:
    with pytest.raises(SettingsError, match=f"PLUIS_{lacking.upper()}"):
        serve(make_settings(tmp_path, **CONFIGURED | {lacking: ""}))


@pytest.mark.parametrize("name", ["teams_app_id", "teams_tenant"])
def test_what_is_no_number_of_microsoft_is_told_without_a_secret(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=name) as error:
        make_settings(tmp_path, **CONFIGURED | {name: "mijn-app"})
    assert SECRET not in str(error.value)


def test_a_number_in_capitals_is_the_same_number(tmp_path: Path) -> None:
    settings: Settings = make_settings(tmp_path, teams_app_id="AAAAAAAA-2222-3333-4444-555555555555")
    assert settings.teams_app_id.startswith("aaaaaaaa")


# -- our own key towards Microsoft -------------------------------------------------------------------------------------


async def test_answers_carry_our_key_asked_when_they_are_sent(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    class Provider:
        async def get_access_token(self, _audience: str, scopes: list[str]) -> str:
            asked.append(scopes)
            if len(asked) == 1:
                raise ValueError("Entra is out")
            return "our-key"

    monkeypatch.setattr(MsalConnectionManager, "get_token_provider", lambda *_: Provider())
    with microsoft() as teams:
        async with configured(tmp_path) as site:
            sender = site.app.state.services.teams.agent
            address = Address("a:chat", teams.url, "28:pluis", TENANT)
            with pytest.raises(Exception, match="no key from Entra"):
                await sender.send(address, {"type": "message", "text": "hoi"})
            assert asked == [["https://api.botframework.com/.default"]]
            await sender.send(address, {"type": "message", "text": "hoi"})
        assert [body["text"] for body in teams.messages()] == ["hoi"]
        assert teams.keys == ["Bearer our-key"]
