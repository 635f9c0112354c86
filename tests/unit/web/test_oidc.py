"""Signing in by the organisation's own provider, with one that really listens: who it is let in, and whatever is wrong
with its answer is told without a word of why."""

from __future__ import annotations

import io
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError
from bot.staff import By, load_roles
from bot.web.app import make_oidc
from tests.unit.channels.fakes import FakeEngine

from .conftest import Site, make_settings, running
from .provider import CLIENT, SECRET, Claims, Provider, provider
from .test_signin import ORIGIN, PAGE, Desk, log, open_desk, quick

__all__ = ["log", "quick"]
ROLES = "helpdesk=groep-1,supervisor=groep-2"


@pytest.fixture(scope="module")
def _listening() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def idp(_listening: Provider) -> Provider:
    """A provider that does everything right."""
    fresh = Provider()
    for name in ("person", "claims", "sign", "metadata", "token_status", "down", "codes", "asked"):
        setattr(_listening, name, getattr(fresh, name))
    return _listening


def options(idp: Provider, **changes: Any) -> dict[str, Any]:
    return {
        "oidc_issuer": idp.url, "oidc_client_id": CLIENT, "oidc_secret": SECRET, "oidc_roles": ROLES,
        "oidc_label": "Aanmelden bij Voorbeeld",
    } | changes  # fmt: skip


class Visitor(Desk):
    """A browser that goes by way of the provider."""

    async def leave(self, after: str = "/desk") -> str:
        """Press the button, and return the address at the provider."""
        answer = await self.http.get("/aanmelden/oidc", params={"next": after})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def pass_by(self, url: str) -> dict[str, str]:
        """Sign in at the provider, and return what it sends back."""
        async with httpx.AsyncClient() as other:
            back = (await other.get(url)).headers["location"]
        assert back.startswith(f"{ORIGIN}/aanmelden/oidc/terug?")
        return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}

    async def come_back(self, given: dict[str, str]) -> httpx.Response:
        """Bring that back."""
        return await self.http.get("/aanmelden/oidc/terug", params=given, headers=PAGE)

    async def sign_in_there(self, after: str = "/desk") -> httpx.Response:
        """Go the whole way."""
        return await self.come_back(await self.pass_by(await self.leave(after)))

    def refused(self, answer: httpx.Response, status: int = 400) -> None:
        """Assert that nobody was let in, and that no more is told than that."""
        assert answer.status_code == status, answer.text
        assert "text/html" in answer.headers["content-type"]
        assert "pluis" not in self.http.cookies
        assert self.services.staff.accounts.all() == []
        if status < 500:
            assert self.logged()[-1] == ("sign_in_failed", "", "", "refused")


@asynccontextmanager
async def visiting(root: Path, idp: Provider, **changes: Any) -> AsyncIterator[Visitor]:
    async with open_desk(root, **options(idp, **changes)) as desk:
        yield Visitor(desk.site)


@pytest.fixture
async def visitor(tmp_path: Path, idp: Provider) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path, idp) as made:
        yield made


async def test_who_the_provider_knows_and_has_a_role_is_let_in(visitor: Visitor, idp: Provider) -> None:
    assert "Aanmelden bij Voorbeeld</a>" in (await visitor.http.get("/aanmelden")).text
    answer = await visitor.sign_in_there("/desk/question-read?blad=2")
    assert answer.status_code == 200  # a redirect would leave the new cookie at home
    assert '<meta http-equiv="refresh" content="0; url=/desk/question-read?blad=2">' in answer.text
    assert '<a href="/desk/question-read?blad=2">' in answer.text
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("pluis=")]
    assert "SameSite=strict" in cookie
    assert (await visitor.http.get("/desk/question-read")).json() == {"title": "Helpdesk"}
    (account,) = visitor.services.staff.accounts.all()
    assert (account.issuer, account.subject, account.name) == (idp.url, "s-1", "Fatima Jansen")
    assert [line[0] for line in visitor.logged()] == ["account_added", "signed_in"]


async def test_what_is_asked_of_the_provider_is_what_the_specification_says(visitor: Visitor, idp: Provider) -> None:
    await visitor.sign_in_there()
    (_, asked), (_, exchanged) = idp.asked
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT
    assert asked["redirect_uri"] == f"{ORIGIN}/aanmelden/oidc/terug"
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) == len(asked["nonce"]) == len(asked["code_challenge"]) == 43
    assert exchanged["verifier"] not in asked.values()
    assert exchanged["auth"].startswith("Basic ")
    await visitor.sign_in_there()
    again = idp.asked[2][1]
    assert not {asked[name] for name in ("state", "nonce", "code_challenge")} & set(again.values())


