"""Reading a case sheet back: what Pluis writes it can read, however it was copied, and any text is harmless."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.advice import FACTS, GROUPS
from bot.case import Case, Entry, Line, Tools
from bot.case.danger import ANSWERED, LABEL
from bot.case.pasted.lines import LONGEST
from bot.case.pasted.reader import MOST_FACTS, MOST_LINES, read
from bot.case.pasted.records import Pasted, ReadFact
from bot.case.pasted.taking import taken_over
from bot.case.pasted.telling import told_back
from bot.case.record import UNKNOWN
from bot.case.tools import advice_request
from bot.case.weighing import PREFIX
from bot.channels.text import as_plain, clean
from bot.privacy import Door
from tests.unit.case.pastes import MANGLED, WAYS, pasted
from tests.unit.case.sheets import VERSIONS, case_of, known, said, seen, sheet

few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
NASTY = "|#*_[]()<>&`~!+=-\\\"'“”‘’„.:;,?/ \n\té€🙂0123456789abcdefghijklmnopqrstuvwxyzABC"
words = st.text(NASTY, min_size=1, max_size=60)
calm = st.sampled_from(["vorige week", "elke dag", "sinds maart, denk ik", "dinsdag om 3 uur"])


@st.composite
def cases(draw: st.DrawFn, tools: Tools) -> Case:
    """A case with everything that a sheet can hold: any words as facts, any answers, any decision."""
    entries = [draw(profession(tools)), draw(about(tools))]
    for number, text in enumerate(draw(st.lists(words, max_size=4)), start=1):
        parts = {"when": draw(words)} if draw(st.booleans()) else {}
        source = draw(st.sampled_from(["", "self", "client", "other"]))
        parts |= {"source": source} if source else {}
        kind = draw(st.sampled_from(["observation", "observation", "interpretation", "feeling"]))
        line = Line.model_validate({"id": f"r{number}", "kind": kind, "quote": text, "parts": parts})
        entries.append(Entry(question="begin", asked="Wat?", answer=text, lines=[line]))
    for row in draw(st.lists(st.sampled_from(tools.tables.questions), max_size=6, unique_by=lambda row: row.id)):
        titles = [choice.title for choice in row.choices]
        some = st.lists(st.sampled_from(titles), min_size=1, max_size=3 if row.multiple else 1, unique=True)
        facts = dict(draw(st.sampled_from(row.choices)).facts)
        entries.append(said(PREFIX + row.id, row.text, "; ".join(draw(some)), facts))
    if draw(st.booleans()):
        choice = draw(st.sampled_from(tools.tables.texts["danger"].choices))
        entries.append(said(ANSWERED, LABEL, choice.title, choice.facts))
    entries.append(draw(decided(tools)))
    return Case(entries=entries)


def profession(tools: Tools) -> st.SearchStrategy[Entry]:
    ids = [row.id for row in tools.professions]
    return st.sampled_from(ids).map(lambda name: Entry(question="p", fields={"profession": name}))


def about(tools: Tools) -> st.SearchStrategy[Entry]:
    ids = [row.id for row in tools.about]
    return st.sampled_from(ids).map(lambda name: Entry(question="a", fields={"client_role": name}))


def decided(tools: Tools) -> st.SearchStrategy[Entry]:
    titles = st.sampled_from([row.title for row in tools.decisions] + ["ik bespreek het in het team"])
    return titles.map(lambda title: said("besluit.keuze", "Wat je gaat doen", title, decision="x"))


def cells(fact: ReadFact, tools: Tools) -> tuple[str, ...]:
    """Write a fact that was read as the row of the sheet that it came from."""
    rows = tools.sheet.sections["facts"].rows
    quoted = f"“{fact.words}”"
    first = rows["asked"].format(label=fact.label, words=quoted) if fact.label else quoted
    return (first, f"“{fact.when}”" if fact.when else rows["no_time"], rows[fact.source or "no_source"])


def plain(rows: object) -> list[tuple[str, ...]]:
    """The rows of a table, in one form of Unicode."""
    return [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]  # type: ignore[attr-defined]


def table(case: Case, tools: Tools, version: str, title: str) -> list[tuple[str, ...]]:
    """The rows of one table of the sheet."""
    name = tools.sheet.sections[title].title
    found = [
        section.table.rows
        for section in sheet(case, tools, version).sections
        if section.title == name and section.table
    ]
    return plain(found[0]) if found else []


def read_case(case: Case, tools: Tools, version: str, way: str) -> Pasted:
    return read(pasted(case, tools, version, way), tools)


# -- what is written can be read --------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_read_back(tools: Tools, version: str, way: str) -> None:
    @few
    @given(case=cases(tools))
    def check(case: Case) -> None:
        found = read_case(case, tools, version, way)
        assert [cells(fact, tools) for fact in found.facts] == table(case, tools, version, "facts")
        titles = {answer.question: "; ".join(answer.titles) for answer in found.answers}
        told = {row[0]: row[1] for row in table(case, tools, version, "answers")}
        asked = {PREFIX + row.id: row.text for row in tools.tables.questions} | {ANSWERED: LABEL}
        assert {asked[question]: title for question, title in titles.items()} == told
        statuses = tools.tables.decide(advice_request(case)).meldcode
        assert [found.steps[step] for step in range(1, 5)] == list(statuses[:4])
        chosen = next(entry.answer for entry in case.entries if entry.question == "besluit.keuze")
        ours = {row.title for row in tools.decisions}
        assert found.decided == (chosen if version == "dossier" or chosen in ours else "")
        assert (found.profession or "anders", found.client_role) == (
            case.fields["profession"],
            case.fields["client_role"],
        )
        if version == "dossier":
            thought = [line.quote for line in case.lines_of("interpretation")]
            assert len(found.interpretations) == sum(any(char.isalnum() for char in quote) for quote in thought)

    check()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_that_pluis_wrote_is_left_unread(tools: Tools, version: str, way: str) -> None:
    @few
    @given(case=cases(tools))
    def check(case: Case) -> None:
        found = read_case(case, tools, version, way)
        kept = [line.quote for line in case.lines]
        assert not [text for text in found.unread if not any(quote.strip() in text for quote in kept)]

    check()


@pytest.mark.parametrize("mangle", MANGLED)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_text_that_was_mangled_on_the_way_says_the_same(tools: Tools, version: str, way: str, mangle: str) -> None:
    case = whole(tools)
    text = pasted(case, tools, version, way)
    assert read(MANGLED[mangle](text), tools) == read(text, tools)
    assert len(read(text, tools).facts) == 3
    assert not read(text, tools).unread


def whole(tools: Tools) -> Case:
    """A case with something in every section."""
    signal = Line(id="r9", kind="signal", quote="drie keer op rij", signal="victim.cancels",
                  parts={"label": tools.signals["victim.cancels"].label})  # fmt: skip
    return case_of(
        Entry(question="p", fields={"profession": "wijkteam", "client_role": "victim"}),
        seen("hij duwde haar", "zij schrok van de bel", when="vorige week", source="self"),
        Entry(question="feiten.gezien:victim.cancels", lines=[signal]),
        seen("elke week", question="feiten.hoe_vaak", first=5, how_often="elke week"),
        seen("hij is jaloers", kind="interpretation", first=6),
        said("weging.keel", "Is er ooit een keel dichtgeknepen, of op een andere manier de adem afgesneden?", "Ja",
             {"strangulation": "yes"}),
        said("weging.eer", tools.tables.question_for("honour").text.replace("{zij}", "zij"),
             "Nee", {"honour": "no"}),
        said("weging.bang", "Is zij bang voor hem, als je afgaat op wat je hoorde of zag?", UNKNOWN),
        said("weging.overleg", "Met wie?", "x", {"consulted": "yes", "talked_with_client": "yes"}),
        said("weging.kinderen", "Kinderen?", "x", {"children": "yes", "pregnant": "no", "child_witness": "yes"}),
        said("besluit.keuze", "Keuze", "Nog kijken en noteren", decision="observe"),
        said("besluit.reden", "Reden", "ik wil haar eerst horen", reason="ik wil haar eerst horen"),
        said("besluit.hulp", "Wie hulp regelt", tools.help[0][1], help=tools.help[0][1]),
        said("besluit.datum", "Opnieuw kijken", "Over een week", review="Over een week"),
        Entry(question="opzet.getoond", fields={"plan": "yes"}, silent=True),
    )  # fmt: skip


def test_everything_in_a_whole_sheet_is_read(tools: Tools) -> None:
    found = read_case(whole(tools), tools, "dossier", "markdown")
    assert found.date == "dinsdag 4 maart 2025"
    assert found.facts[0] == ReadFact("hij duwde haar", "vorige week", "self")
    assert found.facts[2].label == tools.signals["victim.cancels"].label
    assert found.times == (("how_often", "elke week"),)
    assert found.interpretations == ("hij is jaloers",)
    assert {answer.question for answer in found.answers} == {"weging.keel", "weging.eer"}
    assert found.known == {
        "children": "yes", "pregnant": "no", "child_witness": "yes", "consulted": "yes", "talked_with_client": "yes",
    }  # fmt: skip
    assert found.steps[3] == "done"
    assert (found.decision, found.decided) == ("observe", "Nog kijken en noteren")
    assert found.reason == "ik wil haar eerst horen"
    assert found.help == tools.help[0][1]
    assert found.review == "dinsdag 11 maart 2025"
    assert found.advice
    assert not found.unread


def test_what_was_taken_over_makes_the_same_sheet_again(tools: Tools) -> None:
    case = whole(tools)
    found = read_case(case, tools, "dossier", "word")
    again = taken_over(Case(), found, tools)
    for title in ("facts", "answers", "meldcode"):
        assert table(again, tools, "dossier", title) == table(case, tools, "dossier", title)
    assert {fact: again.facts.get(fact) for fact in found.known} == dict(found.known)
    assert {name: again.fields.get(name) for name in ("decision", "reason", "help")} == {
        name: case.fields[name] for name in ("decision", "reason", "help")
    }


@few
@given(facts=st.fixed_dictionaries({fact: st.sampled_from(["yes", "no", "unknown"]) for fact in FACTS}))
def test_taking_over_never_makes_milder_what_was_known_here(tools: Tools, facts: dict[str, str]) -> None:
    case = Case().add(Entry(question="x", facts=facts))
    after = taken_over(case, read_case(whole(tools), tools, "dossier", "markdown"), tools)
    before, now = (tools.tables.decide(advice_request(one)) for one in (case, after))
    assert now.level <= before.level
    assert all(after.facts[fact] == "yes" for fact in GROUPS["danger"] if facts[fact] == "yes")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_way_in_leaves_a_sheet_as_it_is(tools: Tools, door: Door, version: str, way: str) -> None:
    text = pasted(whole(tools), tools, version, way)
    came_in = as_plain(door.pseudonymise(f"{version} {way}", clean(text)).text)
    assert read(came_in, tools) == read(text, tools)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    """The privacy door, as every message passes it."""
    return Door(tmp_path_factory.mktemp("deduce"))


# -- what she changed, or what is no sheet at all ---------------------------------------------------------------------


def test_what_she_filled_in_is_kept(tools: Tools) -> None:
    text = pasted(whole(tools), tools, "dossier")
    text = text.replace("en hoe niet? (nog in te vullen)", "en hoe niet? Alleen op dinsdag, via school.")
    text = text.replace("| gedaan | (nog in te vullen) |", "| gedaan | 3 maart |", 1)
    found = read(text, tools)
    assert "Alleen op dinsdag, via school." in found.unread
    assert any("3 maart" in line for line in found.unread)


def test_a_fact_and_a_source_that_she_added(tools: Tools) -> None:
    row = "| Hij stond bij de school te wachten | gisteren | van de juf |\n"
    text = pasted(whole(tools), tools, "dossier").replace("| --- | --- | --- |\n", f"| --- | --- | --- |\n{row}", 1)
    found = read(text, tools)
    assert found.facts[0] == ReadFact("Hij stond bij de school te wachten", "gisteren", "")
    assert any("van de juf" in line for line in found.unread)


def test_an_answer_that_is_none_of_ours_is_named_and_kept(tools: Tools) -> None:
    text = pasted(whole(tools), tools, "dossier").replace("afgesneden? | Ja |", "afgesneden? | Misschien wel |")
    found = read(text, tools)
    assert "weging.keel" not in {answer.question for answer in found.answers}
    assert any("Misschien wel" in line for line in found.unread)


def test_two_answers_to_one_question_are_named_and_the_heaviest_counts(tools: Tools) -> None:
    asked = "Is er ooit een keel dichtgeknepen, of op een andere manier de adem afgesneden?"
    row = f"| {asked} | Nee | bron nog invullen |\n| {asked} | Ja | bron nog invullen |"
    found = read(f"## Antwoorden op vragen over de veiligheid\n\n{row}", tools)
    assert found.doubled == ("weging.keel",)
    assert taken_over(Case(), found, tools).facts["strangulation"] == "yes"


def test_two_sentences_that_contradict_each_other_leave_the_safest(tools: Tools) -> None:
    rows = tools.sheet.sections["children"].rows
    text = f"## Kindcheck\n- {rows['children_safe_yes']}\n- {rows['children_safe_no']}\n- {rows['children_yes']}"
    assert read(text, tools).known == {"children_safe": "no", "children": "yes"}


def test_a_text_without_sentences_of_ours_is_all_unread(tools: Tools) -> None:
    text = "Hij stond gisteren weer bij haar voor de deur.\nIk maak me zorgen."
    found = read(text, tools)
    assert (found.marks, found.rows) == (0, 0)
    assert found.unread == tuple(text.split("\n"))


@settings(max_examples=200)
@given(text=st.text(max_size=2_000) | st.text(NASTY + "Feit|Wanneer##- ", max_size=2_000))
@example("| " * 3_000)
@example("“" * 12_000)
@example("Besluit: “" * 1_500)
@example("# " * 6_000)
@example("Gevraagd naar ‘" * 1_500)
@example("Volgende datum: " + "9 " * 6_000)
@example("\t" * 20_000)
def test_any_text_is_read_in_bounded_time_and_space(tools: Tools, text: str) -> None:
    started = time.monotonic()
    found = read(text, tools)
    assert time.monotonic() - started < 5
    assert len(found.facts) <= MOST_FACTS
    assert len(found.unread) <= MOST_LINES
    assert sum(map(len, found.unread)) <= LONGEST + MOST_LINES * 100
    told_back(found, tools)


@few
@given(data=st.data())
def test_a_sheet_in_which_anything_was_changed_is_still_only_read(tools: Tools, data: st.DataObject) -> None:
    text = pasted(data.draw(cases(tools)), tools, data.draw(st.sampled_from(VERSIONS)))
    at = data.draw(st.integers(0, len(text)))
    spoiled = text[:at] + data.draw(st.text(NASTY, max_size=200)) + text[at + data.draw(st.integers(0, 200)) :]
    found = read(spoiled, tools)
    after = taken_over(Case(), found, tools)
    assert Case.from_slot(after.to_slot()) == after


def test_what_is_shown_is_no_markup(tools: Tools) -> None:
    evil = "[klik](https://kwaad.nl) <b>x</b> **vet** ![x](y)"
    head = "## Feiten\n\n| Feit | Wanneer | Bron |\n| --- | --- | --- |"
    text = f"{head}\n| {evil} | {evil} | {evil} |\n\n## Besluit\n\n- Besluit: {evil}"
    shown = told_back(read(text, tools), tools)
    for markup in ("[klik](", "<b>", "**vet**", "![x]("):
        assert markup not in shown


def of_danger(about: str, at: int, tools: Tools) -> Entry:
    choice = tools.tables.texts["danger"].answers[at]
    return Entry(question=ANSWERED, asked=LABEL, about=about, answer=choice.title, facts=dict(choice.facts))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_each_danger_answer_says_what_it_was_about_and_is_read_back_so(tools: Tools, version: str, way: str) -> None:
    story = seen("hij duwde haar", "hij had “een mes” bij zich", "hij schold")
    abouts = [line.quote for line in story.lines]
    case = case_of(story, *(of_danger(about, at, tools) for about, at in zip(abouts, (1, 2, 4), strict=True)))
    shown = [row[0] for row in table(case, tools, version, "answers")]
    assert shown == [f"“{about}”: is er nu gevaar?" for about in abouts]
    found = read_case(case, tools, version, way)
    assert [answer.about for answer in found.answers] == abouts
    assert not found.doubled
    assert not found.unread
    after = taken_over(Case(), found, tools)
    assert table(after, tools, version, "answers") == table(case, tools, version, "answers")
    assert after.facts["danger_coming_days"] == "yes"
    assert "“hij schold”: is er nu gevaar? Nu geen" in told_back(found, tools)


def test_what_was_not_known_beside_no_danger_now_stays_assumed_after_a_paste(tools: Tools) -> None:
    case = case_of(seen("hij schold"), of_danger("hij schold", 4, tools))
    after = taken_over(Case(), read_case(case, tools, "advies", "markdown"), tools)
    assert after.assumed == {"danger_coming_days"}


@pytest.mark.parametrize("kind", ["interpretation", "feeling"])
def test_words_that_are_no_fact_are_not_quoted_at_the_danger_question(tools: Tools, kind: str) -> None:
    case = case_of(seen("ik denk dat hij haar slaat", kind=kind), of_danger("ik denk dat hij haar slaat", 2, tools))
    for way in WAYS:
        found = read_case(case, tools, "advies", way)
        assert [(answer.about, answer.titles) for answer in found.answers] == [("", ("Nee, dit is voorbij",))]
        assert not found.unread
    [(asked, _, _)] = table(case, tools, "advies", "answers")
    assert asked == "Bij een ander bericht: is er nu gevaar?"


def test_danger_that_was_not_known_stays_assumed(tools: Tools) -> None:
    case = case_of(seen("hij duwde haar"), said(ANSWERED, LABEL, UNKNOWN, {"danger_coming_days": "yes"}))
    found = read_case(case, tools, "advies", "markdown")
    assert found.danger_unknown
    after = taken_over(Case(), found, tools)
    assert after.facts["danger_coming_days"] == "yes"
    assert "danger_coming_days" in after.assumed


def test_a_step_that_is_done_without_a_listed_fact_means_signals(tools: Tools) -> None:
    found = read_case(known(signals="yes"), tools, "advies", "markdown")
    assert found.steps[1] == "done"
    assert taken_over(Case(), found, tools).facts["signals"] == "yes"
