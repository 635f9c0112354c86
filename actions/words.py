"""The words a user can say at any moment; each does its work and the conversation goes on where it was."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction

from actions.base import Digression, text_of
from actions.turn import GO_ON, Turn
from bot.case import (
    ADVISED,
    ENOUGH,
    HELPDESK,
    LIST,
    Case,
    Choice,
    Entry,
    Say,
    carried,
    current_phase,
    fact_list_text,
    is_passed_on,
    left,
    meldcode_text,
    plan_messages,
    plan_shown,
    step_back,
    taken_back,
    told,
)
from bot.markdown import literal

SHOWN = 6
QUESTION = "vraag"


class WelcomeAction(Digression):
    """A greeting: the welcome at the start, a short word after it."""

    action_name = "action_welkom"

    def act(self, turn: Turn) -> None:
        """Say what Pluis is and does, and offer the ways in."""
        if turn.going:
            turn.say(Say("groet"))
            turn.go_on()
        elif turn.text and not turn.first:
            turn.say(Say("groet_begin"), Say("welkom_keuzes"))
        else:
            turn.say(Say("welkom"), Say("welkom_keuzes"))


class HelpAction(Digression):
    """What can be said here."""

    action_name = "action_help"
    in_practice = frozenset({"help"})
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Tell the words that always work; who came with a question is asked for it."""
        turn.say(Say("vraag_stellen" if turn.choice == QUESTION else "help"))
        turn.go_on()


class OverviewAction(Digression):
    """Where we are: the fact list, the answers so far and, once advised, the steps of the meldcode."""

    action_name = "action_overzicht"
    command = True

    def act(self, turn: Turn) -> None:
        """Show what is known."""
        if not turn.case.entries:
            turn.say(Say("nog_niets"))
            return
        rows = [entry for entry in turn.case.entries if entry.facts or entry.fields or not entry.lines]
        answers = [f"- {literal(entry.shown)}" for entry in rows if entry.shown]
        blocks = [fact_list_text(turn.case), "**Je antwoorden**\n" + "\n".join(answers) if answers else ""]
        blocks.append(meldcode_text(turn.case, turn.tools) if ADVISED in turn.case.asked else "")
        turn.say(Say("overzicht", values={"overzicht": "\n\n".join(block for block in blocks if block)}))
        turn.go_on()


class BackAction(Digression):
    """Takes the last answer back, with all that followed from it."""

    action_name = "action_terug"
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Undo, and ask again."""
        if current_phase(turn.case, turn.tools) == HELPDESK:
            self._step_back(turn)
            return
        before, undone = turn.case.undo()
        if undone is None:
            turn.say(Say("niets_terug"))
            turn.go_on()
            return
        turn.keep(carried(turn.case, before))
        if undone.taken is not None:
            turn.say(Say("terug_verbeteren", values={"vraag": undone.taken.asked}))
        else:
            turn.say(Say("terug", values={"vraag": undone.asked or "je laatste bericht"}))
        self._ask_again(turn)

    def _step_back(self, turn: Turn) -> None:
        """On the way to the helpdesk it is the last step that is taken back, and before the first the way itself."""
        before, about = step_back(turn.case)
        turn.keep(before)
        turn.say(Say("terug", values={"vraag": about}) if about else Say("helpdesk_niet_gestuurd"))
        self._ask_again(turn)

    def _ask_again(self, turn: Turn) -> None:
        turn.leave_form()
        if turn.going:
            turn.next_phase()
        else:
            turn.say(Say("welkom_keuzes"))


class CorrectAction(Digression):
    """Corrects an earlier answer: the user picks which, and it is asked again."""

    action_name = "action_corrigeren"
    command = True

    def act(self, turn: Turn) -> None:
        """Offer the last answers, or take the chosen one back."""
        rows = [(at, turn.case.entries[at]) for at in turn.case.correctable]
        chosen = next(((at, entry) for at, entry in rows if turn.choice == _value(at, entry)), None)
        if chosen:
            turn.keep(turn.case.reopen(chosen[0]))
            turn.say(Say("terug", values={"vraag": chosen[1].asked}))
            turn.leave_form()
            turn.next_phase()
        elif not rows:
            turn.say(Say("niets_terug"))
            turn.go_on()
        else:
            choices = [Choice(_short(entry.shown), _value(at, entry), "corrigeren") for at, entry in rows[-SHOWN:]]
            turn.say(Say("corrigeren", choices=(*choices, Choice("Toch niets", intent="herhaal"))))
            turn.leave_form()


class WhyAction(Digression):
    """“Waarom vraag je dit?”"""

    action_name = "action_waarom"
    command = True

    def act(self, turn: Turn) -> None:
        """Tell why the open question is asked, and ask it again."""
        question = turn.question
        general = "waarom_helpdesk" if turn.active_phase == HELPDESK else "waarom"
        turn.say(Say(text=question.why) if question and question.why else Say(general))
        turn.go_on()


class RepeatAction(Digression):
    """Repeats the open question; after a stop or a pause it is the way back in."""

    action_name = "action_herhaal"
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Go on where the conversation was."""
        if turn.intent == "niet_begrepen":
            turn.say(Say("niet_begrepen"))
        if not turn.going:
            turn.say(Say("welkom_keuzes"))
        elif turn.active_form:
            turn.go_on()
        else:
            turn.next_phase()