async def test_without_a_secret_the_code_is_protected_by_pkce_alone(tmp_path: Path, idp: Provider) -> None:
    async with visiting(tmp_path, idp, oidc_secret="") as visitor:
        assert (await visitor.sign_in_there()).status_code == 200
    (exchanged,) = [said for what, said in idp.asked if what == "token"]
    assert (exchanged["auth"], exchanged["client_id"]) == ("", CLIENT)


async def test_the_way_is_kept_by_the_browser_for_ten_minutes(visitor: Visitor) -> None:
    answer = await visitor.http.get("/aanmelden/oidc")
    (cookie,) = answer.headers.get_list("set-cookie")
    name, *flags = cookie.split("; ")
    assert name.startswith("pluis-oidc=")
    assert sorted(flags) == ["HttpOnly", "Max-Age=600", "Path=/aanmelden", "SameSite=lax"]


async def test_another_process_can_take_who_comes_back(tmp_path: Path, idp: Provider) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    async with visiting(tmp_path / "a", idp) as one, visiting(tmp_path / "b", idp) as other:
        given = await one.pass_by(await one.leave())
        other.http.cookies.update(one.http.cookies)
        assert (await other.come_back(given)).status_code == 200


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": "groep-1"}, ("helpdesk",)),
        ({"roles": ["groep-2", "x", "groep-1"]}, ("helpdesk", "supervisor")),
        ({"roles": ["groep-10"]}, None),
        ({"roles": ["helpdesk"]}, None),
        ({"roles": []}, None),
        ({"roles": None}, None),
        ({"roles": {"groep-1": True}}, None),
        ({"groups": ["groep-1"]}, None),
    ],
)
async def test_roles_are_what_the_claim_says_in_the_words_of_the_setting(
    visitor: Visitor, idp: Provider, claims: Claims, roles: tuple[str, ...] | None
) -> None:
    idp.person = {"sub": "s-1", "name": "Fatima"} | claims
    answer = await visitor.sign_in_there()
    if roles is None:
        visitor.refused(answer, 403)
        assert "geen rol" in answer.text
    else:
        assert visitor.services.staff.accounts.all()[0].role_ids == roles


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("groups", {"groups": ["groep-1"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["groep-1"]}}),
        ("https://a.example/roles", {"https://a.example/roles": ["groep-1"]}),
    ],
)
async def test_the_claim_is_the_one_that_is_set(tmp_path: Path, idp: Provider, claim: str, claims: Claims) -> None:
    idp.person = {"sub": "s-1", "name": "F", "roles": ["groep-2"]} | claims
    async with visiting(tmp_path, idp, oidc_claim=claim) as visitor:
        assert (await visitor.sign_in_there()).status_code == 200
        assert visitor.services.staff.accounts.all()[0].role_ids == ("helpdesk",)


async def test_someone_without_a_name_has_one_and_no_name_is_markup(visitor: Visitor, idp: Provider) -> None:
    for name, shown in ((None, "Medewerker"), (" \x00\n", "Medewerker"), ("Jan\x00 " + "x" * 99, "Jan " + "x" * 76)):
        idp.person = {"sub": "s-1", "roles": ["groep-1"]} | ({"name": name} if name else {})
        await visitor.sign_in_there()
        assert visitor.services.staff.accounts.all()[0].name == shown


async def test_roles_and_name_are_as_they_are_now_at_each_sign_in(visitor: Visitor, idp: Provider) -> None:
    await visitor.sign_in_there()
    first = visitor.http.cookies["pluis"]
    idp.person |= {"roles": ["groep-2"], "name": "Fatima de Vries"}
    await visitor.sign_in_there()
    (account,) = visitor.services.staff.accounts.all()
    assert (account.name, account.roles) == ("Fatima de Vries", "supervisor")
    assert visitor.services.staff.signins.find(first) is None
    idp.person |= {"roles": []}
    assert (await visitor.sign_in_there()).status_code == 403
    assert (await visitor.http.get("/desk/question-read")).status_code == 401
    idp.person |= {"roles": ["groep-1"]}
    visitor.services.staff.accounts.set_disabled(account.id, True, By("cli"))
    assert (await visitor.sign_in_there()).status_code == 403


