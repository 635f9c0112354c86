"""One call of the engine: what was said, the case as it stands, and what goes back."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.wiring import Services
from bot.case import (
    ADVICE,
    END,
    HERE,
    LIST,
    Case,
    Choice,
    Given,
    Question,
    Say,
    Tools,
    Trigger,
    current_phase,
    graver,
    is_going,
    is_late,
    is_opened,
    is_pasted,
    newly_advised,
    newly_reached,
    open_question,
    received,
    told_moment,
    with_net,
    without_story,
)
from bot.helpdesk import DeskRules
from bot.statistics import Kind

ANSWER = "antwoord"
CASE = "casus"
MISSES = "niet_begrepen"
TOPIC = "onderwerp"
PRACTICE = "oefening"  # what is played (actions/practice.py)
PRACTICE_FORM = "oefen_form"
WRITER = "schrijver"  # who wrote, when that was no professional about a client
ABOUT_HERSELF = "professional_zelf"
NO_WORK = "anders"  # a profession that was not named
LONG_SILENCE = 3600.0
SURE = 0.75  # less sure than this, words typed at an open question are its answer
GO_ON = Choice("Ga verder", intent="herhaal")
WAYS_ON = (
    Choice("Verder met veiligheid", intent="checklist"),
    Choice("Samenvatting", intent="samenvatting"),
    Choice("Nieuwe casus", intent="nieuwe_casus"),
    Choice("Wis dit gesprek", intent="wis_gesprek"),
)


@dataclass
class Turn:
    """Collects messages and events while an action runs."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    services: Services
    case: Case
    before: Case = field(default_factory=Case)  # as it was when the call began
    events: list[EventType] = field(default_factory=list)
    pressed: tuple[str, str] | None = None  # intent and value of the button that typed words turned out to mean

    @classmethod
    def start(cls, dispatcher: CollectingDispatcher, tracker: Tracker, services: Services) -> Turn:
        """Read the case from the tracker; after a long silence the bot first says where they were."""
        case = Case.from_slot(tracker.get_slot(CASE))
        turn = cls(dispatcher, tracker, services, case, case)
        if is_opened(case):
            turn.keep(with_net(case, turn.net))
        if turn._long_silence() and turn.case.entries:
            turn.say(Say("welkom_terug"))
        return turn

    @property
    def tools(self) -> Tools:
        """The tools of the case."""
        return self.services.tools

    @property
    def desk(self) -> DeskRules | None:
        """The helpdesk, where there is one. It is for professionals: who wrote as someone else is one once she names
        her work; who wrote about herself must say so."""
        writer = self.tracker.get_slot(WRITER)
        works = self.case.fields.get("profession", NO_WORK) != NO_WORK
        return None if writer and (writer == ABOUT_HERSELF or not works) else self.tools.desk

    @property
    def text(self) -> str:
        """What was typed; empty when a choice was made."""
        text = str(self.tracker.latest_message.get("text") or "")
        return "" if text.startswith("/") else text

    @property
    def intent(self) -> str:
        """The intent of the message."""
        return self.pressed[0] if self.pressed else str(self._intent.get("name") or "")

    @property
    def choice(self) -> str | None:
        """The value of the choice that was made, when the message is one."""
        if self.pressed:
            return self.pressed[1] or None
        if self.text:
            return None
        entities = self.tracker.latest_message.get("entities") or []
        return next((str(entity["value"]) for entity in entities if entity.get("entity") == "keuze"), None)

    @property
    def typed_before(self) -> tuple[str, list[Trigger]]:
        """The last words that were typed before this message, with what the safety net noticed in them."""
        for event in reversed(self._said[:-1]):
            text = str(event.get("text") or "")
            if text and not text.startswith("/"):
                return text, triggers_in(event.get("parse_data") or {})
        return "", []

    @property
    def net(self) -> float:
        """How sure the safety net was at most of danger in what was typed, 0 to 1."""
        parses = (event.get("parse_data") or {} for event in self._said)
        return max((float((parse.get("danger") or {}).get("score") or 0.0) for parse in parses), default=0.0)

    @property
    def given(self) -> Given:
        """The message as an answer."""
        return Given(text=self.text, choice=self.choice, intent=self.intent)

    @property
    def topic_before(self) -> str | None:
        """The topic that was spoken of in answer to the message before this one."""
        events = list(self.tracker.events)
        users = [at for at, event in enumerate(events) if event.get("event") == "user"]
        since = events[users[-2] : users[-1]] if len(users) > 1 else ()
        set_to = [event.get("value") for event in since if event.get("event") == "slot" and event.get("name") == TOPIC]
        return set_to[-1] if set_to else None

    @property
    def topic(self) -> str | None:
        """The topic that “bron” or “meer” is about: the last one; only “bron” is no answer to an open question."""
        last: str | None = self.tracker.get_slot(TOPIC)
        return last if self.intent == "kennis_bron" or not self.question else self.topic_before

    @property
    def active_form(self) -> str:
        """The name of the active form, or an empty text."""
        return str(self.tracker.active_loop.get("name") or "")

    @property
    def active_phase(self) -> str:
        """The phase of the active form, or an empty text."""
        return self.active_form.removesuffix("_form")

    @property
    def question(self) -> Question | None:
        """The question that is open in the active form."""
        return open_question(self.case, self.tools) if self.active_form and not self.practising else None

    @property
    def practising(self) -> bool:
        """Whether a practice dialogue is played: what is typed is a line to its client."""
        return self.active_form == PRACTICE_FORM

    @property
    def pasted(self) -> bool:
        """Whether the message is a summary that was pasted; asked once, in the first call after it."""
        return bool(self.text) and self.fresh and not self.practising and is_pasted(self.case, self.text, self.tools)

    def receive_paste(self) -> None:
        """Take the pasted text into the case, or say that it comes too late; danger in it is asked about first."""
        if is_late(self.case):
            self.say(Say("plakken_te_laat"))
        triggers = triggers_in(self.tracker.latest_message)
        self.keep(received(self.case, self.text, triggers, self.tools))

    def say(self, *says: Say) -> None:
        """Send messages: replies by name, or texts of the data."""
        for say in map(self.services.replies.render, map(self._promised, says)):
            buttons = [{"title": choice.title, "payload": payload(choice)} for choice in say.choices]
            custom = dict(say.custom) if say.custom else {"kind": "rows", "rows": _rows(say)} if say.rows else None
            self.dispatcher.utter_message(text=say.text or None, buttons=buttons or None, json_message=custom)

    def _promised(self, say: Say) -> Say:
        """Fill in by when a question of a class is answered, and how long the conversation is kept after that: it is
        told as it is said, for it depends on the time."""
        if self.tools.desk is None or "klasse" not in say.values:
            return say
        moment = self.tools.desk.promised(say.values["klasse"], time.time())
        told = told_moment(datetime.fromtimestamp(moment, HERE))
        days = self.services.desk_answer_days
        kept = f"{days} dagen" if days > 1 else "een dag"
        return replace(say, values={**say.values, "belofte": told, "dagen": kept})

    def ask(self, question: Question) -> None:
        """Put a question; a list to tick goes out as a list."""
        if not question.tick:
            self.say(question.say)
            return
        say = self.services.replies.render(question.say)
        rows = [{"title": choice.title, "value": choice.value} for choice in say.choices if choice.intent == "keuze"]
        ways_on = tuple(choice for choice in say.choices if choice.intent != "keuze")
        card = {"kind": "tick", "text": say.text, "choices": rows, "submit": "Klaar"}
        self.say(Say(choices=ways_on, custom=card))

    def keep(self, case: Case) -> None:
        """Make this the case; it is written once, at the end of the turn."""
        self.case = case

    def set(self, slot: str, value: Any) -> None:
        """Set a slot."""
        self.events.append(SlotSet(slot, value))

    def leave_form(self) -> None:
        """End the active form without another question: what comes next is no answer to it."""
        if self.active_form:
            self.events += [ActiveLoop(None), SlotSet("requested_slot", None)]

    def go_on(self) -> None:
        """Go on where the conversation was, when there is a case with something left to ask or tell."""
        phase = current_phase(self.case, self.tools)
        if self.practising or (self.active_form and self.active_phase == phase):
            self.events.append(FollowupAction(self.active_form))
        elif self.going and phase != END:
            self.leave_form()
            self.next_phase()

    @property
    def going(self) -> bool:
        """Whether there is something to go on with."""
        return is_going(self.case, self.tools)

    def next_phase(self) -> None:
        """Go to the phase where the case stands; at the end, say what can be done now."""
        phase = current_phase(self.case, self.tools)
        if phase == END:
            self.say(Say("afgerond", choices=WAYS_ON))
            self.wait()
        else:
            self.events.append(FollowupAction("action_advies" if phase == ADVICE else f"{phase}_form"))

    @property
    def paused(self) -> bool:
        """Whether the message before this one asked for a pause: these words then answer the question that was open."""
        before = self._said[-2].get("parse_data") or {} if len(self._said) > 1 else {}
        return (before.get("intent") or {}).get("name") == "pauze"

    def answer_open_question(self) -> bool:
        """Give the words to the question that is to be asked now; returns False when there is none."""
        if not self.text or open_question(self.case, self.tools) is None:
            return False
        self.set(ANSWER, self.text)
        self.next_phase()
        return True

    def wait(self) -> None:
        """Wait for the user. Left open what follows a form, Rasa falls back and takes the user's last answer back."""
        self.events.append(FollowupAction("action_listen"))

    def finish(self) -> list[EventType]:
        """Return the events of this call; the case is among them only when it changed.

        What was typed at the item of a list is no story, whichever action took it.
        """
        if self.active_phase == LIST and self.text:
            self.case = without_story(self.before, self.case)
        self._tell_desk()
        self._count()
        slot = self.case.to_slot() if self.case.entries else None
        changed = slot != self.tracker.get_slot(CASE)
        return ([SlotSet(CASE, slot)] if changed else []) + self.events

    def _tell_desk(self) -> None:
        """Let the helpdesk know when what she told since she asked it something weighs more."""
        if self.case != self.before:
            self.case, news = graver(self.case, self.tools)
            if news:
                self.say(news)

    def _count(self) -> None:
        for name in newly_reached(self.before, self.case):
            self.services.count(Kind.REACHED, name)
        if outcome := newly_advised(self.before, self.case, self.tools):
            self.services.count(Kind.OUTCOME, outcome)

    @property
    def fresh(self) -> bool:
        """Whether no action ran yet since the user's message; the form that is being validated does not count."""
        events = list(self.tracker.events)
        last = max((at for at, event in enumerate(events) if event.get("event") == "user"), default=-1)
        names = [event.get("name") for event in events[last + 1 :] if event.get("event") == "action"]
        return all(name == self.active_form for name in names)

    @property
    def first(self) -> bool:
        """Whether the user's message is the first of the conversation."""
        return len(self._said) <= 1

    @property
    def repeated(self) -> bool:
        """Whether these are the same words as in the message before: who says it twice means it as the answer."""
        said = [event.get("text") for event in self._said]
        return bool(self.text) and len(said) > 1 and said[-1] == said[-2]

    @property
    def confidence(self) -> float:
        """How sure the intent is; a choice always is."""
        return float(self._intent.get("confidence") or 0.0) if self.text else 1.0

    @property
    def _said(self) -> list[dict[str, Any]]:
        """Every message of the user, this one last."""
        return [event for event in self.tracker.events if event.get("event") == "user"]

    @property
    def _intent(self) -> dict[str, Any]:
        return self.tracker.latest_message.get("intent") or {}

    def _long_silence(self) -> bool:
        """Whether the last message before this one came more than an hour ago; said once, in the first call."""
        times = [event["timestamp"] for event in self._said]
        return self.fresh and len(times) > 1 and times[-1] - times[-2] > LONG_SILENCE


def triggers_in(parse: Mapping[str, Any]) -> list[Trigger]:
    """What the safety net noticed in a parse, as far as it must be asked about."""
    danger = parse.get("danger") or {}
    return [Trigger(str(row["kind"]), str(row["quote"])) for row in danger.get("triggers") or [] if danger.get("acute")]


def _rows(say: Say) -> list[dict[str, Any]]:
    """What can be done with each row: in short, in full for who does not see it beside the row, and what it means."""
    return [
        {
            "text": row.text,
            "buttons": [
                {"title": choice.title, "full": f"{choice.title}: {row.text}", "payload": payload(choice)}
                for choice in row.choices
            ],
        }
        for row in say.rows
    ]


def payload(choice: Choice) -> str:
    """The payload of a quick reply; it only ever comes back by the id that `web` handed out for it."""
    return f"/{choice.intent}" + (json.dumps({"keuze": choice.value}, ensure_ascii=False) if choice.value else "")
