"""What was read in a pasted case sheet, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReadFact:
    """One fact: the words, when it was, `self`, `client`, `other` or nothing, and the signal that was asked about."""

    words: str
    when: str = ""
    source: str = ""
    label: str = ""


@dataclass(frozen=True)
class ReadAnswer:
    """An answer in the weighing: the id of the question, and the titles that were chosen (or a bare “Ja” or “Nee”).

    Of the danger question also the words that it was `about`.
    """

    question: str
    titles: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True)
class Pasted:
    """All that was read. `known` holds facts that stand in the sheet as sentences, `steps` those of the meldcode.

    `unread` are lines that are no sentences of ours, `doubled` the questions that stand there with two answers.
    """

    date: str = ""
    profession: str = ""
    client_role: str = ""
    facts: tuple[ReadFact, ...] = ()
    times: tuple[tuple[str, str], ...] = ()
    interpretations: tuple[str, ...] = ()
    answers: tuple[ReadAnswer, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[int, str] = field(default_factory=dict)
    danger_unknown: bool = False
    decision: str = ""
    decided: str = ""
    reason: str = ""
    help: str = ""
    review: str = ""
    unread: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    advice: bool = False
    marks: int = 0

    @property
    def rows(self) -> int:
        """How many rows of a sheet were recognised; none means that this is probably no sheet."""
        return len(self.facts) + len(self.times) + len(self.answers) + len(self.known) + len(self.steps)
