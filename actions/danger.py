"""Acute danger, anywhere: the message is kept as part of the story, the question is put, the conversation goes on."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk.events import FollowupAction

from actions.base import PhaseForm, PluisAction
from actions.practice import Playing
from actions.turn import ANSWER, PRACTICE, Turn, triggers_in
from bot.case import BEGIN, Trigger, already_asked, interrupt, told

FORM = "gevaar_form"


class DangerAction(PluisAction):
    """The safety net noticed something: ask, unless the same statement was answered before."""

    action_name = "action_gevaar"

    def act(self, turn: Turn) -> None:
        """Keep the message and put the danger question."""
        triggers = _triggers(turn)
        if turn.practising and (playing := Playing.from_slot(turn.tracker.get_slot(PRACTICE))):
            turn.set(PRACTICE, replace(playing, words=turn.text, triggers=tuple(triggers)).to_slot())
            turn.set(ANSWER, None)
            turn.go_on()
            return
        if already_asked(turn.case, triggers):
            self._go_on_with(turn)
            return
        turn.keep(interrupt(turn.case, turn.active_phase, turn.given, triggers, turn.tools))
        turn.set(ANSWER, turn.text if turn.active_form == FORM else None)
        turn.events.append(FollowupAction(FORM))

    def _go_on_with(self, turn: Turn) -> None:
        """The same words again: they are the answer to the open question, or more story."""
        if turn.active_form:
            turn.set(ANSWER, turn.text)
        else:
            turn.keep(turn.case.add(told(turn.case, BEGIN, turn.text, turn.tools)))
        turn.go_on()


class DangerForm(PhaseForm):
    """The danger question."""

    phase = "gevaar"


def _triggers(turn: Turn) -> list[Trigger]:
    """What was noticed, most telling first; a disclosure alone is no reason to ask."""
    telling = [trigger for trigger in triggers_in(turn.tracker.latest_message) if trigger.kind != "disclosure"]
    return telling or [Trigger("unknown", turn.text)]
