"""Knowledge, at any moment: a question is answered with its sources, what is asked on about it and thought of it is
heard, and the conversation goes on where it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from actions.base import Digression
from actions.turn import TOPIC, Turn, payload
from bot.case import Choice, Say
from bot.knowledge import Document, Topic
from bot.statistics import Kind

UNANSWERED = "kennis"  # what is handed on to the helpdesk, with the question behind it
LONGEST = 500  # characters of it
NO_TOPIC = "geen"  # chosen among topics: none of them
UP, DOWN = "feedback_positief", "feedback_negatief"
THUMBS = "duimen"  # the slot with the thumb that each topic got in this conversation, and its day


class KnowledgeAction(Digression):
    """Answers from the knowledge base, offers what is near, or says that it does not know."""

    action_name = "action_kennis"

    def _is_answer(self, turn: Turn) -> bool:
        """A question that is typed where one is asked for is the answer."""
        wanted = turn.question is not None and turn.question.asks
        return (wanted and bool(turn.text)) or super()._is_answer(turn)

    def act(self, turn: Turn) -> None:
        """Search and tell."""
        knowledge = turn.services.knowledge
        knowledge.refresh_if_changed()
        if turn.choice == NO_TOPIC:
            self._pass(turn, turn.typed_before[0])
        elif turn.choice and (chosen := knowledge.topic(turn.choice)):
            self._tell(turn, chosen)
        else:
            answer = knowledge.answer(turn.text, previous_topic=turn.tracker.get_slot(TOPIC))
            if answer.kind == "choice":
                choices = tuple(_asks(hit.topic) for hit in answer.hits)
                none = Choice("Geen van deze", NO_TOPIC, "kennisvraag")
                turn.say(Say("kennis_keuze", choices=(*choices, none)))
                turn.leave_form()
                return
            if answer.kind == "one":
                self._tell(turn, answer.hits[0].topic)
            else:
                self._pass(turn, turn.text)
        turn.go_on()

    def _tell(self, turn: Turn, topic: Topic) -> None:
        turn.say(Say(text=told(topic), custom=beneath(topic, _related(turn, topic))))
        turn.set(TOPIC, topic.id)
        turn.services.count(Kind.ANSWERED, "knowledge")

    def _pass(self, turn: Turn, question: str) -> None:
        desk = Choice("Vraag het aan de helpdesk", f"{UNANSWERED}|{question[:LONGEST]}", "mens_spreken")
        turn.say(Say("kennis_niet", custom=_parts(choices=[desk]) if turn.desk else None))
        turn.services.knowledge.unanswered(question, turn.tracker.sender_id)


class OnwardAction(Digression):
    """Asked on about the topic just spoken of: more of it, where it stands, what goes with it.

    With no topic spoken of, the words are the answer to the open question.
    """

    action_name = "action_kennis_verder"
    command = True

    def _is_answer(self, turn: Turn) -> bool:
        return turn.topic is None or super()._is_answer(turn)

    def act(self, turn: Turn) -> None:
        """Say what is asked for, and go on."""
        topic = turn.services.knowledge.topic(turn.topic) if turn.topic else None
        if topic is None:
            turn.say(Say("vraag_stellen"))
        else:
            turn.say(self._asked(turn, topic))
            turn.set(TOPIC, topic.id)
        turn.go_on()

    def _asked(self, turn: Turn, topic: Topic) -> Say:
        about = {"onderwerp": topic.title}
        if turn.intent == "kennis_bron":
            return Say("kennis_bron", values=about | {"lijst": _sources(topic)})
        if turn.intent == "kennis_verwant":
            related = [_asks(other) for other in _related(turn, topic)]
            shown = _parts(_part(choices=related)) if related else None
            return Say("kennis_verwant" if related else "kennis_niets_verwant", values=about, custom=shown)
        return Say("kennis_meer" if topic.more else "kennis_niet_meer", values=about | {"uitleg": _more(topic)})


class ThumbAction(Digression):
    """What someone thinks of Pluis; under an answer, or right after one, it is counted for that topic.

    A topic gets one thumb in a conversation: the other one takes its place.
    """

    action_name = "action_duim"
    stricter: ClassVar = {UP: 0.9, DOWN: 0.9}

    def act(self, turn: Turn) -> None:
        """Count, say thanks, and go on."""
        if topic := turn.choice or turn.topic_before:
            self._count(turn, topic)
            turn.set(TOPIC, topic)
        turn.say(Say("duim_omlaag" if topic and turn.intent == DOWN else turn.intent))
        turn.go_on()

    def _count(self, turn: Turn, topic: str) -> None:
        given: Mapping[str, Sequence[Any]] = turn.tracker.get_slot(THUMBS) or {}
        up, today = turn.intent == UP, datetime.now().astimezone().date()
        was_up, day = given.get(topic, (None, None))
        if was_up is not up:
            turn.services.knowledge.judged(topic, up, today, date.fromisoformat(day) if day else None)
            turn.set(THUMBS, {**given, topic: [up, today.isoformat()]})


def told(topic: Topic) -> str:
    """Return what is said of a topic at once: its title, the answer, and doubt."""
    return "\n\n".join([f"**{topic.title}**", topic.short, *([f"*Let op: {topic.doubt}*"] if topic.doubt else [])])


def beneath(topic: Topic, related: Iterable[Topic]) -> Mapping[str, Any]:
    """Return what opens beneath an answer (its sources, more, what goes with it), and the thumbs."""
    first, *others = topic.documents
    and_others = f" en {len(others)} andere {'bronnen' if len(others) > 1 else 'bron'}" if others else ""
    source = f"Bron: {_dated(first.title, first)}{and_others}"
    parts = [_part(source, _sources(topic)), _part("Meer weten", _more(topic))]
    asks = [_asks(other) for other in related]
    parts += [_part("Verwant", choices=asks)] if asks else []
    return _parts(*parts, choices=[Choice("👍 Nuttig", topic.id, UP), Choice("👎 Niet nuttig", topic.id, DOWN)])


def _related(turn: Turn, topic: Topic) -> list[Topic]:
    return [other for name in topic.related if (other := turn.services.knowledge.topic(name))]


def _asks(topic: Topic) -> Choice:
    return Choice(topic.title, topic.id, "kennisvraag")


def _more(topic: Topic) -> str:
    page = f"[Naar de pagina van dit onderwerp](/kennis/{topic.id})"
    return f"{topic.more}\n\n{page}" if topic.more else page


def _sources(topic: Topic) -> str:
    return "\n".join(f"- {_linked(document)}: {'; '.join(document.sections)}" for document in topic.documents)


def _linked(document: Document) -> str:
    return _dated(f"[{document.title}]({document.url})" if document.url else document.title, document)


def _dated(title: str, document: Document) -> str:
    return f"{title} ({document.year})" if document.year else title


def _parts(*parts: Mapping[str, Any], choices: Iterable[Choice] = ()) -> Mapping[str, Any]:
    return {"kind": "parts", "parts": list(parts), "buttons": _buttons(choices)}


def _part(title: str = "", text: str = "", choices: Iterable[Choice] = ()) -> Mapping[str, Any]:
    return {"title": title, "text": text, "buttons": _buttons(choices)}


def _buttons(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"title": choice.title, "payload": payload(choice)} for choice in choices]
