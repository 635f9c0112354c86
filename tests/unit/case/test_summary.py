"""The summary: what a case sheet must hold, and what it must not, in both versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from markdown_it import MarkdownIt

from bot.advice import Tables, load_tables
from bot.advice.conditions import Always
from bot.advice.records import Line as Spoken
from bot.case import Entry, Line, Tools, advice_messages, plan_messages, plan_shown
from bot.case.record import ADVISED, UNKNOWN
from bot.yamlfile import read_yaml
from tests.unit.case.conftest import DATA
from tests.unit.case.player import Answer, Player, Press
from tests.unit.case.sheets import TODAY, VERSIONS, both, case_of, known, part, rows, said, seen, text_of

STORY = "Haar man geeft steeds antwoord voor haar. Ik denk dat hij haar klein houdt. Ik voel me er rot bij."
FIRST = "Wie kan dit lezen? Zet dit niet in een gezinsdossier of portaal waar de ander bij kan."
ORGANISATION = "Zorggroep Zonnestraal"


def who_talks(tables: Tables) -> Tables:
    """The same tables, with plans that say who talks in this organisation."""
    line = Spoken("{wie_praat}", Always())
    plans = {
        name: replace(plan, parts={**plan.parts, "avoid": (line, *plan.parts["avoid"])})
        for name, plan in tables.plans.items()
    }
    return replace(tables, plans=plans)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Tables of an organisation that filled everything in."""
    fields = read_yaml(DATA / "advice" / "organisation.yml").data["fields"]
    rows = [f"{name}: {[ORGANISATION] if 'most' in row else ORGANISATION}" for name, row in fields.items()]
    path = tmp_path_factory.mktemp("organisatie") / "organisation.yml"
    path.write_text("\n".join(rows), encoding="utf-8")
    return who_talks(load_tables(DATA, path))


@pytest.fixture
def done(player: Player) -> Player:
    """A whole conversation."""
    player.begin(STORY)
    answers: Mapping[str, Answer] = {
        "kennismaking.beroep": "wijkteam",
        "gevoel.over_wie": "mijn cliënte",
        "feiten.wanneer": "vorige week dinsdag",
        "weging.keel": "nee",
        "weging.controle": Press("De ander bepaalt"),
        "weging.kinderen": Press("Ja, en er is geen"),
        "besluit.keuze": Press("observe"),
        "besluit.reden": "ik wil haar eerst zelf horen",
        "besluit.datum": "Over een week",
        "opzet.gewenst": "ja",
        "afronding.oordeel": "ja",
    }
    player.play(answers)
    return player


# -- must hold --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_whole_conversation_in_both_versions(done: Player, version: str) -> None:
    text = text_of(done.case, done.tools, version)
    assert text.splitlines()[0] == f"**{FIRST}**"
    assert "Datum: dinsdag 4 maart 2025" in text
    assert "Functie van de schrijver: Wijkteam of Wmo" in text
    assert rows(text, "Feiten")[0][:2] == ("“Haar man geeft steeds antwoord voor haar”", "“vorige week dinsdag”")
    assert "Besluit: Nog kijken en noteren" in text
    assert ("Reden: “ik wil haar eerst zelf horen”" in text) is (version == "dossier")
    assert "Volgende datum: dinsdag 11 maart 2025" in text
    assert done.tools.tables.version in part(text, "Versie")
    assert "0123456789ab" in part(text, "Versie")


def test_facts_come_first(done: Player) -> None:
    for version in VERSIONS:
        assert re.findall(r"^## (.*)$", text_of(done.case, done.tools, version), re.MULTILINE)[0] == "Feiten"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("self", "zelf gezien of gehoord"),
        ("client", "verteld door de persoon zelf"),
        ("other", "gehoord van een ander"),
    ],
)
def test_a_fact_says_from_whom(tools: Tools, version: str, source: str, told: str) -> None:
    text = text_of(case_of(seen("hij duwde haar", source=source)), tools, version)
    assert rows(text, "Feiten") == [("“hij duwde haar”", "nog invullen", told)]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_source_holds_for_what_was_told_before_it_only(tools: Tools, version: str) -> None:
    source = said("feiten.bron", "Van wie je het weet", "Zelf gezien of gehoord", source="self")
    case = case_of(seen("hij duwde haar"), source, seen("hij slaat haar ook", question="aanvulling", first=2))
    assert [row[2] for row in rows(text_of(case, tools, version), "Feiten")] == [
        "zelf gezien of gehoord",
        "bron nog invullen",
    ]


