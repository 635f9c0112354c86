"""Who may work in the studio."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from bot.staff import Staff
from bot.web.staffed import allowed

Trainer = Annotated[Staff, Depends(allowed("practice.write"))]
