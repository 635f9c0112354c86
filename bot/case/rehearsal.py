"""Which practice dialogue is like the talk that is planned: the table in `data/case/practice.yml`.
Pure; where nothing fits nothing is offered, and where no talk may be held now only one that practises calling."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.advice import Condition, ConditionError, Decision, Tables, Vocabulary, first_hidden
from bot.practice import Dialogue, load_dialogues
from bot.yamlfile import Loaded, read_yaml, validate

NO_TALK = "no_talk_now"
CALL_112 = "call_112"
UNDECIDED = "none"


@dataclass(frozen=True)
class Row:
    """A row of the table; one without a dialogue holds where there is nothing to practise."""

    when: Condition
    dialogue: str = ""


@dataclass(frozen=True)
class Rehearsals:
    """The rows in order, the first that holds decides; and the dialogues by id."""

    rows: tuple[Row, ...]
    dialogues: Mapping[str, Dialogue]

    def fitting(self, decided: Decision, own: str = UNDECIDED) -> Dialogue | None:
        """Return the dialogue that fits a case, by what the advice and the user (`own`) decided; None when none does.

        In danger now there is none, nor where a row cannot be evaluated.
        """
        if decided.outcome == CALL_112:
            return None
        view = decided.view.with_values(rule=decided.rule.id, decision=own)
        try:
            return self.dialogues.get(next((row.dialogue for row in self.rows if row.when.holds(view)), ""))
        except ConditionError:
            return None


def load_rehearsals(data: Path, tables: Tables, decided: Iterable[str]) -> Rehearsals:
    """Read the table under `data`; `decisions` are what a user can decide.

    Raises DataFileError for a dialogue or a name that nobody knows, a row that never decides, and a dialogue without
    a row.
    """
    loaded = read_yaml(data / "case" / "practice.yml")
    validate(loaded, json.loads((data / "case" / "schema" / "practice.json").read_text(encoding="utf-8")))
    vocabulary = tables.vocabulary(decision=(*decided, UNDECIDED))
    dialogues = load_dialogues(data)
    calls = Row(vocabulary.read({"setup": NO_TALK}), loaded.data["calls"])
    rows = (calls, *(_row(loaded, at, vocabulary) for at in range(len(loaded.data["table"]))))
    _check(loaded, rows, dialogues)
    return Rehearsals(rows, dialogues)


def _row(loaded: Loaded, at: int, vocabulary: Vocabulary) -> Row:
    row = loaded.data["table"][at]
    try:
        return Row(vocabulary.read(row["when"]), row.get("dialogue", ""))
    except ConditionError as error:
        remedy = f"feiten en woorden staan in data/advice; verder kan: {', '.join(vocabulary.fields)}"
        raise loaded.error(f"{error.reason}; {remedy}", "table", at, "when", *error.path) from error


def _check(loaded: Loaded, rows: Sequence[Row], dialogues: Mapping[str, Dialogue]) -> None:
    """Every name leads to a dialogue, every row can decide, and every dialogue has a row."""
    places: list[tuple[str | int, ...]] = [("calls",), *(("table", at) for at in range(len(rows) - 1))]
    for row, place in zip(rows, places, strict=True):
        if row.dialogue and row.dialogue not in dialogues:
            raise loaded.error(f"er is geen oefengesprek {row.dialogue}; er zijn: {', '.join(dialogues)}", *place)
    if (at := first_hidden([row.when for row in rows])) is not None:
        reason = "deze rij beslist nooit: wat erboven staat, vangt alles af; zet die hoger, of schrap die"
        raise loaded.error(reason, *places[at])
    for name in dialogues:
        if name not in {row.dialogue for row in rows}:
            raise loaded.error(f"geen rij leidt naar {name}; schrijf er een, met wanneer dit gesprek past", "table")
