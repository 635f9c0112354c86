"""`pluis desk export`: put into files what editors approved of the proposals of the helpdesk."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import exit_codes, fail, sessions, tell
from bot.commands.users import command_of
from bot.settings import get_settings

desk = typer.Typer(no_args_is_help=True, help="De helpdesk.")


@desk.callback()
def _group() -> None:
    """A group, also while it holds one command."""


@desk.command("export")
def export_proposals(
    data: Annotated[Path | None, typer.Option(help="De map data van de werkkopie die verandert.")] = None,
    patch: Annotated[Path | None, typer.Option(help="Schrijf in plaats daarvan een patch, voor git apply.")] = None,
) -> None:
    """Change the files in data/ as approved proposals say, ready for a commit; exit 1 when one did not fit."""
    from bot.audit import CLI, Audit, Entry, Event, Kind
    from bot.teaching import State, TeachingError, export, proposals, write_files, write_patch

    with exit_codes():
        settings = get_settings()
        opened, target = sessions(settings), data or settings.data
        if not (target / "knowledge" / "topics").is_dir():
            raise typer.BadParameter(f"{target} is niet de map data van Pluis", param_hint="--data")
        if patch is not None and patch.exists():
            raise typer.BadParameter(
                f"{patch} bestaat al; verwerk die eerst, of kies een andere naam", param_hint="--patch"
            )
        with opened() as session:
            rows = list(proposals.of(session, [State.APPROVED]))
        if not rows:
            tell("er staat niets klaar: wat is goedgekeurd, is al verwerkt")
            return
        by_id = {row.id: row for row in rows}
        made = export(target, rows, date.today())
        if made.done:
            write_patch(target, made, patch) if patch else write_files(target, made)
            with opened() as session, session.begin():
                for proposal in made.done:
                    try:
                        proposals.exported(session, by_id[proposal], time.time())
                    except TeachingError:  # an editor changed it meanwhile, or its conversation was wiped
                        tell(f"voorstel {proposal} is intussen veranderd of gewist; haal de verandering er weer uit")
                        continue
                    entry = Entry(Event.EXPORTED, CLI, kind=Kind.PROPOSAL, object=proposal, why=command_of()[:200])
                    Audit(opened).record(session, entry)
        for path in made.files:
            tell(f"{'in de patch' if patch else 'veranderd'}: {target / path}")
        tell(f"verwerkt: {len(made.done)} van {len(rows)} voorstellen")
        if made.failed:
            told = (f"voorstel {one.id} past niet meer in de bestanden: {one.why}" for one in made.failed)
            fail("\n".join((*told, "een redacteur kan ze op /desk/voorstellen opnieuw beoordelen")), 1)
