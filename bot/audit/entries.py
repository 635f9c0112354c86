"""What an entry of the audit log says: from closed lists where it can, short where it cannot, never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST: Final = {"account": 64, "roles": 200, "object": 80, "why": 200}  # characters, as the table has them
CLI: Final = "cli"  # the account of who gives commands on the machine itself
SYSTEM: Final = "system"  # the account of what happens by itself


class Event(StrEnum):
    """What was done. Add freely; never change or reuse a value, for the chain holds it."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    ACCESS_REFUSED = "access_refused"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_REMOVED = "account_removed"
    QUESTION_LISTED = "question_listed"
    QUESTION_READ = "question_read"
    QUESTION_CLAIMED = "question_claimed"
    QUESTION_ANSWERED = "question_answered"
    NOTE_WRITTEN = "note_written"
    CLASS_CHANGED = "class_changed"
    CLASS_CHANGE_ASKED = "class_change_asked"
    CLASS_CHANGE_APPROVED = "class_change_approved"
    CLASS_CHANGE_REFUSED = "class_change_refused"
    TRANSFER_OFFERED = "transfer_offered"
    TRANSFER_REFUSED = "transfer_refused"
    TRANSFERRED = "transferred"
    HANDED_BACK = "handed_back"
    CLOSED = "closed"
    RELEASED = "released"
    PROPOSAL_READ = "proposal_read"
    PROPOSAL_WRITTEN = "proposal_written"
    PROPOSAL_REVIEWED = "proposal_reviewed"
    PRACTICE_PUBLISHED = "practice_published"
    PRACTICE_WITHDRAWN = "practice_withdrawn"
    PRACTICE_GIVEN = "practice_given"
    PRACTICE_CLOSED = "practice_closed"
    OVERVIEW_READ = "overview_read"
    AUDIT_READ = "audit_read"
    EXPORTED = "exported"
    TRIMMED = "trimmed"


class Kind(StrEnum):
    """What kind of object something was done to."""

    NONE = ""
    ACCOUNT = "account"
    CONVERSATION = "conversation"
    QUESTION = "question"
    PROPOSAL = "proposal"
    PRACTICE = "practice"
    OVERVIEW = "overview"
    PERMISSION = "permission"
    LOG = "log"


class Outcome(StrEnum):
    """Whether it was done."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    """One deed, as its doer knows it; when, where and in which request is added when it is recorded.

    Raises ValueError when a part is longer than the log holds, or is not one line.
    """

    event: Event
    account: str = ""  # the id of an account, `cli` or `system`; empty when nobody was signed in
    roles: tuple[str, ...] = ()  # in use at that moment
    kind: Kind = Kind.NONE
    object: str = ""
    why: str = ""  # a short reason or the ground: “behandelt de vraag”
    outcome: Outcome = Outcome.DONE

    def __post_init__(self) -> None:
        values = {"account": self.account, "roles": ",".join(self.roles), "object": self.object, "why": self.why}
        for name, value in values.items():
            if len(value) > LONGEST[name] or not value.isprintable():
                raise ValueError(f"{name} of an audit entry: one line of at most {LONGEST[name]} characters")
