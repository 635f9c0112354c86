"""Phase 3: the questions of the weighing, one at a time, only as far as an answer can change the advice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from bot import advice
from bot.analysis import answer_of
from bot.case.back import reopened
from bot.case.choosing import says, ticked, words_in
from bot.case.danger import COMING, LATER, NO, NOT_KNOWN, NOT_NOW, NOW, OVER, answer_in
from bot.case.record import ADVISED, AFTER_TALK, ENOUGH, UNKNOWN, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import shorten, with_more
from bot.case.tools import Tools, advice_request, folded
from bot.markdown import literal

PREFIX = "weging."
ENOUGH_AFTER = 4
BEGINS_WITH = {"yes": "ja", "no": "nee", "unknown": "weet ik niet"}
HINTED_FIRST = {*advice.GROUPS["danger"], *advice.GROUPS["protective"]} - {"signals"}  # the rest waits for its turn
CHILDREN_AFTER = 7  # so many questions and the kindcheck still to do: it must come before the limit is reached
AFTER_ENOUGH = 2  # so many questions about what her own words point to, when she has had enough of questions
ANSWERS_AT_MOST = 3  # to one question, however often her words point at it again
NOT_YES_OR_NO = ("hoe", "waar", "wat", "welke", "wie", "met")
DANGER = "gevaar"
MEANT_BY: Mapping[int, Mapping[str, str]] = {  # what each answer to the danger question says of this one
    NOW: {"danger_now": "yes"},
    LATER: {"danger_now": "no", COMING: "yes"},
    OVER: {"danger_now": "no", COMING: "no"},
    NOT_KNOWN: {"danger_now": "unknown", COMING: "unknown"},
    NOT_NOW: {"danger_now": "no"},
    NO: {"danger_now": "no", COMING: "no"},
}
NARROWED = "welke"  # the question of which a bare “ja” left several answers open


class Weighing:
    """Phase 3 of the conversation."""

    name = "weging"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Return the question of the tables that can change the advice most, with the user's own words in it."""
        row = self._row(case, tools)
        if row is None:
            return None
        words = tools.words(case)
        narrowed = case.fields.get(NARROWED) == row.id
        choices = _choices(row, case if narrowed else None)
        choices.append(Choice("Waarom vraag je dit?", intent="waarom_vraag"))
        if len(_asked(case)) >= ENOUGH_AFTER and not row.urgent and "enough" not in case.fields:
            choices.append(Choice("Genoeg, geef advies", intent="advies_nu"))
        text = advice.fill(row.text, words)
        quote = next((literal(shorten(case.hints[fact])) for fact in row.facts if fact in case.hints), "")
        response = "weging_welke" if narrowed else "weging_met_citaat" if quote else "weging"
        say = Say(response, values={"vraag": text, "quote": quote}, choices=tuple(choices))
        why = advice.fill(row.why, words)
        return Question(PREFIX + row.id, say, text, tick=row.multiple, why=why)

    def _row(self, case: Case, tools: Tools) -> advice.Question | None:
        if case.again.startswith(PREFIX):
            return _named(case.again.removeprefix(PREFIX), tools)
        if case.is_yes("danger_now"):
            return None
        if NARROWED in case.fields:
            return _named(case.fields[NARROWED], tools)
        enough = "enough" in case.fields
        since = min(case.asked_since(ENOUGH), case.asked_since(ADVISED), key=len)
        if enough and sum(name.startswith(PREFIX) for name in since) >= AFTER_ENOUGH:
            return None
        asked = {name for name in _asked(case) if not _is_open_again(name, case, tools)}
        hints, again = _hints(case, asked), reopened(case, tools)
        request = advice_request(case)
        return tools.tables.next_question(request, asked, hints, case.assumed, again=again, enough=enough)

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take a choice, a typed answer or a list of ticks; what else was told becomes part of the story."""
        row = _named(question.id.removeprefix(PREFIX), tools)
        meant = _meant(row, question, given) if row else None
        if row is None or meant is None:
            return Reaction(case, understood=False)
        narrowed = case.fields.get(NARROWED) == row.id
        differ = any(choice.facts != meant[0].facts for choice in meant)
        open_still = differ and not row.multiple and not narrowed
        entry = Entry(
            question=question.id,
            asked=question.label,
            answer=_answer(row, meant, given),
            facts=_facts(row, meant, case, tools),
            fields={NARROWED: row.id if open_still else ""} if open_still or narrowed else {},
        )
        after = case.add(with_more(entry, case, given, tools))
        words = tools.words(after)
        replies = [choice.reply for choice in meant if choice.reply and (row.multiple or len(meant) == 1)]
        if after.is_yes("danger_now") and not case.is_yes("danger_now"):
            replies = [tools.tables.texts["danger"].choices[0].reply]
        elif _in_the_dark(after):
            replies.append(tools.tables.text("person_offered"))
        heard = _clash(meant, after.facts) if row.multiple else ()
        return Reaction(after, (*heard, *(Say(text=advice.fill(reply, words)) for reply in replies)))


def answered_before(case: Case, question: str, titles: Sequence[str], tools: Tools) -> Case:
    """Take an answer that stands in a case sheet, as if it was given now; one that fits no question changes nothing."""
    row = _named(question.removeprefix(PREFIX), tools)
    if row is None:
        return case
    text = advice.fill(row.text, tools.words(case))
    asked = Question(question, Say(text=text, choices=tuple(_choices(row))), text, tick=row.multiple)
    values = [choice.value for choice in asked.choices if choice.title in titles]
    given = Given(choice=",".join(values)) if values else Given(text=" ".join(titles))
    return Weighing().answer(case, asked, given, tools).case


def _choices(row: advice.Question, narrowed: Case | None = None) -> list[Choice]:
    """The answers to a question; of one that is narrowed, those that fit what a bare “ja” settled."""
    return [
        Choice(choice.title, str(index))
        for index, choice in enumerate(row.choices)
        if narrowed is None or _fits(choice, narrowed)
    ]


def _asked(case: Case) -> set[str]:
    """The questions that were put, since the talk when there was one: what was not known may be asked again."""
    return {name.removeprefix(PREFIX) for name in case.asked_since(AFTER_TALK) if name.startswith(PREFIX)}


def _named(question: str, tools: Tools) -> advice.Question | None:
    return next((row for row in tools.tables.questions if row.id == question), None)


def _fits(choice: advice.Choice, case: Case) -> bool:
    """Whether a choice does not contradict what a bare “ja” settled already."""
    known = case.facts
    return all(
        value == "unknown" or known.get(fact, value) in (value, "unknown") for fact, value in choice.facts.items()
    )


def _hints(case: Case, asked: Collection[str]) -> list[str]:
    """The facts that must be asked before all others: what her words point to, and the kindcheck when it grows late.

    Whoever told what she saw is asked whether it worries her, once danger was asked about.
    """
    hints = [fact for fact in case.hints if fact in HINTED_FIRST]
    if len(asked) >= CHILDREN_AFTER:
        hints.append("children")
    if ("gevaar" in asked or "danger_now" in case.facts) and case.lines_of("observation", "signal"):
        hints.append("signals")
    return hints


def _is_open_again(question: str, case: Case, tools: Tools) -> bool:
    return _points_there_again(question, case, tools) or _assumed_since(question, case, tools)


def _assumed_since(question: str, case: Case, tools: Tools) -> bool:
    """Whether what it asks about stands in, since its answer, for something that was not known."""
    row, last = _named(question, tools), len(case.asked_since(PREFIX + question))
    later = {fact for entry in case.entries[len(case.entries) - last :] for fact in entry.assumed}
    return row is not None and bool(later & case.assumed & set(row.facts))


def _points_there_again(question: str, case: Case, tools: Tools) -> bool:
    """Whether her words since her answer, or in it, point at something that the answer left open."""
    row = _named(question, tools)
    times = case.asked_since(AFTER_TALK).count(PREFIX + question)
    if row is None or times >= ANSWERS_AT_MOST:
        return False
    known = case.facts
    open_facts = {fact for fact in row.facts if known.get(fact, "unknown") == "unknown"} & HINTED_FIRST
    return bool(open_facts & set(case.hinted_since(PREFIX + question, own_words=times == 1)))


def _clash(meant: Sequence[advice.Choice], settled: Mapping[str, str]) -> tuple[Say, ...]:
    """Name answers that cannot both be, and which of them counts; nothing when what was ticked agrees."""
    said = {(fact, value) for choice in meant for fact, value in choice.facts.items() if value != "unknown"}
    both = {fact for fact, value in said if value == "yes" and (fact, "no") in said}
    stands = [c.title for c in meant if any(c.facts.get(fact) == settled.get(fact) for fact in both)]
    falls = [c.title for c in meant if c.title not in stands and both & set(c.facts)]
    values = {"vervalt": "’ en ‘".join(falls), "geldt": "’ en ‘".join(stands)}
    return (Say("weging_tegenspraak", values=values),) if both else ()


def _in_the_dark(case: Case) -> bool:
    """Whether two questions in a row were answered with “weet ik niet”, for the first time."""
    answers = [entry.answer == UNKNOWN for entry in case.entries if entry.question.startswith(PREFIX)]
    pairs = [first and second for first, second in pairwise(answers)]
    return pairs[-1:] == [True] and pairs.count(True) == 1


def _answer(row: advice.Question, meant: Sequence[advice.Choice], given: Given) -> str:
    """What the answer is called: by its title, or in her own words where the title would say more than she did.

    That is so of several choices that a “ja” leaves open, and of a “ja” or “nee” with more words to it.
    """
    said = [choice.title for choice in meant]
    if not row.multiple and given.choice is None and (len(said) > 1 or (words_in(given) > 1 and said != [UNKNOWN])):
        return given.text
    return "; ".join(choice.title for choice in meant) or "Niets aangevinkt"


def _facts(row: advice.Question, meant: Sequence[advice.Choice], case: Case, tools: Tools) -> Mapping[str, str]:
    """What the answer settles: all that was ticked, or what every choice that may be meant has in common.

    What was only assumed gives way to an answer, but not to “weet ik niet”.
    """
    assumed = case.assumed
    request = advice_request(case)
    known = request.with_facts(dict.fromkeys(assumed, "unknown"))
    facts = tools.tables.facts_after(row, [choice.title for choice in meant], known)
    shared = set(facts) if row.multiple or len(meant) < 2 else _shared(meant)
    return {fact: facts[fact] for fact in facts if fact in shared and (fact not in assumed or facts[fact] != "unknown")}


def _shared(choices: Sequence[advice.Choice]) -> set[str]:
    first = choices[0].facts
    return {fact for fact in first if all(choice.facts.get(fact) == first[fact] for choice in choices)}


def _meant(row: advice.Question, question: Question, given: Given) -> Sequence[advice.Choice] | None:
    """Return the choices that were meant, of a single-choice question those that may be; None when it does not say."""
    if row.multiple:
        return _marked(row, question, given)
    if given.choice is not None:
        return [row.choices[int(given.choice)]]
    said = says(given)
    if row.id == DANGER and said != "yes":
        return _of_danger(row, given)  # a “nee” about now says nothing of the days to come
    if said is None:
        return None
    begins = [choice for choice in row.choices if f"{folded(choice.title)} ".startswith(f"{BEGINS_WITH[said]} ")]
    if not begins and folded(row.text).split()[0] not in NOT_YES_OR_NO:
        begins = [choice for choice in row.choices if choice.facts.get(row.facts[0]) == said]
    return begins or None


def _of_danger(row: advice.Question, given: Given) -> Sequence[advice.Choice] | None:
    """Read words about now and the days to come as they are read at the danger question."""
    meant = answer_in(given)
    if meant == LATER and answer_of(given.text) == "no":
        meant = NOT_NOW  # “nee, ik denk het niet” is no yes: which of the two it is, is asked
    wanted = {} if meant is None else MEANT_BY[meant]
    return [choice for choice in row.choices if wanted and wanted.items() <= choice.facts.items()] or None


def _marked(row: advice.Question, question: Question, given: Given) -> Sequence[advice.Choice] | None:
    """Read a list of ticks; typed, “nee” is the choice that denies all, and “weet ik niet” that of not knowing."""
    values = ticked(given, question.choices)
    if values is None:
        return None
    if values or given.choice is not None:
        return [row.choices[int(value)] for value in values]
    if says(given) == "unknown":
        return [choice for choice in row.choices if not set(choice.facts.values()) - {"unknown"}]
    return [choice for choice in row.choices if set(choice.facts.values()) == {"no"}]
