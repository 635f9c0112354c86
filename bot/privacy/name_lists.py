"""The lists of names, and what is asked of them about one word."""

from __future__ import annotations

from collections.abc import Set

from bot.privacy.lists import Lists
from bot.privacy.view import Word
from bot.privacy.words import Words, fold, is_dutch, is_nearly_dutch


class NameLists:
    """Knows of a word by itself whether it is, or may be, a name."""

    def __init__(self, words: Words, lists: Lists) -> None:
        self._words = words
        self.given = (lists.first_names | words.extra) - words.never
        self._sur = lists.surnames | words.surnames
        self.after_infix = self._sur | lists.infix_surnames | words.surnames_after_infix

    def is_plain(self, word: Word) -> bool:
        """Tell whether a word is ordinary Dutch rather than a name."""
        if word.folded in self._words.certain:
            return False
        if "-" in word.text and any(self._is_term(part) for part in word.text.split("-")):
            return True
        if "-" in word.text and self._is_made_with(word.text):
            return True
        law = len(word.folded) > 5 and word.folded.endswith("wet")
        return law or word.folded in self._words.ordinary or is_dutch(word.text.lower()) or is_dutch(word.folded)

    def _is_made_with(self, text: str) -> bool:
        """ "Viva-forum", "Braille-folder": a name of no person, and a word."""
        head, _, tail = text.partition("-")
        return (
            len(tail) > 3
            and tail.islower()
            and is_dutch(tail)
            and fold(head) not in self.given
            and fold(head) not in self._sur
        )

    def _is_term(self, part: str) -> bool:
        """ "AVG-grond", "Fontys-rapport": a known term or an abbreviation makes the whole an ordinary word."""
        return (
            fold(part) in self._words.hard
            or part in self._words.abbreviations
            or (1 < len(part) < 6 and part.isupper())
        )

    def is_infix(self, word: Word) -> bool:
        """Tell whether a word stands between first name and surname: "van", "den", "'t"."""
        return word.folded in self._words.cues["infixes"] or (word.folded == "t" and word.before.endswith("'"))

    def in_given(self, word: Word) -> bool:
        """Tell whether a word is a first name."""
        return self.is_in(word, self.given)

    def in_sur(self, word: Word) -> bool:
        """Tell whether a word is a surname."""
        return self.is_in(word, self._sur)

    def listed(self, word: Word) -> bool:
        """Tell whether a word is a first name or a surname."""
        return self.in_given(word) or self.in_sur(word)

    def listed_in_small(self, word: Word) -> bool:
        """A surname alone, in small letters, is a typing error when one letter makes a word of it."""
        own = self.in_given(word) or self.is_in(word, self._words.surnames)
        return own or (self.in_sur(word) and not is_nearly_dutch(word.folded))

    def without_s(self, word: Word) -> bool:
        """Tell whether a word is a name only without its last s: "Ahmeds"."""
        return (
            not self.listed_as_is(word) and self.listed(word) and word.folded.endswith("s") and "-" not in word.folded
        )

    def listed_as_is(self, word: Word) -> bool:
        """Tell whether a word stands in a list of names just so."""
        return word.folded in self.given or word.folded in self._sur

    @staticmethod
    def is_in(word: Word, names: Set[str]) -> bool:
        """Compare whole, without the s of possession, and each half of a double name."""
        folded = word.folded
        if folded in names or (len(folded) > 4 and folded.endswith("s") and folded[:-1] in names):
            return True
        return "-" in folded and any(len(part) > 2 and part in names for part in folded.split("-"))
