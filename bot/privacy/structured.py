"""Finds what has a fixed form: numbers, addresses on the net, number plates, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from bot.privacy.spans import Span
from bot.privacy.view import View
from bot.privacy.words import Words, fold, in_dictionary, is_dutch

_MONTH = r"(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?"
_YEAR_AFTER_MONTH = r"(?:[ -]*(?:\d{4}|'\d{2}|\d{2}(?![\d:.]|\s*(?:uur|jaar))))?"
_DATE = (
    r"(?:\d{1,2}\s*[-/. ]\s*\d{1,2}\s*[-/. ]\s*(?:\d{4}|'?\d{2})|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    rf"|\d{{1,2}}(?:e|ste|de)?[ -]?{_MONTH}{_YEAR_AFTER_MONTH}|\d{{6}}(?:\d{{2}})?)(?!\d)"
)
_BIRTH = (
    r"(?:geboren(?:\s+(?:op|te\s+\w+\s+op))?|geb(?:oorte)?\.?\s?(?:datum|dat|d)?\.?(?:\s+(?:is|was|op))?|g\.d\.|dob"
    r"|jarig(?:\s+(?:is|op))*|verjaardag(?:\s+(?:is|op))*|verjaart(?:\s+op)?|(?:ze|zij|hij|die|cliënte?|kind)\s+is\s+van)"
)
_AT = r"(?:@|\(at\)|\[at\]|\sapenstaartje\s|\sat\s(?=[\w-]+\s?(?:\.|punt)\s?[a-z]{2,}))"
_DOT = r"(?:\.|,(?=[a-z]{2,3}\b)|\s(?:punt|dot)\s|\(dot\))"
_DOMAINS = (
    r"(?:nl|be|com|org|net|eu|info|nu|de|fr|uk|tr|ma|me|io|app|link|ly|gl"
    r"|blog|site|online|page|store|shop|club|live|tv|xyz|example)"
)

_EMAIL = re.compile(
    rf"(?<![\w.+%~#-])[\w.+%~#-]+(?:\s?(?!@){_AT}\s?|@\s?|\s@\s)[\w-]+(?:\s?{_DOT}\s?[a-z][\w-]*)+", re.IGNORECASE
)
_LINK = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"']*[\w/]|(?<![\w@.-])(?:[a-z0-9-]+\.)+{_DOMAINS}(?![\w@])(?:/(?:[^\s<>\"']*[\w/])?)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[\w.]{2,}")
_LOW_LINE = re.compile(r"(?<![\w.~#@/-])(?=[\w.~#]*[^\W\d_])[\w.~#]*_[\w.~#]*\w_?")
_SIGNED = re.compile(r"(?<![\w.~#@/-])(?=[\w.~#]*[^\W\d_]{3})\w[\w.~#]*[._~#][\w.~#]*(?<![.,])(?!\w)")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|mp[34]|pdf|docx?|xlsx?|txt|zip)$", re.IGNORECASE)
_IBAN = re.compile(
    r"\b(?:[A-Z]{2}\s?|[a-z]{2})\d{2}"
    r"(?:(?:[ .-]?(?=\w{0,3}\d|[A-Z]{4}|[a-z]{4}[ .-]?\d{4})|(?=[a-z]{4}))[A-Za-z0-9]{4}){2,7}(?:[ .-]?\d{1,3})?\b"
)
_ACCOUNT = re.compile(
    r"(?:rekening(?:nummer|nr)?|iban|giro(?:nummer)?|bankrekening)\W{0,3}(?:is|van \w+ is|:)?"
    r"\s*([A-Z]{0,4}\d[\d .-]{5,}\d)",
    re.IGNORECASE,
)
_EIGHT_OR_NINE = re.compile(r"(?<![\d.,])\d(?:[ .-]?\d){7,8}(?!\d)")
_BSN_BEFORE = re.compile(
    r"(?:bsn|burgerservice\s?(?:nummer|nr)|sofi(?:\s?nummer)?|persoonsnummer|rijksregisternummer)"
    r"\W{0,4}(?:nummer|nr|is|van [\w' -]{1,30}? is|luidt|:)?\W{0,3}(\d[\d .-]{5,16}\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+|00)\(?\d{1,3}\)?[\s.-]?(?:\(0\)[\s.-]?)?\d(?:[\s./()-]{0,2}\d){6,11}(?!\d)"
    r"|(?<![\w,.-])\(?0\d{1,3}\)?(?:[\s./-]{0,3}\d){5,9}(?!\d)"
    r"|(?<![\w.,-])6[\s-]?\d(?:[\s.-]?\d){7}(?!\d)"
)
_PHONE_BEFORE = re.compile(
    r"\b(?:tel|telefoon|telefoonnummer|telnr|mob|mobiel|mobielnummer|gsm|bel(?:len|t|de)?|nummer|app(?:en|te|t)?|06)\b"
    r"\W{0,3}(?:is|op|naar|:)?\W{0,3}(\d[\d .-]{6,14}\d)",
    re.IGNORECASE,
)
_SPOKEN_PHONE = re.compile(
    r"\bnul(?:\s+(?:nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|elf|twaalf|\w{0,14}(?:tien|tig))){4,}\b",
    re.IGNORECASE,
)
_INCIDENT_DATE = re.compile(r"0\d\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)\d{2}")
_POSTCODE = re.compile(r"(?<![\d.,€-])[1-9]\d{3}(?:\s?(?!SA|SD|SS)[A-Z]{2}|(?!sa|sd|ss)[a-z]{2}|\s[a-z]{2})(?!\w)")
_POSTCODE_BELGIAN = re.compile(r"(?<=\d, )[1-9]\d{3}(?=\s[A-ZÀ-Þ])|\bB-[1-9]\d{3}\b")  # “Dorpsstraat 3, 9050 Gent”
_POSTCODE_BEFORE = re.compile(
    r"(?:postcode|pc)\W{0,3}(?:is|:|van \w+ is)?\s*([1-9]\d{3}(?:\s?[a-z]{2})?)(?!\w)", re.IGNORECASE
)
_PLATE_FORMS = (
    *("LL-99-99", "99-99-LL", "99-LL-99", "LL-99-LL", "LL-LL-99", "99-LL-LL", "99-LLL-9", "9-LLL-99", "LL-999-L"),
    *("L-999-LL", "LLL-99-L", "9-LL-999", "999-LL-9", "L-99-LLL", "LLL-999", "9-LLL-999"),
)
_PLATE = re.compile(
    r"(?<![\w-])(?:" + "|".join(_PLATE_FORMS).replace("L", "[A-Z]").replace("9", r"\d") + r")(?![\w-])", re.IGNORECASE
)
_PLATE_BEFORE = re.compile(
    r"\b(?:kenteken(?:plaat)?|nummerbord|nummerplaat|plaat(?:je)?)\b\W{0,3}(?:is|was|van \w+ is|:)?\W{0,2}"
    r"((?=[A-Z0-9 -]*\d)(?=[A-Z0-9 -]*[A-Z])[A-Z0-9]{1,3}[ -]?[A-Z0-9]{2,3}[ -]?[A-Z0-9]{1,3})(?!\w)",
    re.IGNORECASE,
)
# Six letters and digits that go over into each other twice at least, without the strokes: “kt923j”.
_PLATE_BARE = re.compile(
    r"(?<![\w-])(?:[a-z]{2}\d{3}[a-z]|[a-z]\d{3}[a-z]{2}|\d{2}[a-z]{3}\d|\d[a-z]{3}\d{2}|[a-z]{3}\d{2}[a-z]"
    r"|\d[a-z]{2}\d{3}|\d{3}[a-z]{2}\d|[a-z]{2}\d{2}[a-z]{2}|\d{2}[a-z]{2}\d{2})(?![\w-])",
    re.IGNORECASE,
)
# Where a car is spoken of: “zl td 41”, “KLE-MW 418”.
_CAR = r"(?:plaat(?:je)?|kenteken|auto|reed|rijdt|busje|scooter)"
_NO_PLATE = r"(?![\w-]|\s?(?:mg|ml|mm|cm|jaar|keer|uur))"
_PLATE_NEAR_CAR = re.compile(
    rf"{_CAR}\b[^.!?\n]{{0,30}}?\b"
    rf"((?-i:[A-Z]{{1,3}}-[A-Z]{{1,2}})\s?\d{{1,4}}|[a-z]{{2}} [a-z]{{2}} \d{{2}}){_NO_PLATE}",
    re.IGNORECASE,
)
_BORN = re.compile(rf"\b{_BIRTH}(?:\s(?:van )?(?:de )?[^\W\d]+)?\W{{0,4}}({_DATE})", re.IGNORECASE)
_BORN_AFTER_NAME = re.compile(rf"(?:[A-ZÀ-Þ][\w'-]+|cli[ëe]nte?|pati[ëe]nte?)\s*[(,]\s*(?:\*|°)?\s*({_DATE})\s*\)")
# After a name: “Jansen, 27 mei 1979”. A whole date in the century before is one of birth there.
_BORN_AFTER_COMMA = re.compile(rf"(?<=\w, )\d{{1,2}}(?:[-/. ]\d{{1,2}}[-/. ]|\s{_MONTH}\s)19\d\d(?!\d)", re.IGNORECASE)
_BORN_AFTER_WORDS = re.compile(rf"\bgeboorte(?:datum|dag)(?:\s[^\W\d_]+){{1,5}}\s({_DATE})", re.IGNORECASE)
_BORN_AFTER_FULL_NAME = re.compile(
    r"(?<![\w'-])(?:[A-ZÀ-Þ][\w'-]+\s){1,3}?[A-ZÀ-Þ][\w'-]+,\s(\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)(?!\d)"
)
_BORN_YEAR = r"(?:'?[3-9]\d|19\d\d|20[01]\d)(?!\d)"
# “verdachte is van 22-6-'87”, “zelf is ze van 30 okt 1986”: whoever is of a day, was born on it.
_BORN_OF = re.compile(
    r"\b(?:ze|zij|hij|die|verdachte|aangever|aangeefster|slachtoffer|getuige|cl|cli[ëe]nte?|pt|pat|pati[ëe]nte?|kind|zoon"
    r"|dochter|mw|mevr|mevrouw|meneer|dhr)(?:\s(?:is|was))?(?:\s(?:ze|zij|hij))?"
    rf"\svan\s(\d\d?(?:[-/. ]\d\d?[-/. ]|\s{_MONTH}\s){_BORN_YEAR})",
    re.IGNORECASE,
)
_BORN_ISO = re.compile(r"(?<![\w'-])[A-ZÀ-Þ][a-zà-ÿ'-]+,\s((?:19\d\d|200[0-7])-\d\d-\d\d)(?!\d)")
_BORN_SIGN = re.compile(rf"[*°]\s?({_DATE})")
_PATTERNS = (
    *(("e-mail", _EMAIL), ("link", _LINK), ("account", _HANDLE), ("rekening", _IBAN), ("rekening", _ACCOUNT)),
    *(
        ("bsn", _BSN_BEFORE),
        ("kenteken", _PLATE),
        ("kenteken", _PLATE_BEFORE),
        ("kenteken", _PLATE_BARE),
        ("postcode", _POSTCODE_BEFORE),
        ("postcode", _POSTCODE_BELGIAN),
    ),
    *(("datum", _BORN), ("datum", _BORN_AFTER_NAME), ("datum", _BORN_SIGN), ("datum", _BORN_AFTER_COMMA)),
    *(("datum", _BORN_AFTER_WORDS), ("datum", _BORN_AFTER_FULL_NAME)),
    *(("datum", _BORN_OF), ("datum", _BORN_ISO)),
)


class Structured:
    """Finds structured personal data; knows the numbers and sites of helplines."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._accounts = _after(words.cues["accounts"], r"(?=\S*[\d_.@]|\S{3,}\b)[\w.@-]{3,}")
        self._networks = re.compile(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, words.cues['accounts']))})(?!\w)", re.IGNORECASE
        )
        self._records = _after(words.cues["record_numbers"], r"[A-Z]{0,4}[-\s]?\d[\w./-]{3,}")

    def find(self, view: View) -> list[Span]:
        """Return all structured items in the text, but for those of helplines."""
        text = view.plain
        found = [Span(*place, kind) for kind, pattern in _PATTERNS for place in _groups(pattern, text)]
        found += [Span(*place, "account") for place in _groups(self._records, text)]
        found += [Span(*place, "account") for place in self._social(text)]
        found += [Span(*place, "kenteken") for place in self._plates(text)]
        phones = [Span(*place, "telefoon") for place in _phones(text)]
        numbers = [Span(*m.span(), "bsn") for m in _EIGHT_OR_NINE.finditer(text) if _is_bsn(m.group())]
        found += phones + [number for number in numbers if not any(_is_part(number, phone) for phone in phones)]
        found += [Span(*place, "postcode") for place in _postcodes(text, self._words.cues["letter_pairs"])]
        return [span for span in found if not self._is_public(view, span)]

    def _plates(self, text: str) -> Iterator[tuple[int, int]]:
        """Letters that are words or abbreviations make no plate: “reed in de 41”."""
        for start, end in _groups(_PLATE_NEAR_CAR, text):
            letters = re.findall(r"[A-Za-z-]+", text[start:end])
            if not any(in_dictionary(part.lower()) or part in self._words.abbreviations for part in letters):
                yield start, end

    def _social(self, text: str) -> Iterator[tuple[int, int]]:
        """A word that signs hold together is an account: by a low line anywhere, else beside the name of a network."""
        online = self._networks.search(text)
        for match in (_SIGNED if online else _LOW_LINE).finditer(text):
            if self._is_made_up(match.group()):
                yield match.span()
        for start, end in _groups(self._accounts, text):
            name = text[start:end].rstrip(".")
            if re.search(r"[\d_.@]", name):
                yield start, start + len(name)

    def _is_made_up(self, name: str) -> bool:
        """ "kev_snapt020"; not "ik_maak_je_dood", "naakt.jpg" or what always stays."""
        parts = [part.lower() for part in re.split(r"[\d._~#]", name) if len(part) > 1]
        if _FILE.search(name) or any(fold(part) in self._words.hard for part in parts):
            return False
        strange = sum(not is_dutch(part) for part in parts)
        return strange > 0 if len(parts) < 3 else strange * 2 > len(parts)  # three are a sentence rather than a name

    def _is_public(self, view: View, span: Span) -> bool:
        piece = view.plain[span.start : span.end]
        if span.kind == "telefoon":
            return self._words.is_helpline(piece)
        return span.kind == "link" and self._words.is_known_site(piece)


