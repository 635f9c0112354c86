"""Someone else writes (a victim, a perpetrator, a bystander, a minor, a professional about herself),
and the questions about Pluis itself: fixed texts, in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rasa_sdk.events import FollowupAction

from actions.base import Digression, PluisAction, text_of
from actions.knowledge import UNANSWERED
from actions.turn import ABOUT_HERSELF, GO_ON, SURE, WRITER, Turn, triggers_in
from bot.case import (
    BEGIN,
    LIST,
    STORY_WORDS,
    Case,
    Choice,
    Given,
    Say,
    Trigger,
    asked,
    begun,
    came_back,
    carried,
    current_phase,
    interrupt,
    is_opened,
    is_sent,
    named_self,
    offers_person,
    opened,
    plain_words,
    quoted,
    take,
    taken_back,
    told,
    with_net,
)
from bot.helpdesk import Ground

MINOR = "minderjarige_schrijft"
TEXTS = {
    "slachtoffer_schrijft": "victim",
    "pleger_schrijft": "perpetrator",
    "omstander_schrijft": "bystander",
    MINOR: "minor",
    ABOUT_HERSELF: "professional_self",
}
THREATENED = "professional_bedreigd"
KEPT = {THREATENED: "professional_threatened", "belgie": "belgium", "ander_geweld": "scope"}
FIXED = {"collega_oneens": "colleague_disagrees"}
ABOUT_CLIENT, ABOUT_SELF = "client", "zelf"
OWN_SAFETY = "own_safety_threatened"
CALLED, WITHDRAW = "gebeld", "intrekken"
GROUNDS = {UNANSWERED: Ground.UNANSWERED, "gemist": Ground.MISSED, CALLED: Ground.DANGER}
DECIDING = "besluit"  # the phase right after the advice
ASKS_ALREADY = 8  # more words than these, in asking for a person, are her question
NO_PROFESSIONAL = 0.8  # in the middle of a professional's story it must be surer than at the start


class SomeoneElseAction(Digression):
    """No case is made of what someone writes about herself; she can wipe it at once.

    In a case that was begun the words may be a client's: then it is asked, and nothing is let go before the answer.
    """

    action_name = "action_iemand_anders"
    at_least = NO_PROFESSIONAL
    even_when_long = True

    def act(self, turn: Turn) -> None:
        """Say the text for who writes, or ask who does; take the words as story when they are someone else's."""
        if turn.choice == ABOUT_CLIENT:
            turn.set(WRITER, None)
            _take_as_story(turn, *turn.typed_before)
        elif turn.intent == MINOR and not turn.case.lines and named_self(turn.text, turn.tools.professions):
            _take_as_story(turn, turn.text, triggers_in(turn.tracker.latest_message))  # no child has a profession
        elif turn.case.lines and turn.choice != ABOUT_SELF:
            ways = (
                Choice("Mijn cliënt zei dit", ABOUT_CLIENT, turn.intent),
                Choice("Dit gaat over mij", ABOUT_SELF, turn.intent),
            )
            turn.say(Say("wie_schrijft", choices=ways))
            turn.leave_form()
        else:
            mistaken = Choice("Nee, ik ben professional", ABOUT_CLIENT, turn.intent)
            wipe = Choice("Wis dit gesprek", "ja", "wis_gesprek")
            turn.say(Say(text=text_of(turn, TEXTS[turn.intent]), choices=(wipe, mistaken)))
            turn.keep(carried(turn.case, Case()))
            turn.set(WRITER, turn.intent)
            turn.leave_form()


def _take_as_story(turn: Turn, text: str, triggers: Sequence[Trigger]) -> None:
    """Go on with the words that were taken for the user's own: danger in them is asked about first."""
    if not text:
        turn.go_on()
    elif triggers:
        turn.keep(interrupt(turn.case, _walking(turn), Given(text), triggers, turn.tools))
        turn.events.append(FollowupAction("gevaar_form"))
    elif _walking(turn):
        step = take(turn.case, LIST, Given(text), 0, turn.tools)
        turn.keep(step.case)
        turn.say(*step.says)
        turn.next_phase()
    elif text == turn.text:
        turn.keep(begun(turn.case, turn.intent, text, turn.tools))
        turn.next_phase()
    else:
        turn.keep(quoted(turn.case, text, turn.tools))
        turn.next_phase()


def _walking(turn: Turn) -> str:
    """The phase of the list, while one is walked: what was typed there is a note, and no story."""
    return LIST if current_phase(turn.case, turn.tools) == LIST else ""


