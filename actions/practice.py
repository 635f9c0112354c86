"""Practice dialogues in the conversation: one is chosen, then each line goes to `bot.practice`, which says how it
lands. No case is made of what is said here; danger in it is asked about: is this practice, or real?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from rasa_sdk.events import FollowupAction

from actions.base import Digression, PluisAction
from actions.turn import ANSWER, PRACTICE, PRACTICE_FORM, Turn
from bot.case import Choice, Given, Say, Trigger, folded, interrupt
from bot.markdown import literal
from bot.practice import (
    Dialogue,
    Do,
    Option,
    Session,
    Step,
    kept,
    quoted,
    report,
    restored,
    shown,
    shows_options,
    stepped,
)
from bot.practice import Turn as Moment

GO_ON, AGAIN, OTHER = "verder", "opnieuw", "ander"  # with the intent that begins
NONE, OPTION = "geen", "optie:"  # with an answer
REAL, ONLY_PRACTICE = "echt", "oefening"
# What can be said in the middle of a dialogue, beside a line to the client; some are values of buttons too.
STEPS: Final[Mapping[str, Do]] = {
    "tip": "hint",
    "hint": "hint",
    "keuzes": "options",
    "toon antwoorden": "options",
    "terug": "back",
    "stap terug": "back",
    "opnieuw": "again",
    "herhaal": "show",
}
PAUSES: Final = frozenset({"pauze", "stop", "stoppen", "stop met oefenen"})
WAYS = (Choice("Toon antwoorden", "keuzes"), Choice("Tip", "tip"), Choice("Stap terug", "terug"))
ELSEWHERE = (Choice("Een ander gesprek", OTHER, "oefenen"), Choice("Terug naar Pluis", intent="herhaal"))
WAYS_BACK = (Choice("Verder met oefenen", GO_ON, "oefenen"), *ELSEWHERE)
AFTER = (Choice("Opnieuw", AGAIN, "oefenen"), *ELSEWHERE)


@dataclass(frozen=True)
class Playing:
    """A play as the conversation keeps it, with words that may be real while that is asked."""

    session: Session
    words: str = ""
    triggers: tuple[Trigger, ...] = ()

    @classmethod
    def from_slot(cls, slot: Any) -> Playing | None:
        """Read the slot; None when nothing is played, or it cannot be read."""
        row = slot if isinstance(slot, dict) else {}
        session = restored(row.get("session"))
        triggers = tuple(Trigger(kind, quote) for kind, quote in row.get("triggers") or ())
        return cls(session, str(row.get("words") or ""), triggers) if session else None

    def to_slot(self) -> dict[str, Any]:
        """Return it as the slot keeps it."""
        triggers = [[trigger.kind, trigger.quote] for trigger in self.triggers]
        return {"session": kept(self.session), "words": self.words, "triggers": triggers}


class PracticeAction(Digression):
    """Offers the dialogues, begins the one that is chosen, or goes on with one that was left."""

    action_name = "action_oefenen"

    def act(self, turn: Turn) -> None:
        """Begin, go on, or offer."""
        turn.services.listener.warm()
        playing = Playing.from_slot(turn.tracker.get_slot(PRACTICE))
        left = turn.services.dialogues.get(playing.session.dialogue) if playing else None
        if playing and left and turn.choice == GO_ON:
            self._begin(turn, playing)
        elif playing and left and turn.choice == AGAIN:
            self._begin(turn, replace(playing, session=Session(left.id)))
        elif dialogue := turn.services.dialogues.get(turn.choice or ""):
            values = {"titel": dialogue.title, "jij": dialogue.you, "situatie": dialogue.situation}
            turn.say(Say("oefenen_begin", values=values))
            begun = Session(dialogue.id)  # words that may be real are asked about, whatever is played
            self._begin(turn, replace(playing, session=begun) if playing else Playing(begun))
        elif playing and left and turn.choice != OTHER and _is_underway(left, playing.session):
            turn.say(Say("oefenen_verder", values={"titel": left.title}, choices=WAYS_BACK))
            turn.leave_form()
        else:
            self._offer(turn)

    def _begin(self, turn: Turn, playing: Playing) -> None:
        turn.set(PRACTICE, playing.to_slot())
        turn.leave_form()
        turn.set(ANSWER, None)
        turn.events.append(FollowupAction(PRACTICE_FORM))

    def _offer(self, turn: Turn) -> None:
        dialogues = turn.services.dialogues.values()
        told = "\n".join(f"- **{one.title}** ({one.minutes} minuten). {one.about}" for one in dialogues)
        choices = tuple(Choice(one.title, one.id, "oefenen") for one in dialogues)
        turn.say(Say("oefenen_kies", values={"gesprekken": told}, choices=choices))
        turn.leave_form()


class PracticeForm(PluisAction):
    """Takes each line of a dialogue, says how it landed and what the client says then."""

    action_name = "validate_oefen_form"

    def act(self, turn: Turn) -> None:
        """Take what was said, and show where the dialogue stands."""
        answered = turn.tracker.get_slot(ANSWER) is not None
        if turn.fresh and not answered and turn.active_form:
            return  # no answer: the rules decide, and the form is asked again later
        playing = Playing.from_slot(turn.tracker.get_slot(PRACTICE))
        dialogue = turn.services.dialogues.get(playing.session.dialogue) if playing else None
        turn.set(ANSWER, None)
        if playing is None or dialogue is None:
            turn.say(Say("oefenen_weg"))
            self._leave(turn)
        elif answered and folded(turn.text) in PAUSES:
            self._pause(turn)  # words that may be real wait, and are asked about again
        elif playing.words:
            self._decide(turn, dialogue, playing, answered=answered)
        else:
            self._play(turn, dialogue, playing.session, _step(turn.given) if answered else Step("show"))

    def _decide(self, turn: Turn, dialogue: Dialogue, playing: Playing, *, answered: bool) -> None:
        """Ask whether words that point at danger are practice or real, and go on with them as that."""
        said = (turn.given.choice or _meant(turn.text)) if answered else ""
        if said == REAL:
            turn.set(PRACTICE, replace(playing, words="", triggers=()).to_slot())
            given = Given(playing.words)
            turn.keep(interrupt(turn.case, "", given, playing.triggers, turn.tools))
            turn.leave_form()
            turn.events.append(FollowupAction("gevaar_form"))
        elif said == ONLY_PRACTICE:
            self._play(turn, dialogue, playing.session, Step("say", playing.words))
        else:
            turn.say(asks_real(playing))
            turn.set("requested_slot", ANSWER)

    def _play(self, turn: Turn, dialogue: Dialogue, before: Session, step: Step) -> None:
        """Take a step, say how it landed and what the client says then; and wait for the next one."""
        session, now = stepped(dialogue, before, step, turn.services.listener)
        turn.set(PRACTICE, Playing(session).to_slot())
        turn.set("requested_slot", ANSWER)
        if now.changed:
            turn.say(Say("oefenen_veranderd"))
        elif step.do == "hint":
            turn.say(Say("oefenen_tip", values={"tip": now.hint}) if now.hint else Say("oefenen_geen_tip"))
        if session.asked is not None:
            turn.say(Say("oefenen_bedoel", choices=(*_choices(now.options), Choice("Geen van deze", NONE))))
            return
        if now.feedback and session != before:
            turn.say(_landed(now))
        if now.ending is not None:
            turn.say(Say(text=quoted(now.says)), *map(_part, report(dialogue, session.moves, turn.tools.sources)))
            turn.say(Say("oefenen_klaar", choices=AFTER), Say(custom={"kind": "practice"}))
            self._leave(turn)
        elif shows_options(session, step):
            turn.say(Say(text=quoted(now.says)), Say("oefenen_keuzes", choices=_choices(now.options)))
        else:
            turn.say(Say(text=quoted(now.says), choices=WAYS if session.moves else WAYS[:-1]))

    def _pause(self, turn: Turn) -> None:
        turn.say(Say("oefenen_pauze", choices=WAYS_BACK))
        self._leave(turn)

    def _leave(self, turn: Turn) -> None:
        turn.set("requested_slot", None)
        turn.leave_form()
        turn.wait()


def _is_underway(dialogue: Dialogue, session: Session) -> bool:
    session, now = shown(dialogue, session)
    return bool(session.moves) and now.ending is None


def asks_real(playing: Playing) -> Say:
    """Ask whether words that point at danger are practice or real."""
    ways = (Choice("Dit is echt", REAL), Choice("Het is oefening", ONLY_PRACTICE))
    return Say("oefening_of_echt", values={"quote": literal(playing.triggers[0].quote)}, choices=ways)


def _meant(text: str) -> str:
    """Return whether typed words say real or practice; empty when they say neither, or both."""
    words = set(folded(text).split())
    real = bool(words & {"echt", "serieus"}) and not words & {"niet", "nee"}
    practice = bool(words & {"oefening", "oefenen", "oefen", "verzonnen"}) and not words & {"niet", "geen", "nee"}
    return REAL if real and not practice else ONLY_PRACTICE if practice and not real else ""


def _step(given: Given) -> Step:
    """Return what was pressed or typed as a step."""
    if given.choice == NONE:
        return Step("none")
    if given.choice and given.choice.startswith(OPTION):
        return Step("choose", option=given.choice.removeprefix(OPTION))
    return Step(STEPS.get(given.choice or folded(given.text), "say"), given.text)


def _choices(options: Iterable[Option]) -> tuple[Choice, ...]:
    return tuple(Choice(option.examples[0], OPTION + option.id) for option in options)


def _landed(now: Moment) -> Say:
    understood = f"*Zo begreep ik je ({now.sure}):* {literal(now.understood)}" if now.understood else ""
    thought = f"*Gedachte:* {now.thought}" if now.thought else ""
    return Say("oefenen_landde", values={"feedback": "\n\n".join(filter(None, (understood, now.feedback, thought)))})


def _part(text: str) -> Say:
    return Say(text=text)
