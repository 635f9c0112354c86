"""`pluis audit`: check that the audit log is whole, and write it elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.commands.console import exit_codes, fail, sessions, tell
from bot.commands.users import command_of
from bot.settings import get_settings

if TYPE_CHECKING:
    from bot.audit import Verdict

audit = typer.Typer(no_args_is_help=True, help="Het auditlogboek: wie deed en las wat.")

FAULTS: Final = {
    "changed": "regel {seq} is veranderd nadat zij is geschreven",
    "reordered": "regel {seq} staat niet op haar plaats",
    "unlinked": "regel {seq} sluit niet aan op de regel ervoor",
    "missing": "regel {seq} ontbreekt",
    "cut": "het begin is weg (regel {seq}) zonder dat het logboek zegt dat het is ingekort",
    "tail": "het einde klopt niet: wat er bij regel {seq} hoort te staan, staat er niet",
    "no_head": "het logboek weet zijn eigen einde niet meer (audit_head)",
    "rewritten": "regel {seq} is een andere dan in het bestand dat eerder is uitgevoerd",
}


@audit.command()
def verify(
    against: Annotated[Path | None, typer.Option(help="Een eerdere uitvoer om het logboek naast te leggen.")] = None,
) -> None:
    """Check the whole chain; exit 1 with the first line that is wrong, and what is wrong with it."""
    from bot.audit import verify as check

    with exit_codes():
        found = check(sessions(get_settings()), against, lambda done, last: tell(f"tot regel {done} van {last}"))
        if found.fault is not None:
            fail(f"het auditlogboek is niet heel: {FAULTS[found.fault.value].format(seq=found.seq)}", 1)
        tell(_whole(found))


@audit.command()
def export(
    out: Annotated[Path, typer.Option(help="Het bestand dat wordt geschreven (JSON Lines).")],
    since: Annotated[date | None, typer.Option("--from", parser=date.fromisoformat, help="Eerste dag (UTC).")] = None,
    until: Annotated[date | None, typer.Option("--to", parser=date.fromisoformat, help="Laatste dag (UTC).")] = None,
    account: Annotated[str | None, typer.Option(help="Alleen wat dit account deed (het nummer).")] = None,
    conversation: Annotated[str | None, typer.Option(help="Alleen wat met dit gesprek werd gedaan.")] = None,
) -> None:
    """Write the log, or a part of it; that it was written stands in the log too."""
    from bot.audit import CLI, Audit, Entry, Event, Kind, Wanted
    from bot.audit import export as write

    with exit_codes():
        opened, wanted = sessions(get_settings()), Wanted(since, until, account, conversation)
        why = f"{wanted}; {command_of()}"[:200]
        kind = Kind.CONVERSATION if conversation else Kind.LOG
        Audit(opened).note(Entry(Event.EXPORTED, CLI, kind=kind, object=(conversation or "")[:80], why=why))
        made = write(opened, out, wanted)
        tell(f"{made.count} regels geschreven naar {made.path}")


def _whole(found: Verdict) -> str:
    if not found.count:
        return "het auditlogboek is heel, en leeg"
    begin = "" if found.first == 1 else "; wat ervoor stond, is na zijn termijn weggehaald"
    return f"het auditlogboek is heel: {found.count} regels, {found.first} tot en met {found.last}{begin}"
