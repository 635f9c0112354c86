"""The forms of the phases of a case, and the advice between them."""

from __future__ import annotations

from actions.base import Digression, PhaseForm, PluisAction
from actions.turn import SURE, Turn
from bot.case import (
    ADVISED,
    BEGIN,
    HELPDESK,
    SAID,
    SINCE,
    Case,
    Choice,
    Entry,
    Say,
    advice_messages,
    advised,
    after_talk,
    asks_for_sheet,
    begun,
    folded,
    taken_back,
    told,
)

TOLD_MUCH = 8  # words about the talk that need no further question
COMES_BACK = 14  # in a new conversation, more words than these are a story
OF_A_SHEET = ("samenvatting", "verslag", "plak", "document", "tekst")


class BeginAction(PluisAction):
    """A case begins: with a story, with a feeling, or with a choice from the welcome."""

    action_name = "action_begin"

    def act(self, turn: Turn) -> None:
        """Take what was told into the case, and go to the phase where it stands."""
        if turn.paused and turn.answer_open_question():
            return
        new = not turn.case.begun
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


class HelpdeskForm(PhaseForm):
    """Handing a question to the helpdesk."""

    phase = HELPDESK

    def act(self, turn: Turn) -> None:
        """Take a step, whichever way led here; who is no professional is asked for none."""
        if turn.desk is None:
            turn.keep(taken_back(turn.case))
        super().act(turn)


class PasteForm(PhaseForm):
    """Going on from a summary that she pastes."""

    phase = "plakken"


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
            turn.say(Say("nog_niets", choices=(Choice("Ik heb een samenvatting", intent="gesprek_gehad"),)))
        turn.go_on()


class TalkedAction(Digression):
    """She comes back after the talk: what was said and what changed is weighed again. Without a case of hers that is
    still kept, she can paste the summary of the conversation before."""

    action_name = "action_gesprek_gehad"

    def handle(self, turn: Turn) -> None:
        """Before any advice there is no talk to come back from: the words are an answer, or story."""
        if ADVISED in turn.case.asked or (turn.case.lines and not turn.text):
            super().handle(turn)
        elif turn.question:
            self.give_to_form(turn)
        elif self._comes_back(turn):
            talked = not any(word in folded(turn.text) for word in OF_A_SHEET)
            turn.keep(asks_for_sheet(turn.case, talked=talked and bool(turn.text)))
            turn.next_phase()
        else:
            BeginAction().act(turn)

    def _comes_back(self, turn: Turn) -> bool:
        """Whether nothing was told yet, and the words surely say that there was a conversation before."""
        new = not turn.case.lines and not turn.case.facts
        return new and turn.confidence >= SURE and len(turn.text.split()) <= COMES_BACK

    def act(self, turn: Turn) -> None:
        """Open the case again for what the talk brought."""
        tells = len(turn.text.split()) > TOLD_MUCH
        back = Entry(question=BEGIN, asked="Terug na het gesprek")
        turn.keep(after_talk(turn.case, turn.tools, back, asks=SINCE if tells else SAID))
        if tells:
            turn.keep(_told(turn.case, turn))
        turn.leave_form()
        turn.say(Say("na_gesprek"))
        turn.next_phase()


def _told(case: Case, turn: Turn) -> Case:
    """Take what she tells of the talk at once; the fact list holds more then."""
    entry = told(case, BEGIN, turn.text, turn.tools)
    fields = {"fact_list": ""} if entry.lines else {}
    return case.add(entry.model_copy(update={"fields": fields, "follows": True}))
