"""All settings in one frozen object, built once from the environment and `.env`;
nothing else reads the environment. Every field is documented in `.env.example`."""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.hours import Hours, read_hours

ROOT = Path(__file__).resolve().parent.parent

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"(https?)://{_LABEL}(?:\.{_LABEL})*(?::([1-9][0-9]{{0,4}}))?")
_GUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_USUAL_PORTS = {"http": "80", "https": "443"}


class SettingsError(Exception):
    """A setting has a value that it cannot have; the message says in Dutch which one."""


class Settings(BaseSettings):
    """Settings of all processes but Rasa's own; prefix `PLUIS_`."""

    model_config = SettingsConfigDict(
        env_prefix="PLUIS_",
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    host: str = Field("127.0.0.1", description="Adres waarop de webserver luistert.")
    port: int = Field(8000, ge=1, le=65535, description="Poort van de webserver.")
    engine_port: int = Field(5005, ge=1, le=65535, description="Poort van de dialoogmotor, alleen op deze machine.")
    actions_port: int = Field(5055, ge=1, le=65535, description="Poort van de actieserver, alleen op deze machine.")
    engine_host: str = Field("127.0.0.1", description="Machine van de dialoogmotor.")
    actions_host: str = Field("127.0.0.1", description="Machine van de actieserver.")
    var: Path = Field(ROOT / "var", description="Map voor database, model, cache en sleutels.")
    data: Path = Field(ROOT / "data", description="Map met de inhoud.")
    organisation: Path = Field(ROOT / "organisation.yml", description="Bestand met wat alleen je organisatie weet.")
    house_style: Path | None = Field(
        None, description="Bestand met de huisstijl van je organisatie; leeg: die van Pluis."
    )
    database_url: SecretStr = Field(SecretStr(""), description="Adres van de database; leeg: SQLite in de map var.")
    tracker_url: SecretStr = Field(SecretStr(""), description="Adres van de gespreksopslag van de motor; leeg: SQLite.")
    model: Path | None = Field(None, description="Bestand van een model; leeg: dat van de inhoud van nu.")
    engine_token: SecretStr = Field(SecretStr(""), description="Sleutel tussen web en motor; leeg: uit var/secrets.")
    secret: SecretStr = Field(SecretStr(""), description="Sleutel voor ondertekening; leeg: uit var/secrets.")
    api_keys: SecretStr = Field(SecretStr(""), description="Sleutels voor /api buiten deze machine, met komma's.")
    public_url: str = Field("", description="Adres waaronder gebruikers Pluis zien; leeg: uit het verzoek.")
    trusted_proxies: str = Field("127.0.0.1", description="Adressen van proxy's die X-Forwarded-* mogen zetten.")
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Websites die Pluis op hun pagina's mogen zetten, met komma's; leeg: geen andere dan deze."
    )
    quick_exit_url: str = Field(
        "https://www.buienradar.nl/", pattern=r"^https?://\S+$", description="Pagina die ‘Snel weg’ opent."
    )
    messages_per_minute: int = Field(
        400, ge=180, description="Berichten per minuut in één gesprek, en oefenend vanaf één adres; ten minste 180."
    )
    conversations_per_minute: int = Field(600, ge=10, description="Nieuwe gesprekken per minuut vanaf één adres.")
    api_per_minute: int = Field(600, ge=1, description="Vragen aan /api per minuut, per sleutel of adres.")
    redis_url: SecretStr = Field(SecretStr(""), description="Redis voor die grenzen; leeg: elke webserver telt zelf.")
    conversation_hours: int = Field(24, ge=1, description="Uren dat een gesprek na het laatste bericht blijft.")
    statistics_days: int = Field(365, ge=7, description="Dagen dat tellingen zonder tekst blijven.")
    token_minutes: int = Field(60, ge=35, description="Minuten dat een gesprekssleutel geldt.")
    engine_timeout: float = Field(20.0, gt=0, description="Seconden dat web op een beurt van de motor wacht.")
    teams_app_id: str = Field("", pattern=rf"^(?:{_GUID})?$", description="Nummer van de app-registratie voor Teams.")
    teams_tenant: str = Field(
        "", pattern=rf"^(?:{_GUID})?$", description="Nummer van de tenant die Pluis mag gebruiken."
    )
    teams_secret: SecretStr = Field(SecretStr(""), description="Clientgeheim van de app-registratie voor Teams.")
    teams_trial: bool = Field(
        False, description="Teams uitproberen op deze machine, zonder aanmelding (true of false)."
    )
    teams_owner: str = Field("", max_length=32, description="Naam van je organisatie in het pakket voor Teams.")
    teams_privacy_url: str = Field("", description="Adres van je privacyverklaring, voor het pakket voor Teams.")
    teams_terms_url: str = Field("", description="Adres van je gebruiksvoorwaarden, voor het pakket voor Teams.")
    staff_idle_minutes: int = Field(
        30, ge=5, le=600, description="Minuten zonder iets te doen waarna een medewerker is afgemeld."
    )
    signins_per_minute: int = Field(
        20, ge=1, description="Pogingen om aan te melden per minuut, per adres en per gebruikersnaam."
    )
    groups_per_minute: int = Field(
        120,
        ge=30,
        description="Codes van een groep die niets openen, en gesprekken die zij deelt, per minuut per adres.",
    )
    proposal_days: int = Field(90, ge=1, description="Dagen dat een voorstel om Pluis iets te leren blijft.")
    group_days: int = Field(
        365, ge=7, description="Dagen dat een oefengroep en haar pogingen blijven nadat de groep is gesloten."
    )
    audit_days: int = Field(1825, ge=365, description="Dagen dat het auditlogboek blijft; ten minste 365.")
    oidc_issuer: str = Field("", description="Adres van de aanmelding van je organisatie (OpenID Connect).")
    oidc_client_id: str = Field(
        "", validate_default=True, description="Nummer waaronder Pluis daar is aangemeld (client id)."
    )
    oidc_secret: SecretStr = Field(SecretStr(""), description="Clientgeheim van Pluis daar; leeg: alleen PKCE.")
    oidc_claim: str = Field("roles", min_length=1, description="Claim waarin staat welke rollen iemand heeft.")
    oidc_roles: Annotated[tuple[tuple[str, str], ...], NoDecode] = Field(
        (), validate_default=True, description="Rol van Pluis en de waarde van die claim, met komma's: rol=waarde."
    )
    oidc_label: str = Field(
        "Aanmelden via je organisatie", min_length=1, max_length=60, description="Tekst op de knop daarvoor."
    )
    desk_hours: str = Field(
        "", description="Wanneer de helpdesk er is, bijvoorbeeld ‘ma-vr 9:00-17:00’; leeg: er is geen helpdesk."
    )
    desk_closed: Annotated[tuple[date, ...], NoDecode] = Field(
        (), description="Dagen dat de helpdesk dicht is naast de feestdagen, jjjj-mm-dd met komma's."
    )
    desk_minutes: Annotated[dict[str, int], NoDecode] = Field(
        {}, description="Binnen hoeveel minuten van die tijden er antwoord is, per klasse, bijvoorbeeld ‘S=10,P1=45’."
    )
    desk_silent_minutes: int = Field(
        10, ge=2, le=240, description="Minuten zonder teken van een medewerker waarna een vraag terug in de rij gaat."
    )
    desk_answer_days: int = Field(7, ge=1, le=60, description="Dagen dat een gesprek na het antwoord blijft.")
    log_level: str = Field("INFO", description="Hoeveel er in het logboek komt: DEBUG, INFO, WARNING of ERROR.")

    @field_validator("desk_hours")
    @classmethod
    def _are_hours(cls, text: str) -> str:
        read_hours(text)
        return text

    @field_validator("desk_closed", mode="before")
    @classmethod
    def _days(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("desk_minutes", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return {name.strip(): minutes.strip() for name, _, minutes in (p.partition("=") for p in value.split(",") if p)}

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: SecretStr) -> SecretStr:
        try:
            address = urlsplit(url.get_secret_value())
            known = address.scheme in {"redis", "rediss"} and bool(address.hostname) and address.port != 0
        except ValueError:  # its words may hold a piece of the password
            known = False
        if url.get_secret_value() and not known:
            raise ValueError("dit is geen adres van Redis, zoals redis://:wachtwoord@machine:6379/0")
        return url

    @field_validator("teams_app_id", "teams_tenant")
    @classmethod
    def _is_lower(cls, number: str) -> str:
        """Write a number as Microsoft's tokens do: it is compared letter by letter."""
        return number.lower()

    @field_validator("teams_trial")
    @classmethod
    def _trial_is_here(cls, on: bool, info: ValidationInfo) -> bool:
        """A trial lets anyone in: nothing beside this machine may reach it."""
        seen = [info.data.get("host", ""), urlsplit(info.data.get("public_url", "")).hostname or ""]
        if on and not all(_is_loopback(name) for name in seen if name):
            raise ValueError(
                "uitproberen laat iedereen binnen, en kan alleen op deze machine zelf. Zet PLUIS_HOST op 127.0.0.1 en "
                "laat PLUIS_PUBLIC_URL leeg, of zet PLUIS_TEAMS_TRIAL uit."
            )
        return on

    @field_validator("oidc_issuer")
    @classmethod
    def _is_issuer(cls, url: str) -> str:
        address = urlsplit(url.strip())
        encrypted = address.scheme == "https" or (address.scheme == "http" and _is_loopback(address.hostname or ""))
        if url.strip() and not (encrypted and address.hostname and not address.query and not address.fragment):
            raise ValueError(
                "dit is geen adres van een aanmelding. Schrijf het met https:// en zonder vraagteken, zoals het bij je "
                "organisatie staat. Bijvoorbeeld: https://login.microsoftonline.com/…/v2.0"
            )
        return url.strip()

    @field_validator("oidc_client_id")
    @classmethod
    def _goes_with_issuer(cls, client: str, info: ValidationInfo) -> str:
        if "oidc_issuer" in info.data and bool(client) != bool(info.data["oidc_issuer"]):
            missing = "PLUIS_OIDC_ISSUER" if client else "PLUIS_OIDC_CLIENT_ID"
            raise ValueError(f"issuer en client id horen bij elkaar. Vul ook {missing} in, of maak beide leeg.")
        return client

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _roles(cls, value: object, info: ValidationInfo) -> object:
        """Read `role=value, …`; a value may hold an = itself."""
        pairs = value
        if isinstance(value, str):
            parts = [part.partition("=") for part in value.split(",") if part.strip()]
            pairs = tuple((role.strip(), given.strip()) for role, _, given in parts)
            if not all(role and given for role, given in pairs):
                raise ValueError("schrijf rol=waarde, met komma's ertussen. Bijvoorbeeld: helpdesk=groep-1")
        if info.data.get("oidc_issuer") and not pairs:
            raise ValueError("zonder rollen kan niemand zich aanmelden. Bijvoorbeeld: helpdesk=groep-1")
        return pairs

    @field_validator("public_url")
    @classmethod
    def _is_public(cls, url: str) -> str:
        return _origin(url.strip().removesuffix("/")) if url.strip() else ""

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        """Split the list, and write each as browsers do: it stands in a policy, and is compared letter by letter."""
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(_origin(part) for part in value.split(",") if part.strip()))

    @property
    def opening_hours(self) -> Hours | None:
        """When the desk is open; None when there is no desk."""
        return read_hours(self.desk_hours, self.desk_closed)

    @property
    def database(self) -> str:
        """The database's address, SQLite in `var` by default."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.var.absolute() / 'pluis.db'}"

    @property
    def tracker(self) -> str:
        """The address of the engine's own database, a file in `var` by default."""
        return self.tracker_url.get_secret_value() or f"sqlite:///{self.var.absolute() / 'tracker.db'}"

    @property
    def engine_url(self) -> str:
        """Where `web` finds the engine."""
        return f"http://{self.engine_host}:{self.engine_port}"

    @property
    def actions_url(self) -> str:
        """Where the engine finds the action server."""
        return f"http://{self.actions_host}:{self.actions_port}"

    def key(self, name: str) -> str:
        """Return the secret `engine_token` or `secret`: as configured, else as made at first start in `var/secrets`."""
        configured: SecretStr = getattr(self, name)
        if configured.get_secret_value():
            return configured.get_secret_value()
        return (self.var / "secrets" / name).read_text(encoding="ascii").strip()


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process. Raises SettingsError."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_told(error)) from None  # without the values: one may be a key


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _origin(text: str) -> str:
    """Write an address of a website as browsers do. Raises ValueError when it is none."""
    origin = text.strip().lower()
    found = _ORIGIN.fullmatch(origin)
    if found is None or int(found[2] or 1) > 65535:
        raise ValueError(
            f"‘{text.strip()}’ is geen adres van een website. Schrijf https:// en de hele naam, zonder pad, schuine "
            "streep of sterretje. Bijvoorbeeld: https://intranet.voorbeeld.nl"
        )
    return origin.removesuffix(f":{_USUAL_PORTS[found[1]]}")


def _told(error: ValidationError) -> str:
    names = [(f"PLUIS_{fault['loc'][0]}".upper(), fault) for fault in error.errors() if fault["loc"]]
    own = [f"{name}: {fault['ctx']['error']}" for name, fault in names if fault["type"] == "value_error"]
    other = sorted({name for name, fault in names if fault["type"] != "value_error"})
    if other:
        own.append(f"dit kan niet als waarde: {', '.join(other)}; kijk in .env.example wat er mag.")
    return "\n".join(own)
