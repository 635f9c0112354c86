"""What stands around a word, and says of it that it is a name: a title, a verb, "van der"."""

from __future__ import annotations

import re

from bot.privacy.name_lists import NameLists
from bot.privacy.view import View
from bot.privacy.words import Words

_NAMED_AFTER = re.compile(
    r"\s+(?:heet|heette)\s+(?:hij|zij|ze|die)\b|\s+is\s+(?:de|haar|zijn|hun)\s+(?:\w+\s)?\w{0,7}naam\b"
    r"|\s\((?:m|v|man|vrouw|jongen|meisje)?,?\s?\d\d?\b",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"\s+(?:is|was)\s+\d\d?\b(?!\s*(?:[%°]|(?:dag|week|maand|cm|mm|kg|mg|keer|uur|min|graden|euro|x)\w*|(?:jaar|jr)\sgeleden))"
)
_INITIAL = re.compile(r"[A-Z]\.\s?")
_CUE_GAP = re.compile(r"[.]?\s+|:\s*|,\s+|\s*\(|\s*[\"'“‘]|\.?\s*[\"']|\s*=\s*")


class Surroundings:
    """Reads the words before and after."""

    def __init__(self, words: Words, names: NameLists) -> None:
        self._words, self._cues, self._names = words, words.cues, names

    def cue(self, view: View, i: int) -> str:
        """Return title, called, kin or nothing for the words around word `i`; infixes are skipped after a title."""
        word = view.words[i]
        may_be_named = not word.kept and word.folded not in self._words.small  # “Prins heet hij”, not “Zij is 34”
        is_aged = _AGED.match(view.plain, word.end) and (self._names.listed(word) or not self._names.is_plain(word))
        if may_be_named and (is_aged or _NAMED_AFTER.match(view.plain, word.end)):
            return "called"
        k, gap = i - 1, word.before
        while k >= 0 and view.words[k].folded in self._cues["infixes"] and gap.isspace():
            if view.words[k].text in self._cues["small_infixes"] and not word.capital:
                return ""  # "de familie te woord staan", "geen familie in het land"
            gap = view.words[k].before
            k -= 1
        if k < 0:
            return ""
        if self._is_title(view, i, k, gap):
            return "title"
        return self._cue_beside(view, i, gap) if k == i - 1 else ""

    def _is_title(self, view: View, i: int, k: int, gap: str) -> bool:
        before, word = view.words[k].text, view.words[i]
        if before.casefold() == "dr" and gap == " " and not word.capital:
            return False  # "aan dr jas": of her
        is_initial = bool(_INITIAL.fullmatch(before + gap)) and word.capital  # "W. Zomer"
        return is_initial or (before.casefold() in self._cues["titles"] and bool(re.fullmatch(r"\.?\s+", gap)))

    def _cue_beside(self, view: View, i: int, gap: str) -> str:
        plain, cues = view.words[i - 1].text.casefold(), self._cues
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

    def acts(self, view: View, i: int, verbs: str = "person_verbs") -> bool:
        """Tell whether the next word is something that people do."""
        after = view.words[i + 1] if i + 1 < len(view.words) else None
        return after is not None and after.before.isspace() and after.folded in self._cues[verbs]

    def after_capital_infix(self, view: View, i: int) -> bool:
        """ "Is Van Loon er al?", "Van den Bosch belt": where no sentence begins, and always before two."""
        k = i - 1
        while k >= 0 and self._names.is_infix(view.words[k]) and view.words[k].text.islower():
            k -= 1
        first = view.words[k] if k >= 0 else None
        if first is None or first.text not in {"Van", "Vander", "Vanden"} or view.words[i].kept == "hard":
            return False
        return not first.opens or k < i - 1

    def after_two_infixes(self, view: View, i: int) -> bool:
        """ "van der berg", "van den bosch", which hardly anything but a name begins with."""
        if i < 2 or view.words[i].before != " " or view.words[i - 1].before != " ":
            return False
        if view.words[i - 2].folded != "van":
            return False
        infix, word = view.words[i - 1].folded, view.words[i]
        return infix == "der" or (infix == "den" and word.folded in self._words.surnames_after_infix)  # “van den baas”

    def stands_bare(self, view: View, i: int) -> bool:
        """ "met roos", "als roos belt": where the thing of that name would have "de" or "een" before it."""
        before = view.words[i - 1] if i else None
        if before is None:
            return self.acts(view, i)
        if not view.words[i].before.isspace():
            return False
        if before.text in self._cues["with_people"] or before.text in self._cues["clauses"]:
            return True
        return before.text in {"als", "en", "of"} and self.acts(view, i)

    def is_abbreviation(self, view: View, i: int) -> bool:
        """ "de SARA is ingevuld": a few capitals after an article, in a text that is not all in capitals."""
        word, before = view.words[i], view.words[i - 1] if i else None
        is_short = 1 < len(word.text) < 7 and word.text.isupper()
        return is_short and before is not None and before.text in self._cues["articles"]

    def is_whose(self, view: View, i: int) -> bool:
        """ "Peters moeder": a name with the s of possession, and kin."""
        after = view.words[i + 1] if i + 1 < len(view.words) else None
        is_kin = after is not None and after.before == " " and after.folded in self._cues["kin"]
        return is_kin and view.words[i].folded.endswith("s") and view.words[i].folded[:-1] in self._names.given

    def is_one_of_two(self, view: View, i: int) -> bool:
        """ "Storm en Anouk", "Wolf en zijn zusje": what is beside it is a name, or kin."""
        then = view.words[i + 1 : i + 4]
        if len(then) < 2 or then[0].folded != "en":
            return False
        if then[1].capital:
            return self._names.in_given(then[1])
        return len(then) > 2 and then[1].text in self._cues["articles"] and then[2].folded in self._cues["kin"]

    def is_first_of_two(self, view: View, i: int) -> bool:
        """ "Prins Amrani": the next word is a name too, or no Dutch."""
        after = view.words[i + 1] if i + 1 < len(view.words) else None
        if after is None or after.before != " " or not after.capital or after.kept:
            return False
        return self._names.listed(after) or not self._names.is_plain(after)
