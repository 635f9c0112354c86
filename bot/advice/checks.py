"""Checks that no schema can make: names that must agree between files, rows that nothing can reach,
facts that nothing reads, words that no text may use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from bot.advice.conditions import Condition
from bot.advice.records import OUTCOMES, SETUPS, FixedText, Line, TableData
from bot.advice.request import FACTS, GROUPS
from bot.advice.sound import check_sound
from bot.advice.wording import PLACEHOLDERS
from bot.yamlfile import Loaded

GROUP_OF = {fact: group for group, facts in GROUPS.items() for fact in facts}
SAFEST_OF = {"danger": "yes", "protective": "no"}
FEWEST_QUESTIONS = 5
REQUIRED_TEXTS = (
    "danger", "unsigned", "norm", "anonymity", "hours", "after_report", "victim",
    "perpetrator", "bystander", "minor", "professional_self", "professional_threatened", "card_both_present",
    "scope", "belgium", "person_offered", "case_sheet_first_line",
)  # fmt: skip


UNIQUE = (
    ("words", "words", "word"), ("levels", "table", "id"), ("levels", "table", "nr"), ("levels", "person", "id"),
    ("cautions", "table", "id"), ("cautions", "table", "nr"), ("setups", "table", "id"), ("setups", "table", "nr"),
    ("plans", "plans", "setup"), ("methods", "methods", "id"), ("meldcode", "steps", "step"),
    ("meldcode", "checks", "id"), ("meldcode", "duties", "id"), ("patterns", "patterns", "id"),
    ("questions", "questions", "id"), ("texts", "texts", "id"), ("organisation", "placeholders", "id"),
    ("checklists", "checklists", "id"),
)  # fmt: skip


def check_rows(loaded: Mapping[str, Loaded]) -> None:
    """No row stands twice, and every date of review is a day; checked before anything is made of the rows."""
    for name, table, key in UNIQUE:
        _unique(loaded[name], table, key)
    for file in loaded.values():
        _check_reviews(file, file.data, ())


def check_facts(loaded: Loaded) -> None:
    """The file must hold exactly the facts of the contract, each in its group, with the safest value of that group."""
    seen = set()
    for index, row in enumerate(loaded.data["facts"]):
        name = row["name"]
        if name in seen or GROUP_OF.get(name) != row["group"]:
            raise loaded.error(f"{name} is onbekend, dubbel of staat in de verkeerde groep", "facts", index)
        if row["safest"] != SAFEST_OF.get(row["group"], row["safest"]):
            raise loaded.error(f"safest van {name} past niet bij de groep {row['group']}", "facts", index)
        seen.add(name)
    if missing := [name for name in FACTS if name not in seen]:
        raise loaded.error(f"deze feiten ontbreken: {', '.join(missing)}", "facts")


def check_tables(tables: TableData, loaded: Mapping[str, Loaded]) -> None:
    """Hold the files against each other. Raises DataFileError for the first fault."""
    _check_order(tables, loaded)
    check_sound(tables, loaded)
    _check_plans(tables, loaded["plans"])
    _check_questions(tables, loaded["questions"])
    _check_texts(tables, loaded["texts"])
    _check_patterns(tables, loaded["patterns"])
    if unread := [fact for fact in FACTS if fact not in set(read_names(tables))]:
        raise loaded["facts"].error(f"niets leest deze feiten: {', '.join(unread)}", "facts")
    for name, file in loaded.items():
        if name == "organisation":  # its own texts are checked row by row
            continue
        known = [word for word in PLACEHOLDERS if word != "feiten" or name == "levels"]
        known += ["label", "reasons", "quote"] if name == "patterns" else []
        if name not in ("facts", "questions"):  # what is asked comes back in the summary, where no organisation may
            known += tables.impersonal
        check_placeholders(file, file.data, known)


def read_names(tables: TableData) -> Iterator[str]:
    """Yield every fact and field that a row, a caution, a plan, a step or a check reads."""
    for condition in conditions(tables):
        yield from condition.names()


def conditions(tables: TableData) -> Iterator[Condition]:
    """Yield every condition of the tables."""
    for level in tables.levels:
        yield level.when
        yield from (when for when, _ in level.stricter)
        yield from (line.when for line in (*level.text, *level.steps))
    for caution in tables.cautions:
        yield caution.when
        yield from (line.when for line in caution.text)
    yield from (row.when for row in tables.setups)
    yield from (row.when for row in (*tables.checks, *tables.duties, *tables.person, *tables.methods))
    yield from (row.when for row in (tables.report_with_expert, tables.help_unless))
    for step in tables.meldcode:
        yield from (step.done, step.now)
    yield from (line.when for line in _plan_lines(tables))


def _plan_lines(tables: TableData) -> Iterator[Line]:
    for plan in (*tables.plans.values(), tables.every_plan):
        for lines in plan.parts.values():
            yield from lines


def _unique(loaded: Loaded, table: str, key: str) -> None:
    seen: set[object] = set()
    for index, row in enumerate(loaded.data[table]):
        if row[key] in seen:
            raise loaded.error(f"{key} {row[key]} staat er twee keer", table, index, key)
        seen.add(row[key])


def _check_reviews(loaded: Loaded, node: object, path: tuple[str | int, ...]) -> None:
    """A date of review is a day that exists: a schema only sees its form."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key == "review" and isinstance(child, dict):
            try:
                date.fromisoformat(child["due"])
            except ValueError as error:
                raise loaded.error(f"deze dag bestaat niet: {child['due']}", *path, key, "due") from error
        else:
            _check_reviews(loaded, child, (*path, key))