@pytest.mark.parametrize(
    ("question", "told"), [("feiten.wanneer", "Wanneer: “elke week”"), ("feiten.hoe_vaak", "Hoe vaak: “elke week”")]
)
def test_a_time_is_no_fact_of_its_own(tools: Tools, question: str, told: str) -> None:
    time = seen("elke week", question=question, first=3).model_copy(update={"hints": {"repeated": "elke week"}})
    one = text_of(case_of(seen("hij duwde haar"), time), tools, "dossier")
    assert rows(one, "Feiten") == [("“hij duwde haar”", "“elke week”", "bron nog invullen")]
    two = text_of(case_of(seen("hij duwde haar", "zij huilde"), time), tools, "dossier")
    assert [row[1] for row in rows(two, "Feiten")] == ["nog invullen", "nog invullen"]
    assert f"- {told}" in part(two, "Feiten")


def test_what_is_told_beside_a_time_is_a_fact(tools: Tools) -> None:
    time = seen("dinsdag", "toen sloeg hij haar", question="feiten.wanneer", first=2)
    time = time.model_copy(update={"hints": {"physical_violence": "toen sloeg hij haar"}})
    text = text_of(case_of(seen("hij duwde haar"), time), tools, "advies")
    assert [row[0] for row in rows(text, "Feiten")] == ["“hij duwde haar”", "“toen sloeg hij haar”"]


def test_a_time_that_was_taken_away_is_gone(tools: Tools) -> None:
    time = seen("elke week", question="feiten.wanneer", first=2)
    case = case_of(seen("hij duwde haar"), time, Entry(question="feiten.weghalen", removed=["r2"]))
    assert all("elke week" not in text for text in both(case, tools))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Zijn er kinderen, ook elders of op komst? (nog in te vullen)"),
        ({"children": "no"}, "Er zijn geen kinderen onder de 18."),
        ({"children": "yes", "children_safe": "yes"}, "Nagegaan is dat de kinderen veilig zijn."),
        ({"children": "yes", "child_witness": "yes"}, "Een kind hoort of ziet wat er speelt"),
        ({"children": "yes"}, "Zijn de kinderen veilig? (nog in te vullen)"),
    ],
)
def test_the_kindcheck(tools: Tools, version: str, facts: dict[str, str], told: str) -> None:
    assert told in part(text_of(known(**facts), tools, version), "Kindcheck")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("answer", ["nee, volwassen en uit huis", "nee die zijn al groot", Press("Nee, alleen")])
def test_grown_children_are_not_left_out_and_nothing_is_said_of_a_pregnancy(
    tools: Tools, player: Player, version: str, answer: str | Press
) -> None:
    player.begin(STORY)
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}, until="weging.kinderen")
    player.answer(answer)
    assert player.case.facts["children"] == "no"
    assert player.case.facts.get("pregnant", "unknown") == "unknown"
    told = part(text_of(player.case, tools, version), "Kindcheck")
    assert "Er zijn geen kinderen." not in told
    assert "geen zwangerschap" not in told
    assert "Is er een zwangerschap? (nog in te vullen)" in told


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("role", ["child", "victim"])
def test_of_a_minor_the_kindcheck_speaks_as_of_a_child(tools: Tools, version: str, role: str) -> None:
    case = case_of(seen("hij duwde haar"), said("x", "y", "z", {"children": "yes"}, minor="yes", client_role=role))
    told = part(text_of(case, tools, version), "Kindcheck")
    assert "Er zijn kinderen." not in told
    assert "is zelf minderjarig" in told
    assert "Is er een zwangerschap? (nog in te vullen)" in told


@pytest.mark.parametrize("version", VERSIONS)
def test_every_step_of_the_meldcode_with_its_date(tools: Tools, version: str) -> None:
    steps = rows(text_of(known(signals="yes"), tools, version), "Stappen van de meldcode")
    assert len(steps) == 5
    assert {row[2] for row in steps} == {"(nog in te vullen)"}
    assert {row[1] for row in steps} <= {"gedaan", "nu aan de beurt", "nog te doen"}


