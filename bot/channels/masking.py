"""What staff type goes through the privacy door too, and they see what it takes out before it is kept or sent."""

from __future__ import annotations

import secrets

from bot.channels import sentences
from bot.channels.chat import Pseudonymiser, highest_person
from bot.channels.store import Store
from bot.channels.text import clean, has_words
from bot.helpdesk import DeskError


class LeftOutError(DeskError):
    """The privacy door takes something out of a text: it is shown, and goes on only when that is well."""

    def __init__(self, text: str) -> None:
        super().__init__("Hier haalt Pluis iets uit dat een naam of nummer kan zijn. Kijk of het zo goed is.")
        self.text = text


class EmptyError(DeskError):
    """There are no words in a text."""


class TooLongError(DeskError):
    """A text is longer than can be sent."""


class Masking:
    """The privacy door for what staff type in a conversation."""

    def __init__(self, door: Pseudonymiser, store: Store) -> None:
        self._door, self._store = door, store

    def masked(self, conversation: str, text: str, *, sure: bool) -> tuple[str, int]:
        """Take a text of staff through the door; return it with the highest number of a person in it.

        Raises EmptyError, TooLongError, and unless `sure` LeftOutError when something is taken out.
        """
        return self._through(conversation, text, self._store.persons(conversation), sure)

    def alone(self, text: str, *, sure: bool) -> str:
        """Take a text through the door that is of no conversation any more. Raises what `masked` does."""
        nobodys = secrets.token_hex(8)
        try:
            return self._through(nobodys, text, highest_person(text), sure)[0]
        finally:
            self._door.forget(nobodys)

    def _through(self, conversation: str, text: str, persons: int, sure: bool) -> tuple[str, int]:
        plain = clean(text).strip()
        if not has_words(plain):
            raise EmptyError("Schrijf eerst iets.")
        if len(plain) > sentences.MAX_TEXT:
            length, most = (f"{number:,}".replace(",", ".") for number in (len(plain), sentences.MAX_TEXT))
            raise TooLongError(
                f"Dit is te lang: {length} tekens, en er passen er {most} in. Je tekst staat er nog. "
                "Maak er twee stukken van."
            )
        masked = self._door.pseudonymise(conversation, plain, persons + 1)
        if masked.found and not sure:
            raise LeftOutError(masked.text)
        return masked.text, highest_person(masked.text)
