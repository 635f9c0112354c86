"""The case as a journal of answers: everything Pluis knows of it is derived from the entries in order,
so that taking an answer back is taking its entry out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.advice import GROUPS

Kind = Literal["observation", "interpretation", "feeling", "signal"]

UNKNOWN = "Weet ik niet"
# Notes in the journal that are no answers: the question that is asked again, the advice, the talk she came back from.
AGAIN, ADVISED, AFTER_TALK, ENOUGH = "opnieuw_gevraagd", "advies", "na_gesprek", "genoeg"
CONTRADICTED = frozenset({*GROUPS["danger"], "children"})  # a “nee” to these does not hold against later words


class Line(BaseModel):
    """One line of the fact list: what was said, in the user's own (pseudonymised) words."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    quote: str
    parts: dict[str, str] = Field(default_factory=dict)
    signal: str = ""


class Entry(BaseModel):
    """One answer and all that followed from it; a silent one is a note of our own, that undo passes over.

    One that `follows` came with the answer before it: undo takes both back. `hints` are facts that its words make Pluis
    ask about; `points` are forms of violence and contexts that they are like, which ask for nothing. `assumed` names
    facts that stand in for an answer that was not known: a later answer may replace them.
    `about` are the words that its question quoted.
    A note that a question is asked again holds the answer that was `taken` out, and the place it stood `at`.
    """

    model_config = ConfigDict(frozen=True)

    question: str
    asked: str = ""
    about: str = ""
    answer: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    fields: dict[str, str] = Field(default_factory=dict)
    lines: list[Line] = Field(default_factory=list)
    removed: list[str] = Field(default_factory=list)
    hints: dict[str, str] = Field(default_factory=dict)
    points: dict[str, str] = Field(default_factory=dict)
    offered: list[str] = Field(default_factory=list)
    assumed: list[str] = Field(default_factory=list)
    taken: Entry | None = None
    at: int = 0
    silent: bool = False
    follows: bool = False

    @property
    def shown(self) -> str:
        """The question with its answer as the user sees it; empty when there is nothing to see."""
        if self.silent or not self.asked or not self.answer:
            return ""
        asked = f"‘{self.about}’: {self.asked[:1].lower()}{self.asked[1:]}" if self.about else self.asked
        return f"{asked} {self.answer}" if asked.endswith("?") else f"{asked}: {self.answer}"


