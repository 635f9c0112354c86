"""Going on from a case sheet that she pastes: what was read is shown first, and nothing counts before she says that
it is right. What she tells in this conversation always goes before what stands in the sheet."""

from __future__ import annotations

from collections.abc import Sequence

from bot.case.back import SAID, SINCE, after_talk
from bot.case.choosing import TELLING, is_nothing, is_unknown, says, tells_more, words_in
from bot.case.danger import ANSWERED, ASKED, COMING, QUOTE, Trigger
from bot.case.pasted.ours import is_of_pluis, words_of
from bot.case.pasted.reader import read
from bot.case.pasted.records import Pasted
from bot.case.pasted.taking import taken_over
from bot.case.pasted.telling import asked, told_back
from bot.case.record import AFTER_TALK, UNKNOWN, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import ADDED, shorten, told, with_more
from bot.case.tools import Tools, folded
from bot.case.weighing import PREFIX
from bot.markdown import literal

OPENED, PART, RIGHT = "plakken.begin", "plakken.deel", "plakken.klopt"
STATE = "paste"  # where it stands: ask for the sheet, ask for another part, is it right, was there a talk
ASK, MORE, READ, TALK = "ask", "more", "read", "talk"
MOST_PARTS = 6
A_SHEET, A_PART = 2, 1  # so many headings or rows of ours make a text a sheet, or one more part of it
TELLS = 4  # fewer words than these are no story
NO_SHEET, ANOTHER, WRONG = "zonder", "deel", "nee"
OF_NOW = {"nu", "momenteel", "vandaag", "vanavond", "vannacht", "straks"}


class Pasting:
    """Going on from a sheet of an earlier conversation."""

    name = "plakken"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask for the sheet, show what was read, and ask whether there was a talk since."""
        state = case.fields.get(STATE, "")
        if state in (ASK, MORE):
            title = "Dit was alles" if state == MORE else "Ik heb hem niet bij de hand"
            say = Say("plakken_deel" if state == ASK else "plakken_meer", choices=(Choice(title, NO_SHEET),))
            return Question(PART, say, "De samenvatting", open=True)
        if state == READ:
            more = (Choice("Nog een deel plakken", ANOTHER),) if len(_parts(case)) < MOST_PARTS else ()
            choices = (Choice("Ja, dit klopt", "ja"), *more, Choice("Nee, opnieuw vertellen", WRONG))
            values = {"gelezen": told_back(pasted_in(case, tools), tools)}
            return Question(RIGHT, Say("plakken_klopt", values=values, choices=choices), "De geplakte samenvatting")
        if state == TALK or case.again == AFTER_TALK:
            choices = (Choice("Ja", "ja"), Choice("Nee, nog niet", "nee"))
            return Question(AFTER_TALK, Say("plakken_gesprek", choices=choices), "Gesprek gehad sinds de samenvatting")
        return None

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take a part of the sheet, whether it is right, or whether there was a talk."""
        if question.id == PART:
            return _part(case, given, tools)
        if question.id == AFTER_TALK:
            return _talk(case, question, given, tools)
        said = {"ja": "yes", WRONG: "no"}.get(given.choice or "") or (says(given) if given.choice is None else None)
        if said == "no" and words_in(given) >= TELLING:
            said = None  # she tells what is wrong: that is kept, and the sheet is not thrown away for it
        if given.choice == ANOTHER:
            return Reaction(case.add(Entry(question=OPENED, fields={STATE: MORE}, silent=True)))
        if said == "yes":
            more = given.text if tells_more(given) else ""
            heard = Say("plakken_erbij", values={"quote": literal(shorten(more))}) if more else Say("plakken_dank")
            return Reaction(_taken(case, question, more, tools), (heard,))
        if said == "no" or is_unknown(given):
            entry = Entry(question=RIGHT, asked=question.label, answer="Nee", fields={STATE: ""})
            return Reaction(case.add(entry), (Say("plakken_opnieuw"),))
        return Reaction(case, understood=False)


def asks_for_sheet(case: Case, *, talked: bool) -> Case:
    """Open the case for the sheet of an earlier conversation; `talked` when she said that she comes from the talk."""
    return case.add(Entry(question=OPENED, fields={STATE: ASK, "came_from": "talk" if talked else ""}, silent=True))


def is_pasted(case: Case, text: str, tools: Tools) -> bool:
    """Whether a message is a case sheet or a part of one."""
    state = case.fields.get(STATE, "")
    if state == TALK or len(_parts(case)) >= MOST_PARTS:
        return False
    found = read(text, tools)
    return found.marks + found.rows >= (A_PART if state else A_SHEET)


def is_late(case: Case) -> bool:
    """Whether a sheet comes in the middle of a case: two stories would be mixed, so nothing of it is taken over."""
    return bool(case.lines) and not case.fields.get(STATE)


def received(case: Case, text: str, triggers: Sequence[Trigger], tools: Tools) -> Case:
    """Take a part of the sheet. Danger in it is asked about, once for the whole of it, unless it is of now.

    Of one that comes too late only the danger that it tells of is asked about.
    """
    if is_late(case):
        return _danger_asked(case, read(text, tools), triggers, tools)
    after = case.add(Entry(question=PART, answer=text, fields={STATE: READ}))
    return _danger_asked(after, pasted_in(after, tools), triggers, tools)


