"""Plays the conversations of `tests/conversations/*.yml` over HTTP and checks what each step expects.

A file says what a professional types and how she would answer each question; which questions come depends on her
answers. Which one is open is read from the case with the project's own code, never guessed from the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.advice import OUTCOMES, SETUPS
from bot.analysis.analyser import Analyser
from bot.case import ADVICE, END, Case, Tools, advice_request, current_phase, load_tools, open_question
from bot.case.record import Kind
from bot.settings import ROOT
from bot.yamlfile import read_yaml
from tests.live.site import Site
from tests.live.talk import Answer, Talk
from tests.unit.channels.desks import always_open

FOLDER = ROOT / "tests" / "conversations" / "scripts"
MOST_TURNS = 70
SAME_QUESTION = 3  # after so many answers that were not understood, the product itself goes on
STEPS = {"say", "press", "tick", "answers"}
EXPECTATIONS = {
    "text", "not_text", "choices", "card", "question", "phase", "facts", "fields", "outcome", "outcome_at_least",
    "setup", "setup_at_least", "asked", "not_asked", "cautions", "case", "kinds", "signals",
}  # fmt: skip
NEVER = (
    "wettelijk verplicht te melden", "het is veilig", "valt mee", "loos alarm", "dader", "dit is intieme terreur",
    "zeg dat ze weg moet", "spreek hem erop aan", "waarom gaat ze niet weg", "je blijft anoniem",
    "vraag het de familie", "foutnummer", "{", "}", "None",
)  # fmt: skip


@dataclass(frozen=True)
class Script:
    """One file: who writes, and the steps."""

    name: str
    steps: Sequence[Mapping[str, Any]]


@dataclass
class Player:
    """One run of a script."""

    site: Site
    talk: Talk
    texts: list[str] = field(default_factory=list)
    given: dict[str, int] = field(default_factory=dict)

    def play(self, script: Script) -> None:
        """Do every step and check what it expects. Raises AssertionError that says where."""
        for number, step in enumerate(script.steps, start=1):
            try:
                answer = self._do(step)
                self._check(step.get("expect") or {}, answer)
            except AssertionError as error:
                raise AssertionError(f"{script.name}, stap {number}: {error}\n\n{self.where()}") from error

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.site.case(self.talk.id)

    @property
    def phase(self) -> str:
        """The phase in which the case stands."""
        return current_phase(self.case, tools())

    def _do(self, step: Mapping[str, Any]) -> str:
        """Do a step and return all that Pluis said in it."""
        before = len(self.texts)
        if "answers" in step:
            self.answer_on(step["answers"], until=step.get("until", END))
        else:
            self.hear(self.act(step))
        return "\n\n".join(self.texts[before:])

    def act(self, what: Mapping[str, Any]) -> Answer:
        """Press, tick or say what a step says."""
        if "press" in what:
            return self.talk.press(what["press"])
        if "tick" in what:
            return self.talk.tick(what["tick"])
        return self.talk.say(what["say"])

    def hear(self, answer: Answer) -> None:
        """Keep what Pluis said. Raises AssertionError for what may never be said."""
        spoken = [*answer.texts, *answer.plain, *answer.replies]
        for text in spoken:
            found = [words for words in NEVER if words in text]
            assert not found, f"dit mag Pluis nooit zeggen: {found} in “{text}”"
        self.texts += spoken

    # -- going on until the end ------------------------------------------------------------------------------------

    def answer_on(self, answers: Mapping[str, Any], *, until: str) -> None:
        """Answer every question as this professional would, until the wanted question or phase is there."""
        seen: list[tuple[str, int]] = []
        level = len(OUTCOMES)
        for _turn in range(MOST_TURNS):
            case = self.case
            now = question_id(case)
            if until in (now, now.split(":")[0], now.split(".")[0]):
                return
            assert now != END, f"het gesprek eindigde vóór {until}"
            seen.append((now, len(case.entries)))
            assert seen.count(seen[-1]) <= SAME_QUESTION, f"blijft steken bij {now}"
            self.hear(self.act(self._chosen(answers, now)))
            only_assumed = dict.fromkeys(self.case.assumed, "unknown")  # stands until it is answered
            told = tools().tables.decide(advice_request(self.case).with_facts(only_assumed))
            assert told.level <= level, f"na {now} werd de uitkomst lichter: {told.outcome}"
            level = told.level
        raise AssertionError(f"na {MOST_TURNS} beurten nog niet bij {until}")

    def _chosen(self, answers: Mapping[str, Any], now: str) -> Mapping[str, Any]:
        """Find what she answers to this question; a list gives its answers one after the other."""
        bare = now.split(":")[0]
        names = (now, bare, bare.split(".")[0], "default")
        name = next((known for known in names if known in answers), None)
        spare = bare in ("gevaar.antwoord", ADVICE)  # never by default: it decides the outcome
        assert name is not None, f"het bestand zegt niet wat ze antwoordt op {now}"
        assert not spare or name != "default", f"onverwacht: {now}"
        chosen = answers[name]
        if isinstance(chosen, list):
            at = self.given.get(name, 0)
            self.given[name] = at + 1
            chosen = chosen[min(at, len(chosen) - 1)]
        return chosen if isinstance(chosen, Mapping) else {"say": str(chosen)}

    # -- what is expected ------------------------------------------------------------------------------------------

    def _check(self, expect: Mapping[str, Any], said: str) -> None:
        unknown = set(expect) - EXPECTATIONS
        assert not unknown, f"onbekende verwachting {unknown}"
        for fragment in _list(expect.get("text")):
            assert fragment.casefold() in said.casefold(), f"“{fragment}” niet gezegd; wel:\n{said}"
        for fragment in _list(expect.get("not_text")):
            assert fragment.casefold() not in said.casefold(), f"“{fragment}” wel gezegd:\n{said}"
        offered = [title.casefold() for title in self.talk.last.replies]
        for title in _list(expect.get("choices")):
            assert any(one.startswith(title.casefold()) for one in offered), f"geen keuze “{title}” in {offered}"
        for label in _list(expect.get("card")):
            assert any(row.startswith(label) for row in self.talk.last.rows), f"“{label}” niet in {self.talk.last.rows}"
        if set(expect) - {"text", "not_text", "choices", "card"}:
            self._check_case(expect, self.case)

    def _check_case(self, expect: Mapping[str, Any], case: Case) -> None:
        if "case" in expect:
            assert bool(case.entries) == (expect["case"] != "none"), f"casus: {case.to_slot()}"
        for name in ("facts", "fields"):
            known = getattr(case, name)
            for fact, value in (expect.get(name) or {}).items():
                assert known.get(fact, "unknown") == str(value), f"{fact} is {known.get(fact)}, niet {value}"
        asked = [entry.question for entry in case.entries]
        for wanted in _list(expect.get("asked")):
            assert any(one.startswith(wanted) for one in asked), f"{wanted} is niet gevraagd; wel {asked}"
        for unwanted in _list(expect.get("not_asked")):
            assert not any(one.startswith(unwanted) for one in asked), f"{unwanted} is wel gevraagd"
        if "question" in expect:
            now = question_id(case)
            assert now.startswith(expect["question"]), f"open is {now}, niet {expect['question']}"
        if "phase" in expect:
            assert current_phase(case, tools()) == expect["phase"], f"fase {current_phase(case, tools())}"
        for kind in _list(expect.get("kinds")):
            assert case.lines_of(cast(Kind, kind)), f"geen {kind} in {[(line.kind, line.quote) for line in case.lines]}"
        for signal in _list(expect.get("signals")):
            known = {line.signal for line in case.lines} | {name.removeprefix("signal:") for name in case.hints}
            assert signal in known, f"{signal} niet herkend; wel {known}"
        self._check_advice(expect, case)

    def _check_advice(self, expect: Mapping[str, Any], case: Case) -> None:
        told = tools().tables.decide(advice_request(case))
        if "outcome" in expect:
            assert told.outcome in _list(expect["outcome"]), f"uitkomst {told.outcome} ({told.rule.id}): {case.facts}"
        if "outcome_at_least" in expect:
            heaviest = OUTCOMES[: OUTCOMES.index(expect["outcome_at_least"]) + 1]
            assert told.outcome in heaviest, f"uitkomst {told.outcome} ({told.rule.id}): {case.facts}"
        if "setup" in expect:
            assert told.setup in _list(expect["setup"]), f"opzet {told.setup}: {case.facts}"
        if "setup_at_least" in expect:
            careful = SETUPS[: SETUPS.index(expect["setup_at_least"]) + 1]
            assert told.setup in careful, f"opzet {told.setup}: {case.facts}"
        cautions = {caution.id for caution in told.cautions}
        for caution in _list(expect.get("cautions")):
            assert caution in cautions, f"let-op {caution} ontbreekt; wel {cautions}"

    def where(self) -> str:
        """All that was said, to tell where a conversation went wrong."""
        said = [
            f"{'  Pluis' if one['from'].get('role') == 'bot' else '> zij'}: {one.get('text', '')}"
            for one in self._heard()
        ]
        return "\n".join(said)

    def _heard(self) -> Iterator[Mapping[str, Any]]:
        yield from (one for one in self.talk.heard.values() if one["type"] == "message")


@cache
def tools() -> Tools:
    """Return the tools of the case; finding the open question never analyses a text, so there is no analyser."""
    data, desk = ROOT / "data", always_open()
    return load_tools(data, cast(Analyser, None), desk.tables, desk)


def question_id(case: Case) -> str:
    """Return the id of the open question, or the name of the phase when there is none."""
    question = open_question(case, tools())
    return question.id if question else current_phase(case, tools())


def scripts(folder: Path = FOLDER) -> list[Script]:
    """Read every script. Raises ValueError for a step that is none."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        steps = read_yaml(path).data["steps"]
        for number, step in enumerate(steps, start=1):
            if len(STEPS & set(step)) != 1 or set(step) - STEPS - {"expect", "until"}:
                raise ValueError(f"{path.name}, stap {number}: één van {sorted(STEPS)}, en verder expect en until")
        found.append(Script(path.stem, steps))
    return found


def _list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]
