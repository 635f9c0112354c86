"""Plays practice dialogues for the pages: what a step does, and all that is shown then. Loaded at the first use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.case import Replies, Say
from bot.markdown import literal
from bot.practice import (
    Dialogue,
    Listens,
    Option,
    Session,
    Step,
    Turn,
    kept,
    report,
    report_file,
    restored,
    shown,
    shows_options,
    spoken,
    stepped,
)
from bot.studio import Playable
from bot.web.play import Offered, Shown
from bot.web.play import Step as Sent
from bot.web.rendering import rendered

_HEAD: Final = re.compile(r"^\*\*(.+)\*\*$", re.MULTILINE)  # a line that is all bold, above a part of the report
NONE: Final = Offered("", "Geen van deze")


@dataclass(frozen=True)
class Practice:
    """What dialogues are played with; `sources` are titles by id."""

    listener: Listens
    sources: Mapping[str, str]
    replies: Replies

    def session(self, dialogue: Dialogue, row: dict[str, Any] | None) -> Session | None:
        """Read the play that a page kept, a new one for None; None when it is not one of this dialogue."""
        if row is None:
            return Session(dialogue.id)
        session = restored(row)
        return session if session and session.dialogue == dialogue.id else None

    def file(self, playable: Playable, slot: Any) -> str | None:
        """Return the report of a play in the conversation's slot as one file; None when there is none that can be
        told."""
        session = restored(slot.get("session")) if isinstance(slot, dict) else None
        dialogue = playable.find(session.dialogue) if session else None
        if session is None or dialogue is None:
            return None
        session, _ = shown(dialogue, session)
        return report_file(dialogue, session.moves, self.sources)

    def asks_real(self, session: Mapping[str, Any], words: str, danger: Mapping[str, Any]) -> Shown:
        """Ask whether words that point at danger are practice or real; `session` is the play as it was sent."""
        telling = [row["quote"] for row in danger.get("triggers", ()) if row["kind"] != "disclosure"]
        question = self._reply("oefening_of_echt", quote=literal(next(iter(telling), words)))
        return Shown(dict(session), "", danger=rendered(question))

    def played(self, dialogue: Dialogue, session: Session, sent: Sent) -> Shown:
        """Take a step, and return what is shown then. A step that the script has no place for any more is not taken."""
        step = Step(sent.do, sent.words, sent.option)
        session, now = stepped(dialogue, session, step, self.listener)
        made = Shown(
            kept(session), "\n".join(spoken(now.says)), now.words, now.understood, now.sure, now.feedback, now.thought,
            self._told(step, now),
        )  # fmt: skip
        if session.asked is not None:
            return replace(made, asks=self._reply("oefenen_bedoel"), options=(*_offered(now.options), NONE))
        if now.ending is not None:
            parts = report(dialogue, session.moves, self.sources)
            html = "".join(rendered(_HEAD.sub(r"### \1", part, count=1)) for part in parts)
            return replace(made, report=html, file=report_file(dialogue, session.moves, self.sources))
        if shows_options(session, step):
            return replace(made, asks=self._reply("oefenen_keuzes"), options=_offered(now.options))
        return made

    def _told(self, step: Step, now: Turn) -> str:
        """Tell that the script was changed, or else the hint that was asked for."""
        if now.changed:
            return self._reply("oefenen_veranderd")
        if step.do != "hint":
            return ""
        return self._reply("oefenen_tip", tip=now.hint) if now.hint else self._reply("oefenen_geen_tip")

    def _reply(self, name: str, **values: str) -> str:
        return self.replies.render(Say(name, values=values)).text


def _offered(options: Iterable[Option]) -> tuple[Offered, ...]:
    return tuple(Offered(option.id, option.examples[0]) for option in options)
