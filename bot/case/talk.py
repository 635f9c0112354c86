"""Phase 5: the plan for the talk when it is wanted; where talking must wait, first whether she has consulted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.case.advising import still_advised
from bot.case.choosing import NEGATIONS, TELLING, is_unknown, says, words_in
from bot.case.record import ADVISED, Case, Entry
from bot.case.rehearsal import NO_TALK
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import with_more, with_story
from bot.case.telling import plan_messages, reason_text, steps_text
from bot.case.tools import Tools, advice_request, folded

PLAN, SHOWN, GATE, ALLOWED = "opzet.gewenst", "opzet.getoond", "opzet.overlegd", "opzet.kan"
NOT_YET = Choice("Nog niet", "nee")
ALLOWS = (Choice("Ja, een gesprek kan", "ja"), Choice("Nee, nog niet", "nee"))
UNSAFE = "talk_raises_danger"  # her own fear that talking is unsafe: whoever advised her may have taken it away
VEILIG_THUIS, EXPERT = "asked_veilig_thuis", "expert_consulted"  # whom to ask before a talk; they change no level
NAMED = {VEILIG_THUIS: re.compile(r"\b(?:veilig ?thuis|vt)\b"), EXPERT: re.compile(r"\b(?:deskundige|expert)\b")}
DONE = frozenset({"gebeld", "gesproken", "overlegd", "overleg", "gevraagd", "besproken", "gehad", "gedaan"})
LATER = frozenset({"ga", "gaan", "zal", "wil", "moet", "morgen", "straks", "later", "zo", "wacht", "terug", "belt"})
YES = frozenset({"ja", "jawel", "zeker", "klopt", "dat", "heb", "ik", "al", "net", "zojuist", "met", "de"}) | DONE


def plan_shown(case: Case) -> Case:
    """Note that the plan was asked for by name, so that the summary holds it; it is still offered after the advice."""
    return case.add(Entry(question=SHOWN, fields={"plan": "yes"}, silent=True))


class TalkPlan:
    """Phase 5: the setup of the talk."""

    name = "opzet"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Offer the plan, once for each advice; after a gate, ask whether she has consulted now."""
        if PLAN not in case.asked_since(ADVISED):
            offer = Say("vraag_opzet", choices=(Choice("Ja, graag", "ja"), Choice("Nu niet", "nee")))
            return Question(PLAN, offer, "Hulp bij het gesprek")
        if _only_her_fear(case, tools):
            return Question(ALLOWED, Say("vraag_gesprek_kan", choices=ALLOWS), "Of een gesprek kan volgens het advies")
        asked = _to_consult(case, tools) if _at_the_gate(case, tools) else ()
        if not asked:
            return None
        choices = (*(Choice(_title(fact, case), fact) for fact in asked), NOT_YET)
        return Question(GATE, Say("vraag_overlegd", choices=choices), "Of je hebt overlegd over het gesprek")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Show the plan when it is wanted, and again when she has consulted."""
        if question.id == GATE:
            return _consulted(case, question, given, tools)
        if question.id == ALLOWED:
            return _allowed(case, question, given, tools)
        wanted = given.choice == "ja" or (given.choice is None and says(given) == "yes")
        if not wanted and given.choice is None and says(given) is None:
            return Reaction(case, understood=False)
        entry = Entry(
            question=PLAN,
            asked=question.label,
            answer="Ja" if wanted else "Nee",
            fields={"plan": "yes" if wanted else ""},
        )
        told = with_more(entry, case, given, tools)
        after = case.add(told)
        noted = (Say("genoteerd"),) if told.lines else ()
        return Reaction(after, (*noted, *(plan_messages(after, tools) if wanted else ())))


def _setup(case: Case, tools: Tools, *facts: str) -> tuple[str, str]:
    """Return the setup, and the row that decides it, as if these facts were so."""
    decision = tools.tables.decide(advice_request(case).with_facts(dict.fromkeys(facts, "yes")))
    return decision.setup, decision.setup_rules[0].id


def _at_the_gate(case: Case, tools: Tools) -> bool:
    """Whether she was told to consult first, and has not said since that she has not done so yet.

    In danger now nothing is asked: she was told to call.
    """
    if case.is_yes("danger_now") or _setup(case, tools)[0] != NO_TALK:
        return False
    last = next((entry for entry in reversed(case.entries) if entry.question in (PLAN, SHOWN, GATE)), None)
    return last is not None and bool(last.facts if last.question == GATE else last.fields.get("plan"))


def _only_her_fear(case: Case, tools: Tools) -> bool:
    """Whether Veilig Thuis has advised, and only her own answer that talking is unsafe keeps the gate shut."""
    asked = ALLOWED in case.asked_since(ADVISED)
    if asked or not case.is_yes(UNSAFE) or not case.is_yes(VEILIG_THUIS) or not _at_the_gate(case, tools):
        return False
    return tools.tables.decide(advice_request(case).with_facts({UNSAFE: "no"})).setup != NO_TALK


def _allowed(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Take what Veilig Thuis said of a talk; only a plain yes opens it, and what she tells is kept and asked again."""
    plain = given.choice or ({"yes": "ja"}.get(says(given) or "") if words_in(given) < TELLING else None)
    if plain is None and (says(given) is None or words_in(given) >= TELLING):
        return Reaction(case, understood=False)
    said = plain == "ja"
    facts = {UNSAFE: "no"} if said else {}
    answer = next(choice.title for choice in question.choices if choice.value == ("ja" if said else "nee"))
    fields = dict(still_advised(case, facts))
    entry = Entry(question=ALLOWED, asked=question.label, answer=answer, facts=facts, fields=fields)
    after = case.add(entry)
    return Reaction(after, plan_messages(after, tools) if said else (Say("overleg_verandert"),))