def _after(cues: frozenset[str], pattern: str) -> re.Pattern[str]:
    words = "|".join(re.escape(cue) for cue in sorted(cues, key=len, reverse=True))
    linking = r"\s{0,3}(?:(?:naam|account|is|heet|van \w{1,30} is)\s{0,3})?(?::\s{0,3})?['\"]?"
    return re.compile(rf"(?<!\w)(?:{words}){linking}({pattern})", re.IGNORECASE)


def _groups(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """The captured group when there is one, else the whole match."""
    for match in pattern.finditer(text):
        yield match.span(match.lastindex or 0)


def _is_part(number: Span, phone: Span) -> bool:
    """Nine digits out of a longer telephone number are no citizen service number."""
    return (
        phone.start <= number.start and number.end <= phone.end and phone.end - phone.start > number.end - number.start
    )


def _is_bsn(number: str) -> bool:
    """The eleven test of the Dutch citizen service number; eight digits miss their leading zero."""
    digits = re.sub(r"\D", "", number).zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return int(digits) > 0 and sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= 8 and not _INCIDENT_DATE.fullmatch(match.group()):
            yield match.span()
    yield from _groups(_PHONE_BEFORE, text)
    yield from _groups(_SPOKEN_PHONE, text)


def _postcodes(text: str, pairs: Set[str]) -> Iterator[tuple[int, int]]:
    for match in _POSTCODE.finditer(text):
        digits, letters = match.group()[:4], match.group()[4:].strip()
        is_year = digits[:2] in {"19", "20"}
        blank = " " in match.group()
        if blank and (letters.islower() or is_year) and letters.casefold() in pairs:
            continue
        yield match.span()
