"""Practice dialogues: what trainers write, and how one is played. Knows nothing of chat, web or models.
Others use only the names that stand here."""

from bot.practice.checks import Remark, Way, best_and_worst, check_dialogue
from bot.practice.player import Move, Position, Result, ScriptChangedError, Turn, open_options, position, result, turn
from bot.practice.reading import load_dialogue, load_dialogues
from bot.practice.records import Client, Dialogue, Ending, Goal, Line, Option, Scene, Source, When

__all__ = [
    "Client",
    "Dialogue",
    "Ending",
    "Goal",
    "Line",
    "Move",
    "Option",
    "Position",
    "Remark",
    "Result",
    "Scene",
    "ScriptChangedError",
    "Source",
    "Turn",
    "Way",
    "When",
    "best_and_worst",
    "check_dialogue",
    "load_dialogue",
    "load_dialogues",
    "open_options",
    "position",
    "result",
    "turn",
]