def _to_consult(case: Case, tools: Tools) -> list[str]:
    """Return whom she can have consulted since: those who bring a talk nearer, or else Veilig Thuis."""
    open_facts = [fact for fact in (VEILIG_THUIS, EXPERT) if not case.is_yes(fact)]
    nearer = [
        fact
        for fact in open_facts
        if _setup(case, tools, fact) != _setup(case, tools)
        or _setup(case, tools, *open_facts) != _setup(case, tools, *(other for other in open_facts if other != fact))
    ]
    return nearer or [fact for fact in open_facts if fact == VEILIG_THUIS]


def _title(fact: str, case: Case) -> str:
    if fact == VEILIG_THUIS:
        return "Ja, met Veilig Thuis"
    return "Ja, met de deskundige over eer" if case.is_yes("honour") else "Ja, met een deskundige"


def _consulted(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Take whom she consulted, and show what holds now: the plan, or why talking must still wait.

    Facts of the process change no level, so the advice and her own decision stand as they are.
    """
    facts = _facts(question, given)
    if facts is None:
        return Reaction(case, understood=False)
    titles = [choice.title for choice in question.choices if choice.value in facts]
    entry = Entry(
        question=GATE,
        asked=question.label,
        answer="; ".join(titles) or NOT_YET.title,
        facts=facts,
        fields=dict(still_advised(case, facts)),
    )
    story = with_story(entry, case, given.text, tools) if words_in(given) >= TELLING else entry
    after = case.add(story if set(story.hints) - set(facts) else entry)  # that she called is no fact about the case
    if not facts:
        return Reaction(after, (Say("overleg_nog_niet"),))
    return Reaction(after, (Say("overleg_gedaan"), *_steps_changed(case, after, tools), *_what_now(after, tools)))


def _what_now(case: Case, tools: Tools) -> Sequence[Say]:
    """The plan that holds now; or that talking must still wait, why, and what can change that."""
    if _setup(case, tools)[0] != NO_TALK:
        return plan_messages(case, tools)
    if _only_her_fear(case, tools):
        return ()  # that is asked next
    still = Say("overleg_nog_steeds", values={"reden": reason_text(case, tools)})
    return (still,) if _to_consult(case, tools) else (still, Say("overleg_verandert"))


def _facts(question: Question, given: Given) -> dict[str, str] | None:
    """Return what the answer settles, nothing for “nog niet”; None when it does not say with whom."""
    offered = [choice.value for choice in question.choices if choice.value in NAMED]
    if given.choice is not None:
        return {given.choice: "yes"} if given.choice in offered else {}
    spoken = folded(given.text)
    words = set(spoken.split())
    named = [fact for fact in offered if NAMED[fact].search(spoken)]
    bare = says(given) == "yes" and set(_without_names(spoken).split()) <= YES
    done = bare or bool(DONE & words)
    if is_unknown(given) or says(given) == "no" or spoken.startswith("nog niet") or (LATER & words and not done):
        return {}
    if not done or LATER & words or NEGATIONS & words:
        return None
    named = named or (offered if bare and len(offered) == 1 else [])
    return dict.fromkeys(named, "yes") if named else None


def _without_names(spoken: str) -> str:
    """Leave out whom she names; what is left shows whether she says more than yes."""
    for name in NAMED.values():
        spoken = name.sub("", spoken)
    return spoken


def _steps_changed(before: Case, after: Case, tools: Tools) -> Sequence[Say]:
    """Where the consultation changed a step of the meldcode, that step again."""
    was, now = (
        tools.tables.advise(advice_request(case)).as_dict(tools.words(case))["meldcode"] for case in (before, after)
    )
    changed = [step for step, old in zip(now, was, strict=True) if step["status"] != old["status"]]
    return [Say(text=f"**De meldcode**\n\n{steps_text(changed)}")] if changed else []
