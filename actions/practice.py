"""Practice dialogues in the conversation: one is chosen, then each line goes to `bot.practice`, which says how it
lands. No case is made of what is said here; danger in it is asked about: is this practice, or real?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
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
from bot.studio import Playable

# With the intent that begins, beside the id of a dialogue, which has no colon.
GO_ON, AGAIN, OTHER, MORE = ":verder", ":opnieuw", ":ander", ":meer:"
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
OFFERED: Final = 15  # dialogues in one reply, of which a card of Teams still holds the buttons
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
        playing, chosen = Playing.from_slot(turn.tracker.get_slot(PRACTICE)), turn.choice or ""
        playable = turn.services.playable()
        if playing and chosen == GO_ON:
            self._begin(turn, playing)
        elif playing and chosen == AGAIN:
            self._begin(turn, replace(playing, session=Session(playing.session.dialogue)))
        elif dialogue := playable.find(chosen):
            values = {"titel": literal(dialogue.title), "jij": dialogue.you, "situatie": dialogue.situation}
            turn.say(Say("oefenen_begin", values=values))
            begun = Session(dialogue.id)  # words that may be real are asked about, whatever is played
            self._begin(turn, replace(playing, session=begun) if playing else Playing(begun))
        elif chosen and not chosen.startswith(":"):
            turn.say(Say("oefenen_weg"))
            turn.leave_form()
        elif not chosen and playing and (left := _underway(playable, playing.session)):
            turn.say(Say("oefenen_verder", values={"titel": literal(left.title)}, choices=WAYS_BACK))
            turn.leave_form()
        else:
            self._offer(turn, playable, int(chosen.removeprefix(MORE)) if chosen.startswith(MORE) else 0)

    def _begin(self, turn: Turn, playing: Playing) -> None:
        turn.set(PRACTICE, playing.to_slot())
        turn.leave_form()
        turn.set(ANSWER, None)
        turn.events.append(FollowupAction(PRACTICE_FORM))

    def _offer(self, turn: Turn, playable: Playable, first: int) -> None:
        """Offer what can be played, from the first that is asked for: those of trainers, then those of Pluis."""
        own = playable.own()
        rows = [("Van jullie trainers", one) for one in own]
        rows += [("Van Pluis" if own else "", one) for one in playable.shipped()]
        first = first if first < len(rows) else 0
        here = rows[first : first + OFFERED]
        parts = [_told(head, [one for _, one in part]) for head, part in groupby(here, itemgetter(0))]
        choices = tuple(Choice(one.title, one.id, "oefenen") for _, one in here)
        turn.say(Say("oefenen_kies", values={"gesprekken": "\n\n".join(parts)}, choices=choices))
        if len(rows) > OFFERED:
            more = Choice("Meer gesprekken", f"{MORE}{first + OFFERED}", "oefenen")
            turn.say(Say("oefenen_meer", values={"aantal": str(len(rows))}, choices=(more,)))
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
        turn.set(ANSWER, None)
        if playing is None:
            self._leave(turn, Say("oefenen_weg"))
        elif answered and folded(turn.text) in PAUSES:
            # Words that may be real wait, and are asked about again.
            self._leave(turn, Say("oefenen_pauze", choices=WAYS_BACK))
        elif playing.words:
            self._decide(turn, playing, answered=answered)
        else:
            self._play(turn, playing.session, _step(turn.given) if answered else Step("show"))

    def _decide(self, turn: Turn, playing: Playing, *, answered: bool) -> None:
        """Ask whether words that point at danger are practice or real, and go on with them as that."""
        said = (turn.given.choice or _meant(turn.text)) if answered else ""
        if said == REAL:
            turn.set(PRACTICE, replace(playing, words="", triggers=()).to_slot())
            given = Given(playing.words)
            turn.keep(interrupt(turn.case, "", given, playing.triggers, turn.tools))
            turn.leave_form()
            turn.events.append(FollowupAction("gevaar_form"))
        elif said == ONLY_PRACTICE:
            self._play(turn, playing.session, Step("say", playing.words))
        else:
            turn.say(asks_real(playing))
            turn.set("requested_slot", ANSWER)

    def _play(self, turn: Turn, before: Session, step: Step) -> None:
        """Take a step, say how it landed and what the client says then; and wait for the next one."""
        dialogue = turn.services.playable().find(before.dialogue)
        if dialogue is None:
            turn.set(PRACTICE, Playing(before).to_slot())
            self._leave(turn, Say("oefenen_weg"))
            return
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
            self._leave(turn, Say("oefenen_klaar", choices=AFTER), Say(custom={"kind": "practice"}))
        elif shows_options(session, step):
            turn.say(Say(text=quoted(now.says)), Say("oefenen_keuzes", choices=_choices(now.options)))
        else:
            turn.say(Say(text=quoted(now.says), choices=WAYS if session.moves else WAYS[:-1]))

    def _leave(self, turn: Turn, *says: Say) -> None:
        turn.say(*says)
        turn.set("requested_slot", None)
        turn.leave_form()
        turn.wait()


def _underway(playable: Playable, session: Session) -> Dialogue | None:
    """Return what is played, when that began and did not end."""
    if (dialogue := playable.find(session.dialogue)) is None:
        return None
    session, now = shown(dialogue, session)
    return dialogue if session.moves and now.ending is None else None


def _told(head: str, dialogues: Iterable[Dialogue]) -> str:
    rows = [f"- **{literal(one.title)}** ({one.minutes} minuten). {literal(one.about)}" for one in dialogues]
    return "\n".join([f"**{head}**\n", *rows] if head else rows)


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
