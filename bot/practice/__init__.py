"""Practice dialogues: what trainers write, and how one is played. Knows nothing of chat or web.
Others use only the names that stand here."""

from bot.practice.checks import CitationFault, Remark, Way, best_and_worst, check_dialogue, check_text
from bot.practice.hearing import Heard, Listener
from bot.practice.importing import imported, slug
from bot.practice.player import (
    Move,
    Position,
    Result,
    ScriptChangedError,
    Turn,
    after,
    open_options,
    position,
    positions,
    result,
    said,
    turn,
)
from bot.practice.reading import load_dialogue, load_dialogues, load_text
from bot.practice.records import Client, Dialogue, Ending, Goal, Line, Option, Scene, Source, Technique, When
from bot.practice.report import ENDINGS, quoted, report, report_file, spoken, told_sure
from bot.practice.session import (
    LONGEST,
    Listens,
    Session,
    chosen,
    hint,
    kept,
    none_meant,
    restored,
    shown,
    shows_options,
    stepped_back,
    typed,
)
from bot.practice.stories import stories_of
from bot.practice.techniques import load_lines, load_techniques
from bot.practice.twee import Story, read_twee
from bot.practice.unfinished import UNFINISHED
from bot.practice.walks import choices, walks
from bot.practice.writing import dialogue_yaml, stories_yaml, write_new

__all__ = [
    "ENDINGS",
    "LONGEST",
    "UNFINISHED",
    "CitationFault",
    "Client",
    "Dialogue",
    "Ending",
    "Goal",
    "Heard",
    "Line",
    "Listener",
    "Listens",
    "Move",
    "Option",
    "Position",
    "Remark",
    "Result",
    "Scene",
    "ScriptChangedError",
    "Session",
    "Source",
    "Story",
    "Technique",
    "Turn",
    "Way",
    "When",
    "after",
    "best_and_worst",
    "check_dialogue",
    "check_text",
    "choices",
    "chosen",
    "dialogue_yaml",
    "hint",
    "imported",
    "kept",
    "load_dialogue",
    "load_dialogues",
    "load_lines",
    "load_techniques",
    "load_text",
    "none_meant",
    "open_options",
    "position",
    "positions",
    "quoted",
    "read_twee",
    "report",
    "report_file",
    "restored",
    "result",
    "said",
    "shown",
    "shows_options",
    "slug",
    "spoken",
    "stepped_back",
    "stories_of",
    "stories_yaml",
    "told_sure",
    "turn",
    "typed",
    "walks",
    "write_new",
]
