"""The tables with what can be asked of them: advice on a case, and the next question to ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.advice import weighing
from bot.advice.advice import Advice
from bot.advice.conditions import Vocabulary
from bot.advice.decision import Decision, decide
from bot.advice.records import OUTCOMES, SETUPS, Checklist, Question, TableData
from bot.advice.request import FACTS, FIELDS, AdviceInputError, AdviceRequest, Fault
from bot.advice.wording import fill


@dataclass(frozen=True)
class Tables(TableData):
    """All tables of `data/advice/`; made by `load_tables`."""

    def decide(self, request: AdviceRequest) -> Decision:
        """Evaluate the tables for one case, without words."""
        return decide(self, request)

    def advise(self, request: AdviceRequest) -> Advice:
        """Return the advice for one case; a table that fails leads to acute contact and a person."""
        return Advice(self, decide(self, request), tuple(weighing.ask_next(self, request)))

    def text(self, name: str) -> str:
        """Return a fixed text, filled in."""
        return fill(self.texts[name].text, self.words)

    def ask_next(self, request: AdviceRequest) -> list[str]:
        """Return the facts of which a yes or a no would change the outcome, most telling first."""
        return weighing.ask_next(self, request)

    def next_question(
        self,
        request: AdviceRequest,
        asked: Collection[str] = (),
        hints: Collection[str] = (),
        assumed: Collection[str] = (),
        *,
        again: Collection[str] = (),
        enough: bool = False,
    ) -> Question | None:
        """Return the next question of the weighing, or None when the advice can be given."""
        return weighing.next_question(self, request, asked, hints, assumed, again=again, enough=enough)

    def checklist(self, name: str) -> Checklist | None:
        """Return the list of this id; None when there is none."""
        return next((checklist for checklist in self.checklists if checklist.id == name), None)

    @property
    def may_change(self) -> tuple[str, ...]:
        """Return the facts that can be otherwise after a talk than they were answered before it."""
        return tuple(dict.fromkeys(f for question in self.questions if question.may_change for f in question.facts))

    def vocabulary(self, **more: Collection[str]) -> Vocabulary:
        """Return the names by which another table can look at a case that was decided, and at `more` fields."""
        rules = [row.id for row in (*self.levels, self.level_fallback)]
        fields = {**FIELDS, "outcome": OUTCOMES, "setup": SETUPS, "rule": rules, **more}
        return Vocabulary(FACTS, fields, {row.word: row.when for row in self.glossary})

    def facts_behind(self, word: str) -> frozenset[str]:
        """Return the facts that a word of the tables stands for. Raises KeyError when there is no such word."""
        return {row.word: row.when for row in self.glossary}[word].names()

    def question_for(self, fact: str) -> Question:
        """Return the question that settles a fact: one that can answer both yes and no goes before one that
        only touches on it. Raises AdviceInputError when there is none."""
        touching = [question for question in self.questions if fact in question.facts]
        if not touching:
            raise AdviceInputError(Fault(f"geen vraag over {fact}"))
        settling = ({choice.facts.get(fact) for choice in question.choices} >= {"yes", "no"} for question in touching)
        return next((question for question, settles in zip(touching, settling, strict=True) if settles), touching[0])

    def facts_after(
        self, question: Question, titles: Sequence[str], request: AdviceRequest | None = None
    ) -> Mapping[str, str]:
        """Return the facts that the chosen answers settle together; where they clash, the safest value stands.

        With `request`, what is known already stands too, unless the answer is safer: an answer to a question
        about several facts never takes back a danger that was told before.
        """
        facts: dict[str, str] = {}
        for choice in question.choices:
            if choice.title in titles:
                for fact, value in choice.facts.items():
                    facts[fact] = self._safest(fact, facts.get(fact, value), value)
        if request is None:
            return facts
        known = {fact: request.value(fact) for fact in facts if request.value(fact) != "unknown"}
        return {
            fact: value if fact not in known else self._safest(fact, known[fact], value, unknown_counts=False)
            for fact, value in facts.items()
        }

    def _safest(self, fact: str, first: str, second: str, *, unknown_counts: bool = True) -> str:
        """Return the value that keeps people safest, as `facts.yml` says it of each fact."""
        order = ("no", "unknown", "yes") if self.facts[fact].safest == "yes" else ("yes", "unknown", "no")
        if not unknown_counts and "unknown" in (first, second):
            return first if second == "unknown" else second
        return max(first, second, key=order.index)
