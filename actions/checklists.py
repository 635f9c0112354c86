"""The checklists: asked for by name or from a menu, walked one item at a time; then the conversation goes on."""

from __future__ import annotations

import re

from actions.base import Digression, PhaseForm
from actions.knowledge import KnowledgeAction
from actions.turn import Turn
from bot.case import Choice, Say, folded, list_meant, must_call_first, started

CALLED = "gebeld"
ASKS_WHAT_IT_IS = re.compile(r"wat (?:(?:is|zijn) (?:een|zo n|het|de)|doet|doen|betekent|houdt)\b|leg uit\b|uitleg\b")


class ChecklistAction(Digression):
    """Starts the list that is meant, or offers them all; in danger 112 comes first."""

    action_name = "action_checklist"

    def act(self, turn: Turn) -> None:
        """Begin or resume a list; who asks what such a thing is gets the knowledge about it."""
        if ASKS_WHAT_IT_IS.match(folded(turn.text)):
            KnowledgeAction().act(turn)
            return
        name, _, called = (turn.choice or "").partition(".")
        checklist = turn.tools.tables.checklist(name) or list_meant(turn.text, turn.tools)
        if checklist is None:
            lists = (Choice(row.label, row.id, "checklist") for row in turn.tools.tables.checklists)
            turn.say(Say("lijst_keuze", choices=(*lists, Choice("Niet nu", intent="herhaal"))))
            turn.leave_form()
        elif must_call_first(turn.case, turn.tools) and called != CALLED:
            go_on = Choice("Ik heb 112 gebeld, ga verder", f"{checklist.id}.{CALLED}", "checklist")
            turn.say(Say("lijst_112", choices=(go_on,)))
            turn.leave_form()
        else:
            case, says = started(turn.case, checklist, turn.tools)
            turn.keep(case)
            turn.say(*says)
            turn.leave_form()
            turn.next_phase()


class ChecklistForm(PhaseForm):
    """The list that is being walked."""

    phase = "lijst"
