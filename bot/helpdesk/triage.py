"""How soon a question needs a person: the classes S, P1, P2 and U, by the table in `data/helpdesk/triage.yml`.
Pure: it knows no clock."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bot.advice import AdviceRequest, Condition, ConditionError, Decision, Tables, View, Vocabulary
from bot.yamlfile import Loaded, read_yaml, validate

ALWAYS = "always"
ALSO = ("danger_open", "milder", "upset", "concrete")  # what a conversation tells beside the facts: never passed over
NOTHING = "none"  # what a story sounds like to who cannot hear


@dataclass(frozen=True)
class Class:
    """A class: `urgent` ones are for who may see them, `minutes` of opening hours is when an answer is promised."""

    id: str
    title: str
    about: str
    urgent: bool
    minutes: int


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    id: str
    class_id: str
    when: Condition
    reason: str


@dataclass(frozen=True)
class Situation:
    """What is known when someone asks for a person: the answers; what she told, as one `text`, with how sure the safety
    net is of danger in it (`net`, 0 to 1) and the facts that it points to and nobody asked about (`heard`); and the
    names of what else holds (`also`, see the table)."""

    request: AdviceRequest
    text: str = ""
    net: float = 0.0
    heard: Collection[str] = ()
    also: Collection[str] = ()


@dataclass(frozen=True)
class Triage:
    """A class with the rows that hold, the deciding one first, and their reasons in Dutch."""

    class_id: str
    rules: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TriageTable:
    """The classes, heaviest first, and the rows that decide."""

    classes: tuple[Class, ...]
    heaviest_from: float
    also: tuple[str, ...]
    rows: tuple[Row, ...]
    labels: Mapping[str, str] = field(default_factory=dict)  # fact → its short Dutch name

    def rank(self, class_id: str) -> int:
        """Return the place of a class, 0 for the heaviest. Raises KeyError when there is none of this name."""
        return {one.id: at for at, one in enumerate(self.classes)}[class_id]

    def named(self, class_id: str) -> Class:
        """Return a class. Raises KeyError when there is none of this name."""
        return self.classes[self.rank(class_id)]

    def heaviest(self, *class_ids: str) -> str:
        """Return the heaviest of some classes."""
        return min(class_ids, key=self.rank)

    def sounds(self, opinions: Mapping[str, float], net: float) -> str:
        """Return what a story sounds like, of how much it sounds like each class and how sure the safety net is."""
        heaviest = self.classes[0].id
        if (3 * opinions[heaviest] + net) / 4 >= self.heaviest_from:  # what a whole story sounds like weighs more
            return heaviest
        return max((one.id for one in self.classes[1:]), key=lambda name: opinions[name])

    def decide(self, situation: Situation, tables: Tables, sounds: str = NOTHING) -> Triage:
        """Return the class of a situation. A row that cannot be evaluated holds: a fault leads to a person, soon."""
        heard = [fact for fact in situation.heard if situation.request.value(fact) == "unknown"]
        decision = tables.decide(situation.request)
        more = {name: "yes" if name in situation.also else "no" for name in self.also}
        view = decision.view.with_values(rule=decision.rule.id, sounds=sounds, **more)
        holding = [row for row in self.rows if _holds(row.when, view)]
        decided = min(holding, key=lambda row: self.rank(row.class_id))
        told = [decided, *(row for row in holding if row is not decided and row.class_id == decided.class_id)]
        reasons = tuple(self._reason(row, decision, heard) for row in told)
        return Triage(decided.class_id, tuple(row.id for row in told), reasons)

    def _reason(self, row: Row, decision: Decision, heard: Collection[str]) -> str:
        """Fill in a reason: `{rij}` is the row of the advice that decides, `{feiten}` what the row rests on, and
        `{gehoord}` what her words point to."""
        if "{rij}" in row.reason:
            facts = decision.facts_behind(decision.rule)
        else:
            facts = [fact for fact in self.labels if fact in row.when.names() and decision.view.values[fact] == "yes"]
        said = row.reason.replace("{rij}", decision.rule.label)
        for name, listed in (("{feiten}", facts), ("{gehoord}", [fact for fact in self.labels if fact in heard])):
            named = "; ".join(self.labels[fact] for fact in listed)
            said = said.replace(name, f": {named}" if named else "")
        return said


def _holds(condition: Condition, view: View) -> bool:
    try:
        return condition.holds(view)
    except ConditionError:
        return True


def load_triage(data: Path, tables: Tables) -> TriageTable:
    """Read the table under `data`. Raises DataFileError for a fault: a name that nobody knows, classes out of order."""
    folder = data / "helpdesk"
    loaded = read_yaml(folder / "triage.yml")
    validate(loaded, json.loads((folder / "schema" / "triage.json").read_text(encoding="utf-8")))
    _check_names(loaded, tables)
    classes = tuple(Class(**row) for row in loaded.data["classes"])
    also = tuple(loaded.data["also"])
    fields = {
        "rule": tuple(row.id for row in tables.levels),
        "sounds": (*(one.id for one in classes), NOTHING),
        **{name: ("yes", "no") for name in also},
    }
    vocabulary = Vocabulary(tuple(tables.facts), fields)
    rows = []
    for at, raw in enumerate(loaded.data["table"]):
        if raw["class"] not in [one.id for one in classes]:
            raise loaded.error(f"onbekende klasse: {raw['class']}", "table", at, "class")
        try:
            condition = vocabulary.read(raw["when"])
        except ConditionError as error:
            raise loaded.error(error.reason, "table", at, "when", *error.path) from error
        rows.append(Row(raw["id"], raw["class"], condition, raw["reason"]))
    made = TriageTable(
        classes,
        loaded.data["heaviest_from"],
        also,
        tuple(rows),
        {name: fact.label for name, fact in tables.facts.items()},
    )
    _check(made, loaded)
    return made


def _check_names(loaded: Loaded, tables: Tables) -> None:
    """Each name has one meaning."""
    for part in ("classes", "table"):
        names = [row["id"] for row in loaded.data[part]]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise loaded.error(f"{name} staat er twee keer; kies een andere naam", part, at, "id")
    for name in ALSO:
        if name not in loaded.data["also"]:
            raise loaded.error(f"{name} ontbreekt; een gesprek zegt dat, en geen rij zou het zien", "also")
    for name in loaded.data["also"]:
        if name in ("rule", "sounds", *tables.facts):
            raise loaded.error(f"{name} heeft al een andere betekenis; kies een andere naam", "also", name)


def _check(made: TriageTable, loaded: Loaded) -> None:
    """Every situation has a class, every class can come out, and what is read somewhere is all that is named."""
    always, last = [at for at, row in enumerate(loaded.data["table"]) if row["when"] == ALWAYS], len(made.rows) - 1
    if always != [last]:
        said = "de laatste rij, en die alleen, moet altijd gelden (when: always)"
        raise loaded.error(said, "table", [*always, last][0], "when")
    ranks = [made.rank(row.class_id) for row in made.rows]
    for at, (above, rank) in enumerate(pairwise(ranks), 1):
        if rank < above:
            raise loaded.error("deze rij is zwaarder dan de rij erboven; zet de zwaarste bovenaan", "table", at)
    for at, one in enumerate(made.classes):
        if made.rank(one.id) not in ranks:
            raise loaded.error(f"geen rij leidt tot {one.id}", "classes", at)
        if at and one.urgent and not made.classes[at - 1].urgent:
            raise loaded.error("een dringende klasse staat onder een die dat niet is", "classes", at, "urgent")
    read = frozenset().union(*(row.when.names() for row in made.rows))
    for name in made.also:
        if name not in read:
            raise loaded.error(f"geen rij leest {name}", "also", name)
