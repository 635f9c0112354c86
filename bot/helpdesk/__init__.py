"""The triage desk: how soon a question needs a person, when one is there, and who works on it."""

from bot.helpdesk import questions
from bot.helpdesk.content import Answer, Content, load_content
from bot.helpdesk.models import NoteRow, QuestionRow
from bot.helpdesk.overview import WITHDRAWN, Answered, Overview, Waiting, read_overview
from bot.helpdesk.questions import Asked, DeskError, Ground, LateError, UnknownQuestionError, forget_outcomes
from bot.helpdesk.rules import DeskRules, load_desk
from bot.helpdesk.triage import Class, Situation, Triage, TriageTable, load_triage

__all__ = [
    "WITHDRAWN",
    "Answer",
    "Answered",
    "Asked",
    "Class",
    "Content",
    "DeskError",
    "DeskRules",
    "Ground",
    "LateError",
    "NoteRow",
    "Overview",
    "QuestionRow",
    "Situation",
    "Triage",
    "TriageTable",
    "UnknownQuestionError",
    "Waiting",
    "forget_outcomes",
    "load_content",
    "load_desk",
    "load_triage",
    "questions",
    "read_overview",
]
