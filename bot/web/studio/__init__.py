"""The practice studio as pages for trainers: dialogues with their versions, and the groups they are given to."""

from bot.web.studio import dialogues, editor

routers = (dialogues.router, editor.router)

__all__ = ["routers"]
