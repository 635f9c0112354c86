"""The practice studio as pages for trainers: dialogues with their versions, and the groups they are given to."""

routers = ()
