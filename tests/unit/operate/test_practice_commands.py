"""`pluis practice`: a dialogue is checked with lines, and played in the terminal by number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.commands.playing import play_dialogue
from bot.practice import Heard, Option, load_dialogue
from tests.unit.practice import DATA, ending, option, script, write

TWEE = ":: Balie\n<<set $x to 1>>Mevrouw: Dag.\n[[Dag mevrouw.->Weg]]\n\n:: Weg [open]\nMevrouw: Tot ziens.\n"


def pluis(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(cli.app, ["practice", *map(str, arguments)], input=typed)


def test_a_dialogue_that_can_be_played_is_told_with_its_best_and_worst_way(tmp_path: Path) -> None:
    result = pluis("check", write(tmp_path, script()))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "pluis: deur.yml kan worden gespeeld: 2 scènes, 2 eindes" in result.stdout
    assert "beste weg, punten: 1. deur → keuken → klaar" in result.stdout
    assert "slechtste weg, punten: 0. deur → weg" in result.stdout
    assert "let op: vertrouwen: niets hangt hiervan af" in result.stdout


def test_what_is_grave_is_told_with_its_line_and_ends_in_1(tmp_path: Path) -> None:
    path = write(tmp_path, script(scenes=[*script()["scenes"], ending("zolder", "goed")]))
    result = pluis("check", path)
    line = path.read_text(encoding="utf-8").splitlines().index("- id: zolder") + 1
    assert result.exit_code == 1
    assert f"{path}:{line}: zolder: hier komt niemand" in result.stdout
    assert "kan zo niet worden gespeeld" in result.stderr


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    for command in ("check", "play"):
        result = pluis(command, write(tmp_path, "title: [\n"))
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert "geen geldige YAML" in result.stderr
        assert pluis(command, tmp_path / "weg.yml").exit_code == 1


def test_it_is_played_by_number_with_a_tip_a_step_back_and_an_ending(tmp_path: Path) -> None:
    result = pluis("play", write(tmp_path, script()), typed="tip\n2\nterug\n9\n1\n1\n2\n")
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert "Je bent: wijkverpleegkundige." in said
    assert "Hoe krijg je haar alleen?" in said
    assert (
        said.count(" Kom binnen. ") == 4
    )  # at first, after the tip, one step back, and after a number that is not there
    assert "Kies een nummer van 1 tot en met 2" in said
    assert "*" not in said
    assert "Hoe dit landde: Zo landde naar_keuken bij haar." in said
    assert "Gedachte: Hopelijk ziet ze niets." in said


def test_own_words_are_told_as_they_are_understood_or_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["Zegt hij dat?", "4", "3", "", "Zullen we naar de keuken?", "5", "stop"])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    play_dialogue(load_dialogue(write(tmp_path, script()), DATA), Hears(), {})
    said = " ".join(capsys.readouterr().out.split())
    asked = "Lijkt het op een van deze zinnen? 1. Ik doe vraag_man. 2. Ik doe naar_keuken. 3. Geen van deze "
    assert said.count(asked) == 2  # again after a number that is not there
    assert said.count("Kom binnen. ") == 1  # what the client said is not said again
    assert "3. Geen van deze Hoe dit landde: " in said
    kitchen = said.split("Zo begreep ik je (vrij zeker): Ik doe naar_keuken. ")[1:]
    assert len(kitchen) == 2  # there too
    assert "Het gaat wel. 1. Ik doe" in kitchen[1]
    assert said.count("Kies een nummer van 1 tot en met 3,") == 2


class Hears:
    """Is sure of the kitchen, and doubts all else."""

    def hear(self, options: Sequence[Option], words: str, after: str = "") -> Heard:
        if "keuken" in words:
            return Heard(("naar_keuken",), 0.95, ("open_vraag",))
        return Heard(("vraag_man", "naar_keuken"), 0.4, ("gesloten_vraag",))

    def warm(self) -> None:
        """It needs nothing."""


def test_who_stops_hears_how_it_went_so_far(tmp_path: Path) -> None:
    for typed in ("2\nstop\n", "2\n"):  # or the input ends
        said = " ".join(pluis("play", write(tmp_path, script()), typed=typed).stdout.split())
        assert "Je spreekt haar alleen. 0 van de 2 punten. Bron: Kenniskaart" in said
        assert "Beter: “Mag de wond in de keuken?”" in said


def test_the_terminal_shows_what_was_said_without_signs_of_markdown(tmp_path: Path) -> None:
    first, *others = script()["scenes"]
    row = script(scenes=[first | {"says": "Nee! (Ze kijkt *weg*.)"}, *others])
    said = " ".join(pluis("play", write(tmp_path, row), typed="2\nstop\n").stdout.split())
    assert "> Nee! (Ze kijkt *weg*.) Jij: “Ik doe vraag_man.” Gedachte: Hopelijk" in said


def test_an_ending_is_told_with_what_it_means(tmp_path: Path) -> None:
    said = " ".join(pluis("play", write(tmp_path, script()), typed="1\n2\n").stdout.split())
    assert "Niet af, maar de deur staat open Dit is een einde." in said


def test_a_story_from_twine_is_brought_in_and_named_for_what_has_yet_to_be_written(tmp_path: Path) -> None:
    source = tmp_path / "balie.twee"
    source.write_text(TWEE, encoding="utf-8")
    result = pluis("import", source)
    out = tmp_path / "balie.yml"
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{source}:2: let op: Balie: niet begrepen en weggelaten: <<set $x to 1>>" in result.stdout
    assert f"pluis: {out} is geschreven: 1 scènes, 1 eindes" in result.stdout
    checked = pluis("check", out)
    assert checked.exit_code == 1
    line = out.read_text(encoding="utf-8").splitlines().index("you: (nog schrijven) wie de deelnemer is") + 1
    assert f"{out}:{line}: you: dit is nog niet geschreven" in checked.stdout


def test_bringing_in_leaves_alone_what_is_there_and_writes_nothing_of_what_is_wrong(tmp_path: Path) -> None:
    source, out = tmp_path / "balie.twee", tmp_path / "balie.yml"
    source.write_text(TWEE, encoding="utf-8")
    out.write_text("title: Van mij\n", encoding="utf-8")
    result = pluis("import", source)
    assert (result.exit_code, out.read_text(encoding="utf-8")) == (1, "title: Van mij\n")
    assert f"pluis: {out}:1: dit bestand is er al; kies met --to een andere naam" in result.stderr
    assert pluis("import", source, "--to", tmp_path / "nieuw.yml").exit_code == 0
    source.write_text(":: Balie\n[[Ga->Weg]]\n", encoding="utf-8")
    result = pluis("import", source, "--to", tmp_path / "fout.yml")
    assert (result.exit_code, (tmp_path / "fout.yml").exists()) == (1, False)
    assert f"{source}:2: Balie: er is geen passage ‘Weg’ om heen te gaan" in result.stderr


def test_dialogues_become_stories_on_the_screen_or_in_a_new_file(tmp_path: Path) -> None:
    path = write(tmp_path, script())
    shown = pluis("to-stories", path, path)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("- story: deur, weg 1 van 2, tot ") == 2
    out = tmp_path / "test_oefenen.yml"
    told = pluis("to-stories", path, "--to", out)
    assert told.stdout == f"pluis: {out} is geschreven: 2 verhalen\n"
    assert out.read_text(encoding="utf-8") == pluis("to-stories", path).stdout
    again = pluis("to-stories", path, "--to", out)
    assert again.exit_code == 1
    assert "is er al" in again.stderr


def test_what_no_story_comes_by_is_told_and_without_an_ending_there_is_none(tmp_path: Path) -> None:
    first, *others = script()["scenes"]
    never = option("nooit", "klaar", when={"openheid": ">= 9"})
    path = write(tmp_path, script(scenes=[first | {"options": [*first["options"], never]}, *others]))
    result = pluis("to-stories", path)
    assert result.exit_code == 0
    assert f"{path}: let op: deur, nooit: hier komt geen verhaal langs" in result.stderr
    result = pluis(
        "to-stories", write(tmp_path, script(scenes=[first | {"options": [option("rond", "deur")]}, *others]))
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert "er is geen weg naar een einde" in result.stderr
