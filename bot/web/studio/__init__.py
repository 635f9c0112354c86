"""The practice studio as pages for trainers: dialogues with their versions, and the groups they are given to."""

from bot.web.studio import dialogues, editor, groups

routers = (dialogues.router, editor.router, groups.router)

__all__ = ["routers"]
