"""What a desk promises: its classes, its opening hours, and by when a question of a class is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.advice import Tables
from bot.helpdesk.triage import Situation, Triage, TriageTable, load_triage
from bot.hours import LOOK_AHEAD, Hours
from bot.settings import Settings, SettingsError


@dataclass(frozen=True)
class DeskRules:
    """A desk that is staffed at `hours`; `minutes` are the organisation's own promises, by class."""

    triage: TriageTable
    tables: Tables
    hours: Hours
    minutes: Mapping[str, int]
    urgency: Callable[[str], Mapping[str, float]] | None = None  # how much a story sounds like each class

    def decide(self, situation: Situation) -> Triage:
        """Return the class of a situation, with its reasons."""
        if self.urgency is None or not situation.text:
            return self.triage.decide(situation, self.tables)
        sounds = self.triage.sounds(self.urgency(situation.text), situation.net)
        return self.triage.decide(situation, self.tables, sounds)

    def is_open(self, now: float) -> bool:
        """Tell whether someone is there (`now` in seconds since the epoch)."""
        return self.hours.is_open(_moment(now))

    def promised(self, class_id: str, now: float) -> float:
        """Return by when a question that comes now is answered, in seconds since the epoch."""
        minutes = self.minutes.get(class_id, self.triage.named(class_id).minutes)
        found = self.hours.after(_moment(now), minutes)
        return found.timestamp() if found else now + LOOK_AHEAD * 86_400

    def waited(self, since: float, until: float) -> float:
        """Return the seconds of opening hours between two moments."""
        return 60 * self.hours.minutes_between(_moment(since), _moment(until))


def load_desk(
    settings: Settings, tables: Tables, urgency: Callable[[str], Mapping[str, float]] | None = None
) -> DeskRules | None:
    """Make the rules of the desk; None when it has no hours. Raises DataFileError, SettingsError."""
    hours = settings.opening_hours
    if hours is None:
        return None
    triage = load_triage(settings.data, tables)
    known = [one.id for one in triage.classes]
    if strange := sorted(set(settings.desk_minutes) - set(known)):
        raise SettingsError(f"PLUIS_DESK_MINUTES: {', '.join(strange)} is geen klasse; kies uit {', '.join(known)}.")
    if urgency is not None:
        urgency(triage.classes[0].title)  # loaded now: nobody who asks for a person waits for it
    return DeskRules(triage, tables, hours, settings.desk_minutes, urgency)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
