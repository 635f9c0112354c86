"""Groups of commands of `pluis`, and how a command speaks and ends."""

from bot.commands.auditing import audit
from bot.commands.console import exit_codes, explain, fail, sessions, tell
from bot.commands.practice import practice
from bot.commands.teaching import desk
from bot.commands.users import user

__all__ = ["audit", "desk", "exit_codes", "explain", "fail", "practice", "sessions", "tell", "user"]