NOW = int(time.time())


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "een-andere"}, {"nonce": None}, {"aud": "een-ander"}, {"aud": ["een-ander"]}, {"aud": None},
        {"iss": "https://evil.example"}, {"iss": None}, {"exp": NOW - 3600}, {"exp": None}, {"iat": NOW + 3600},
        {"iat": None},
        {"exp": "morgen"}, {"nbf": NOW + 3600}, {"sub": None}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 7},
        {"aud": [CLIENT, "een-ander"]}, {"aud": [CLIENT, "een-ander"], "azp": "een-ander"}, {"azp": "een-ander"},
    ],
)  # fmt: skip
async def test_a_token_that_is_not_of_this_sign_in_is_refused(visitor: Visitor, idp: Provider, changed: Claims) -> None:
    idp.claims = lambda claims: {k: v for k, v in (claims | changed).items() if v is not None}
    visitor.refused(await visitor.sign_in_there())


@pytest.mark.parametrize("changed", [{"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}, {"exp": NOW + 10**6}])
async def test_a_token_may_be_said_in_several_ways(visitor: Visitor, idp: Provider, changed: Claims) -> None:
    idp.claims = lambda claims: claims | changed
    assert (await visitor.sign_in_there()).status_code == 200


@pytest.mark.parametrize("how", ["by_another_key", "by_the_public_key", "by_nobody", "tampered", "garbage"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(visitor: Visitor, idp: Provider, how: str) -> None:
    idp.sign = getattr(idp, how, lambda _claims: "a.b.c")
    visitor.refused(await visitor.sign_in_there())


async def test_who_comes_back_to_another_browser_is_refused(visitor: Visitor, tmp_path: Path, idp: Provider) -> None:
    given = await visitor.pass_by(await visitor.leave())
    mine = visitor.http.cookies["pluis-oidc"]
    visitor.http.cookies.clear()
    visitor.refused(await visitor.come_back(given))  # without its cookie
    await visitor.leave()
    visitor.refused(await visitor.come_back(given))  # with the cookie of another way
    visitor.http.cookies.clear()
    for forged in ("x", mine[:-2] + ("aa" if mine[-2:] != "aa" else "bb"), mine.split(".")[0]):
        visitor.http.cookies.clear()
        visitor.http.cookies.set("pluis-oidc", forged, domain="127.0.0.1", path="/aanmelden")
        visitor.refused(await visitor.come_back(given))
    assert [what for what, _ in idp.asked if what == "token"] == []


@pytest.mark.parametrize(
    "changed",
    [{"state": "een-andere"}, {"state": None}, {"code": None}, {"code": "een-andere"}, {"iss": "https://evil.example"},
     {"error": "access_denied"}, {"state": "é\u2028"}],
)  # fmt: skip
async def test_an_answer_that_is_not_ours_is_refused(visitor: Visitor, changed: dict[str, str | None]) -> None:
    given = await visitor.pass_by(await visitor.leave())
    visitor.refused(await visitor.come_back({k: v for k, v in (given | changed).items() if v is not None}))


async def test_a_way_that_took_too_long_is_refused(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    given = await visitor.pass_by(await visitor.leave())
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 602)
    visitor.refused(await visitor.come_back(given))


async def test_an_answer_is_good_once(visitor: Visitor) -> None:
    given = await visitor.pass_by(await visitor.leave())
    way = visitor.http.cookies["pluis-oidc"]
    assert (await visitor.come_back(given)).status_code == 200
    assert "pluis-oidc" not in visitor.http.cookies
    assert (await visitor.come_back(given)).status_code == 400  # the browser kept nothing
    visitor.http.cookies.set("pluis-oidc", way, domain="127.0.0.1", path="/aanmelden")
    assert (await visitor.come_back(given)).status_code == 400  # and the provider gives no second token


async def test_a_cookie_that_was_planted_before_is_not_what_one_is_signed_in_with(visitor: Visitor) -> None:
    account = visitor.add()
    planted = visitor.services.staff.signins.begin(account, "wachtwoord")
    visitor.http.cookies.set("pluis", planted, domain="127.0.0.1", path="/")
    await visitor.sign_in_there()
    assert visitor.services.staff.signins.find(planted) is None


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"}, {"issuer": None}, {"jwks_uri": None},
        {"token_endpoint": "http://evil.example/t"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)  # fmt: skip
async def test_a_provider_that_says_it_is_another_is_not_asked(
    visitor: Visitor, idp: Provider, metadata: Claims
) -> None:
    idp.metadata = metadata
    visitor.refused(await visitor.http.get("/aanmelden/oidc", headers=PAGE), 503)
    assert idp.asked == []


async def test_a_provider_that_is_away_is_said_to_be_and_a_password_still_works(
    visitor: Visitor, idp: Provider, log: io.StringIO
) -> None:
    idp.down = True
    answer = await visitor.http.get("/aanmelden/oidc", headers=PAGE)
    visitor.refused(answer, 503)
    assert "even niet bereikbaar" in answer.text
    assert answer.headers["retry-after"] == "60"
    idp.down = False
    idp.token_status = 500
    given = await visitor.pass_by(await visitor.leave())
    visitor.refused(await visitor.come_back(given), 503)
    assert given["code"] not in answer.text + log.getvalue()
    visitor.add()
    assert (await visitor.sign_in()).status_code == 303


async def test_a_provider_that_does_not_listen_is_away(tmp_path: Path, idp: Provider) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with visiting(tmp_path, idp, oidc_issuer=nowhere) as visitor:
        visitor.refused(await visitor.http.get("/aanmelden/oidc", headers=PAGE), 503)


async def test_nothing_that_opens_a_door_is_in_the_log(visitor: Visitor, idp: Provider, log: io.StringIO) -> None:
    way = await visitor.leave()
    given = await visitor.pass_by(way)
    cookie = visitor.http.cookies["pluis-oidc"]
    await visitor.come_back(given)
    idp.claims = lambda claims: claims | {"nonce": "een-andere"}
    await visitor.sign_in_there()
    written = log.getvalue()
    assert "sign-in by the provider refused" in written
    (_, exchanged), *_ = [each for each in idp.asked if each[0] == "token"]
    for secret in (
        given["code"], given["state"], cookie, exchanged["verifier"], visitor.http.cookies["pluis"], SECRET, "toegang",
        "Fatima", "s-1", "groep-1",
    ):  # fmt: skip
        assert secret not in written


async def test_without_a_provider_there_is_no_way_to_it(site: Site) -> None:
    assert (await site.http.get("/aanmelden/oidc")).status_code == 404
    assert (await site.http.get("/aanmelden/oidc/terug")).status_code == 404
    assert "/aanmelden/oidc" not in (await site.http.get("/aanmelden")).text


async def test_an_issuer_may_end_in_a_slash(tmp_path: Path, idp: Provider) -> None:
    async with visiting(tmp_path, idp, oidc_issuer=idp.url + "/") as visitor:
        assert (await visitor.sign_in_there()).status_code == 200
        assert visitor.services.staff.accounts.all()[0].issuer == idp.url


# -- settings ------------------------------------------------------------------------------------------------------

GOOD = {"oidc_issuer": "https://login.example/v2.0", "oidc_client_id": "abc", "oidc_roles": "helpdesk=a=b, trainer = c"}


def test_roles_are_read_in_pairs(tmp_path: Path) -> None:
    assert make_settings(tmp_path, **GOOD).oidc_roles == (("helpdesk", "a=b"), ("trainer", "c"))
    assert make_settings(tmp_path).oidc_roles == ()


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"oidc_client_id": ""}, "oidc_client_id", "Vul ook PLUIS_OIDC_CLIENT_ID in"),
        ({"oidc_issuer": ""}, "oidc_client_id", "Vul ook PLUIS_OIDC_ISSUER in"),
        ({"oidc_issuer": "http://login.example"}, "oidc_issuer", "https://"),
        ({"oidc_issuer": "login.example"}, "oidc_issuer", "https://"),
        ({"oidc_issuer": "https://login.example?x=1"}, "oidc_issuer", "https://"),
        ({"oidc_roles": ""}, "oidc_roles", "zonder rollen kan niemand"),
        ({"oidc_roles": "helpdesk"}, "oidc_roles", "rol=waarde"),
        ({"oidc_roles": "=x"}, "oidc_roles", "rol=waarde"),
    ],
)
def test_a_setting_that_cannot_work_is_told_with_what_can(
    tmp_path: Path, changed: dict[str, str], field: str, told: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        make_settings(tmp_path, **GOOD | changed)
    faults = {fault["loc"]: fault["msg"] for fault in refused.value.errors()}
    assert told in faults[(field,)]


@pytest.mark.parametrize(("name", "value"), [("audit_days", 364), ("staff_idle_minutes", 4), ("signins_per_minute", 0)])
def test_a_term_that_is_too_short_cannot_be_set(tmp_path: Path, name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        make_settings(tmp_path, **{name: value})


def test_a_role_that_is_not_there_is_told_before_anything_starts(tmp_path: Path) -> None:
    settings: Settings = make_settings(tmp_path, **GOOD | {"oidc_roles": "hulpdesk=a"})
    with pytest.raises(SettingsError, match=re.escape("PLUIS_OIDC_ROLES: de rol ‘hulpdesk’ is er niet; kies uit: ")):
        make_oidc(settings, load_roles(settings.data))


async def test_a_site_with_such_a_role_does_not_start(tmp_path: Path, idp: Provider) -> None:
    with pytest.raises(SettingsError):
        async with running(tmp_path, FakeEngine(), **options(idp, oidc_roles="hulpdesk=a")):
            pass
