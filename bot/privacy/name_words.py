"""Decides which words are names: by the lists of deduce and our own, by capitals, and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Set

from bot.privacy.lists import Annotation
from bot.privacy.name_lists import NameLists
from bot.privacy.surroundings import Surroundings
from bot.privacy.view import View, Word
from bot.privacy.words import Words, is_dutch, is_nearly_dutch

_ENDS_AS_NAMES_DO = re.compile(r"[bdfghklmnrstvwyz](?:a|ah|iou|ius)$")
_ENDS_AS_WORDS_DO = re.compile(
    r"(?:[mp]a|agenda|camera|cola|data|diploma|drama|firma|media|pagina|pizza|sauna|sofa|villa|yoga)$"
)


class NameWords:
    """Tells of every word of a text whether it is a name."""

    def __init__(self, words: Words, lists: NameLists, around: Surroundings) -> None:
        self._words, self._cues = words, words.cues
        self._lists, self._around = lists, around

    def names(self, view: View, annotations: list[Annotation], known: Set[str]) -> list[bool]:
        """Tell of each word whether it is a name; `known` are folded names met earlier in the conversation."""
        marked = [(a.start, a.end) for a in annotations if a.tag in {"persoon", "patient"}]
        return [self._is_name(view, i, known, marked) for i in range(len(view.words))]

    def _is_name(self, view: View, i: int, known: Set[str], marked: list[tuple[int, int]]) -> bool:
        word = view.words[i]
        if len(word.folded) < 2 or word.folded in self._words.never:
            return False
        if word.kept == "hard":
            return self._is_after_all(view, i)
        if i and view.words[i - 1].folded in self._cues["province_before"]:
            return False
        cue = self._around.cue(view, i)
        if self._lists.is_in(word, known) and (word.capital or not self._lists.is_plain(word)):
            return not (word.kept or word.folded in self._words.small) or bool(cue)
        if not word.capital:
            return self._small(view, i, cue)
        if self._around.after_capital_infix(view, i):
            return True
        if cue in {"title", "called"}:
            return not word.kept or self._lists.listed(word)
        if word.kept or word.folded in self._words.small:
            of_kin = cue == "kin" and not word.kept and word.before == " "  # “zijn zusje Lente”
            return (of_kin and self._lists.in_given(word)) or (
                word.folded in self._words.doubtful and word.opens and self._around.acts(view, i)
            )
        if word.opens:
            return self._opening(view, i, cue, marked)
        return self._inside(view, i, cue)

    def _inside(self, view: View, i: int, cue: str) -> bool:
        """A capital inside a sentence: a listed name, or a word that is no Dutch."""
        word = view.words[i]
        before = view.words[i - 1] if i else None
        after_article = before is not None and before.text in self._cues["articles"]
        if before is not None and word.before == " " and self._presents(before, word):
            return True
        plain = self._lists.is_plain(word)
        if self._lists.in_given(word):
            return not (after_article and plain and not cue)
        if self._lists.in_sur(word):
            return bool(cue) or not (plain and after_article)
        return not plain

    def _is_after_all(self, view: View, i: int) -> bool:
        """ "meneer Frans", "haar dochter India": what always stays is a name where only a name can be."""
        word = view.words[i]
        if not word.capital or word.folded in self._words.danger:
            return False
        return self._lists.listed(word) and self._around.cue(view, i) in {"title", "called", "kin"}

    def _presents(self, before: Word, word: Word) -> bool:
        """ "huisarts Kaas", "verdachte Berg": a surname that is a word, after whose it can be."""
        role = before.folded in self._words.professions or before.folded in self._cues["presented"]
        return role and word.folded in self._words.surnames_titled

    def _opening(self, view: View, i: int, cue: str, marked: list[tuple[int, int]]) -> bool:
        """A capital at the start of a sentence says nothing by itself."""
        word = view.words[i]
        plain = self._lists.is_plain(word)
        if word.folded in self._words.certain or (self._lists.listed(word) and not plain) or cue:
            return not plain or word.folded in self._words.certain or self._lists.in_given(word)
        says, beside = self._around.acts(view, i, "speech_verbs"), self._around.is_one_of_two(view, i)
        if self._lists.listed(word) and (says or beside):
            return True
        if not (plain or is_nearly_dutch(word.folded)) or self._around.is_whose(view, i):
            return True
        if not self._around.acts(view, i):
            return self._around.is_first_of_two(view, i) and (self._lists.in_given(word) or not plain)
        may_be_one = word.folded in self._words.doubtful or word.folded not in self._words.ordinary
        if may_be_one and self._lists.in_given(word):
            return True
        within = any(start <= word.start < end for start, end in marked)
        return not plain or (within and not is_dutch(word.folded))

    def _small(self, view: View, i: int, cue: str) -> bool:
        """A word without capital, or all in capitals."""
        word = view.words[i]
        if cue == "title" and word.folded in self._words.professions:
            return self._lists.in_sur(word)
        if word.kept or word.folded in self._words.small or self._around.is_abbreviation(view, i):
            return False
        if word.folded in self._words.certain:
            return True
        if len(word.folded) < 3:
            return word.folded in self._words.doubtful and (bool(cue) or self._around.acts(view, i))
        plain = self._lists.is_plain(word)
        if not plain and (self._lists.listed_in_small(word) or self._is_no_word(view, i)):
            return True
        if self._around.after_two_infixes(view, i) and (self._lists.is_in(word, self._lists.after_infix) or not plain):
            return True
        return self._small_after_cue(view, i, cue, plain)

    def _small_after_cue(self, view: View, i: int, cue: str, plain: bool) -> bool:
        word = view.words[i]
        if cue == "title":
            after_infix = i > 0 and view.words[i - 1].folded in self._cues["infixes"]
            found = self._lists.is_in(word, self._lists.after_infix) if after_infix else self._lists.in_sur(word)
            return (
                found
                or not plain
                or (word.folded in self._words.surnames_titled and self._around.acts(view, i, "speech_verbs"))
            )
        if cue == "called":
            return self._lists.listed(word) or word.folded in self._words.doubtful or not plain
        return word.folded in self._words.doubtful and self._is_somebody(view, i, cue)

    def _is_somebody(self, view: View, i: int, cue: str) -> bool:
        """A word that is a name at times: "tegen roos", "storm zegt"."""
        before = view.words[i - 1].text if i else ""
        if cue == "kin" or before in self._cues["to_people"]:
            return True
        if before in self._cues["articles"]:
            return False
        bare = view.words[i].folded in self._words.counted and self._around.stands_bare(view, i)
        return bare or self._around.acts(view, i, "speech_verbs")

    def _is_no_word(self, view: View, i: int) -> bool:
        """No Dutch, nor nearly, and it sounds like a name or stands where one does."""
        word = view.words[i]
        if len(word.folded) < 5 or is_nearly_dutch(word.folded):
            return False
        return self._sounds_like_one(view, i) or self._is_strange(view, i)

    def _sounds_like_one(self, view: View, i: int) -> bool:
        """ "kan ik ewelina melden": few words between Dutch ones end so. In another language many do."""
        word, beside = view.words[i].folded, [view.words[k] for k in (i - 1, i + 1) if 0 <= k < len(view.words)]
        if not _ENDS_AS_NAMES_DO.search(word) or _ENDS_AS_WORDS_DO.search(word):
            return False
        return bool(beside) and all(self._lists.is_plain(other) for other in beside)

    def _is_strange(self, view: View, i: int) -> bool:
        """ "bij tsegay", "s. oyelaran", "een vrouw, nasrin, durft niet"."""
        word, before = view.words[i], view.words[i - 1] if i else None
        if before is None:
            return self._around.acts(view, i)
        if word.before == ". " and len(before.text) == 1:  # “s. oyelaran”
            return True
        if word.before == ", " and view.plain[word.end :].startswith(","):
            return True
        if not word.before.isspace() and word.before != "-":
            return False
        return (
            before.folded in self._cues["particles"]
            or before.text in self._cues["with_people"]
            or (self._around.acts(view, i) and before.text not in self._cues["articles"])
        )
