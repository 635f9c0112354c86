"""Makes Rasa's end-to-end test stories of dialogues: a trainee begins to practise, and says what the examples say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.practice.records import Dialogue
from bot.practice.walks import Choice, option_of

FORM: Final = "oefen_form"
_BEGIN: Final[Sequence[dict[str, Any]]] = (
    {"intent": "oefenen"},
    {"action": "action_oefenen"},
    {"active_loop": FORM},
    {"action": FORM},
)


def stories_of(dialogue: Dialogue, walks: Sequence[Sequence[Choice]]) -> list[dict[str, Any]]:
    """Return a story for each walk, as Rasa reads it.

    What a trainee says has no `intent:`: a script does not know how the model will read a wording, and need not, for in
    the form every wording is an answer. Such a step is Rasa's own end-to-end step: the words alone. So these stories
    are run with `rasa test core` without `--e2e`: that holds the words against rules and forms. With `--e2e` Rasa 3.6
    takes "no intent" for the intent that should be found, and calls every wording wrong that the model can place.

    `active_loop` stands before the first turn of the form, where Rasa's own examples have it after: here an action
    starts the form, and a test never calls an action. A story ends at the form's last turn; what it does then is the
    form's own affair, which a test does not see either.
    """
    return [
        {
            "story": f"{dialogue.id}, weg {number} van {len(walks)}, tot {option_of(dialogue, walk[-1]).to}",
            "steps": [*_BEGIN, *(step for choice in walk for step in _turn(dialogue, choice))],
        }
        for number, walk in enumerate(walks, start=1)
    ]


def _turn(dialogue: Dialogue, choice: Choice) -> Sequence[dict[str, Any]]:
    return {"user": _said(dialogue, choice)}, {"action": FORM}


def _said(dialogue: Dialogue, choice: Choice) -> str:
    """Return the first example of what was chosen, so that Rasa reads no entity or command in it."""
    words = " ".join(option_of(dialogue, choice).examples[0].split()).lstrip("/ ")
    for bracket in "({[":
        words = words.replace(f"]{bracket}", f"] {bracket}")
    return words
