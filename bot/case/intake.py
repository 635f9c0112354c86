"""Phases 0 and 1: who is asking, about whom, and the feeling in the user's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.case.choosing import SHORT, is_nothing, is_unknown, says, words_in
from bot.case.danger import ASKED
from bot.case.record import UNKNOWN, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import ADDED, told, with_story
from bot.case.tools import About, Profession, Tools, folded, mended
from bot.markdown import literal

PROFESSION = "kennismaking.beroep"
OTHER = "anders"  # a profession for which nothing holds in particular
OWN_FEELING = "gevoel.eigen"
BEGIN, ABOUT, THREAT, STORY = "gevoel.begin", "gevoel.over_wie", "gevoel.van_wie", "gevoel.verhaal"
MINOR = "gevoel.minderjarig"
WORKS_WITH_YOUNG = ("onderwijs", "jeugdhulp")  # of a minor the parents hear nothing before Veilig Thuis has advised
AGES = (("Ja", "yes"), ("Nee", "no"), (UNKNOWN, "unknown"))
THREATS = (
    ("Van {mijn}", "perpetrator"),
    ("Van {partner}", "victim"),
    ("Van allebei", "couple"),
    (UNKNOWN, "unknown"),
)
THREATENING = {"mijn": "victim", "partner": "perpetrator"}  # whose titles name the client, and the partner
TOLD = (BEGIN, STORY, ADDED, ASKED, OWN_FEELING)  # pieces of story, which no question of a phase asks for
WORKS_WITH_PERPETRATORS = ("justitie",)
LOOK_AGAIN = ("gevoel.kijk_moment", "gevoel.kijk_anderen")
LONG = 2 * SHORT
NAMES_SOMEONE = ("over ", "om ", "het gaat ", "dat is ", "mijn ")  # so begins a longer answer to “over wie …?”
# What may stand before the name of a profession, or of where one works.
BETWEEN = r"(?:(?:een|de|het|hier|nu|zelf|als|bij|in|op|vanuit|van|uw|mijn|ons|medewerker|directeur|hoofd) )*"
PLACES = frozenset({"bij", "in", "op", "vanuit", "van", "uw", "mijn", "ons"})  # where, or whose: not who one is
# So begins who is there, or must come: “nu politie”, “de huisarts”; and a service's name alone can be a call for it.
OTHERS = frozenset({"de", "het", "nu", "hier", "zelf", "politie", "noodhulp", "recherche", "marechaussee"})
SOMEONE = frozenset({"hij", "zij", "ze", "haar", "hem"})  # who says what she does for work speaks of no one else


class Intake:
    """Phase 0: profession, asked once."""

    name = "kennismaking"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask for the profession as long as it is unknown."""
        if "profession" in case.fields or not case.wants(PROFESSION):
            return None
        choices = tuple(Choice(profession.title, profession.id) for profession in tools.professions)
        return Question(PROFESSION, Say("vraag_beroep", choices=choices), "Je beroep")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Recognise the profession in a choice or in free words; who keeps it back is `anders`.

        Words that name none are no answer; what is told beside it is story.
        """
        tells = given.choice is None and (words_in(given) > LONG or bool(SOMEONE & set(folded(given.text).split())))
        found = given.choice or (named_self if tells else profession_in)(given.text, tools.professions)
        if found is None and (is_unknown(given) or folded(given.text) in map(folded, tools.unsaid)):
            found = OTHER
        if found is None:
            return Reaction(case, understood=False)
        entry = profession_entry(found, tools)
        return Reaction(case.add(with_story(entry, case, given.text, tools) if tells else entry))


def work_said(case: Case, text: str, tools: Tools) -> Entry | None:
    """Make the entry for a profession that is said at another question; None when it is known, or none is."""
    words = folded(text).split()
    if "profession" in case.fields or not words or words[0] in OTHERS or not PLACES.isdisjoint(words):
        return None
    if not names_work(text, tools.professions):
        return None
    profession = profession_in(text, tools.professions)
    return profession_entry(profession, tools) if profession else None


def begun(case: Case, intent: str, text: str, tools: Tools) -> Case:
    """Take the words with which a case begins, or goes on after a stop: a profession that is named, and a story."""
    known = "profession" in case.fields
    if names_work(text, tools.professions) or (intent == "beroep_noemen" and len(text.split()) <= LONG):
        profession = None if known else profession_in(text, tools.professions)
        return case.add(profession_entry(profession, tools) if profession else Entry(question="begin", silent=True))
    profession = None if known else named_self(text, tools.professions)
    entry = told(case, BEGIN, text, tools)
    return case.add(entry.model_copy(update={"fields": {"profession": profession} if profession else {}}))


def profession_entry(profession: str, tools: Tools) -> Entry:
    """Make the entry for the profession."""
    title = next(row.title for row in tools.professions if row.id == profession)
    return Entry(question=PROFESSION, asked="Je beroep", answer=title, fields={"profession": profession})


def profession_in(text: str, professions: Sequence[Profession]) -> str | None:
    """Find a profession that the text names and does not deny; the longest name wins, and any from `anders`."""
    names = [name for row in professions for name in row.words]
    spoken = f" {mended(text, names)} "
    hits = [
        (profession != OTHER, length, profession)
        for length, name, profession in _profession_words(professions)
        if f" {name} " in spoken and f" geen {name} " not in spoken
    ]
    return max(hits)[2] if hits else None


def names_work(text: str, professions: Sequence[Profession]) -> bool:
    """Whether the text is the name of a profession and no more: “wijkverpl”, “ik ben ib'er”, “juf groep 6”."""
    names = "|".join(re.escape(name) for _, name, _ in sorted(_profession_words(professions), reverse=True))
    before, after = (
        rf"(?:(?:ik )?ben |(?:we|wij) zijn )?{BETWEEN}",
        r"(?: (?:(?:in|van|uit|op) )?(?:groep|klas) \w+| hier)?",
    )
    return bool(re.fullmatch(f"{before}(?:{names}){after}", folded(text)))


