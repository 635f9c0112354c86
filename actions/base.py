"""What every action shares: it reads the turn, acts in a thread, and always says something."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.turn import ANSWER, MISSES, SURE, Turn, triggers_in
from actions.wiring import services
from bot.case import ADVICE, Case, Choice, Say, current_phase, folded, is_sent, names_choice, open_question, take
from bot.knowledge import KnowledgeError
from bot.logs import describe_error

log = logging.getLogger("pluis.actions")
ASKING = ("kennisvraag", "kennis_meer", "kennis_bron", "kennis_verwant", "privacy_vraag", "wie_ben_je", "waarom_vraag")
# So begins a question that is typed without its mark.
_ASKS = re.compile(
    r"(?:(?:en|maar|oke|ok|he|eh|wacht) )*(?:mag|moet|kan|kun) (?:ik|je|we|wij|dat|dit)\b"
    r"|(?:(?:en|maar|oke|ok) )*(?:hoe|wat|wanneer|waarom|waar|wie|welke) (?:is|moet|mag|kan|kun|doe|doet|geldt)"
    r" (?:ik|je|we|wij|dat|dit|het|er|een|de)\b"
)
VERY_SURE = 0.95  # at a question that is answered by telling
NO_QUESTION = 4  # more words than these, where a question is asked for, are hers
LONG = 25  # more words than these at an open question tell something, whatever else they seem to be


class PluisAction(Action, ABC):  # type: ignore[misc]
    """An action with a name and an `act`; a fault of ours gets an apology with a number, never silence.

    A database that fails is no fault of the turn: it goes up, so that the engine keeps nothing and it is tried again.
    """

    @property
    @abstractmethod
    def action_name(self) -> str:
        """The name in the domain."""

    def name(self) -> str:
        """Return the name by which the domain knows this action."""
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Run the action outside the event loop."""
        return await asyncio.to_thread(self._guarded, dispatcher, tracker)

    def _guarded(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        try:
            turn = Turn.start(dispatcher, tracker, services())
            if turn.pasted:
                self.receive(turn)
            else:
                self.handle(turn)
            return turn.finish()
        except (SQLAlchemyError, KnowledgeError):
            raise
        except Exception as error:
            number = uuid.uuid4().hex[:8]
            fields = {"action": self.name(), "error_id": number, "conversation": tracker.sender_id}
            log.error("action failed", extra=fields | describe_error(error))
            dispatcher.messages.clear()
            Turn(dispatcher, tracker, services(), Case()).say(Say("fout", values={"nummer": number}))
            return [SlotSet(ANSWER, None)]

    def handle(self, turn: Turn) -> None:
        """Do what is asked; a kind of action can decide that it is not for it."""
        self.act(turn)

    def receive(self, turn: Turn) -> None:
        """Take a summary that was pasted, whatever its words were understood as."""
        turn.receive_paste()
        turn.leave_form()
        turn.next_phase()

    @abstractmethod
    def act(self, turn: Turn) -> None:
        """Do what this action is for."""


class Digression(PluisAction):
    """An action for what comes in between; at an open question, words that are not surely something else answer it."""

    at_least = SURE
    stricter: ClassVar[Mapping[str, float]] = {}  # intents that are seldom meant in the middle of a question
    even_when_long = False
    way_out = False  # leads away from a question, also from one that asks what she wants to ask someone
    in_practice: ClassVar[frozenset[str]] = frozenset()  # words, folded, that are for this also in a practice dialogue
    command = False  # a word that always works, also where almost any words are an answer, and also said twice

    def is_command(self, turn: Turn) -> bool:
        """Whether this message is such a word."""
        return self.command

    def handle(self, turn: Turn) -> None:
        """Give words that are an answer to the form; act on all others. In a practice dialogue all words are lines to
        its client, but for the few that are said to Pluis."""
        to_client = turn.practising and turn.text and folded(turn.text) not in self.in_practice
        if to_client or (turn.question and self._is_answer(turn)):
            self.give_to_form(turn)
        else:
            self.act(turn)

    def give_to_form(self, turn: Turn) -> None:
        """Give the words to the open form as its answer; danger in them goes to the danger question first."""
        if triggers_in(turn.tracker.latest_message):
            turn.events.append(FollowupAction("action_gevaar"))
        else:
            turn.events += [SlotSet(ANSWER, turn.text), FollowupAction(turn.active_form)]

    def _is_answer(self, turn: Turn) -> bool:
        """Whether these words answer the open question rather than call for this action."""
        question = turn.question
        if question is None or any(folded(choice.title) == folded(turn.text) for choice in question.choices):
            return question is not None
        words, command = len(turn.text.split()), self.is_command(turn)
        asked = question.asks and not (self.way_out or self.even_when_long)
        if asked and (words > NO_QUESTION or turn.text.rstrip().endswith("?")):
            return True
        if (turn.repeated and not command) or (words > LONG and not self.even_when_long):
            return True
        at_least = self.stricter.get(turn.intent, self.at_least)
        if turn.confidence >= (VERY_SURE if question.open and not command else at_least):
            # One word in common is too little: “wis dit gesprek” is not “eerst het gesprek aangaan”.
            telling = [word for word in folded(turn.text).split() if len(word) > 3]
            return names_choice(turn.given, question) and (len(telling) > 1 or not command)
        return not (turn.intent in ASKING and (turn.text.rstrip().endswith("?") or _ASKS.match(folded(turn.text))))


class PhaseForm(PluisAction):
    """Validates the form of one phase: takes the answer, says what follows, asks the next question.

    A form of ours has one slot, `antwoord`; which question it answers follows from the case.
    """

    @property
    @abstractmethod
    def phase(self) -> str:
        """The name of the phase in `bot.case`."""

    @property
    def action_name(self) -> str:
        """The name by which Rasa finds the validation of the form."""
        return f"validate_{self.phase}_form"

    def act(self, turn: Turn) -> None:
        """Run one turn of the form."""
        answered = turn.tracker.get_slot(ANSWER) is not None
        if turn.fresh and not answered and turn.active_form:
            # No answer: Rasa takes the form back and lets the rules decide, and the form is asked again later. It would
            # take any slot that is set for an answer, and then say nothing.
            turn.keep(turn.before)
            return
        if answered and current_phase(turn.case, turn.tools) == self.phase:
            step = take(turn.case, self.phase, turn.given, int(turn.tracker.get_slot(MISSES) or 0), turn.tools)
            turn.keep(step.case)
            turn.say(*step.says)
            turn.set(MISSES, step.misses)
        self.ask_next(turn)

    def receive(self, turn: Turn) -> None:
        """Take a summary that was pasted as an answer: it is none; what is left to the rules is taken there."""
        if turn.tracker.get_slot(ANSWER) is None:
            self.act(turn)
            return
        turn.receive_paste()
        self.ask_next(turn)

    def ask_next(self, turn: Turn) -> None:
        """Ask what is open now; when that is for another phase, this one is done."""
        turn.set(ANSWER, None)
        question = open_question(turn.case, turn.tools)
        if question and current_phase(turn.case, turn.tools) == self.phase:
            turn.ask(question)
            turn.set("requested_slot", ANSWER)
        else:
            turn.set("requested_slot", None)
            self.done(turn)

    def done(self, turn: Turn) -> None:
        """Go on after the last question: before a case began to the welcome, and after “ja, er is nu gevaar” not before
        she has called."""
        if not turn.going:
            turn.say(Say("welkom_keuzes"))
            turn.wait()
        elif turn.case.is_yes("danger_now") and current_phase(turn.case, turn.tools) == ADVICE:
            ways = [Choice("Ik heb 112 gebeld, ga verder", intent="herhaal")]
            if turn.desk and turn.desk.is_open(time.time()) and not is_sent(turn.case):
                ways.append(Choice("Ik heb 112 gebeld, laat iemand meekijken", "gebeld", "mens_spreken"))
            turn.say(Say("na_112", choices=tuple(ways)))
            turn.wait()
        else:
            turn.next_phase()


def text_of(turn: Turn, name: str) -> str:
    """Return a fixed text of the tables."""
    return turn.tools.tables.text(name)