class FixedTextAction(Digression):
    """A text of the tables that stands beside the case; what was written with it is part of the story."""

    action_name = "action_vaste_tekst"
    even_when_long = True
    stricter: ClassVar = {"ander_geweld": 0.9}  # in the middle of a question it is seldom the whole case

    def is_command(self, turn: Turn) -> bool:
        """A threatened professional is heard at every question."""
        return turn.intent == THREATENED

    def _is_answer(self, turn: Turn) -> bool:
        """Whether the words answer the open question: a few words (“een kind”) do; they tell no whole case."""
        choosing = turn.question is not None and not turn.question.open
        few = turn.intent in self.stricter and len(turn.text.split()) < STORY_WORDS
        return (choosing and few) or super()._is_answer(turn)

    def act(self, turn: Turn) -> None:
        """Say the text, keep the words, and go on; a threatened professional decides when to go on.

        The threat is a fact when her words are plain, or their sense is clear; what is a guess is asked in its turn.
        """
        threatened = turn.intent == THREATENED
        ways = (Choice("Ga verder", intent="herhaal"),) if threatened else ()
        turn.say(Say(text=text_of(turn, KEPT[turn.intent]), choices=ways))
        if turn.text and turn.intent != "belgie":
            entry = told(turn.case, BEGIN, turn.text, turn.tools)
            update = {"hints": {OWN_SAFETY: turn.text, **entry.hints}} if threatened else {}
            if threatened and (turn.confidence >= SURE or OWN_SAFETY in plain_words(turn.text, turn.tools)):
                update["facts"] = {OWN_SAFETY: "yes"}
            turn.keep(turn.case.add(entry.model_copy(update=update)))
        if threatened:
            turn.leave_form()
        elif turn.going:
            turn.go_on()
        else:
            turn.say(Say("welkom_keuzes"))


class PersonAction(Digression):
    """Who can be spoken to: a person, by telephone; where there is a helpdesk, also there.

    Whoever wrote as someone else than a professional is told where help is, and not put in a queue.
    """

    action_name = "action_mens_spreken"
    in_practice = frozenset({"ik wil een mens spreken", "een mens spreken", "mens spreken"})
    at_least = 0.97  # “overleggen met een collega” is as often an answer
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Say whom to call, and open the way to the helpdesk; asked again on that way, go on with it."""
        if turn.choice == WITHDRAW:
            turn.say(Say(custom={"kind": "handover", "withdraw": True}))
            turn.keep(taken_back(turn.case))
            turn.go_on()
            return
        way, _, words = (turn.choice or "").partition("|")
        if turn.desk and is_sent(turn.case):
            turn.say(Say("helpdesk_staat_al", choices=(Choice("Trek mijn vraag in", WITHDRAW, turn.intent), GO_ON)))
            turn.leave_form()
            return
        on_its_way = turn.desk is not None and is_opened(turn.case) and not words and way != CALLED
        if way != CALLED and not on_its_way:
            turn.say(Say(text=text_of(turn, "person_offered")))
        if turn.desk is None:
            turn.go_on()
            return
        if not on_its_way:
            self._open(turn, way)
        if words or len(turn.text.split()) > ASKS_ALREADY:
            turn.keep(asked(turn.case, words or turn.text, turn.tools))
        turn.leave_form()
        turn.next_phase()

    def _open(self, turn: Turn, way: str) -> None:
        """Begin with why she asks, and with what is known already when she called."""
        called = way == CALLED
        asks = text_of(turn, "helpdesk_after_call") if called else ""
        ground = GROUNDS.get(way) or (Ground.ADVISED if _was_advised(turn) else Ground.ASKED)
        turn.keep(with_net(opened(turn.case, ground, called=called, asks=asks), turn.net))


def _was_advised(turn: Turn) -> bool:
    """Whether the advice that she now decides on says to speak with someone."""
    deciding = current_phase(turn.case, turn.tools) == DECIDING
    return deciding and offers_person(turn.case, turn.tools)


class BackFromDeskAction(PluisAction):
    """A person closed her question: Pluis goes on where the conversation was."""

    action_name = "action_helpdesk_terug"

    def act(self, turn: Turn) -> None:
        """Keep what the person found, and go on."""
        turn.keep(came_back(turn.case, turn.choice or ""))
        turn.leave_form()
        if turn.going:
            turn.next_phase()
        else:
            turn.say(Say("welkom_keuzes"))


class SmallTalkAction(Digression):
    """Short replies that need no case: who Pluis is, what it keeps, thanks, goodbye, what it is not for."""

    action_name = "action_praatje"
    stricter: ClassVar = {"buiten_domein": 0.9, "bedanken": 0.9}

    def act(self, turn: Turn) -> None:
        """Say the reply that bears the intent's name, and go on."""
        fixed = FIXED.get(turn.intent)
        hours = {"uren": str(turn.services.conversation_hours)}
        turn.say(Say(text=text_of(turn, fixed)) if fixed else Say(turn.intent, values=hours))
        if not turn.going and turn.intent in ("buiten_domein", "andere_taal", "wie_ben_je", "privacy_vraag"):
            turn.say(Say("welkom_keuzes"))
        elif turn.intent != "afscheid":
            turn.go_on()
