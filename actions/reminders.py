"""“Herinner me donderdag”: when, or that it need not be. Whether Pluis can speak first in this channel, `web` knows:
it does what is asked here and says so, or says that it cannot in place of the question when."""

from __future__ import annotations

from datetime import datetime

from actions.base import Digression
from actions.turn import Turn
from bot.case import HERE, Choice, Say, asks, cancels, moment_meant

INTENT = "herinnering"
SOME = ("Morgen", "Over een week", "Over twee weken")


class ReminderAction(Digression):
    """A reminder; the conversation goes on where it was."""

    action_name = "action_herinnering"
    command = True

    def act(self, turn: Turn) -> None:
        """Hand the moment to `web`, or ask it."""
        words = turn.choice or turn.text
        now = datetime.now(HERE)
        moment = moment_meant(words, now)
        if cancels(words, now):
            turn.say(Say(custom={"kind": "reminder", "cancel": True}))
        elif asks(words, now):
            turn.say(Say(custom={"kind": "reminder"}))
        elif moment is None:
            choices = tuple(Choice(title, title, INTENT) for title in SOME)
            turn.say(Say(custom={"kind": "reminder", "when": True}), Say("herinnering_wanneer", choices=choices))
            turn.leave_form()
            return
        else:
            turn.say(Say(custom={"kind": "reminder", "at": moment.timestamp()}))
        turn.go_on()
