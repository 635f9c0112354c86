"""Whatever is told in whatever order: nothing comes into a case sheet that must not stand in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.case import Case, Entry, Line, Tools
from bot.case.danger import ANSWERED, LABEL
from tests.unit.case.sheets import VERSIONS, text_of

KINDS = ("observation", "interpretation", "feeling", "signal")
QUESTIONS = (
    "begin", "aanvulling", "gevoel.verhaal", "feiten.wanneer", "feiten.hoe_vaak", "feiten.bron", "feiten.effect",
    "feiten.anders", "feiten.signalen", "feiten.gezien:victim.cancels", "weging.bang", "gevaar.gevraagd",
)  # fmt: skip


def chance(draw: st.DrawFn) -> bool:
    """Toss a coin."""
    return draw(st.booleans())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of lines whose words name their kind, some without words, some taken away."""
    entries: list[Entry] = []
    number = 0
    for question in draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=6)):
        lines: list[Line] = []
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=3)):
            number += 1
            words = "" if kind == "signal" and chance(draw) else f"woorden {kind} {number} einde"
            parts = {"label": f"etiket {number}"}
            row = {"id": f"r{number}", "kind": kind, "quote": words, "signal": "x", "parts": parts}
            lines.append(Line.model_validate(row))
        answer = ". ".join(line.quote for line in lines)
        hints = {"fear": lines[-1].quote} if lines and chance(draw) else {}
        entries.append(Entry(question=question, asked="Wat?", answer=answer, lines=lines, hints=hints))
    removed = draw(st.lists(st.integers(1, max(number, 1)), max_size=3, unique=True))
    entries.append(Entry(question="feiten.weghalen", removed=[f"r{at}" for at in removed]))
    reason = draw(st.sampled_from([entry.answer for entry in entries] or [""]))
    about = draw(st.sampled_from([line.quote for entry in entries for line in entry.lines] or [""]))
    entries.append(Entry(question=ANSWERED, asked=LABEL, about=about, answer="Nee, dit is voorbij"))
    return Case(entries=[*entries, Entry(question="besluit.reden", fields={"reason": reason} if reason else {})])


def test_nothing_stands_in_it_that_must_not(tools: Tools) -> None:
    rules = {row.id for row in tools.tables.levels} | {row.id for row in tools.tables.setups}

    @settings(max_examples=60)
    @given(case=cases())
    def check(case: Case) -> None:
        present = {line.id for line in case.lines}
        every = [line for entry in case.entries for line in entry.lines]
        gone = [line.quote for line in every if line.quote and (line.id not in present or line.kind == "feeling")]
        ticked = [line.parts["label"] + " " for line in every if line.kind == "signal" and not line.quote]
        thought = [line.quote for line in every if line.kind == "interpretation"]
        for version in VERSIONS:
            text = text_of(case, tools, version)
            assert not [words for words in (*gone, *ticked) if words in text]
            assert not rules & set(text.split())
            if version == "advies":
                assert not [words for words in thought if words in text]

    check()


def test_every_observation_that_stays_is_in_both(tools: Tools) -> None:
    parts = ("feiten.wanneer", "feiten.hoe_vaak", "feiten.bron", "feiten.anders")

    @settings(max_examples=40)
    @given(case=cases())
    def check(case: Case) -> None:
        told = [entry for entry in case.entries if entry.question not in parts]
        present = {line.id for line in case.lines}
        kept = [line for entry in told for line in entry.lines if line.kind == "observation" and line.id in present]
        for version in VERSIONS:
            text = text_of(case, tools, version)
            assert not [line.quote for line in kept if f"“{line.quote}”" not in text]

    check()
