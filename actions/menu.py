"""Words typed when no question of a phase is open: they may mean a button of the last message (“ja”, “de tweede”),
and else they were not understood."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from actions.base import Digression, PluisAction
from actions.checklists import ChecklistAction
from actions.knowledge import KnowledgeAction
from actions.others import PersonAction
from actions.phases import BeginAction, SummaryAction, TalkedAction
from actions.practice import PracticeAction
from actions.reminders import ReminderAction
from actions.turn import MISSES, Turn
from actions.words import CorrectAction, HelpAction, NewCaseAction, RepeatAction, WipeAction
from bot.case import Say, folded, names_work, ordinal, title_meant

BY_INTENT: Mapping[str, type[PluisAction]] = {
    "checklist": ChecklistAction,
    "corrigeren": CorrectAction,
    "gesprek_gehad": TalkedAction,
    "help": HelpAction,
    "herhaal": RepeatAction,
    "herinnering": ReminderAction,
    "kennisvraag": KnowledgeAction,
    "mens_spreken": PersonAction,
    "nieuwe_casus": NewCaseAction,
    "oefenen": PracticeAction,
    "onderbuikgevoel": BeginAction,
    "onthulling": BeginAction,
    "samenvatting": SummaryAction,
    "signalen": BeginAction,
    "wis_gesprek": WipeAction,
}
FINAL = frozenset({"wis_gesprek", "nieuwe_casus"})  # beside a button for these, one word in common presses nothing
BEGINS_WITH = {"bevestigen": "ja", "ontkennen": "nee"}
SAME = 4  # buttons that begin with as many of the same words say the same; of these “ja” is the first


class DefaultAction(Digression):
    """Presses the button that is meant, or answers after a pause; else readable ways on, twice in a row a person."""

    action_name = "action_standaard"

    def act(self, turn: Turn) -> None:
        """Press, or offer ways on."""
        meant = _button_meant(turn)
        if meant and meant[0] in BY_INTENT:
            turn.pressed = meant
            BY_INTENT[meant[0]]().act(turn)
            return
        if turn.paused and turn.answer_open_question():
            return
        if not turn.case.begun and names_work(turn.text, turn.tools.professions):
            BeginAction().act(turn)
            return
        misses = int(turn.tracker.get_slot(MISSES) or 0) + 1
        turn.set(MISSES, misses)
        turn.say(Say("standaard_twee" if misses > 1 else "standaard"))


def _button_meant(turn: Turn) -> tuple[str, str] | None:
    """Return intent and value of the button of the last message that the words mean."""
    buttons = _last_buttons(turn)
    titles = [folded(str(button["title"])) for button in buttons]
    at = ordinal(folded(turn.text), len(buttons))
    if at is None and (word := BEGINS_WITH.get(turn.intent)):
        begins = [index for index, title in enumerate(titles) if title.split()[:1] == [word]]
        only = [0] if word == "ja" and len({tuple(title.split()[:SAME]) for title in titles}) == 1 else []
        at = next(iter(begins or only), None)
    if at is None and not any(_read(str(button["payload"]))[0] in FINAL for button in buttons):
        at = title_meant(folded(turn.text), titles)
    return None if at is None else _read(str(buttons[at]["payload"]))


def _last_buttons(turn: Turn) -> Sequence[Mapping[str, str]]:
    """The buttons that the bot offered in the turn before this one."""
    events = list(turn.tracker.events)
    user = max((at for at, event in enumerate(events) if event.get("event") == "user"), default=0)
    for event in reversed(events[:user]):
        if event.get("event") == "user":
            break
        if event.get("event") == "bot" and (buttons := (event.get("data") or {}).get("buttons")):
            return list(buttons)
    return []


def _read(payload: str) -> tuple[str, str]:
    """Read a payload of ours: an intent, with or without a value."""
    intent, brace, rest = payload.removeprefix("/").partition("{")
    value = json.loads(brace + rest).get("keuze", "") if brace else ""
    return intent, str(value)
