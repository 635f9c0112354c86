"""`pluis user`: the accounts of staff, by who may give commands on this machine; each change is recorded."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import exit_codes, fail, sessions, tell
from bot.settings import get_settings

if TYPE_CHECKING:
    from bot.staff import Accounts, By

user = typer.Typer(no_args_is_help=True, help="De accounts van medewerkers.")

Username = Annotated[str, typer.Argument(help="De gebruikersnaam, of het nummer uit `pluis user list`.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Lees het wachtwoord van de invoer, in plaats van het te vragen.")
]


@user.command()
def add(
    username: Annotated[str, typer.Argument(help="De gebruikersnaam.")],
    name: Annotated[str, typer.Option("--name", help="De naam, die alleen collega's zien.")],
    role: Annotated[list[str], typer.Option("--role", help="Een rol; mag vaker.")],
    password_stdin: FromStdin = False,
) -> None:
    """Add an account; the password is asked for twice."""
    with exit_codes():
        accounts = _accounts()
        account = accounts.add(username, name, role, _password(password_stdin), _by())
        tell(f"account {account.username} gemaakt ({account.id})")


@user.command("list")
def show() -> None:
    """List the accounts: username, id, roles, name, and what keeps them from signing in."""
    with exit_codes():
        accounts = _accounts()
        for account in accounts.all():
            states = [(account.disabled, "uitgezet"), (accounts.is_locked(account), "een kwartier op slot")]
            parts = [account.username or "(organisatie)", account.id, account.roles or "geen rol", account.name]
            print("\t".join([*parts, *(state for holds, state in states if holds)]))


@user.command()
def roles(username: Username, role: Annotated[list[str], typer.Argument(help="De rollen die het krijgt.")]) -> None:
    """Give an account other roles; who is signed in with it has to do so again."""
    with exit_codes():
        account = _accounts().set_roles(username, role, _by())
        tell(f"{username} heeft nu: {account.roles}")


@user.command()
def password(username: Username, password_stdin: FromStdin = False) -> None:
    """Give an account another password, and open it when tries that failed had closed it."""
    with exit_codes():
        accounts = _accounts()
        accounts.find(username)  # before anyone types a password
        accounts.set_password(username, _password(password_stdin), _by())
        tell(f"het wachtwoord van {username} is veranderd")


@user.command()
def disable(username: Username) -> None:
    """Close an account; who is signed in with it is out at once."""
    with exit_codes():
        _accounts().set_disabled(username, True, _by())
        tell(f"{username} is uitgezet en kan zich niet meer aanmelden")


@user.command()
def enable(username: Username) -> None:
    """Open an account that was closed."""
    with exit_codes():
        _accounts().set_disabled(username, False, _by())
        tell(f"{username} kan zich weer aanmelden")


@user.command()
def remove(username: Username) -> None:
    """Remove an account; what it did stays in the audit log, under its id."""
    with exit_codes():
        _accounts().remove(username, _by())
        tell(f"{username} is verwijderd; wat het deed, blijft in het auditlogboek staan")


def command_of() -> str:
    """Return the ground for what is done by a command: whose it is, as the system knows."""
    try:
        return f"opdracht van {getpass.getuser()}"[:100]
    except (KeyError, OSError):  # a container may run as a number without a name
        return "opdracht op deze machine"


def _accounts() -> Accounts:
    from bot.audit import Audit
    from bot.staff import Accounts, load_roles

    settings = get_settings()
    opened = sessions(settings)
    return Accounts(opened, Audit(opened), load_roles(settings.data))


def _by() -> By:
    from bot.audit import CLI
    from bot.staff import By

    return By(CLI, command_of())


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not _has_keyboard():
        fail("hier is geen toetsenbord om een wachtwoord te typen; geef het via de invoer, met --password-stdin", 2)
    first = getpass.getpass("Wachtwoord: ")
    if getpass.getpass("Nog een keer: ") != first:
        fail("de twee wachtwoorden zijn niet gelijk; probeer het opnieuw", 1)
    return first


def _has_keyboard() -> bool:
    return sys.stdin.isatty()