@pytest.mark.parametrize("version", VERSIONS)
def test_advice_asked_and_given(tools: Tools, version: str) -> None:
    title = "Gevraagd en gekregen advies"
    assert "Aan wie, wanneer" in part(text_of(known(), tools, version), title)
    assert "- Een collega of aandachtsfunctionaris. Wanneer" in part(
        text_of(known(consulted="yes"), tools, version), title
    )
    nobody = known(consulted="no", asked_veilig_thuis="no", expert_consulted="no")
    assert "Nog niemand om advies gevraagd." in part(text_of(nobody, tools, version), title)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_decision_that_was_not_taken_is_to_fill_in(tools: Tools, version: str) -> None:
    for case in (known(), case_of(seen("hij duwde haar"), said("besluit.keuze", "Wat je gaat doen", UNKNOWN))):
        found = part(text_of(case, tools, version), "Besluit")
        assert "Besluit: (nog in te vullen)" in found
        assert ("Reden: (nog in te vullen)" in found) is (version == "dossier")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"talked_with_client": "yes"}, "De zorg is besproken met degene om wie het gaat."),
        ({"talked_with_client": "no"}, "Waarom niet, of wanneer wel?"),
        ({"honour": "yes", "talked_with_client": "no"}, "een gesprek kan het nu onveiliger maken"),
        ({}, "Hoe en wanneer de cliënt dit weet, of waarom niet"),
    ],
)
def test_how_the_client_was_told_or_why_not(tools: Tools, version: str, facts: dict[str, str], told: str) -> None:
    assert told in part(text_of(known(**facts), tools, version), "Hoe de cliënt dit weet")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_safe_way_of_contact(tools: Tools, version: str) -> None:
    assert "(nog in te vullen)" in part(text_of(known(), tools, version), "Afspraak over veilig contact")


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_not_known_stands_there_once(tools: Tools, version: str) -> None:
    throat = "Is er ooit een keel dichtgeknepen?"
    case = case_of(seen("hij duwde haar"), said("weging.keel", throat, UNKNOWN, {"strangulation": "unknown"}))
    text = text_of(case, tools, version)
    assert text.count(throat) == 1
    assert throat in part(text, "Nog niet bekend")
    assert UNKNOWN not in text


@pytest.mark.parametrize("version", VERSIONS)
def test_of_what_was_asked_twice_the_last_answer_stands(tools: Tools, version: str) -> None:
    asked = "Is zij bang voor hem?"
    first = said("weging.bang", asked, "ja", {"fear": "yes"})
    last = said("weging.bang", asked, "Ja, bang, maar niet om iemands leven", {"fears_for_life": "no"})
    text = text_of(case_of(seen("zij huilde"), first, last), tools, version)
    answers = rows(text, "Antwoorden op vragen over de veiligheid")
    assert answers == [(asked, "Ja, bang, maar niet om iemands leven", "bron nog invullen")]
    unsure = said("weging.bang", asked, UNKNOWN)
    text = text_of(case_of(seen("zij huilde"), first, unsure), tools, version)
    assert rows(text, "Antwoorden op vragen over de veiligheid") == [(asked, "Ja", "bron nog invullen")]
    assert asked not in part(text, "Nog niet bekend")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Over een week", "Volgende datum: dinsdag 11 maart 2025\n"),
        ("Vandaag nog", "Volgende datum: dinsdag 4 maart 2025\n"),
        ("vrijdag na het overleg", "Volgende datum: vrijdag 7 maart 2025 (“vrijdag na het overleg”)"),
        ("als ik meer weet", "Volgende datum: “als ik meer weet”, datum (nog in te vullen)"),
        ("", "Volgende datum: (nog in te vullen)"),
    ],
)
def test_the_next_date_is_a_date(tools: Tools, words: str, told: str) -> None:
    case = case_of(seen("hij duwde haar"), said("besluit.datum", "Opnieuw kijken", words, review=words))
    assert told in part(text_of(case, tools, "dossier"), "Opnieuw kijken")


