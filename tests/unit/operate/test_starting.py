"""Before the start: keys that only the owner reads, and a port that is in use told in one line."""

from __future__ import annotations

import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.operate import NotReadyError
from bot.operate.prepare import SECRETS, make_private, make_secrets
from bot.operate.processes import check_ports, process_environment
from bot.settings import ROOT, Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_settings(var: Path, **values: Any) -> Settings:
    ports: dict[str, Any] = {"port": free_port(), "engine_port": free_port(), "actions_port": free_port()}
    return Settings(_env_file=None, var=var, **(ports | values))


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    first = {name: (tmp_path / "secrets" / name).read_text() for name in SECRETS}
    make_secrets(tmp_path)
    assert {name: (tmp_path / "secrets" / name).read_text() for name in SECRETS} == first
    assert len(set(first.values())) == len(SECRETS)
    assert all(len(key) >= 32 for key in first.values())
    assert all(stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600 for name in SECRETS)


def test_a_port_in_use_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = make_settings(tmp_path, engine_port=taken.getsockname()[1])
        with pytest.raises(NotReadyError, match=rf"poort {settings.engine_port} is bezet.*PLUIS_ENGINE_PORT"):
            check_ports(settings)


def test_free_ports_are_no_trouble(tmp_path: Path) -> None:
    check_ports(make_settings(tmp_path))


def test_the_processes_call_nobody(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    environment = process_environment(make_settings(tmp_path))
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["PLUIS_ACTIONS_URL"].startswith("http://127.0.0.1:")


def test_what_is_kept_is_for_the_owner_alone(tmp_path: Path) -> None:
    var = tmp_path / "deep" / "var"
    make_private(var)
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    var.chmod(0o755)  # as an earlier version made it
    make_private(var)
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_what_is_set_reaches_the_engine(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    url = "postgresql://pluis:wachtwoord@db/tracker"
    settings = make_settings(
        tmp_path, log_level="debug", engine_host="10.0.0.2", tracker_url=url, model=tmp_path / "m.tar.gz"
    )
    environment = process_environment(settings)
    assert environment["PLUIS_LOG_LEVEL"] == "DEBUG"
    assert environment["PLUIS_ENGINE_HOST"] == "10.0.0.2"
    assert environment["PLUIS_TRACKER_URL"] == url
    assert environment["PLUIS_MODEL"] == str(tmp_path / "m.tar.gz")
    assert process_environment(make_settings(tmp_path))["PLUIS_TRACKER_URL"] == f"sqlite:///{tmp_path / 'tracker.db'}"


def test_the_settings_file_is_the_projects_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUIS_PORT", raising=False)
    (tmp_path / ".env").write_text("PLUIS_PORT=abc\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert Settings().port >= 1
    assert Settings.model_config["env_file"] == ROOT / ".env"


def test_an_empty_setting_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUIS_MODEL", "")
    monkeypatch.setenv("PLUIS_CONVERSATION_HOURS", "")
    assert (make_settings(tmp_path).model, make_settings(tmp_path).conversation_hours) == (None, 24)


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        ("", ()),
        ("https://intranet.voorbeeld.nl", ("https://intranet.voorbeeld.nl",)),
        (" https://A.nl:443 ,,http://b.nl:80, https://a.nl", ("https://a.nl", "http://b.nl")),
        ("http://localhost:8080", ("http://localhost:8080",)),
    ],
)
def test_origins_are_written_as_browsers_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PLUIS_EMBED_ORIGINS", written)
    assert make_settings(tmp_path).embed_origins == origins


@pytest.mark.parametrize(
    ("written", "public"),
    [
        ("", ""), (" ", ""), ("https://Pluis.nl/", "https://pluis.nl"), ("https://pluis.nl:443", "https://pluis.nl"),
        ("http://pluis.nl:8080/", "http://pluis.nl:8080"), ("HTTP://10.0.0.2:80", "http://10.0.0.2"),
    ],
)  # fmt: skip
def test_the_public_address_is_written_as_browsers_write_it(tmp_path: Path, written: str, public: str) -> None:
    assert make_settings(tmp_path, public_url=written).public_url == public


@pytest.mark.parametrize("written", ["pluis.nl", "https://a.nl/pluis", "https://a.nl, https://b.nl", "ftp://a.nl"])
def test_what_is_no_public_address_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(ValidationError, match="is geen adres van een website"):
        make_settings(tmp_path, public_url=written)


@pytest.mark.parametrize(
    "written",
    [
        "*", "null", "'self'", "a.nl", "ftp://a.nl", "https://", "https://*.a.nl", "https://a.nl/", "https://a.nl/x",
        "https://a.nl?x", "https://u@a.nl", "https://a.nl; script-src *", "https://a.nl https://b.nl", "https://a.nl:0",
        "https://a.nl:70000", "https://-a.nl", "https://a..nl", "https://\u00e9.nl", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PLUIS_EMBED_ORIGINS", f"https://goed.nl,{written}")
    with pytest.raises(ValidationError, match="is geen adres van een website"):
        make_settings(tmp_path)


def test_the_quick_way_out_is_a_page(tmp_path: Path) -> None:
    for wrong in ("javascript:alert(1)", "buienradar.nl", ""):
        with pytest.raises(ValidationError):
            make_settings(tmp_path, quick_exit_url=wrong)


def test_every_setting_is_documented() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"#PLUIS_{name.upper()}=" in example, name
        assert field.description, name
        assert field.description in example, name


def test_keys_are_masked_when_shown(tmp_path: Path) -> None:
    secret = "geheim-geheim-geheim"
    urls = {"database_url": f"postgresql://pluis:{secret}@db/pluis", "tracker_url": f"postgresql://p:{secret}@db/t"}
    settings = make_settings(tmp_path, engine_token=secret, **urls)
    assert "geheim-geheim" not in repr(settings) + str(settings)
    assert settings.database == urls["database_url"]
