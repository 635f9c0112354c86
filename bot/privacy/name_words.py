"""Decides which words are names: by the lists of deduce and our own, by capitals, and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Set

from bot.privacy.lists import Annotation, Lists
from bot.privacy.view import View, Word
from bot.privacy.words import Words, fold, is_dutch, is_nearly_dutch

_NAMED_AFTER = re.compile(
    r"\s+(?:heet|heette)\s+(?:hij|zij|ze|die)\b|\s+is\s+(?:de|haar|zijn|hun)\s+(?:\w+\s)?\w{0,7}naam\b"
    r"|\s+(?:is|was)\s+\d\d?\b|\s\((?:m|v|man|vrouw|jongen|meisje)?,?\s?\d\d?\b",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[A-Z]\.\s?")
_CUE_GAP = re.compile(r"[.]?\s+|:\s*|,\s+|\s*\(|\s*[\"'“‘]|\.?\s*[\"']|\s*=\s*")


class NameWords:
    """Knows names word by word."""

    def __init__(self, words: Words, lists: Lists) -> None:
        self._words, self._cues = words, words.cues
        self._given = (lists.first_names | words.extra) - words.never
        self._sur = lists.surnames | words.surnames
        self.after_infix = self._sur | lists.infix_surnames | words.surnames_after_infix

    def names(self, view: View, annotations: list[Annotation], known: Set[str]) -> list[bool]:
        """Tell of each word whether it is a name; `known` are folded names met earlier in the conversation."""
        marked = [(a.start, a.end) for a in annotations if a.tag in {"persoon", "patient"}]
        return [self._is_name(view, i, known, marked) for i in range(len(view.words))]

    def _is_name(self, view: View, i: int, known: Set[str], marked: list[tuple[int, int]]) -> bool:
        word = view.words[i]
        if word.kept == "hard" or len(word.folded) < 2 or word.folded in self._words.never:
            return False
        if i and view.words[i - 1].folded in self._cues["province_before"]:
            return False
        may_be_named = not word.kept and word.folded not in self._words.small  # “Prins heet hij”, not “Zij is 34”
        is_named = may_be_named and _NAMED_AFTER.match(view.plain, word.end)
        cue = "called" if is_named else self._cue(view, i)
        if self.is_in(word, known) and (word.capital or not self.is_plain(word)):
            return not (word.kept or word.folded in self._words.small) or bool(cue)
        if not word.capital:
            return self._small(view, i, cue)
        if cue in {"title", "called"}:
            return not word.kept or self.listed(word)
        if word.kept or word.folded in self._words.small:
            of_kin = cue == "kin" and not word.kept and word.before == " " and self.in_given(word)  # “zijn zusje Lente”
            return of_kin or (word.folded in self._words.doubtful and word.opens and self._acts(view, i))
        if word.opens:
            return self._opening(view, i, cue, marked)
        return self._inside(view, i, cue)

    def _inside(self, view: View, i: int, cue: str) -> bool:
        """A capital inside a sentence: a listed name, or a word that is no Dutch."""
        word = view.words[i]
        after_article = i > 0 and view.words[i - 1].text in self._cues["articles"]
        plain = self.is_plain(word)
        if self.in_given(word):
            return not (after_article and plain and not cue)
        if self.in_sur(word):
            return bool(cue) or not (plain and after_article)
        return not plain

    def _opening(self, view: View, i: int, cue: str, marked: list[tuple[int, int]]) -> bool:
        """A capital at the start of a sentence says nothing by itself."""
        word = view.words[i]
        plain = self.is_plain(word)
        if word.folded in self._words.certain or (self.listed(word) and not plain) or cue:
            return not plain or word.folded in self._words.certain or self.in_given(word)
        if self.listed(word) and (self._acts(view, i, "speech_verbs") or self._is_one_of_two(view, i)):
            return True
        if not (plain or is_nearly_dutch(word.folded)) or self._is_whose(view, i):
            return True
        if not self._acts(view, i):
            return self._is_first_of_two(view, i) and (self.in_given(word) or not plain)
        if self.in_given(word) and (word.folded in self._words.doubtful or word.folded not in self._words.ordinary):
            return True
        within = any(start <= word.start < end for start, end in marked)
        return not plain or (within and not is_dutch(word.folded))

    def _small(self, view: View, i: int, cue: str) -> bool:
        """A word without capital, or all in capitals."""
        word = view.words[i]
        if cue == "title" and word.folded in self._words.professions:
            return self.in_sur(word)
        if word.kept or word.folded in self._words.small or len(word.folded) < 3:
            return False
        plain = self.is_plain(word)
        if word.folded in self._words.certain or (self.listed(word) and not plain):
            return True
        if not plain and len(word.folded) > 4 and self._is_strange(view, i):
            return True
        if cue == "title":
            after_infix = i > 0 and view.words[i - 1].folded in self._cues["infixes"]
            return self.is_in(word, self.after_infix if after_infix else self._sur) or not plain
        if cue == "called":
            return self.listed(word) or word.folded in self._words.doubtful or not plain
        before = view.words[i - 1].text if i else ""
        speaks = self._acts(view, i, "speech_verbs") and before not in self._cues["articles"]
        return (cue == "kin" or before in self._cues["to_people"] or speaks) and word.folded in self._words.doubtful

    def _is_strange(self, view: View, i: int) -> bool:
        """Tell whether a word without capital that is no Dutch, nor nearly, stands where a name does."""
        word, before = view.words[i], view.words[i - 1] if i else None
        if is_nearly_dutch(word.folded):
            return False
        if before is None:
            return self._acts(view, i)
        if word.before == ". " and len(before.text) == 1:  # “s. oyelaran”
            return True
        if word.before == ", " and view.plain[word.end :].startswith(","):
            return True
        if not word.before.isspace() and word.before != "-":
            return False
        return (
            before.folded in self._cues["particles"]
            or before.text in self._cues["with_people"]
            or (self._acts(view, i) and before.text not in self._cues["articles"])
        )

    def _acts(self, view: View, i: int, verbs: str = "person_verbs") -> bool:
        """Tell whether the next word is something that people do."""
        after = view.words[i + 1] if i + 1 < len(view.words) else None
        return after is not None and after.before.isspace() and after.folded in self._cues[verbs]

    def _is_whose(self, view: View, i: int) -> bool:
        """ "Peters moeder": a name with the s of possession, and kin."""
        after = view.words[i + 1] if i + 1 < len(view.words) else None
        is_kin = after is not None and after.before == " " and after.folded in self._cues["kin"]
        return is_kin and view.words[i].folded.endswith("s") and view.words[i].folded[:-1] in self._given

    def _is_one_of_two(self, view: View, i: int) -> bool:
        """ "Storm en Anouk", "Wolf en zijn zusje": what is beside it is a name, or kin."""
        then = view.words[i + 1 : i + 4]
        if len(then) < 2 or then[0].folded != "en":
            return False
        if then[1].capital:
            return self.in_given(then[1])
        return len(then) > 2 and then[1].text in self._cues["articles"] and then[2].folded in self._cues["kin"]

    def _is_first_of_two(self, view: View, i: int) -> bool:
        after = view.words[i + 1] if i + 1 < len(view.words) else None
        if after is None or after.before != " " or not after.capital or after.kept:
            return False
        return self.listed(after) or not self.is_plain(after)

    def is_plain(self, word: Word) -> bool:
        """Tell whether a word is ordinary Dutch rather than a name."""
        if word.folded in self._words.certain:
            return False
        if "-" in word.text and any(self._is_term(part) for part in word.text.split("-")):
            return True
        law = len(word.folded) > 5 and word.folded.endswith("wet")
        return law or word.folded in self._words.ordinary or is_dutch(word.text.lower()) or is_dutch(word.folded)

    def _is_term(self, part: str) -> bool:
        """ "AVG-grond", "Fontys-rapport": a known term or an abbreviation makes the whole an ordinary word."""
        return (
            fold(part) in self._words.hard
            or part in self._words.abbreviations
            or (1 < len(part) < 6 and part.isupper())
        )

    def in_given(self, word: Word) -> bool:
        """Tell whether a word is a first name."""
        return self.is_in(word, self._given)

    def in_sur(self, word: Word) -> bool:
        """Tell whether a word is a surname."""
        return self.is_in(word, self._sur)

    def listed(self, word: Word) -> bool:
        """Tell whether a word is a first name or a surname."""
        return self.in_given(word) or self.in_sur(word)

    def without_s(self, word: Word) -> bool:
        """Tell whether a word is a name only without its last s: "Ahmeds"."""
        return (
            not self.listed_as_is(word) and self.listed(word) and word.folded.endswith("s") and "-" not in word.folded
        )

    def listed_as_is(self, word: Word) -> bool:
        """Tell whether a word stands in a list of names just so."""
        return word.folded in self._given or word.folded in self._sur

    @staticmethod
    def is_in(word: Word, names: Set[str]) -> bool:
        """Compare whole, without the s of possession, and each half of a double name."""
        folded = word.folded
        if folded in names or (len(folded) > 4 and folded.endswith("s") and folded[:-1] in names):
            return True
        return "-" in folded and any(len(part) > 2 and part in names for part in folded.split("-"))

    def _cue(self, view: View, i: int) -> str:
        """Return title, called, kin or nothing for the words around word `i`; infixes are skipped after a title."""
        k = i - 1
        gap = view.words[i].before
        if k >= 0 and view.words[k].text in self._cues["small_infixes"] and not view.words[i].capital:
            return ""  # "de familie te woord staan"
        while k > 0 and view.words[k].folded in self._cues["infixes"] and gap.isspace():
            gap = view.words[k].before
            k -= 1
        skipped = k < i - 1
        if k < 0:
            return ""
        before, cues = view.words[k], self._cues
        plain = before.text.casefold()
        is_initial = bool(_INITIAL.fullmatch(before.text + gap)) and view.words[i].capital  # "W. Zomer"
        if is_initial or (plain in cues["titles"] and re.fullmatch(r"\.?\s+", gap)):
            return "title"
        if skipped:
            return ""
        if plain in cues["titles_informal"] and gap.isspace():
            return "title" if view.words[i].capital else "kin"
        if gap.startswith(".") and len(plain) > 3:
            return ""  # a sentence ends here; "cl." and "pt." are abbreviations
        if (plain in cues["called"] and _CUE_GAP.fullmatch(gap)) or self._is_naming(view, i):
            return "called"
        if plain in cues["kin"] or plain in cues["clients"]:
            return "kin" if _CUE_GAP.fullmatch(gap) else ""
        return ""

    def _is_naming(self, view: View, i: int) -> bool:
        before = view.plain[max(0, view.words[i].start - 14) : view.words[i].start].casefold().rstrip(" '\"")
        return any(before.endswith(cue) for cue in self._cues["naming"])
