"""An action never keeps silent and never swallows a database that fails."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from actions.turn import payload
from actions.words import HelpAction
from bot.case import Choice
from bot.knowledge import KnowledgeError

SECRET = "mevrouw op nummer 12"


def test_a_fault_gets_an_apology_with_a_number_and_no_word_of_the_message(
    run: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: HelpAction, turn: Any) -> None:
        turn.say_nothing_like_this(SECRET)

    monkeypatch.setattr(HelpAction, "act", fail)
    done = run("action_help", text=SECRET, intent="help")
    assert "foutnummer" in done.text
    assert "112" in done.text
    assert done.slots == {"antwoord": None}
    assert SECRET not in caplog.text
    (record,) = [record for record in caplog.records if record.name == "pluis.actions"]
    assert record.error_id in done.text  # type: ignore[attr-defined]
    assert SECRET not in str(vars(record))


@pytest.mark.parametrize("error", [OperationalError("select", {}, Exception("weg")), KnowledgeError("weg")])
def test_a_database_that_fails_goes_up(run: Any, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(self: HelpAction, turn: Any) -> None:
        raise error

    monkeypatch.setattr(HelpAction, "act", fail)
    with pytest.raises(type(error)):
        run("action_help", intent="help")


def test_a_broken_case_is_no_silence(run: Any) -> None:
    done = run("action_help", intent="help", slots={"casus": {"entries": [{"nonsense": 1}]}})
    assert "foutnummer" in done.text


def test_payloads() -> None:
    assert payload(Choice("Ja", "ja", "wis_gesprek")) == '/wis_gesprek{"keuze": "ja"}'
    assert payload(Choice("Verder", intent="herhaal")) == "/herhaal"
