"""Coming back after a talk: what may have changed since is open again, and nothing grows milder by coming back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.advice import GROUPS
from bot.case.record import AFTER_TALK, Case, Entry
from bot.case.tools import Tools

SAID, SINCE = "open", "since"  # which of the two questions about the talk comes next
CONSULTED = ("consulted", "asked_veilig_thuis", "expert_consulted")
TALKED = {"talked_with_client": "yes", "victim_with_you": "no"}


def after_talk(case: Case, tools: Tools, answer: Entry, *, talked: bool = True, asks: str = SAID) -> Case:
    """Open the case again with the `answer` that says so, whose facts and fields stand: first what was said and what
    changed, then the weighing."""
    facts, assumed = _opened(case, tools)
    update = {
        "question": AFTER_TALK,
        "facts": facts | (TALKED if talked else {}) | answer.facts,
        "fields": {"advised": "", "enough": "", "talk": asks} | answer.fields,
        "assumed": assumed,
    }
    return case.add(answer.model_copy(update=update))


def reopened(case: Case, tools: Tools) -> Sequence[str]:
    """Return the facts that a talk may have changed, or brought to light; none when there was no talk."""
    return tools.tables.may_change if AFTER_TALK in case.asked else ()


def _opened(case: Case, tools: Tools) -> tuple[dict[str, str], list[str]]:
    """Return what is not known any more, and what stands until it is answered anew.

    A danger that was told stays, but for danger at this moment; what kept people safest stands for as long as it takes.
    So does that she consulted: step 2 was done, though after a talk it may be good to do it again.
    """
    known = {fact: case.facts.get(fact, "unknown") for fact in tools.tables.may_change}
    danger, safest = set(GROUPS["danger"]), tools.tables.facts
    done = {fact for fact in CONSULTED if known.get(fact) == "yes"}
    gone = {
        fact: "unknown"
        for fact, value in known.items()
        if value != "unknown" and fact not in done and (value != safest[fact].safest or fact == "danger_now")
    }
    standing = [
        fact for fact, value in known.items() if fact in done or (value == safest[fact].safest and fact not in danger)
    ]
    return gone, standing
