"""A knowledge question, at any moment: answered with its source, after which the conversation goes on."""

from __future__ import annotations

from actions.base import Digression
from actions.turn import Turn
from bot.case import Choice, Say
from bot.knowledge import Citation, Topic

TOPIC = "onderwerp"
SHOWN_SOURCES = 2


class KnowledgeAction(Digression):
    """Answers from the knowledge base, offers what is near, or says that it does not know."""

    action_name = "action_kennis"

    def act(self, turn: Turn) -> None:
        """Search and tell."""
        knowledge = turn.services.knowledge
        knowledge.refresh_if_changed()
        chosen = knowledge.topic(turn.choice) if turn.choice else None
        if chosen:
            self._tell(turn, chosen)
            turn.go_on()
            return
        answer = knowledge.answer(turn.text, previous_topic=turn.tracker.get_slot(TOPIC))
        if answer.kind == "choice":
            choices = tuple(Choice(hit.topic.title, hit.topic.id, "kennisvraag") for hit in answer.hits)
            turn.say(Say("kennis_keuze", choices=(*choices, Choice("Geen van deze", intent="herhaal"))))
            turn.leave_form()
            return
        if answer.kind == "one":
            self._tell(turn, answer.hits[0].topic)
        else:
            turn.say(Say("kennis_niet"))
        turn.go_on()

    def _tell(self, turn: Turn, topic: Topic) -> None:
        turn.say(Say(text=told(topic)))
        turn.set(TOPIC, topic.id)


def told(topic: Topic) -> str:
    """Return what is told of a topic: its title, the answer and what more there is to it, doubt, sources."""
    parts = [f"**{topic.title}**", topic.short]
    parts += [topic.more] if topic.more else []
    parts += [f"*Let op: {topic.doubt}*"] if topic.doubt else []
    cited = dict.fromkeys(_cited(source) for source in topic.sources)
    return "\n\n".join([*parts, f"Bron: {'; '.join(list(cited)[:SHOWN_SOURCES])}"])


def _cited(source: Citation) -> str:
    year = f" ({source.year})" if source.year else ""
    section = f", {source.section}" if source.section else ""
    return f"{source.title}{year}{section}"