def test_the_date_follows_the_day_of_asking(tools: Tools) -> None:
    case = case_of(seen("hij duwde haar"), said("besluit.datum", "Opnieuw kijken", "Morgen", review="Morgen"))
    assert "woensdag 1 januari 2025" in text_of(case, tools, "dossier", date(2024, 12, 31))


# -- the two versions -------------------------------------------------------------------------------------------------


def test_interpretations_stand_apart_and_never_in_the_version_for_advice(done: Player) -> None:
    dossier = text_of(done.case, done.tools, "dossier")
    assert "“Ik denk dat hij haar klein houdt”" in part(dossier, "Interpretaties")
    assert "klein houdt" not in part(dossier, "Feiten")
    assert "klein houdt" not in text_of(done.case, done.tools, "advies")


def test_what_else_may_be_going_on_is_an_interpretation(tools: Tools) -> None:
    case = case_of(seen("hij duwde haar"), seen("hij is zijn baan kwijt", question="feiten.anders", first=2))
    dossier = text_of(case, tools, "dossier")
    assert "baan" in part(dossier, "Interpretaties")
    assert "baan" not in part(dossier, "Feiten")
    assert "baan" not in text_of(case, tools, "advies")


def test_what_she_typed_at_her_decision_is_for_her_own_file_alone(tools: Tools) -> None:
    typed = {
        "decision": "ik spreek die narcist zelf aan",
        "reason": "hij is een narcist en ik ben bang voor hem",
        "help": "zijn moeder, die doet alles goed",
        "review": "vrijdag als hij weer dronken is",
    }
    case = case_of(
        seen("hij duwde haar"),
        said("besluit.keuze", "Wat je gaat doen", typed["decision"], decision="own"),
        said("besluit.reden", "Je reden", typed["reason"], reason=typed["reason"]),
        said("besluit.hulp", "Wie hulp regelt", typed["help"], help=typed["help"]),
        said("besluit.datum", "Opnieuw kijken", typed["review"], review=typed["review"]),
    )
    dossier, for_advice = text_of(case, tools, "dossier"), text_of(case, tools, "advies")
    assert not [words for words in typed.values() if words not in dossier]
    assert not [words for words in typed.values() if words in for_advice]
    assert "Besluit: (nog in te vullen)" in for_advice
    assert "Reden:" not in for_advice
    assert "Volgende datum: vrijdag 7 maart 2025\n" in for_advice


def test_what_she_thinks_beside_a_time_is_no_fact(tools: Tools) -> None:
    time = seen("elke vrijdag", question="feiten.hoe_vaak", first=2)
    thought = Line(id="r3", kind="interpretation", quote="dan is hij vals")
    answer = time.model_copy(update={"answer": "elke vrijdag, dan is hij vals", "lines": [*time.lines, thought]})
    case = case_of(seen("hij duwde haar"), answer)
    assert "“elke vrijdag”" in part(text_of(case, tools, "advies"), "Feiten")
    assert "vals" not in text_of(case, tools, "advies")
    assert "vals" in part(text_of(case, tools, "dossier"), "Interpretaties")


def test_only_the_version_for_advice_has_questions(tools: Tools) -> None:
    title = "Vragen aan Veilig Thuis of je collega"
    case = known(honour="yes", children="no")
    assert not part(text_of(case, tools, "dossier"), title)
    found = part(text_of(case, tools, "advies"), title)
    assert "deskundige over eer" in found
    assert "elk kind" not in found
    assert "elk kind" in part(text_of(known(), tools, "advies"), title)


def test_advice_with_at_most_two_sources_each_named_once(done: Player) -> None:
    found = part(text_of(done.case, done.tools, "dossier"), "Advies van Pluis")
    sources = [line.strip() for line in found.splitlines() if line.strip().startswith("Bron: ")]
    assert sources
    for line in sources:
        names = line.removeprefix("Bron: ").split("; ")
        assert len(names) == len(set(names)) <= 2
    assert "Kenniskaart (ex-)partnergeweld voor sociaal professionals (Movisie)" in found
    assert not part(text_of(done.case, done.tools, "advies"), "Advies van Pluis")