def _check_order(tables: TableData, loaded: Mapping[str, Loaded]) -> None:
    """Rows stand by number; the last level says otherwise, the last setup holds always; no outcome is left out."""
    for name, numbers in (
        ("levels", [row.nr for row in tables.levels]),
        ("setups", [row.nr for row in tables.setups]),
    ):
        if numbers != list(range(1, len(numbers) + 1)):
            raise loaded[name].error("de rijen zijn niet doorgenummerd vanaf 1", "table")
    if [row.otherwise for row in tables.levels] != [False] * (len(tables.levels) - 1) + [True]:
        raise loaded["levels"].error("alleen de laatste rij heeft otherwise", "table", len(tables.levels) - 1)
    if tables.setups[-1].when.names() or loaded["setups"].data["table"][-1]["when"] != "always":
        raise loaded["setups"].error("de laatste rij geldt altijd", "table", len(tables.setups) - 1)
    if missing := set(OUTCOMES) - {row.outcome for row in tables.levels}:
        raise loaded["levels"].error(f"geen rij leidt tot {', '.join(sorted(missing))}", "table")
    if missing := set(SETUPS) - {row.setup for row in tables.setups}:
        raise loaded["setups"].error(f"geen rij leidt tot {', '.join(sorted(missing))}", "table")


def _check_plans(tables: TableData, loaded: Loaded) -> None:
    """Every setup has a plan; what is said when nothing is known is complete."""
    if missing := set(SETUPS) - set(tables.plans):
        raise loaded.error(f"geen plan voor {', '.join(sorted(missing))}", "plans")
    for index, row in enumerate(loaded.data["plans"]):
        questions, opening, stop = (
            [not line.when.names() for line in tables.plan_lines(row["setup"], part)]
            for part in ("questions", "opening", "stop")
        )
        if sum(questions) < FEWEST_QUESTIONS:
            raise loaded.error("minder dan vijf vragen die altijd gesteld kunnen worden", "plans", index, "questions")
        if not (opening and opening[-1] and stop and stop[-1]):
            raise loaded.error("de laatste openingszin en stopzin gelden altijd", "plans", index, "opening")


def _check_questions(tables: TableData, loaded: Loaded) -> None:
    """Answers settle known facts, and every fact can be asked."""
    for index, row in enumerate(loaded.data["questions"]):
        for number, choice in enumerate(row["choices"]):
            if strange := [fact for fact in choice["facts"] if fact not in FACTS]:
                place = ("questions", index, "choices", number, "facts", strange[0])
                raise loaded.error(f"onbekend feit: {', '.join(strange)}", *place)
            if "{" in choice["title"]:
                raise loaded.error("een antwoord heeft geen invulplek", "questions", index, "choices", number)
    asked = {fact for question in tables.questions for fact in question.facts}
    if missing := [fact for fact in FACTS if fact not in asked]:
        raise loaded.error(f"geen vraag over: {', '.join(missing)}", "questions")


def _check_texts(tables: TableData, loaded: Loaded) -> None:
    """The texts that the conversation counts on are there, and their answers settle known facts."""
    if missing := [name for name in REQUIRED_TEXTS if name not in tables.texts]:
        raise loaded.error(f"deze teksten ontbreken: {', '.join(missing)}", "texts")
    for index, text in enumerate(tables.texts.values()):
        if strange := _strange_facts(text):
            raise loaded.error(f"onbekend feit: {', '.join(strange)}", "texts", index, "choices")


def _strange_facts(text: FixedText) -> list[str]:
    return [fact for choice in text.answers for fact in choice.facts if fact not in FACTS]


def check_organisation(loaded: Loaded) -> None:
    """Each placeholder has a name of its own, says one field, and uses only placeholders above it."""
    fields, rows = loaded.data["fields"], loaded.data["placeholders"]
    for index, row in enumerate(rows):
        at = ("placeholders", index)
        if row["id"] in (*PLACEHOLDERS, "value"):
            raise loaded.error(f"de naam {row['id']} heeft al een andere betekenis", *at, "id")
        if row["from"] not in fields:
            raise loaded.error(f"onbekende naam: {row['from']}; kies uit: {', '.join(fields)}", *at, "from")
        if row["known"].count("{value}") != 1:
            raise loaded.error("hier hoort één keer {value} in", *at, "known")
        above = [other["id"] for other in rows[:index]]
        check_placeholders(loaded, row["known"], ("value", *above), (*at, "known"))
        check_placeholders(loaded, row["unknown"], above, (*at, "unknown"))
    if unsaid := set(fields) - {row["from"] for row in rows}:
        raise loaded.error(f"dit wordt nergens gezegd: {', '.join(sorted(unsaid))}", "fields", min(unsaid))


def _check_patterns(tables: TableData, loaded: Loaded) -> None:
    """A pattern can be pointed at, by facts or by words, and covers only patterns that there are."""
    known = {row.id for row in tables.patterns}
    for index, row in enumerate(tables.patterns):
        if strange := [name for name in row.covers if name not in known or name == row.id]:
            raise loaded.error(f"onbekend patroon: {', '.join(strange)}", "patterns", index, "covers")
        if not row.told and not row.reasons:
            raise loaded.error("niets wijst naar dit patroon", "patterns", index)


def check_placeholders(loaded: Loaded, node: object, known: Collection[str], path: tuple[str | int, ...] = ()) -> None:
    """A text may use the known placeholders only. Raises DataFileError for the first that is not."""
    if isinstance(node, str):
        if strange := [name for name in re.findall(r"\{([^}]*)\}", node) if name not in known]:
            raise loaded.error(f"onbekende invulplek: {', '.join(strange)}", *path)
        return
    items: Iterable[tuple[str | int, object]] = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    for key, value in items:
        check_placeholders(loaded, value, known, (*path, key))
