"""Tells those who run Pluis how it is: alive, ready, and in numbers."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.web.services import Services, ServicesDep

router = APIRouter(tags=["Beheer"])


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(response: Response, services: ServicesDep) -> dict[str, object]:
    """Say whether everything that a conversation needs answers; 503 when not."""
    database, checks = await asyncio.gather(
        asyncio.to_thread(_database_answers, services), services.parts.engine.health()
    )
    checks = {"database": database, **checks}
    well = all(checks.values())
    response.status_code = 200 if well else 503
    words = {name: "ok" if fine else "unavailable" for name, fine in checks.items()}
    return {"status": "ok" if well else "unavailable", "checks": words}


@router.get("/metrics")
async def metrics(services: ServicesDep) -> Response:
    """Return the counts for Prometheus."""
    return Response(services.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _database_answers(services: Services) -> bool:
    try:
        with services.parts.sessions() as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True
