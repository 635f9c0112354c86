"""A text as the finders see it: the same length as the original, with look-alike digits, blanks, dashes and quotes
made plain, and cut into words that know their surroundings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.privacy.words import Words, fold

_PLACEHOLDER = re.compile(r"\[[a-zë-]+(?: \d+)?\]")
_POSSESSIVE = re.compile(r"'s$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;\n\"“”„«»•…(]|(?<!\w)'|-\s*$")


@dataclass(frozen=True)
class Word:
    """One word of a text. `kept` words are left in: `hard` always, `soft` unless a title comes before."""

    text: str
    start: int
    end: int
    folded: str
    before: str
    opens: bool
    kept: str = ""

    @property
    def capital(self) -> bool:
        """Starts with a capital and is not written in capitals altogether."""
        return self.text[0].isupper() and not (len(self.text) > 1 and self.text.isupper())


@dataclass(frozen=True)
class View:
    """A cleaned text, its plain copy of the same length, and its words."""

    text: str
    plain: str
    words: tuple[Word, ...]

    def word_at(self, position: int) -> Word | None:
        """Return the word that covers a position of the text."""
        return next((word for word in self.words if word.start <= position < word.end), None)

    def opens_at(self, position: int) -> bool:
        """Tell whether a sentence begins at a position."""
        word = self.word_at(position)
        return word is not None and word.opens and word.start == position

    def keeps(self, start: int, end: int) -> bool:
        """Tell whether a piece of the text holds a word that always stays."""
        return any(word.kept == "hard" and word.start < end and start < word.end for word in self.words)


def look(text: str, words: Words) -> View:
    """Make the view of a cleaned text."""
    plain = "".join(_plain(char) for char in text)
    fixed = [match.span() for match in _PLACEHOLDER.finditer(plain)]
    fixed += [match.span() for match in words.phrases.finditer(plain)]
    found: list[Word] = []
    last = 0
    for match in re.finditer(r"[^\W\d_]+(?:['-][^\W\d_]+)*", plain):
        start, end = match.span()
        end -= 2 if _POSSESSIVE.search(plain[start:end]) else 0
        if start == end:
            continue
        before, piece = plain[last:start], plain[start:end]
        folded = fold(piece)
        opens = not found or (bool(_SENTENCE_END.search(before)) and not _is_short(found[-1], before, words))
        kept = "hard" if any(left <= start < right for left, right in fixed) else _kept(piece, folded, words)
        found.append(Word(piece, start, end, folded, before, opens, kept))
        last = end
    return View(text, plain, tuple(found))


def _plain(char: str) -> str:
    """Return the plain look-alike of one character, always one character."""
    if char.isascii():
        return " " if char == "\t" else char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    return {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "＠": "@", "．": "."}.get(char, char)


def _is_short(word: Word, before: str, words: Words) -> bool:
    """A full stop after a title, an abbreviation or an initial ends no sentence."""
    if before.strip() != ".":
        return False
    return (
        len(word.text) == 1 or word.text.casefold() in words.cues["titles"] or word.folded in {"bv", "nl", "ca", "cl"}
    )


def _kept(text: str, folded: str, words: Words) -> str:
    if folded in words.hard or text in words.abbreviations:
        return "hard"
    return "soft" if folded in words.soft else ""