def named_self(text: str, professions: Sequence[Profession]) -> str | None:
    """Find the profession by which a story names its writer: “als wijkverpleegkundige kom ik …”, “ik ben huisarts”."""
    names = {name: profession for _, name, profession in sorted(_profession_words(professions), reverse=True)}
    name = f"({'|'.join(map(re.escape, names))}) "
    am = rf"(?:(?:een|zelf|nu|hier) )*(?:(?:medewerker|directeur|hoofd) {BETWEEN})?"  # not “ik ben bij de huisarts”
    forms = (
        rf"\b(?:ik|we|wij) (?:ben|zijn) {am}{name}",
        rf"\bben (?:een )?{name}$",  # “…, ben thuiszorg”
        rf"^(?:\w+ )?ben (?:een )?{name}",  # “hoi ben leraar groep 6 en …”
        rf"\b(?:ik|we|wij) (?:werk|werken) {BETWEEN}{name}",  # “ik werk bij het wijkteam”
        rf"\b(?:ik|we|wij) (?:(?!ze |zij |hij |dat |die |wie )\w+ ){{0,6}}(?:als|vanuit) (?:een )?{name}",
        rf"^(?:als|vanuit) (?:een )?{name}(?:\w+ ){{0,3}}(?:ik|we|wij) ",  # not “als de politie komt …”
    )
    spoken = f"{mended(text, names)} "
    found = next((hit for form in forms if (hit := re.search(form, spoken))), None)
    return names[found[1]] if found else None


def _profession_words(professions: Sequence[Profession]) -> list[tuple[int, str, str]]:
    names = [
        (folded(word), row.id)
        for row in professions
        for word in (*row.words, *(() if row.id == OTHER else (row.title,)))
    ]
    return [(len(name), name, profession) for name, profession in names]


class Feeling:
    """Phase 1: who may come to harm, and at which moment the user thought: this is not right."""

    name = "gevoel"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask about whom, then for the story; with nothing concrete yet, help to look (twice at most)."""
        question = _told_again(case) or _about_whom(case, tools) or _story(case)
        return question if question and case.wants(question.id) else None

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take the answer into the case; what is told on the way is story too."""
        if question.id == ABOUT:
            return _about(case, question, given, tools)
        if question.id == THREAT:
            return _threat(case, question, given, tools)
        if question.id == MINOR:
            return _minor(case, question, given)
        if is_nothing(given):
            entry = Entry(question=question.id, asked=question.label, answer=UNKNOWN)
            return Reaction(case.add(entry), (Say("geeft_niet"),))
        entry = told(case, question.id, given.text, tools, asked=question.label)
        return Reaction(case.add(entry), (Say("verhaal_dank"),) if entry.lines else ())


def _about_whom(case: Case, tools: Tools) -> Question | None:
    """Ask who may come to harm; where the client may be the one to fear, ask that too: it turns the advice round.

    Who works with the young is asked whether it is a minor: then parents are not told first.
    """
    if ABOUT not in case.asked and "client_role" not in case.fields:
        work = case.fields.get("profession", OTHER)
        rows = sorted(tools.about, key=lambda row: work not in row.first)
        choices = tuple(Choice(row.title_for(work), row.id) for row in rows)
        return Question(ABOUT, Say("vraag_over_wie", choices=choices), "Om wie je je zorgen maakt")
    role, asked = case.fields.get("client_role"), case.asked_since(ABOUT)
    unsure = role == "perpetrator" or (role == "victim" and case.fields.get("profession") in WORKS_WITH_PERPETRATORS)
    if unsure and ABOUT in case.asked and THREAT not in asked:
        choices = tuple(Choice(title, role) for title, role in _threats(case, tools))
        return Question(THREAT, Say("vraag_van_wie", choices=choices), "Van wie gevaar kan komen")
    young = case.fields.get("profession") in WORKS_WITH_YOUNG and role not in ("perpetrator", "couple")
    if young and ABOUT in case.asked and MINOR not in asked and "minor" not in case.fields:
        choices = tuple(Choice(title, value) for title, value in AGES)
        return Question(MINOR, Say("vraag_minderjarig", choices=choices), "Jonger dan 18")
    return None


