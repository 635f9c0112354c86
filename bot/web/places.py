"""The pages for staff: which there are, and for whom."""

from __future__ import annotations

from typing import Final

from bot.staff import Staff

PLACES: Final = (
    ("question.read", "/desk", "Vragen"),
    ("proposal.review", "/desk/voorstellen", "Voorstellen"),
    ("overview.read", "/desk/overzicht", "Overzicht"),
    ("practice.write", "/studio", "Oefengesprekken"),
    ("practice.write", "/studio/groepen", "Groepen"),
)


def places_of(staff: Staff) -> list[tuple[str, str]]:
    """Return the address and the name of each page that this staff member may open; the first is where they begin."""
    return [(path, name) for permission, path, name in PLACES if staff.may(permission)]
