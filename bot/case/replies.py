"""The replies that editors write in `data/replies/`, by name, with their placeholders filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.advice import check_placeholders, fill
from bot.case.speech import Choice, Say
from bot.yamlfile import DataFileError, read_yaml

# What is filled in when it is said.
VALUES = (
    "aantal", "belofte", "dagen", "feedback", "gelezen", "geldt", "gesprekken", "jij", "lijst", "minuten", "nummer",
    "onderwerp", "overzicht", "punt", "quote", "reden", "signaal", "situatie", "slot", "stand", "tip", "titel",
    "uitleg", "uren", "vervalt", "vraag", "wie",
)  # fmt: skip

WELCOME = "welkom_keuzes"


class Replies:
    """All replies; asking for one that is not there is a fault of ours and raises KeyError."""

    def __init__(self, says: Mapping[str, Say]) -> None:
        self._says = says

    def render(self, say: Say) -> Say:
        """Return the message with its text in full; choices of the reply come before those that were added."""
        if not say.response:
            return say
        reply = self._says[say.response]
        text = reply.text
        for name, value in say.values.items():
            text = text.replace("{" + name + "}", value)
        return Say(text=text, choices=(*reply.choices, *say.choices), custom=say.custom, rows=say.rows)

    def texts(self) -> Mapping[str, str]:
        """Every text by name, with what is filled in when it is said still open."""
        return {name: say.text for name, say in self._says.items()}


def load_replies(folder: Path, words: Mapping[str, str]) -> Replies:
    """Read every file of replies, and fill in the words of the tables.

    Raises DataFileError for a name that is there twice or has no text, and for a placeholder that nothing fills.
    """
    says: dict[str, Say] = {}
    for path in sorted(folder.glob("*.yml")):
        loaded = read_yaml(path)
        check_placeholders(loaded, loaded.data, (*VALUES, *words))
        for name, row in loaded.data["replies"].items():
            if name in says:
                raise loaded.error(f"antwoord {name} staat er twee keer", "replies", name)
            if not row.get("text"):
                raise loaded.error(f"antwoord {name} heeft geen tekst", "replies", name)
            choices = tuple(
                Choice(item["title"], item.get("value", ""), item["intent"]) for item in row.get("choices", ())
            )
            says[name] = Say(text=fill(row["text"], words), choices=choices)
    if not says:
        raise DataFileError(folder, 1, "hier staan geen antwoorden")
    return Replies(says)


def load_starts(folder: Path) -> dict[str, str]:
    """Return what a conversation can open with: the starts among the choices of the welcome, each with its title.

    Raises DataFileError for a start that is there twice, or that is no plain name: it stands in addresses.
    """
    loaded = read_yaml(folder / "conversation.yml")
    starts: dict[str, str] = {}
    for index, choice in enumerate(loaded.data["replies"][WELCOME]["choices"]):
        if (start := choice.get("start")) is None:
            continue
        if start in starts or not re.fullmatch(r"[a-z_]+", str(start)):
            raise loaded.error(
                f"start {start} staat er twee keer, of heeft andere tekens dan a-z en _",
                "replies", WELCOME, "choices", index, "start",
            )  # fmt: skip
        starts[start] = choice["title"]
    return starts
