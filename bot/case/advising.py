"""Whether the advice was told for what is known now, so that nothing is told twice and nothing new is passed over."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from bot.case.record import ADVISED, Case, Entry
from bot.case.tools import advice_request

FIELD = "advised"


def is_advised(case: Case) -> bool:
    """Whether the advice was told for what is known now."""
    return case.fields.get(FIELD) == _stamp(case)


def advised(case: Case) -> Case:
    """Note that the advice was told; told again for the same facts, nothing that came after it is asked again."""
    if is_advised(case):
        return case
    return case.add(Entry(question=ADVISED, fields={FIELD: _stamp(case)}, silent=True))


def still_advised(case: Case, facts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the fields by which an answer with these facts leaves the advice as it was told: only the talk changes.

    Whatever else an answer brings, such as a story, makes it due again.
    """
    return {FIELD: _stamp(case.add(Entry(question=ADVISED, facts=dict(facts))))} if is_advised(case) else {}


def _stamp(case: Case) -> str:
    """What the advice was about, short enough for the slot."""
    request = advice_request(case)
    told = [(fact, value) for fact, value in request.case.items() if value != "unknown"]  # as when it was never asked
    known = (request.profession, request.client_role, request.minor, sorted(told))
    return f"{zlib.crc32(repr(known).encode()):08x}"
