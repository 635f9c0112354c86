"""Teaching the bot: what staff propose from a closed question, an editor judges, and a command puts into files."""

from bot.teaching import proposals
from bot.teaching.content import FIELDS, Content, Field, Kind, TeachingError, fill, title_of
from bot.teaching.export import Export, Failed, check, export, write_files, write_patch
from bot.teaching.files import changes
from bot.teaching.models import ProposalRow, State
from bot.teaching.proposals import forget_proposals

__all__ = [
    "FIELDS",
    "Content",
    "Export",
    "Failed",
    "Field",
    "Kind",
    "ProposalRow",
    "State",
    "TeachingError",
    "changes",
    "check",
    "export",
    "fill",
    "forget_proposals",
    "proposals",
    "title_of",
    "write_files",
    "write_patch",
]
