"""Plays a professional in a conversation with `bot.case` alone: no Rasa, no server, the real tables and analysis.

What Rasa adds in the real thing is the intent of what is typed; here the test says it where it matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.case import (
    ADVICE,
    PHASES,
    Case,
    Given,
    Question,
    Replies,
    Say,
    Tools,
    Trigger,
    advice_messages,
    advice_request,
    advised,
    already_asked,
    begun,
    current_phase,
    interrupt,
    is_pasted,
    open_question,
    received,
    take,
)
from bot.case.choosing import NONE

INTENTS = {"ja": "bevestigen", "nee": "ontkennen", "weet ik niet": "weet_niet", "geen idee": "weet_niet"}
MOST_TURNS = 60


@dataclass(frozen=True)
class Press:
    """A button pressed: the start of its title, or its value."""

    title: str


@dataclass(frozen=True)
class Tick:
    """A list sent: the starts of the titles that were ticked."""

    titles: tuple[str, ...] = ()


Answer = str | Press | Tick


@dataclass
class Player:
    """One conversation: the case, what Pluis said, and which questions were put."""

    tools: Tools
    replies: Replies
    case: Case = field(default_factory=Case)
    misses: int = 0
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def phase(self) -> str:
        return current_phase(self.case, self.tools)

    @property
    def question(self) -> Question:
        question = open_question(self.case, self.tools)
        assert question is not None, f"geen vraag open in fase {self.phase}"
        return question

    @property
    def outcome(self) -> str:
        return self.tools.tables.decide(advice_request(self.case)).outcome

    @property
    def setup(self) -> str:
        return self.tools.tables.decide(advice_request(self.case)).setup

    def hear(self, *says: Say) -> None:
        self.said += [self.replies.render(say).text for say in says]

    def begin(self, text: str, intent: str = "vertellen", danger: Sequence[tuple[str, str]] = ()) -> None:
        """Type the first words; with `danger` the safety net noticed something in them."""
        if danger:
            self.danger(text, *danger)
        else:
            self.case = begun(self.case, intent, text, self.tools)
            self._advise()

    def danger(self, text: str, *triggers: tuple[str, str]) -> bool:
        """Type words that the safety net notices; returns whether the danger question comes."""
        rows = [Trigger(*row) for row in triggers]
        if already_asked(self.case, rows):
            return False
        phase = self.phase if self.case.entries else ""
        self.case = interrupt(self.case, phase, Given(text, intent="acuut_gevaar"), rows, self.tools)
        return True

    def paste(self, text: str, *triggers: tuple[str, str]) -> bool:
        """Paste a text; returns whether Pluis took it for a summary."""
        if not is_pasted(self.case, text, self.tools):
            return False
        self.case = received(self.case, text, [Trigger(*row) for row in triggers], self.tools)
        return True

    def say(self, text: str, intent: str = "") -> None:
        """Type an answer."""
        known = next((INTENTS[word] for word in INTENTS if text.casefold() == word), "vertellen")
        self._give(Given(text=text, intent=intent or known))

    def press(self, title: str) -> None:
        """Press a button of the open question."""
        rows = (choice for row in self.question.say.rows for choice in row.choices)
        found = [c for c in (*self.question.choices, *rows) if c.title.startswith(title) or c.value == title]
        assert found, f"{title!r} niet bij {self.question.id}: {[choice.title for choice in self.question.choices]}"
        assert found[0].intent == "keuze", f"{title!r} is geen antwoord"
        self._give(Given(choice=found[0].value))

    def tick(self, *titles: str) -> None:
        """Send the list of the open question."""
        assert self.question.tick, f"{self.question.id} is geen lijst"
        values = []
        for title in titles:
            found = [choice.value for choice in self.question.choices if choice.title.startswith(title)]
            assert found, f"{title!r} niet bij {self.question.id}: {[choice.title for choice in self.question.choices]}"
            values.append(found[0])
        self._give(Given(choice=",".join(values)))

    def answer(self, answer: Answer) -> None:
        """Give any kind of answer."""
        if isinstance(answer, Press):
            self.press(answer.title)
        elif isinstance(answer, Tick):
            self.tick(*answer.titles)
        else:
            self.say(answer)

    def play(self, answers: Mapping[str, Answer], until: str = "einde") -> None:
        """Answer every question as this professional would, until a phase or a question."""
        for _turn in range(MOST_TURNS):
            if until in (self.phase, *([self.question.id.split(":")[0]] if self.phase in PHASES else [])):
                return
            self.answer(self._chosen(answers))
        raise AssertionError(f"na {MOST_TURNS} beurten nog niet bij {until}: {self.asked}")

    def undo(self) -> None:
        """Say “terug”."""
        self.case, _ = self.case.undo()

    def _chosen(self, answers: Mapping[str, Answer]) -> Answer:
        bare = self.question.id.split(":")[0]
        if bare in answers:
            return answers[bare]
        if bare == "feiten.lijst":
            return Press("Klopt zo")
        return Tick((NONE.capitalize(),)) if self.question.tick and bare.startswith("feiten") else "weet ik niet"

    def _give(self, given: Given) -> None:
        phase = self.phase
        self.asked.append(self.question.id)
        step = take(self.case, phase, given, self.misses, self.tools)
        self.case, self.misses = step.case, step.misses
        self.hear(*step.says)
        self._advise()

    def _advise(self) -> None:
        if self.phase == ADVICE:
            self.hear(*advice_messages(self.case, self.tools))
            self.case = advised(self.case)