@pytest.mark.parametrize("facts", [{"danger_now": "yes"}, {"weapon": "yes"}, {"repeated": "yes"}, {"signals": "yes"}])
def test_the_organisation_is_not_in_it(tools: Tools, filled: Tables, facts: dict[str, str]) -> None:
    own, nobody = replace(tools, tables=filled), replace(tools, tables=who_talks(tools.tables))
    case = plan_shown(known(**facts))
    said = [say.text for say in (*advice_messages(case, own), *plan_messages(case, own))]
    assert sum(ORGANISATION in text for text in said) >= 2
    for text, same in zip(both(case, own), both(case, nobody), strict=True):
        assert ORGANISATION not in text
        assert text == same
    assert "- Spreek in je organisatie af wie het gesprek voert." in text_of(case, own, "dossier")


def test_the_plan_in_full(tools: Tools) -> None:
    plan = part(text_of(plan_shown(known()), tools, "dossier"), "Gespreksopzet")
    assert re.search(r"^Vorm: [^.]+\.$", plan, re.MULTILINE)
    assert "Eerste zin: ‘" in plan
    for title in ("Met wie", "Tolk", "Met wie niet", "Wanneer en waar", "Jouw eigen veiligheid", "Zo kun je praten",
                  "Liever niet", "Wordt het onveilig? Stop", "Zo sluit je af", "Schrijf op"):  # fmt: skip
        assert plan.count(f"### {title}\n") == 1
    assert re.search(r"^- Presentie .*  \n  Bron: Blinde vlekken", plan, re.MULTILINE)


def test_a_gate_is_no_plan_for_a_talk(tools: Tools) -> None:
    plan = part(text_of(plan_shown(known(coercive_control="yes")), tools, "dossier"), "Gespreksopzet")
    assert "Vorm: eerst overleggen, nog niet praten." in plan
    for title in ("Bel eerst", "Wat je daar vraagt", "Intussen", "Als iemand er zelf over begint"):
        assert f"### {title}\n" in plan
    assert "Open vragen" not in plan


def test_a_plan_that_was_not_wanted_is_not_in_it(tools: Tools) -> None:
    assert not part(text_of(known(), tools, "dossier"), "Gespreksopzet")
    assert not part(text_of(plan_shown(known()), tools, "advies"), "Gespreksopzet")


def test_a_plan_that_was_asked_for_is_still_offered_after_the_advice(done: Player) -> None:
    case = plan_shown(done.case).add(Entry(question=ADVISED, silent=True))
    assert "opzet.gewenst" not in case.asked_since(ADVISED)


# -- must not hold ----------------------------------------------------------------------------------------------------


def test_no_own_feeling(done: Player, tools: Tools) -> None:
    assert done.case.lines_of("feeling")
    reason = said("besluit.keuze", "Wat je gaat doen", "Ik voel me er rot bij. ik wacht", decision="own")
    for text in both(done.case.add(reason), tools):
        assert "rot bij" not in text
    assert "ik wacht" in text_of(done.case.add(reason), tools, "dossier")


def test_no_feeling_told_beside_what_was_seen(player: Player) -> None:
    player.begin("Ze draagt altijd lange mouwen, ook als het heel warm is.")
    told = "Ze durft niets meer te zeggen. Ik slaap er slecht van."
    player.play({"kennismaking.beroep": "wijkteam", "gevoel.over_wie": "haar", "feiten.effect": told})
    for text in both(player.case, player.tools):
        assert "slaap er slecht" not in text


def test_no_line_that_was_taken_away(tools: Tools) -> None:
    quote = "hij sloot haar op"
    signal = Line(id="r2", kind="signal", quote=quote, signal="perpetrator.bossy", parts={"label": "is bazig"})
    case = case_of(seen(quote), Entry(question="feiten.signalen", lines=[signal]), Entry(question="w", removed=["r1"]))
    for text in both(case, tools):
        assert "sloot haar op" not in text


def test_no_signal_without_an_observation(tools: Tools) -> None:
    signal = Line(id="r2", kind="signal", quote="", signal="victim.cancels", parts={"label": "zegt afspraken af"})
    ticked = case_of(seen("hij duwde haar"), Entry(question="feiten.meer_signalen", lines=[signal]))
    for text in both(ticked, tools):
        assert "zegt afspraken af" not in text
    seen_too = signal.model_copy(update={"id": "r3", "quote": "drie keer op rij"})
    case = ticked.add(Entry(question="feiten.gezien:victim.cancels", lines=[seen_too], removed=["r2"]))
    for text in both(case, tools):
        assert "Gevraagd naar ‘zegt afspraken af’: “drie keer op rij”" in text


