"""The practice studio behind its pages: dialogues that trainers write in versions, the groups they give them to, what
trainees share of their plays, and what a trainer sees of that. Others use only the names that stand here."""

from bot.studio.errors import (
    BadTextError,
    BadTokenError,
    NotInPlayError,
    NotOpenError,
    ShippedError,
    StaleError,
    StudioError,
    TooLongError,
    TooManyError,
    UnfinishedError,
    UnknownGroupError,
    UnknownVersionError,
    UnplayableError,
)
from bot.studio.groups import Groups, forget_groups
from bot.studio.records import SHIPPED, Group, Line, Listed, Playable, Ref, State, Try, Version
from bot.studio.report import (
    GoalFigures,
    Progress,
    Report,
    SceneFigures,
    TooFew,
    goal_rows,
    group_report,
    progress_rows,
    scene_rows,
)
from bot.studio.store import Store
from bot.studio.texts import notes_above
from bot.studio.tries import Tries, new_token
from bot.studio.uploads import TWINE, YAML, Brought, brought
from bot.studio.whole import Studio, make_studio

__all__ = [
    "SHIPPED",
    "TWINE",
    "YAML",
    "BadTextError",
    "BadTokenError",
    "Brought",
    "GoalFigures",
    "Group",
    "Groups",
    "Line",
    "Listed",
    "NotInPlayError",
    "NotOpenError",
    "Playable",
    "Progress",
    "Ref",
    "Report",
    "SceneFigures",
    "ShippedError",
    "StaleError",
    "State",
    "Store",
    "Studio",
    "StudioError",
    "TooFew",
    "TooLongError",
    "TooManyError",
    "Tries",
    "Try",
    "UnfinishedError",
    "UnknownGroupError",
    "UnknownVersionError",
    "UnplayableError",
    "Version",
    "brought",
    "forget_groups",
    "goal_rows",
    "group_report",
    "make_studio",
    "new_token",
    "notes_above",
    "progress_rows",
    "scene_rows",
]
