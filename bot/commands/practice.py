"""`pluis practice`: check a practice dialogue, play one in the terminal, bring one in from Twine, and make Rasa's tests
of some."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import exit_codes, fail, tell
from bot.settings import get_settings

practice = typer.Typer(no_args_is_help=True, help="Oefengesprekken.")

ABOUT_STORIES = """\
Gemaakt uit oefengesprekken met `pluis practice to-stories`; verander het gesprek, niet dit bestand.
Een zin van de deelnemer heeft geen intent: in het formulier is elke zin een antwoord. Draai dit daarom met
`rasa test core` zonder `--e2e`; met `--e2e` telt Rasa elke zin die het model herkent als fout.
"""
File = Annotated[Path, typer.Argument(help="Het bestand van het oefengesprek.")]
Files = Annotated[list[Path], typer.Argument(help="De bestanden van de oefengesprekken.")]
Twee = Annotated[Path, typer.Argument(help="Het verhaal uit Twine, opgeslagen als Twee.")]
To = Annotated[Path | None, typer.Option("--to", help="Het nieuwe bestand; wat er al is, blijft staan.")]


@practice.command("check")
def check(file: File) -> None:
    """Say with line and remedy what is wrong with a dialogue; exit 1 when it cannot be played as it is."""
    from bot.knowledge import load_citable
    from bot.practice import best_and_worst, check_dialogue, load_dialogue

    with exit_codes():
        data = get_settings().data
        remarks = check_dialogue(file, data, load_citable(data).fault)
        for remark in remarks:
            print(f"{file}:{remark.line}: {'' if remark.grave else 'let op: '}{remark.text}")
        if any(remark.grave for remark in remarks):
            fail(f"{file.name} kan zo niet worden gespeeld", 1)
        dialogue = load_dialogue(file, data)
        tell(f"{file.name} kan worden gespeeld: {len(dialogue.scenes)} scènes, "
             f"{len(dialogue.places) - len(dialogue.scenes)} eindes")  # fmt: skip
        for name, way in zip(("beste", "slechtste"), best_and_worst(dialogue) or (), strict=False):
            tell(f"{name} weg, punten: {way.points}. {' → '.join(way.places)}")


@practice.command("import")
def import_twee(file: Twee, to: To = None) -> None:
    """Make a dialogue of a Twee 3 file from Twine, beside it or in `--to`, and name what has yet to be written."""
    from bot.practice import UNFINISHED, dialogue_yaml, import_head, imported, read_twee, write_new

    with exit_codes():
        story = read_twee(file)
        made, out = imported(story), to or file.with_suffix(".yml")
        write_new(out, dialogue_yaml(made, import_head(story)))
        for line, text in story.notes:
            print(f"{file}:{line}: let op: {text}")
        endings = sum("ending" in place for place in made["scenes"])
        tell(f"{out} is geschreven: {len(made['scenes']) - endings} scènes, {endings} eindes")
        tell(f"vervang elke tekst die begint met ‘{UNFINISHED}’; `pluis practice check {out}` noemt ze met regel")


@practice.command("to-stories")
def to_stories(files: Files, to: To = None) -> None:
    """Make Rasa's end-to-end test stories of the examples in dialogues, on the screen or in `--to`."""
    from bot.practice import choices, load_dialogue, stories_of, stories_yaml, walks, write_new

    with exit_codes():
        data, stories = get_settings().data, []
        for file in files:
            dialogue = load_dialogue(file, data)
            found = walks(dialogue)
            stories += stories_of(dialogue, found)
            for scene, option in sorted({*choices(dialogue)}.difference(*found)):
                print(
                    f"{file}: let op: {scene}, {option}: hier komt geen verhaal langs dat een einde haalt",
                    file=sys.stderr,
                )
        if not stories:
            fail("er is geen weg naar een einde, dus geen verhaal; `pluis practice check` zegt waarom", 1)
        text = stories_yaml(stories, ABOUT_STORIES)
        if to is None:
            print(text, end="")
        else:
            write_new(to, text)
            tell(f"{to} is geschreven: {len(stories)} verhalen")


@practice.command("play")
def play(file: File) -> None:
    """Play a dialogue: type what you would say, or the number of an answer; terug, tip, opnieuw and stop work too."""
    from bot.commands.playing import play_dialogue
    from bot.encoder import E5Encoder
    from bot.knowledge import load_sources
    from bot.practice import Listener, load_dialogue

    with exit_codes():
        settings = get_settings()
        dialogue = load_dialogue(file, settings.data)
        listener = Listener(settings.data, E5Encoder(), settings.var / "cache")
        play_dialogue(dialogue, listener, {source.id: source.title for source in load_sources(settings.data)})


@practice.command("vectors")
def vectors() -> None:
    """Compute the vectors of the lines that techniques are learnt from, and put them beside those lines."""
    from bot.encoder import E5Encoder
    from bot.practice import Listener

    with exit_codes():
        settings = get_settings()
        listener = Listener(settings.data, E5Encoder(), settings.var / "cache")
        tell(f"{listener.ship_vectors()} betekenissen staan in data/practice/techniques/vectors.npz")