class Case(BaseModel):
    """A case: its journal, and the views that are derived from it."""

    model_config = ConfigDict(frozen=True)

    entries: list[Entry] = Field(default_factory=list)

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any] | None) -> Case:
        """Read the case from the value of the slot `casus`; an empty slot is a new case."""
        return cls.model_validate(slot) if slot else cls()

    def to_slot(self) -> dict[str, Any]:
        """Write the case as the value of the slot `casus`, without what is empty."""
        return self.model_dump(exclude_defaults=True)

    def add(self, *entries: Entry) -> Case:
        """Return the case with one answer more, or several."""
        return Case(entries=[*self.entries, *entries])

    def undo(self) -> tuple[Case, Entry | None]:
        """Take the last answer back, with the notes that followed it; returns the case before it, and the answer.

        While a question waits to be asked again, that is what is taken back: its old answer stands as it stood.
        """
        for index in range(len(self.entries) - 1, -1, -1):
            entry, before = self.entries[index], self.entries[:index]
            if entry.taken is not None:
                return Case(entries=[*before[: entry.at], entry.taken, *before[entry.at :]]), entry
            if not entry.silent and not entry.follows:
                return Case(entries=before), entry
        return self, None

    @property
    def correctable(self) -> list[int]:
        """The places of the answers that can be asked again; one that others came with is taken back as a whole."""
        alone = [entry.follows or not after.follows for entry, after in pairwise([*self.entries, Entry(question="")])]
        return [at for at, entry in enumerate(self.entries) if entry.shown and alone[at]]

    def reopen(self, index: int) -> Case:
        """Take the answer at `index` out, so that its question is asked again. Raises IndexError when it is none."""
        if index not in self.correctable:
            raise IndexError(index)
        taken = self.entries[index]
        kept = [entry for at, entry in enumerate(self.entries) if at != index]
        fields = {"fact_list": ""} if taken.lines or taken.removed or taken.question.startswith("feiten.") else {}
        note = Entry(question=AGAIN, answer=taken.question, fields=fields, taken=taken, at=index, silent=True)
        return Case(entries=[*kept, note])

    def renewed(self) -> Case:
        """Return a new case for the same user: only the profession is still known."""
        profession = self.fields.get("profession")
        if not profession:
            return Case()
        return Case(entries=[Entry(question="kennismaking.beroep", fields={"profession": profession}, silent=True)])

    @property
    def facts(self) -> dict[str, str]:
        """What is known of every fact that was answered; the last answer counts.

        What she tells after a “nee” speaks against that answer: all that it denied is unknown then, and asked again.
        """
        known: dict[str, str] = {}
        answer: dict[str, Entry] = {}
        for entry in self.entries:
            for fact in CONTRADICTED & set(entry.hints):
                if known.get(fact) == "no":
                    denied = [name for name in answer[fact].facts if answer[name] is answer[fact]]
                    known |= {name: "unknown" for name in CONTRADICTED.intersection(denied) if known[name] == "no"}
            known |= entry.facts
            answer |= dict.fromkeys(entry.facts, entry)
        return known

    @property
    def assumed(self) -> set[str]:
        """The facts that count as yes only because the answer was not known."""
        assumed: set[str] = set()
        for entry in self.entries:
            assumed = (assumed - set(entry.facts)) | set(entry.assumed)
        return assumed

    @property
    def fields(self) -> dict[str, str]:
        """Profession, role of the client, own decision and the like; the last answer counts, an empty one unsets."""
        last = {name: value for entry in self.entries for name, value in entry.fields.items()}
        return {name: value for name, value in last.items() if value}

    @property
    def begun(self) -> bool:
        """Whether a case began; a checklist by itself is none, nor is a question for the helpdesk."""
        return any(not entry.question.startswith(("lijst.", "helpdesk.")) for entry in self.entries)

    @property
    def lines(self) -> list[Line]:
        """The fact list: every line that was not removed."""
        return [line for line in self._all_lines if line.id not in self._removed]

    @property
    def _all_lines(self) -> list[Line]:
        return [line for entry in self.entries for line in entry.lines]

    @property
    def _removed(self) -> set[str]:
        return {line for entry in self.entries for line in entry.removed}

    @property
    def hints(self) -> dict[str, str]:
        """Facts that the user's words point to, each with the words; none of them is taken for granted."""
        return self._standing(entry.hints for entry in self.entries)

    @property
    def points(self) -> dict[str, str]:
        """Forms of violence and contexts that the user's words are like, each with the words."""
        return self._standing(entry.points for entry in self.entries)

    def _standing(self, pointing: Iterable[Mapping[str, str]]) -> dict[str, str]:
        """Join what words point to; words that were taken off the fact list point nowhere any more."""
        gone = {line.quote for line in self._all_lines if line.id in self._removed and line.quote}
        gone -= {line.quote for line in self.lines}
        return {
            name: quote
            for names in pointing
            for name, quote in names.items()
            if not any(words in quote or quote in words for words in gone)
        }

    def hinted_since(self, question: str, *, own_words: bool) -> set[str]:
        """The facts that the user's words point to since the last answer to `question`, with or without its own."""
        last = max((at for at, entry in enumerate(self.entries) if entry.question == question), default=-1)
        later = self.entries[last + (0 if own_words and last >= 0 else 1) :]
        return {fact for entry in later for fact in entry.hints} & set(self.hints)

    @property
    def asked(self) -> set[str]:
        """The ids of the questions that were answered."""
        return {entry.question for entry in self.entries}

    @property
    def again(self) -> str:
        """The question that was taken back to be asked again, as long as it has no new answer."""
        for entry in reversed(self.entries):
            if entry.question == AGAIN:
                return "" if entry.answer in self.asked_since(AGAIN) else entry.answer
        return ""

    def wants(self, question: str) -> bool:
        """Whether a question may still be put: after enough, or in danger, only one that is asked again."""
        return self.again == question or not ("enough" in self.fields or self.is_yes("danger_now"))

    @property
    def offered(self) -> set[str]:
        """The ids of what was offered once already (signals, lists)."""
        return {name for entry in self.entries for name in entry.offered}

    @property
    def unanswered(self) -> list[str]:
        """What was asked and not known, in the words of the question."""
        unknown = [entry for entry in self.entries if entry.answer == UNKNOWN and not entry.lines and entry.asked]
        # A ticked signal of which nothing was seen is no open question, but nothing at all.
        return list(dict.fromkeys(entry.asked for entry in unknown if not entry.question.startswith("feiten.gezien")))

    def asked_since(self, question: str) -> list[str]:
        """The ids of the answers after the last one to `question`, in order; all of them when it was never asked."""
        last = max((at for at, entry in enumerate(self.entries) if entry.question == question), default=-1)
        return [entry.question for entry in self.entries[last + 1 :]]

    def lines_of(self, *kinds: Kind) -> list[Line]:
        """The lines of the given kinds, in order."""
        return [line for line in self.lines if line.kind in kinds]

    def is_yes(self, *facts: str) -> bool:
        """Whether any of these facts was answered with yes."""
        known = self.facts
        return any(known.get(fact) == "yes" for fact in facts)

    def new_line_ids(self, count: int) -> Iterable[str]:
        """Ids for new lines; an id is never that of a line that is still in the journal."""
        used = [int(line.id[1:]) for entry in self.entries for line in entry.lines]
        start = max(used, default=0) + 1
        return (f"r{number}" for number in range(start, start + count))
