"""Answers every question of a conversation as a professional would who knows the facts of a case, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.advice import GROUPS, Choice
from bot.case import Question, Tools

PREFIX = "weging."
UNKNOWN = "weet ik niet"


ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "feiten.signalen": {"tick": []},
    "feiten.meer_signalen": {"tick": []},
    "feiten.lijst": {"say": "klopt zo"},
    "opzet.gewenst": {"press": "Ja, graag"},
}


class Professional:
    """Knows one case: who she is, about whom she worries, the facts."""

    def __init__(self, request: Mapping[str, Any], story: str, tools: Tools) -> None:
        role = str(request.get("client_role", "unknown"))
        self.about = {
            "kennismaking.beroep": str(request.get("profession", "anders")),
            "gevoel.over_wie": role,
            "gevoel.van_wie": role,
            "gevoel.minderjarig": str(request.get("minor", "unknown")),
        }
        facts = {name: str(value) for name, value in request.get("case", {}).items()}
        saw = any(
            facts.get(fact) == "yes" for fact in GROUPS["danger"]
        )  # whoever knows of danger saw or heard something
        self.facts: Mapping[str, str] = ({"signals": "yes"} if saw else {}) | facts
        self.story, self.tools = story, tools

    def answers(self, question: Question) -> Mapping[str, Any]:
        """Return what she does: `press`, `tick` or `say`, as in a script."""
        name = question.id.split(":")[0]
        if name.startswith(PREFIX):
            return self._weighs(name.removeprefix(PREFIX))
        if name == "gevaar.antwoord":
            return {"press": self._danger()}
        if name == "gevoel.verhaal":
            return {"say": self.story}
        titles = {choice.value: choice.title for choice in question.choices if choice.value}
        known = titles.get(self.about.get(name, ""))
        return {"press": known} if known else ALWAYS.get(name, {"say": UNKNOWN})

    def _danger(self) -> str:
        if self.facts.get("danger_now") == "yes":
            return "Ja, nu"
        return "Niet nu, wel" if self.facts.get("danger_coming_days") == "yes" else "Nee, dit is voorbij"

    def _weighs(self, name: str) -> Mapping[str, Any]:
        """Choose what is true of her case and says most of it, and as little else as can be."""
        row = next(row for row in self.tools.tables.questions if row.id == name)
        if row.multiple:
            told = [choice.title for choice in row.choices if self._known(choice, "yes")]
            denied = [choice.title for choice in row.choices if self._known(choice, "no")]
            return {"tick": told or denied} if told or denied else {"say": UNKNOWN}
        fitting = [choice for choice in row.choices if not self._contradicts(choice) and self._known(choice)]
        best = max(fitting, key=lambda choice: (len(self._known(choice)), -self._beside(choice)), default=None)
        return {"press": best.title} if best and self._beside(best) <= len(self._known(best)) else {"say": UNKNOWN}

    def _known(self, choice: Choice, value: str = "") -> set[str]:
        """The facts of her case that a choice says; with a value, only those."""
        said = {fact for fact, meant in choice.facts.items() if self.facts.get(fact) == meant != "unknown"}
        return {fact for fact in said if choice.facts[fact] == value} if value else said

    def _contradicts(self, choice: Choice) -> bool:
        return any(self.facts.get(fact, value) not in (value, "unknown") for fact, value in choice.facts.items())

    def _beside(self, choice: Choice) -> int:
        """How much danger a choice says that she does not know of."""
        return sum(value == "yes" and self.facts.get(fact) != "yes" for fact, value in choice.facts.items())