def _danger_asked(case: Case, found: Pasted, triggers: Sequence[Trigger], tools: Tools) -> Case:
    """Note that danger in the sheet is to be asked about; Pluis' own sentences in it are none."""
    hers = [trigger for trigger in triggers if not is_of_pluis(trigger.quote, found, tools)]
    telling = [Trigger(trigger.kind, words_of(trigger.quote, found)) for trigger in hers]
    if ASKED in case.asked_since(RIGHT):
        telling = [trigger for trigger in telling if _is_of_now(trigger)]
    else:
        telling += _danger_told(found, tools)
    if not telling or case.is_yes("danger_now"):
        return case
    offered = [f"gevaar:{trigger.quote}" for trigger in telling]
    fields = {QUOTE: shorten(telling[0].quote, 200)}
    return case.add(Entry(question=ASKED, fields=fields, offered=offered, silent=True))


def pasted_in(case: Case, tools: Tools) -> Pasted:
    """Read all that was pasted since the last time that it was said to be right or wrong."""
    return read(_joined(_parts(case)), tools)


def _parts(case: Case) -> list[str]:
    count = len(case.asked_since(RIGHT))
    return [entry.answer for entry in case.entries[len(case.entries) - count :] if entry.question == PART]


def _joined(parts: Sequence[str]) -> str:
    """Put the parts together; one that was cut in the middle of a line goes on where the part before it ended."""
    text = ""
    for part in parts:
        goes_on = bool(text) and (part[:1].islower() or part[:1] in ",.;:”)" or _in_a_row(text))
        text += f"{' ' if goes_on else chr(10)}{part}"
    return text


def _in_a_row(text: str) -> bool:
    """Whether a text ends within a row of a table."""
    line = text.rstrip().rsplit("\n", 1)[-1]
    return line.startswith("|") and not line.endswith("|")


def _part(case: Case, given: Given, tools: Tools) -> Reaction:
    """Take what she typed where a part of the sheet was asked for."""
    count = len(_parts(case))
    back = {STATE: READ if count else ""}
    if given.choice == NO_SHEET or is_nothing(given):
        return Reaction(case.add(Entry(question=OPENED, fields=back, silent=True)))
    if is_pasted(case, given.text, tools) or (0 < count < MOST_PARTS and words_in(given) >= TELLS):
        return Reaction(received(case, given.text, (), tools))
    if words_in(given) < TELLS:
        return Reaction(case, understood=False)
    story = told(case, ADDED, given.text, tools).model_copy(update={"fields": back})
    return Reaction(case.add(story), (Say("plakken_niet_herkend"),))


def _taken(case: Case, question: Question, more: str, tools: Tools) -> Case:
    """Take the sheet over; what she said in this conversation stands, whatever the sheet says.

    What she tells beside her yes comes after the sheet: an answer in it that her words speak against is asked again.
    """
    found = pasted_in(case, tools)
    talked = case.fields.get("came_from") == "talk"
    answer = Entry(question=RIGHT, asked=question.label, answer="Ja", fields={STATE: "" if talked else TALK})
    after = taken_over(case.add(answer), found, tools)
    if more:
        added = {"fields": {"fact_list": ""}, "follows": True}
        after = after.add(told(after, ADDED, more, tools).model_copy(update=added))
    if not talked:
        return after
    return after_talk(after, tools, Entry(question=AFTER_TALK, facts=_danger_now(case), follows=True, silent=True))


def _talk(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Open what may have changed; without a talk it is asked only what changed."""
    said = {"ja": "yes", "nee": "no"}.get(given.choice or "") or says(given)
    if said is None and not is_unknown(given):
        return Reaction(case, understood=False)
    talked = said == "yes"
    answer = {"yes": "Ja", "no": "Nee"}.get(said or "", UNKNOWN)
    entry = Entry(question=AFTER_TALK, asked=question.label, answer=answer, facts=_danger_now(case))
    entry = with_more(entry, case, given, tools)
    fields = {STATE: "", **({"fact_list": ""} if entry.lines else {})}
    entry = entry.model_copy(update={"fields": fields})
    return Reaction(after_talk(case, tools, entry, talked=talked, asks=SAID if talked else SINCE))


def _danger_told(found: Pasted, tools: Tools) -> list[Trigger]:
    """The answers in the sheet that say that there is danger, now or in the coming days."""
    rows = {PREFIX + row.id: row.choices for row in tools.tables.questions}
    rows[ANSWERED] = tools.tables.texts["danger"].answers
    return [
        Trigger("answer", f"{asked(answer.question, tools)} {choice.title}")
        for answer in found.answers
        for choice in rows[answer.question]
        if choice.title in answer.titles and "yes" in (choice.facts.get("danger_now"), choice.facts.get(COMING))
    ]


def _is_of_now(trigger: Trigger) -> bool:
    return bool(OF_NOW & set(folded(trigger.quote).split()))


def _danger_now(case: Case) -> dict[str, str]:
    """That there is danger now, when she said so in this conversation: coming back does not take that away."""
    told = Case(entries=[entry for entry in case.entries if not entry.follows])
    return {"danger_now": "yes"} if told.is_yes("danger_now") else {}
