"""A case from feeling to summary: what is known, what to ask next, what to say. Pure: no clock, no I/O after loading.
The dialogue engine carries it from turn to turn as one slot."""

from bot.case.choosing import names_choice, ordinal, says
from bot.case.danger import Trigger, already_asked
from bot.case.factlist import fact_list_text
from bot.case.flow import ADVICE, END, PHASES, Step, advised, current_phase, interrupt, open_question, take
from bot.case.intake import BEGIN, begun
from bot.case.record import ADVISED, AFTER_TALK, ENOUGH, Case, Entry, Line
from bot.case.replies import Replies, load_replies
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import plain_words, quoted, told
from bot.case.summary import docx, markdown
from bot.case.telling import advice_messages, meldcode_text, plan_messages
from bot.case.tools import OwnDecision, Profession, Signal, Tools, advice_request, folded, load_lists, load_tools

__all__ = [
    "ADVICE",
    "ADVISED",
    "AFTER_TALK",
    "BEGIN",
    "END",
    "ENOUGH",
    "PHASES",
    "Case",
    "Choice",
    "Entry",
    "Given",
    "Line",
    "OwnDecision",
    "Profession",
    "Question",
    "Reaction",
    "Replies",
    "Say",
    "Signal",
    "Step",
    "Tools",
    "Trigger",
    "advice_messages",
    "advice_request",
    "advised",
    "already_asked",
    "begun",
    "current_phase",
    "docx",
    "fact_list_text",
    "folded",
    "interrupt",
    "load_lists",
    "load_replies",
    "load_tools",
    "markdown",
    "meldcode_text",
    "names_choice",
    "open_question",
    "ordinal",
    "plain_words",
    "plan_messages",
    "quoted",
    "says",
    "take",
    "told",
]