def test_no_rule_ids_labels_or_profiles(tools: Tools) -> None:
    facts = {"strangulation": "yes", "coercive_control": "yes", "children": "yes", "honour": "yes", "fear": "yes"}
    tables = tools.tables
    ids = {row.id for row in tables.levels} | {row.id for row in tables.cautions} | {row.id for row in tables.setups}
    for text in both(plan_shown(known(**facts)), tools):
        assert not ids & set(re.findall(r"[\w.]+", text))
        assert not re.search(r"slachtoffer|pleger|dader|intieme terreur|profiel", text, re.IGNORECASE)


def test_not_who_tipped(tools: Tools) -> None:
    source = seen("van haar zus", question="feiten.bron", first=2, source="other")
    for text in both(case_of(seen("hij duwde haar"), source), tools):
        assert "haar zus" not in text
        assert "gehoord van een ander" in text


@pytest.mark.parametrize(
    "secret",
    [
        "ze zit nu in de vrouwenopvang",
        "haar nieuwe adres is bekend bij ons",
        "we maakten een veiligheidsplan met haar",
        "de vluchttas staat bij haar moeder",
        "de buurvrouw heeft ons getipt",
    ],
)
def test_no_shelter_safety_plan_or_tip(tools: Tools, secret: str) -> None:
    case = case_of(seen("hij duwde haar", secret), said("besluit.reden", "Je reden", secret, reason=secret))
    for text in both(case, tools):
        assert secret not in text
        assert "“hij duwde haar”" in text
        assert "Weggelaten voor de veiligheid, aantal regels: 1." in text


@pytest.mark.parametrize("harmless", ["de kinderen gaan naar de kinderopvang", "zij krijgt anonieme brieven"])
def test_what_only_looks_like_a_secret_stays(tools: Tools, harmless: str) -> None:
    assert harmless in text_of(case_of(seen(harmless)), tools, "advies")


def test_a_telephone_number_is_just_that(tools: Tools) -> None:
    for text in both(plan_shown(known(danger_now="yes")), tools):
        assert "Bel nu 112." in text
        assert "tel:" not in text
        assert "(tel." not in text


# -- Markdown ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("[klik](https://kwaad.nl) *hier*", r"“\[klik\](https://kwaad.nl) \*hier\*”"),
        ("<script>x</script>", r"“\<script\>x\</script\>”"),
        ("a | b\n# kop\n- punt", r"“a \| b \# kop - punt”"),
        ("[persoon 1] sloeg [persoon 2]", "“[persoon 1] sloeg [persoon 2]”"),
        ("[persoon 1](https://kwaad.nl)", r"“\[persoon 1\](https://kwaad.nl)”"),
        (r"[a\](b)", r"“\[a\\\](b)”"),
    ],
)
def test_what_was_typed_is_no_markup(tools: Tools, typed: str, written: str) -> None:
    case = case_of(seen(typed), said("besluit.reden", "Je reden", typed, reason=typed))
    text = text_of(case, tools, "dossier")
    assert text.count(written) == 2
    assert len(rows(text, "Feiten")) == 1
    assert len(re.findall("^# ", text, re.MULTILINE)) == 1


def test_a_reader_of_markdown_finds_no_markup_of_the_user(tools: Tools) -> None:
    typed = "# kop | [klik](https://kwaad.nl) ![x](y) `code` <b>vet</b> **dik** &amp; [a]: b"
    case = case_of(seen(typed), said("besluit.reden", "Je reden", typed, reason=typed))
    html = MarkdownIt().enable("table").render(text_of(case, tools, "dossier"))
    assert not re.search(r"<(a|img|code|b|em)\b", html)
    assert html.count("**dik**") == 2
    assert html.count("<strong>") == 1  # the first line, which is ours


def test_an_empty_case_makes_a_sheet(tools: Tools) -> None:
    for version in VERSIONS:
        text = text_of(case_of(), tools, version, TODAY)
        assert "Nog geen feiten opgeschreven." in text
        assert "None" not in text
