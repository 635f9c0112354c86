"""What is asked of the tables: who asks, about whom, and the facts. The names of facts and fields are
a contract with other programs, so they stand in code; all else about them stands in `data/advice/facts.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.advice.conditions import VALUES, View

DANGER = (
    "danger_now", "danger_coming_days", "strangulation", "weapon", "threat_to_kill", "perpetrator_suicidal",
    "fears_for_life", "serious_injury", "locked_in", "care_withheld", "sexual_violence", "disclosure",
    "told_when_asked", "child_told", "physical_violence", "escalation", "pregnant", "separation",
    "coercive_control", "stalking", "continuing_threat", "repeated", "protection_order_broken", "honour", "fear",
    "isolated", "animals_harmed", "child_witness", "help_refused", "safety_not_organisable", "help_not_effective",
    "victim_suicidal", "earlier_report", "own_safety_threatened", "signals", "talk_raises_danger",
    "power_imbalance", "both_use_violence",
)  # fmt: skip
PROTECTIVE = ("children_safe", "heard_apart", "both_want_joint_talk")
PROCESS = (
    "children", "consulted", "asked_veilig_thuis", "expert_consulted", "talked_with_client", "victim_with_you",
    "victim_agrees", "decides_freely", "care_dependent", "residence_dependent", "informal_care", "substance_use",
)  # fmt: skip
GROUPS: Mapping[str, tuple[str, ...]] = {"danger": DANGER, "protective": PROTECTIVE, "process": PROCESS}
FACTS: tuple[str, ...] = tuple(name for names in GROUPS.values() for name in names)
PROFESSIONS = (
    "huisarts", "arts", "verpleging", "maatschappelijk_werk", "wijkteam", "onderwijs", "kinderopvang", "jeugdhulp",
    "politie", "justitie", "schuldhulp", "ggz", "vrijwilliger", "anders",
)  # fmt: skip
CLIENT_ROLES = ("victim", "perpetrator", "couple", "child", "other", "unknown")
FIELDS: Mapping[str, tuple[str, ...]] = {"profession": PROFESSIONS, "client_role": CLIENT_ROLES, "minor": VALUES}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a request, in Dutch, and the keys under which it stands."""

    reason: str
    place: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{'.'.join(self.place)}: {self.reason}" if self.place else self.reason


class AdviceInputError(ValueError):
    """A request for advice cannot be read; `faults` holds all that is wrong."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class AdviceRequest:
    """One case as far as it is known; a fact that is not in `case` is unknown."""

    profession: str = "anders"
    client_role: str = "unknown"
    minor: str = "unknown"
    case: Mapping[str, str] = field(default_factory=dict)

    def value(self, fact: str) -> str:
        """Return yes, no or unknown."""
        return self.case.get(fact, "unknown")

    def with_facts(self, facts: Mapping[str, str]) -> AdviceRequest:
        """Return the same request with these facts changed."""
        return replace(self, case={**self.case, **facts})

    def view(self) -> View:
        """Return what a condition may look at: every fact and every field has a value."""
        fields = {"profession": self.profession, "client_role": self.client_role, "minor": self.minor}
        return View({**dict.fromkeys(FACTS, "unknown"), **self.case, **fields})


def parse_request(raw: object) -> AdviceRequest:
    """Read the body of `POST /api/advice`. Raises AdviceInputError that names all that is wrong, and where."""
    if not isinstance(raw, Mapping):
        raise AdviceInputError(Fault("verwacht een object met profession, client_role, minor en case"))
    case = raw.get("case", {})
    if not isinstance(case, Mapping):
        raise AdviceInputError(Fault("dit is geen object met feiten", ("case",)))
    fields = {name: _field_value(name, raw[name]) for name in FIELDS if name in raw}
    faults = [Fault(f"onbekend veld {name}", (str(name),)) for name in raw if name not in (*FIELDS, "case")]
    faults += [
        Fault(f"onbekende waarde {raw[name]!r}; kies uit {', '.join(FIELDS[name])}", (name,))
        for name, value in fields.items()
        if value not in FIELDS[name]
    ]
    faults += [Fault(f"onbekend feit {name}", ("case", str(name))) for name in case if name not in FACTS]
    faults += [
        Fault(f"{value!r} kan niet; een feit is yes, no of unknown", ("case", name))
        for name, value in case.items()
        if name in FACTS and value not in VALUES
    ]
    if faults:
        raise AdviceInputError(*faults)
    return AdviceRequest(case=dict(case), **fields)


def _field_value(name: str, value: Any) -> Any:
    """`minor` may also come as a JSON boolean or null."""
    if name == "minor" and (value is None or isinstance(value, bool)):
        return {True: "yes", False: "no", None: "unknown"}[value]
    return value
