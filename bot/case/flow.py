"""The order of the phases, where a case stands in it, and what one answer does: the same for every phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.case import checklist
from bot.case.advising import is_advised
from bot.case.choosing import as_choice, is_unknown, words_in
from bot.case.closing import Closing
from bot.case.danger import Danger, Trigger, noticed
from bot.case.decision import DecisionPhase
from bot.case.facts import Facts
from bot.case.handing import Handing
from bot.case.intake import Feeling, Intake, named_self, profession_entry, work_said
from bot.case.pasting import Pasting
from bot.case.record import ADVISED, Case
from bot.case.speech import DONT_KNOW, Choice, Given, Phase, Question, Reaction, Say
from bot.case.story import ADDED, is_told, told
from bot.case.talk import TalkPlan
from bot.case.tools import Tools
from bot.case.weighing import Weighing

DANGER: Phase = Danger()
# What is open in one of these goes before all else.
FIRST: tuple[Phase, ...] = (
    DANGER,
    Handing(),
    checklist.Checklists(),
    Pasting(),
)
BEFORE_ADVICE: tuple[Phase, ...] = (Intake(), Feeling(), Facts(), Weighing())
AFTER_ADVICE: tuple[Phase, ...] = (DecisionPhase(), TalkPlan(), Closing())
PHASES: Mapping[str, Phase] = {phase.name: phase for phase in (*FIRST, *BEFORE_ADVICE, *AFTER_ADVICE)}
ADVICE = "advies"
END = "einde"
KEEPS = ("plakken", checklist.NAME)  # phases that keep what was typed themselves: it is no story
STORY_WORDS = 4  # fewer words than these are an answer that was not understood, not a story
OFFER_PERSON, GO_ON = 2, 3  # answers in a row that were not understood


@dataclass(frozen=True)
class Step:
    """What one answer did: the case, what is said, and how many answers in a row were not understood."""

    case: Case
    says: tuple[Say, ...] = ()
    misses: int = 0


def current_phase(case: Case, tools: Tools) -> str:
    """Return the phase with the next question, `advies` when the advice is due, `einde` when all is done.

    Danger goes before all; after the advice the questions before it come back when what is known changed,
    when an answer is asked again, and when she told more.
    """
    if first := next((phase.name for phase in FIRST if phase.next_question(case, tools)), None):
        return first
    told_already = is_advised(case)
    if not told_already or case.again or case.hinted_since(ADVISED, own_words=False):
        waiting = next((phase.name for phase in BEFORE_ADVICE if phase.next_question(case, tools)), None)
        if waiting or not told_already:
            return waiting or ADVICE
    return next((phase.name for phase in AFTER_ADVICE if phase.next_question(case, tools)), END)


def open_question(case: Case, tools: Tools) -> Question | None:
    """Return the question that is to be asked now; None when the advice is due, or all is done."""
    phase = PHASES.get(current_phase(case, tools))
    return phase.next_question(case, tools) if phase else None


def take(case: Case, phase: str, given: Given, misses: int, tools: Tools) -> Step:
    """Take an answer to the open question of a phase.

    Words that are no answer are kept as story. Twice in a row not understood offers a person; the third time the
    question counts as answered with “weet ik niet”, so that no question is asked for ever.
    """
    question = PHASES[phase].next_question(case, tools)
    if question is None:
        return Step(case, misses=misses)
    answer = as_choice(given, question)
    reaction = PHASES[phase].answer(case, question, answer, tools) if answer and _has_answer(answer) else None
    if reaction and reaction.understood:
        return Step(reaction.case, reaction.says)
    heard = reaction.says if reaction else ()
    if work := work_said(case, given.text, tools):  # the answer to a question that is still to come
        return Step(case.add(work), (*heard, Say("genoteerd")), misses)
    return _missed(case, PHASES[phase], question, given, misses + 1, tools, heard)


def _has_answer(given: Given) -> bool:
    return given.choice is not None or bool(given.text.strip())


def _missed(
    case: Case, phase: Phase, question: Question, given: Given, misses: int, tools: Tools, why: Sequence[Say] = ()
) -> Step:
    heard = list(why)
    if words_in(given) >= STORY_WORDS and not is_unknown(given):
        case = case if is_told(case, given.text) else case.add(told(case, ADDED, given.text, tools))
        heard.append(Say("genoteerd"))
    if misses >= GO_ON:
        reaction = phase.answer(case, question, DONT_KNOW, tools)
        return Step(reaction.case, (*heard, *(reaction.says or (Say("geeft_niet"),))))
    if misses >= OFFER_PERSON:
        heard.append(Say("niet_verstaan_twee", choices=(Choice("Een mens spreken", "gemist", "mens_spreken"),)))
    elif not heard:
        heard.append(Say("niet_verstaan"))
    return Step(case, tuple(heard), misses)


def interrupt(case: Case, phase: str, given: Given, triggers: Sequence[Trigger], tools: Tools) -> Case:
    """Take a message that points at danger into the case: when a question is open it answers that too,
    so that nothing in it is asked again, nor for the profession that she names. The danger question comes next.
    """
    question = PHASES[phase].next_question(case, tools) if phase in PHASES else None
    answers = question is not None and (question.open or (phase == "weging" and not question.tick))
    reaction = PHASES[phase].answer(case, question, given, tools) if question and answers else Reaction(case)
    after = reaction.case if reaction.understood else case
    kept = (answers and phase in KEEPS) or any(entry.lines for entry in after.entries[len(case.entries) :])
    after = noticed(after, given.text, triggers, tools, kept=kept)
    after = checklist.without_story(case, after) if phase == checklist.NAME else after
    if "profession" in after.fields or not (work := named_self(given.text, tools.professions)):
        return after
    return after.add(profession_entry(work, tools).model_copy(update={"silent": True}))


def is_going(case: Case, tools: Tools) -> bool:
    """Whether there is something to go on with: a case that began, or a list or a summary that is open."""
    return case.begun or any(phase.next_question(case, tools) for phase in FIRST)
