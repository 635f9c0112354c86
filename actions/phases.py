"""The forms of the phases of a case, and the advice between them."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Digression, PhaseForm, PluisAction
from actions.turn import ANSWER, Turn
from bot.case import ADVISED, AFTER_TALK, BEGIN, Entry, Say, advice_messages, advised, begun, told

TOLD_MUCH = 8  # words about the talk that need no further question


class BeginAction(PluisAction):
    """A case begins: with a story, with a feeling, or with a choice from the welcome."""

    action_name = "action_begin"

    def act(self, turn: Turn) -> None:
        """Take what was told into the case, and go to the phase where it stands."""
        if turn.paused and turn.answer_open_question():
            return
        new = not turn.case.entries
        if turn.text:
            turn.keep(begun(turn.case, turn.intent, turn.text, turn.tools))
        elif new:
            turn.keep(turn.case.add(Entry(question="begin", silent=True)))
        if turn.intent == "onthulling":
            turn.say(Say("begin_onthulling"))
        elif new:
            turn.say(Say("begin"))
        elif turn.text:
            turn.say(Say("genoteerd"))
        turn.next_phase()


class IntakeForm(PhaseForm):
    """Phase 0."""

    phase = "kennismaking"


class FeelingForm(PhaseForm):
    """Phase 1."""

    phase = "gevoel"


class FactsForm(PhaseForm):
    """Phase 2."""

    phase = "feiten"


class WeighingForm(PhaseForm):
    """Phase 3."""

    phase = "weging"


class AdviceAction(PluisAction):
    """Phase 4: the advice with its reasons and sources."""

    action_name = "action_advies"

    def act(self, turn: Turn) -> None:
        """Tell the advice, and ask what she decides."""
        turn.say(*advice_messages(turn.case, turn.tools))
        turn.keep(advised(turn.case))
        turn.next_phase()


class DecisionForm(PhaseForm):
    """Phase 4, the user's own choice."""

    phase = "besluit"


class TalkPlanForm(PhaseForm):
    """Phase 5."""

    phase = "opzet"


class ClosingForm(PhaseForm):
    """Phase 6."""

    phase = "afronding"


class SummaryAction(Digression):
    """The summary, to download; nothing of it is kept on the server."""

    action_name = "action_samenvatting"
    command = True

    def act(self, turn: Turn) -> None:
        """Offer the summary when there is something to sum up."""
        if turn.case.lines or turn.case.facts:
            turn.say(Say("samenvatting"), Say(custom={"kind": "summary"}))
        else:
            turn.say(Say("nog_niets"))
        turn.go_on()


class TalkedAction(Digression):
    """She comes back after the talk: what was said and what changed is weighed again."""

    action_name = "action_gesprek_gehad"

    def handle(self, turn: Turn) -> None:
        """Before any advice there is no talk to come back from: the words are an answer, or story."""
        if not turn.text or ADVISED in turn.case.asked:
            super().handle(turn)
        elif turn.question:
            turn.events += [SlotSet(ANSWER, turn.text), FollowupAction(turn.active_form)]
        else:
            BeginAction().act(turn)

    def act(self, turn: Turn) -> None:
        """Open the case again for what the talk brought."""
        facts = {"talked_with_client": "yes"}
        if turn.case.is_yes("danger_now"):
            facts["danger_now"] = "unknown"
        asks = bool(turn.case.lines) and len(turn.text.split()) <= TOLD_MUCH
        fields = {"advised": "", "enough": "", "fact_list": "", "talk": "open" if asks else ""}
        turn.keep(turn.case.add(Entry(question=AFTER_TALK, facts=facts, fields=fields, silent=True)))
        if turn.text and not asks:
            turn.keep(turn.case.add(told(turn.case, BEGIN, turn.text, turn.tools)))
        turn.leave_form()
        turn.say(Say("na_gesprek"))
        turn.next_phase()