class AdviceNowAction(Digression):
    """Enough questions: the advice on what is known."""

    action_name = "action_advies_nu"
    command = True

    def act(self, turn: Turn) -> None:
        """Skip what is left to ask, when there is something to advise on."""
        if not (turn.case.lines or turn.case.facts):
            turn.say(Say("nog_niets"))
            turn.go_on()
            return
        turn.keep(turn.case.add(Entry(question=ENOUGH, fields={"enough": "yes"}, silent=True)))
        turn.leave_form()
        phase = current_phase(turn.case, turn.tools)
        if phase == "weging":
            turn.say(Say("advies_eerst"))
        if phase in ("gevaar", "weging", HELPDESK):
            turn.next_phase()
        else:
            turn.events.append(FollowupAction("action_advies"))


class TalkSetupAction(Digression):
    """Asked for the plan of the talk at any moment."""

    action_name = "action_gespreksopzet"
    command = True

    def act(self, turn: Turn) -> None:
        """Show the plan on what is known now."""
        if turn.case.lines or turn.case.facts:
            turn.say(*plan_messages(turn.case, turn.tools))
            turn.keep(plan_shown(turn.case))
        else:
            turn.say(Say("opzet_eerst_vertellen"))
        turn.go_on()


class StopAction(Digression):
    """Stops or pauses; what was told stays as long as it is kept. After a pause the next words answer the question.

    At a list, or on the way to the helpdesk, a stop means that: only the next one is for the conversation.
    """

    action_name = "action_stop"
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Leave the list, the way to the helpdesk, or the conversation with the ways on."""
        pauses = turn.intent == "pauze"
        if turn.active_phase in (LIST, HELPDESK) and not pauses:
            listed = turn.active_phase == LIST
            turn.keep(left(turn.case) if listed else taken_back(turn.case))
            turn.say(Say("lijst_weg" if listed else "helpdesk_niet_gestuurd"))
            turn.events.append(FollowupAction(turn.active_form))  # that is not open any more: it goes on to what is
            return
        hours = str(turn.services.conversation_hours)
        summary = (Choice("Samenvatting", intent="samenvatting"),) if turn.case.lines else ()
        wipe = Choice("Wis dit gesprek", intent="wis_gesprek")
        turn.say(Say("pauze" if pauses else "stop", values={"uren": hours}, choices=(GO_ON, *summary, wipe)))
        turn.leave_form()


class NewCaseAction(Digression):
    """A new case, or the same one from the start; what was told is let go, so it is asked first."""

    action_name = "action_nieuwe_casus"
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Ask, then start again; the profession stays."""
        if turn.choice != "ja" and turn.case.lines:
            yes = Choice("Ja, begin opnieuw", "ja", "nieuwe_casus")
            summary = Choice("Eerst de samenvatting", intent="samenvatting")
            turn.say(Say("nieuwe_casus_zeker", choices=(yes, summary, Choice("Nee, ga verder", intent="herhaal"))))
            turn.leave_form()
            return
        turn.keep(carried(turn.case, turn.case.renewed()))
        turn.leave_form()
        turn.say(Say("nieuwe_casus"), Say("welkom_keuzes"))


class WipeAction(Digression):
    """Wipes the conversation everywhere, after asking once."""

    action_name = "action_wis_gesprek"
    in_practice = frozenset({"wis", "wis alles", "wis dit gesprek"})
    command = way_out = True

    def act(self, turn: Turn) -> None:
        """Ask, then hand the wiping to `web`, which deletes here too."""
        if turn.choice == "ja":
            turn.keep(Case())
            turn.say(Say(custom={"kind": "wipe"}))
        else:
            yes = Choice("Ja, wis alles", "ja", "wis_gesprek")
            turn.say(Say("wis_zeker", choices=(yes, Choice("Nee, ga verder", intent="herhaal"))))
        turn.leave_form()


class BothPresentAction(Digression):
    """“Ik zit nu met allebei”: the card, at once. Who then says the same again meant it as her answer."""

    action_name = "action_met_allebei"
    command = True
    even_when_long = True

    def act(self, turn: Turn) -> None:
        """Show the card and wait; nobody can answer questions now."""
        if turn.repeated and turn.answer_open_question():
            return
        turn.say(
            Say(text=text_of(turn, "card_both_present"), choices=(Choice("Ik ben weer alleen", intent="herhaal"),))
        )
        if not turn.case.begun:
            turn.keep(turn.case.add(Entry(question="begin", silent=True)))
        turn.leave_form()


class FeelingAction(Digression):
    """The user's own feeling: thanked for, and set apart."""

    action_name = "action_gevoel"

    def act(self, turn: Turn) -> None:
        """Set the feeling apart in the case; begin one when there is none."""
        entry = told(turn.case, "gevoel.eigen", turn.text, turn.tools, asked="Jouw gevoel")
        if len(entry.lines) == 1 and not is_passed_on(turn.text):  # a single clause was taken for a feeling as a whole
            entry = entry.model_copy(update={"lines": [entry.lines[0].model_copy(update={"kind": "feeling"})]})
        turn.keep(turn.case.add(entry))
        turn.say(Say("gevoel_apart"))
        turn.go_on()


def _value(at: int, entry: Entry) -> str:
    """What stands for an answer in a choice: the case may have changed when it comes back."""
    return f"{at} {entry.question}"


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:70].rsplit(" ", 1)[0] + " …"