def _threats(case: Case, tools: Tools) -> list[tuple[str, str]]:
    """From whom danger can come, in the words of the profession."""
    work = case.fields.get("profession", OTHER)
    called = {row.id: row.title_for(work).split(",")[0] for row in tools.about}
    names = {name: called[role][:1].lower() + called[role][1:] for name, role in THREATENING.items()}
    return [(title.format(**names), role) for title, role in THREATS]


def _told_again(case: Case) -> Question | None:
    """Ask how it must be, for words that she wants to correct; what she wrote stands in the question."""
    taken = next((entry.taken for entry in reversed(case.entries) if entry.taken is not None), None)
    if taken is None or taken.question not in TOLD or case.again != taken.question:
        return None
    say = Say("vraag_opnieuw", values={"quote": literal(taken.answer)}, choices=(Choice("Dit mag weg", "geen"),))
    return Question(taken.question, say, taken.asked, open=True)


def _story(case: Case) -> Question | None:
    if not case.lines and STORY not in case.asked:
        return Question(STORY, Say("vraag_verhaal"), "Wat je opviel", open=True)
    if not case.lines_of("observation", "signal"):
        for question in LOOK_AGAIN:
            if question not in case.asked:
                say = Say(question.replace(".", "_"), choices=(Choice(UNKNOWN, "geen"),))
                return Question(question, say, "Nog eens kijken", open=True)
    return None


def _about(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    if is_unknown(given):
        entry = Entry(question=question.id, asked=question.label, answer=UNKNOWN, fields={"client_role": "unknown"})
        return Reaction(case.add(entry))
    names = words_in(given) <= SHORT or folded(given.text).startswith(NAMES_SOMEONE)
    role = given.choice or (about_in(given.text, tools.about) if names else None)
    row = next((row for row in tools.about if row.id == role), None)
    if row is None:
        return Reaction(case, understood=False)
    entry = Entry(
        question=question.id,
        asked=question.label,
        answer=row.title_for(case.fields.get("profession", OTHER)),
        facts=dict(row.facts),
        fields={"client_role": row.id, **({"minor": "yes"} if row.minor else {})},
    )
    told_more = given.choice is None and words_in(given) > SHORT + 2
    return Reaction(case.add(with_story(entry, case, given.text, tools) if told_more else entry))


def _threat(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Settle the role of the client; who does not know leaves it open, which the tables take as the careful way.

    Typed, the one who is named is the one to fear: “mijn cliënt” is no victim then.
    """
    titles = {choice.value: choice.title for choice in question.choices}
    named = {"victim": "perpetrator", "perpetrator": "victim"}
    spoken = about_in(given.text, tools.about) if given.choice is None and words_in(given) <= LONG else None
    role = "unknown" if is_unknown(given) else given.choice or named.get(spoken or "", spoken)
    if role not in titles:
        return Reaction(case, understood=False)
    answer = UNKNOWN if role == "unknown" else titles[role]
    entry = Entry(question=THREAT, asked=question.label, answer=answer, fields={"client_role": role})
    return Reaction(case.add(entry))


def _minor(case: Case, question: Question, given: Given) -> Reaction:
    """Settle whether it is a minor; who does not know leaves it open."""
    value = "unknown" if is_unknown(given) else given.choice or says(given)
    if value is None:
        return Reaction(case, understood=False)
    answer = next(title for title, meant in AGES if meant == value)
    return Reaction(case.add(Entry(question=MINOR, asked=question.label, answer=answer, fields={"minor": value})))


def about_in(text: str, about: Sequence[About]) -> str | None:
    """Guess from free words about whom it is: who is named first; None when they do not say, or may say another."""
    spoken = f" {mended(text, [word for row in about for word in row.words])} "
    names = [(folded(word), row.id) for row in about for word in row.words]
    found = [(spoken.find(f" {name} "), -len(name), role) for name, role in names if f" {name} " in spoken]
    role = min(found)[2] if found else None
    unless = [word for row in about if row.id == role for word in row.unless]
    return None if any(f" {word} " in spoken for word in unless) else role
