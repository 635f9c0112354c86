"""Lays out all tables for people: every row with when it holds, what follows, its sources and who answers for it.
Markdown and the page are both made from this, so that what is shown is what is weighed with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.advice.conditions import AllOf, Condition
from bot.advice.explanation import Answered, Cited, Detail, Explanation, Names, Rule, Said, Section, Signature, Source
from bot.advice.records import (
    OUTCOMES,
    Caution,
    Checklist,
    ChecklistItem,
    LevelRule,
    Line,
    Meaning,
    MeldcodeStep,
    Noted,
    Pattern,
    Plan,
    Review,
    SetupRule,
    SourceRef,
    TableData,
)
from bot.advice.saying import Vocabulary, parts_of, word_anchor
from bot.advice.wording import fill, listed


def explain(tables: TableData, names: Names, sources: Mapping[str, Source]) -> Explanation:
    """Lay out the tables. Raises KeyError for a source that is not in `sources`: `pluis check` tells where that is."""
    return _Layout(tables, names, sources).whole()


class _Layout:
    """Makes the parts of an explanation; every sentence comes from the tables or from `explanation.yml`."""

    def __init__(self, tables: TableData, names: Names, sources: Mapping[str, Source]) -> None:
        self.tables, self.names, self.sources = tables, names, sources
        self.told: Mapping[str, Any] = tables.explanation
        self.labels: Mapping[str, str] = self.told["labels"]
        self.words = {**tables.words, **tables.impersonal, "feiten": self.told["facts"]}
        fields = self.told["fields"]
        setups = {plan.setup: plan.label for plan in tables.plans.values()}
        given = {"profession": names.profession, "outcome": names.outcome, "setup": setups}
        self.saying = Vocabulary(
            facts={fact.name: fact.label for fact in tables.facts.values()},
            words={word.word: word.label for word in tables.glossary},
            fields={name: field["name"] for name, field in fields.items()},
            values={**given, **{name: field["values"] for name, field in fields.items() if "values" in field}},
            answers=self.told["values"],
            always=self.labels["always"],
            never=self.labels["never"],
        )

    def whole(self) -> Explanation:
        """Return all of it."""
        tables = self.tables
        sections = {
            "levels": [self.level(row) for row in tables.levels],
            "across": [self.noted("melden", row) for row in (tables.report_with_expert, tables.help_unless)],
            "cautions": [self.caution(row) for row in tables.cautions],
            "setups": [self.setup(row) for row in tables.setups],
            "plans": [self.plan(plan) for plan in (*tables.plans.values(), tables.every_plan)],
            "methods": [self.noted("methode", row) for row in tables.methods],
            "patterns": [self.pattern(row) for row in tables.patterns],
            "meldcode": [self.step(step) for step in tables.meldcode],
            "checks": [self.noted("vraag", row) for row in tables.checks],
            "duties": [self.noted("beroep", row) for row in tables.duties],
            "person": [self.noted("mens", row) for row in tables.person],
            "checklists": [self.checklist(row) for row in tables.checklists],
            "fallback": [
                self.level(tables.level_fallback, "veilig"),
                self.setup(tables.setup_fallback, "veilig-gesprek"),
            ],
            "words": [self.word(word) for word in tables.glossary],
        }
        told = self.told
        return Explanation(
            title=told["title"],
            intro=tuple(told["intro"]),
            reading=tuple(told["reading"]),
            version=tables.version,
            signed=tables.signed,
            notice=told["signed"] if tables.signed else told["unsigned"],
            must_sign="" if tables.signed else told["must_sign"],
            signatures=self.signatures(),
            sections=tuple(self.section(name, rules) for name, rules in sections.items()),
            labels=self.labels,
        )

    def section(self, name: str, rules: Sequence[Rule]) -> Section:
        """Return one table under its heading; the address of a heading is its title."""
        told = self.told["sections"][name]
        return Section(_anchor(told["title"]), told["title"], told["text"], tuple(rules))

    def signatures(self) -> tuple[Signature, ...]:
        """Count what each role has signed."""
        rows = Counter(review.role for review in self.tables.reviews)
        signed = Counter(review.role for review in self.tables.reviews if review.signed)
        return tuple(
            Signature(label, f"{signed[role]} {self.labels['of']} {rows[role]} {self.labels['rows']}")
            for role, label in self.told["roles"].items()
            if rows[role]
        )

    def level(self, row: LevelRule, kind: str = "niveau") -> Rule:
        """A row of the level table."""
        labels = self.labels
        rank = f"{labels['level']} {OUTCOMES.index(row.outcome) + 1} {labels['of']} {len(OUTCOMES)}"
        outcome = [Said(f"{self._outcome(row.outcome)} ({rank})")]
        outcome += [Said(self._outcome(other), self.saying.say(when)) for when, other in row.stricter]
        details = [
            *self._when(row.when, "otherwise" if row.otherwise else "not_weighed" if kind != "niveau" else ""),
            Detail(self.labels["outcome"], tuple(outcome)),
            self._plain("report", [self.names.report[row.report]]),
            self._plain("help", [self.names.help[row.help]]),
            self._lines("reason", row.text),
            self._lines("steps", row.steps),
        ]
        return self._rule(kind, row, f"{row.nr}. {row.label}" if kind == "niveau" else row.label, details)

    def caution(self, row: Caution) -> Rule:
        """A row of the cautions."""
        return self._rule("let-op", row, row.label, [*self._when(row.when), self._lines("caution", row.text)])

    def setup(self, row: SetupRule, kind: str = "gesprek") -> Rule:
        """A row of the setup table; its plan is shown once, further on."""
        label = self.tables.plans[row.setup].label
        last = row is self.tables.setups[-1]
        details = [
            *self._when(row.when, "not_weighed" if kind != "gesprek" else "otherwise" if last else ""),
            self._plain("setup", [f"[{_capital(label)}](#plan-{row.setup})"]),
            self._plain("reason", [row.text]),
        ]
        return self._rule(kind, row, f"{row.nr}. {row.label}" if kind == "gesprek" else row.label, details)

    def plan(self, plan: Plan) -> Rule:
        """All that a plan can say, under the heads of the plan; parts that share a head stand together."""
        heads = {**self.tables.every_plan.heads, **plan.heads}
        told: dict[str, list[Said]] = {}
        for part, lines in plan.parts.items():
            told.setdefault(heads[part], []).extend(self._said(line) for line in lines)
        details = [Detail(head, tuple(said)) for head, said in told.items()]
        return self._vouched(f"plan-{plan.setup}", plan.setup, _capital(plan.label), details, plan)

    def pattern(self, row: Pattern) -> Rule:
        """A form of violence or a family profile: when it is named, with what speaks for and against."""
        told = [self._plain("told", [self.labels["words_of"]])] if row.told else []
        details = [*self._when(row.when), *told, *(self._lines(name, lines) for name, lines in _spoken(row) if lines)]
        return self._rule("patroon", row, f"{_capital(row.label)} ({self.labels[row.kind]})", details)

    def step(self, step: MeldcodeStep) -> Rule:
        """A step of the meldcode."""
        details = [
            self._plain("done_when", [_capital(self.saying.say(step.done))]),
            self._plain("now_when", [_capital(self.saying.say(step.now))]),
            *(self._lines(status, lines) for status, lines in step.texts.items()),
        ]
        return self._vouched(
            f"stap-{step.step}", f"step_{step.step}", f"{self.labels['step']} {step.step}. {step.label}", details, step
        )

    def noted(self, kind: str, row: Noted) -> Rule:
        """An extra check, a duty, a reason to offer a person, or a decision across all rows."""
        return self._rule(kind, row, row.label, [*self._when(row.when), self._plain("said", [row.text])])

    def checklist(self, row: Checklist) -> Rule:
        """A list that is walked: every item with what is asked and why, and when it is asked if not always."""
        items = [Detail(f"{nr}. {item.label}", tuple(self._asked(item))) for nr, item in enumerate(row.items, start=1)]
        intro, close = self._lines("before", row.intro), self._lines("after", row.close)
        return self._vouched(f"lijst-{row.id}", row.id, row.label, [intro, *items, close], row)

    def _asked(self, item: ChecklistItem) -> Iterator[Said]:
        for line in item.text:
            parts = tuple(when for when in (item.when, line.when) if when.names())
            yield self._said(Line(line.text, parts[0] if len(parts) == 1 else AllOf(parts) if parts else item.when))
        for text in filter(None, (item.why, item.doubt)):
            yield Said(self._filled(text))

    def word(self, word: Meaning) -> Rule:
        """A word, with what it stands for."""
        details = (self._plain("meaning", [word.meaning]), *self._when(word.when))
        return Rule(word_anchor(word.word), word.word, _capital(word.label), details)

    def _rule(self, kind: str, row: Any, title: str, details: Iterable[Detail]) -> Rule:
        return self._vouched(f"{kind}-{row.id}", row.id, title, details, row)

    def _vouched(self, anchor: str, name: str, title: str, details: Iterable[Detail], row: Any) -> Rule:
        return Rule(anchor, name, title, tuple(details), self._cited(row.sources), self._answered(row.review))

    def _cited(self, sources: Iterable[SourceRef]) -> tuple[Cited, ...]:
        found = ((self.sources[source.id], source.section) for source in sources)
        return tuple(Cited(source.title, section, source.year, source.url) for source, section in found)

    def _answered(self, review: Review) -> Answered:
        text = self.told["is_signed"] if review.signed else self.told["not_signed"]
        due = date.fromisoformat(review.due)
        day = f"{due.day} {self.told['months'][due.month - 1]} {due.year}"
        return Answered(_capital(self.told["roles"][review.role]), day, review.signed, text)

    def _when(self, condition: Condition, instead: str = "") -> list[Detail]:
        """When a row holds, as a list where that reads better, and which facts it looks at."""
        if instead:
            return [self._plain("when", [self.labels[instead]])]
        kind, parts = parts_of(condition)
        label = f"{self.labels['when']}: {self.labels[kind].lower()}" if kind in ("any", "all") else self.labels["when"]
        lines = [_capital(self.saying.say(part)) for part in parts] or [self.labels["always"]]
        when = Detail(label, tuple(Said(self._filled(line)) for line in lines))
        read = self.saying.names(condition)
        return [when, self._plain("reads", [_capital(listed(read))])] if len(read) > len(parts) else [when]

    def _plain(self, label: str, texts: Iterable[str]) -> Detail:
        return Detail(self.labels[label], tuple(Said(self._filled(text)) for text in texts))

    def _lines(self, label: str, lines: Iterable[Line]) -> Detail:
        return Detail(self.labels[label], tuple(self._said(line) for line in lines))

    def _said(self, line: Line) -> Said:
        return Said(self._filled(line.text), self.saying.say(line.when) if line.when.names() else "")

    def _filled(self, text: str) -> str:
        return fill(text, self.words)

    def _outcome(self, outcome: str) -> str:
        return _capital(self.names.outcome[outcome])


def _spoken(row: Pattern) -> Iterable[tuple[str, Sequence[Line]]]:
    return (("for", row.reasons), ("against", row.against), ("so", row.so))


def _capital(text: str) -> str:
    """Start a sentence with a capital, also behind a quotation mark, a bracket or a link."""
    first = next((place for place, letter in enumerate(text) if letter.isalpha()), 0)
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def _anchor(title: str) -> str:
    """Return the address of a heading on the page."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())
