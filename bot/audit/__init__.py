"""The audit log: who did what, when, to which object, why and with what outcome (NEN 7513), never with text.
Append-only and hash-chained: what is changed afterwards is refused by the database, and found by `verify`."""

from bot.audit.entries import CLI, SYSTEM, Entry, Event, Kind, Outcome
from bot.audit.export import Export, Wanted, export
from bot.audit.log import Audit, AuditError, trim
from bot.audit.verify import Fault, NotAnExportError, Verdict, verify

__all__ = [
    "CLI",
    "SYSTEM",
    "Audit",
    "AuditError",
    "Entry",
    "Event",
    "Export",
    "Fault",
    "Kind",
    "NotAnExportError",
    "Outcome",
    "Verdict",
    "Wanted",
    "export",
    "trim",
    "verify",
]
