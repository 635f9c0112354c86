"""The fixed sentences of the case sheet and the order of its parts, as editors wrote them in `data/case/sheet.yml`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any

from bot.advice import FACTS
from bot.yamlfile import Loaded, read_yaml, validate

KIND_CHECK = ("children", "pregnant", "child_witness", "children_safe")  # the facts of the kindcheck
ASKED_ADVICE = ("consulted", "asked_veilig_thuis", "expert_consulted")  # with whom she can have discussed it
ROWS: Mapping[str, Mapping[str, tuple[str, ...]]] = {  # the sentences that the code asks for, with what they may hold
    "facts": {
        "when": ("words",), "how_often": ("words",), "asked": ("label", "words"), "no_time": (), "self": (),
        "client": (), "other": (), "no_source": (), "hidden": ("count",),
    },
    "answers": {"danger": ("words",), "danger_hidden": (), "yes": (), "no": (), "no_source": ()},
    "children": {
        **{f"{fact}_{value}": ("fill",) for fact in KIND_CHECK
           for value in ("yes", "no", "unknown")},
        "minor": ("fill",), "details": ("fill",), "source": ("fill",), "care": ("fill",),
    },
    "meldcode": {**{f"step_{step}": () for step in range(1, 6)}, "done": (), "now": (), "todo": (), "decided": ()},
    "consulted": {
        "consulted": ("fill",), "asked_veilig_thuis": ("fill",), "expert_consulted": ("fill",), "none": (),
        "unknown": ("fill",), "helpdesk": ("words",), "helpdesk_asked": (), "pluis": ("advice",),
    },
    "decision": {"decision": ("words",), "reason": ("words",), "help": ("words",), "date": ("fill",)},
    "told": {"talked": ("fill",), "not_talked": ("fill",), "unsafe": ("fill",), "unknown": ("fill",)},
    "contact": {"contact": ("fill",)},
    "talk": {"setup": ("label",), "opening": ("opening",)},
    "open": {"gaps": ("facts",), "none": ()},
    "review": {"date": ("date",), "words": ("date", "words"), "no_date": ("words", "fill"), "unknown": ("fill",)},
    "version": {"version": ("tables", "knowledge"), "unknown": ()},
}  # fmt: skip
READ_BACK: Mapping[str, tuple[str, ...]] = {  # what is said of a sheet that is pasted, with what that may hold
    "date": ("date",), "facts": (), "when": ("words",), "interpretations": (), "answers": (), "situation": (),
    "steps": ("steps",), "no_steps": (), "decision": ("words",), "reason": ("words",), "help": ("words",),
    "review": ("words",), "nothing": (), "more": ("count",), "unread": ("count",), "doubled": ("count",), "advice": (),
    "facts_told": (), "thoughts_told": (),
}  # fmt: skip


@dataclass(frozen=True)
class VersionText:
    """One version: its title, what it is, and its sections in order."""

    title: str
    intro: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class SectionText:
    """The title of a section, and its sentences by name."""

    title: str
    text: str = ""
    none: str = ""
    columns: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)

    def row(self, name: str, **values: str) -> str:
        """Return a sentence with its values filled in."""
        return self.rows[name].format(**values)


@dataclass(frozen=True)
class AskedAbout:
    """A question for Veilig Thuis or a colleague, put when every fact in `when` has one of its values."""

    text: str
    when: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetTexts:
    """Everything in `sheet.yml`."""

    to_fill: str
    head: Mapping[str, str]
    versions: Mapping[str, VersionText]
    sections: Mapping[str, SectionText]
    pasted: Mapping[str, str]
    questions: tuple[AskedAbout, ...]
    not_listed: frozenset[str]
    never: re.Pattern[str]

    @property
    def open_words(self) -> tuple[str, ...]:
        """What stands where something is still to fill in; the longest first, as one may hold another."""
        facts, answers = self.sections["facts"].rows, self.sections["answers"].rows
        words = {self.to_fill, facts["no_time"], facts["no_source"], answers["no_source"]}
        return tuple(sorted(words, key=len, reverse=True))


def load_sheet_texts(data: Path) -> SheetTexts:
    """Read the sentences of the case sheet. Raises DataFileError for what is missing, or cannot be filled in."""
    folder = data / "case"
    loaded = read_yaml(folder / "sheet.yml")
    validate(loaded, json.loads((folder / "schema" / "sheet.json").read_text(encoding="utf-8")))
    rows = loaded.data
    _check_rows(loaded)
    _check_facts(loaded)
    return SheetTexts(
        to_fill=rows["to_fill"],
        head=rows["head"],
        versions={
            row["id"]: VersionText(row["title"], row["intro"], tuple(row["sections"])) for row in rows["versions"]
        },
        sections={name: _section(row) for name, row in rows["sections"].items()},
        pasted=rows["pasted"],
        questions=tuple(AskedAbout(row["text"], row.get("when", {})) for row in rows["questions"]),
        not_listed=frozenset(rows["not_listed"]),
        never=_never(loaded),
    )


def _section(row: Mapping[str, Any]) -> SectionText:
    columns = tuple(row.get("columns", ()))
    return SectionText(row["title"], row.get("text", ""), row.get("none", ""), columns, row.get("rows", {}))


def _check_rows(loaded: Loaded) -> None:
    """Every sentence that the code needs is there, and asks for nothing that it does not get."""
    places = [(("sections", section), ("sections", section, "rows"), wanted) for section, wanted in ROWS.items()]
    for place, keys, wanted in (*places, (("pasted",), ("pasted",), READ_BACK)):
        rows = loaded.data
        for name in keys:
            rows = rows.get(name, {})
        for name in wanted:
            if name not in rows:
                raise loaded.error(f"de zin {name} ontbreekt", *place)
        for name, text in rows.items():
            if name not in wanted:
                raise loaded.error(f"de zin {name} wordt nergens gebruikt", *keys, name)
            for _, key, _, _ in _parsed(loaded, text, *keys, name):
                if key is not None and key not in wanted[name]:
                    known = ", ".join(wanted[name]) or "geen"
                    raise loaded.error(f"{{{key}}} is hier onbekend; wel: {known}", *keys, name)


def _parsed(loaded: Loaded, text: str, *keys: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(text))
    except ValueError as error:
        raise loaded.error("een accolade staat niet goed: gebruik {naam}", *keys) from error


def _check_facts(loaded: Loaded) -> None:
    for index, row in enumerate(loaded.data["questions"]):
        for fact in row.get("when", {}):
            if fact not in FACTS:
                raise loaded.error(f"onbekend feit: {fact}", "questions", index, "when", fact)


def _never(loaded: Loaded) -> re.Pattern[str]:
    for index, pattern in enumerate(loaded.data["never"]):
        try:
            re.compile(pattern)
        except re.error as error:
            raise loaded.error(f"dit patroon klopt niet: {error}", "never", index) from error
    return re.compile("|".join(f"(?:{pattern})" for pattern in loaded.data["never"]))
