"""A case from feeling to summary: what is known, what to ask next, what to say. Pure: no clock, no I/O after loading.
The dialogue engine carries it from turn to turn as one slot."""

from bot.case.advising import advised
from bot.case.back import SAID, SINCE, after_talk
from bot.case.checklist import NAME as LIST
from bot.case.checklist import left, list_meant, must_call_first, started, without_story
from bot.case.choosing import names_choice, ordinal, says, title_meant
from bot.case.danger import Trigger, already_asked
from bot.case.factlist import fact_list_text
from bot.case.flow import (
    ADVICE,
    END,
    PHASES,
    STORY_WORDS,
    Step,
    current_phase,
    interrupt,
    is_going,
    open_question,
    take,
)
from bot.case.handing import NAME as HELPDESK
from bot.case.handing import (
    asked,
    came_back,
    carried,
    graver,
    is_opened,
    is_sent,
    situation,
    step_back,
    taken_back,
    with_net,
)
from bot.case.intake import BEGIN, begun, named_self, names_work
from bot.case.opening import opened
from bot.case.pasting import asks_for_sheet, is_late, is_pasted, received
from bot.case.reached import newly_advised, newly_reached
from bot.case.record import ADVISED, AFTER_TALK, ENOUGH, Case, Entry, Line
from bot.case.rehearsal import Rehearsals, load_rehearsals
from bot.case.reminding import HERE, asks, cancels, moment_meant, told_moment
from bot.case.replies import Replies, load_replies, load_starts
from bot.case.sheet.contents import make_sheet
from bot.case.sheet.days import told_date
from bot.case.sheet.markdown import markdown
from bot.case.sheet.records import Sheet, Stamp
from bot.case.sheet.texts import load_sheet_texts
from bot.case.sheet.word import docx
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import is_passed_on, plain_words, quoted, told
from bot.case.talk import plan_shown
from bot.case.telling import advice_messages, meldcode_text, offers_person, plan_messages
from bot.case.tools import OwnDecision, Profession, Signal, Tools, advice_request, folded, load_lists, load_tools

__all__ = [
    "ADVICE",
    "ADVISED",
    "AFTER_TALK",
    "BEGIN",
    "END",
    "ENOUGH",
    "HELPDESK",
    "HERE",
    "LIST",
    "PHASES",
    "SAID",
    "SINCE",
    "STORY_WORDS",
    "Case",
    "Choice",
    "Entry",
    "Given",
    "Line",
    "OwnDecision",
    "Profession",
    "Question",
    "Reaction",
    "Rehearsals",
    "Replies",
    "Say",
    "Sheet",
    "Signal",
    "Stamp",
    "Step",
    "Tools",
    "Trigger",
    "advice_messages",
    "advice_request",
    "advised",
    "after_talk",
    "already_asked",
    "asked",
    "asks",
    "asks_for_sheet",
    "begun",
    "came_back",
    "cancels",
    "carried",
    "current_phase",
    "docx",
    "fact_list_text",
    "folded",
    "graver",
    "interrupt",
    "is_going",
    "is_late",
    "is_opened",
    "is_passed_on",
    "is_pasted",
    "is_sent",
    "left",
    "list_meant",
    "load_lists",
    "load_rehearsals",
    "load_replies",
    "load_sheet_texts",
    "load_starts",
    "load_tools",
    "make_sheet",
    "markdown",
    "meldcode_text",
    "moment_meant",
    "must_call_first",
    "named_self",
    "names_choice",
    "names_work",
    "newly_advised",
    "newly_reached",
    "offers_person",
    "open_question",
    "opened",
    "ordinal",
    "plain_words",
    "plan_messages",
    "plan_shown",
    "quoted",
    "received",
    "says",
    "situation",
    "started",
    "step_back",
    "take",
    "taken_back",
    "title_meant",
    "told",
    "told_date",
    "told_moment",
    "with_net",
    "without_story",
]
