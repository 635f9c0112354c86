"""A proposal changes in a file what it says, and everything else stands there byte for byte as it stood."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import Topic, check
from bot.knowledge.catalogue import load_topics
from bot.settings import ROOT
from bot.teaching import Kind, TeachingError, changes
from bot.teaching.content import AlreadyThereError, Content
from bot.yamlfile import read_yaml

from . import DAY, LAWS, NEW, START, TEXTS, TOPIC, WORDS, A, B, sentence, write_data, wrong

ADDED = """\
  - id: een_vluchttas
    title: "Een vluchttas"
    short: "Pak wat je nodig hebt."
    sources:
      - {id: boek-2020, section: "Bescherming"}
    related: [veiligheidsplan, kinderen]
    for: [alle]
    review: 2027-05-27
    questions:
      - "wat is een vluchttas"
      - "vluchttas pakken"
      - "wat gaat er mee"
      - "tas klaarzetten"
"""
ODD = [
    "Hoe gaat dat: één, twee?", "- wie belt?", "# geen commentaar", "'tussen' \"haakjes\"", "🙂", "{huis}", "[verbod]",
    "*let op*", "&anker", "!tag", "ja", "null", "2026-11-26", "12", "terug\\slaan", "%", "@thuis", "Ĳ ß É", "a:", "|",
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "data")


def write(data: Path, kind: Kind, content: Content) -> dict[Path, str]:
    """Change the files; return what changed."""
    made = changes(data, kind, content, DAY)
    for path, text in made.items():
        (data / path).write_text(text, encoding="utf-8")
    return made


def put(data: Path, kind: Kind, content: Content) -> dict[Path, str]:
    """Change the files, which are right afterwards; return what changed."""
    made = write(data, kind, content)
    assert check(data) == []
    return made


def topic(data: Path, name: str) -> Topic:
    [found] = [topic for topic in load_topics(data) if topic.id == name]
    return found


def changed(path: Path, old: str, new: str) -> dict[Path, str]:
    """Return a file in which this one place is different."""
    assert TEXTS[path].count(old) == 1
    return {path: TEXTS[path].replace(old, new)}


# -- a new topic -------------------------------------------------------------------------------------------------------


def test_a_new_topic_comes_last_where_the_first_related_one_stands(data: Path) -> None:
    assert put(data, Kind.TOPIC, TOPIC) == {A: TEXTS[A] + ADDED}


@pytest.mark.parametrize(
    ("related", "path"),
    [
        ("kinderen\nhuisverbod", B),
        ("wet_op_lantaarns\nkinderen", B),  # a law has no place for a topic
        ("risico_weer\nhuisverbod", A),
        ("wet_op_lantaarns\njudoles", NEW),
    ],
)
def test_a_new_topic_comes_only_among_topics(data: Path, related: str, path: Path) -> None:
    before = (data / path).read_text("utf-8") if path != NEW else "# Onderwerpen die van de helpdesk komen.\ntopics:\n"
    [(found, text)] = put(data, Kind.TOPIC, TOPIC | {"related": related}).items()
    assert (found, text.startswith(before)) == (path, True)
    assert topic(data, "een_vluchttas").related == tuple(related.splitlines())


def test_a_second_topic_that_nothing_is_near_to_comes_beneath_the_first(data: Path) -> None:
    first = put(data, Kind.TOPIC, TOPIC | {"related": "judoles"})[NEW]
    second = put(data, Kind.TOPIC, TOPIC | {"related": "judoles", "title": "Een tweede tas"})
    one = ADDED.replace("[veiligheidsplan, kinderen]", "[judoles]")
    two = one.replace("een_vluchttas", "een_tweede_tas").replace("Een vluchttas", "Een tweede tas")
    assert first == f"# Onderwerpen die van de helpdesk komen.\ntopics:\n{one}"
    assert second == {NEW: first + two}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Éénmalig ’n huis­verbod: hoe?", "eenmalig_n_huisverbod_hoe"),
        ("- De \"tas\" & 'de sleutel' #2 -", "de_tas_de_sleutel"),
        ("112 bellen", "bellen"),
        ("Straße, œuvre en Ĳ", "strasse_uvre_en_ij"),
        ("🙂", "onderwerp"),
        ("2026", "onderwerp"),
        ("z" * 100, "z" * 60),
        (f"{'z' * 59} a", "z" * 59),
    ],
)
def test_any_title_gives_an_id_and_is_kept_as_it_was_typed(data: Path, title: str, name: str) -> None:
    put(data, Kind.TOPIC, TOPIC | {"title": title})
    assert topic(data, name).title == title


def test_whatever_is_typed_in_a_topic_is_read_back_as_it_was_typed(data: Path) -> None:
    typed, asked = {}, {}
    for number, odd in enumerate(ODD):
        title = f"{odd} {chr(97 + number)}"
        typed[title], asked[title] = f"{odd}\n\n- {odd}\n  {odd}", (odd, "anders", f"{odd}?", odd * 2)
        content = {"title": title, "short": typed[title], "questions": "\n".join(asked[title])}
        write(data, Kind.TOPIC, TOPIC | content | {"section": f"Vormen: {odd}", "related": "judoles"})
    made = [topic for topic in load_topics(data) if topic.title in typed]
    assert {topic.title: topic.short for topic in made} == typed
    assert {topic.title: topic.questions for topic in made} == asked
    assert [topic.sources[0].section for topic in made] == [f"Vormen: {odd}" for odd in ODD]
    for one, odd in zip(made, ODD, strict=True):
        write(data, Kind.WRONG, wrong(one.id, odd))
    assert [one.short for one in load_topics(data) if one.title in typed] == ODD
    assert check(data) == []


@pytest.mark.parametrize("title", ["Een vluchttas", "een VLUCHTTAS!", "Huisverbod", "Wet op lantaarns", "Risico: weer"])
def test_a_title_that_comes_to_the_id_of_another_topic_is_refused(data: Path, title: str) -> None:
    put(data, Kind.TOPIC, TOPIC)
    with pytest.raises(TeachingError, match="Kies een andere titel") as refused:
        changes(data, Kind.TOPIC, TOPIC | {"title": title}, DAY)
    assert isinstance(refused.value, AlreadyThereError) == (title == TOPIC["title"])


@pytest.mark.parametrize(
    "title", ["Het tijdelijk huisverbod", "een VEILIGHEIDSPLAN maken", "Kinderen die geweld tussen ouders meemaken"]
)
def test_a_title_that_another_topic_has_under_an_id_of_its_own_is_refused(data: Path, title: str) -> None:
    with pytest.raises(TeachingError, match="met deze titel") as refused:
        changes(data, Kind.TOPIC, TOPIC | {"title": title}, DAY)
    assert not isinstance(refused.value, AlreadyThereError)
    put(data, Kind.TOPIC, TOPIC | {"title": title.rpartition(" ")[0]})


def test_another_topic_under_the_same_title_is_not_there_already(data: Path) -> None:
    put(data, Kind.TOPIC, TOPIC)
    with pytest.raises(TeachingError, match="Kies een andere titel") as refused:
        changes(data, Kind.TOPIC, TOPIC | {"short": "Heel iets anders."}, DAY)
    assert not isinstance(refused.value, AlreadyThereError)


# -- a sentence --------------------------------------------------------------------------------------------------------


def test_a_sentence_comes_last_with_what_is_meant_by_it(data: Path) -> None:
    text = sentence("Waar kan ik heen?", "intent:help")
    assert put(data, Kind.SENTENCE, text) == changed(
        WORDS, "      - wie is [persoon 1]\n", "      - wie is [persoon 1]\n      - Waar kan ik heen?\n"
    )


def test_the_last_intent_of_a_file_and_one_of_another_file_are_found(data: Path) -> None:
    last = put(data, Kind.SENTENCE, sentence("hou op", "intent:stop"))
    assert last == changed(WORDS, "      - stop\n", "      - stop\n      - hou op\n")
    other = put(data, Kind.SENTENCE, sentence("moi", "intent:groet"))
    assert other == changed(START, "      - hallo\n", "      - hallo\n      - moi\n")


def test_whatever_a_sentence_is_it_is_read_back_as_it_was_typed(data: Path) -> None:
    for odd in ODD:
        for means in ("intent:help", "topic:huisverbod", "topic:veiligheidsplan"):
            write(data, Kind.SENTENCE, sentence(odd, means))
    [row] = [row for row in read_yaml(data / WORDS).data["nlu"] if row.get("intent") == "help"]
    assert row["examples"].splitlines()[3:] == [f"- {odd}" for odd in ODD]
    assert topic(data, "huisverbod").questions[4:] == topic(data, "veiligheidsplan").questions[4:] == tuple(ODD)
    assert check(data) == []


@pytest.mark.parametrize(
    ("means", "path", "old", "new"),
    [
        ("huisverbod", A, "      - Wat is een THV?\n", '      - Wat is een THV?\n      - "En dan?"\n'),
        ("veiligheidsplan", A, "Vluchttas?]", 'Vluchttas?, "En dan?"]'),
        ("wet_op_lantaarns", LAWS, "      - hoezo licht\n", '      - hoezo licht\n      - "En dan?"\n'),
    ],
)
def test_a_sentence_that_asks_for_a_topic_is_one_of_its_questions(
    data: Path, means: str, path: Path, old: str, new: str
) -> None:
    assert put(data, Kind.SENTENCE, sentence("En dan?", f"topic:{means}")) == changed(path, old, new)


@pytest.mark.parametrize(("name", "path"), [("judoles", "interventions"), ("cijfer_fietsen", "figures"),
                                            ("profiel_zeilers", "profiles"), ("risico_weer", "factors")])  # fmt: skip
def test_a_row_of_any_kind_that_is_told_as_a_topic_takes_a_sentence(data: Path, name: str, path: str) -> None:
    assert list(put(data, Kind.SENTENCE, sentence("En dan?", f"topic:{name}"))) == [Path(f"knowledge/{path}.yml")]
    assert topic(data, name).questions[-1] == "En dan?"


@pytest.mark.parametrize("between", ["\n", "  # van vroeger\n"], ids=["blank", "heading"])
def test_a_sentence_stays_with_its_topic_whatever_comes_before_the_next(data: Path, between: str) -> None:
    before = TEXTS[LAWS] + TEXTS[LAWS].split("laws:\n")[1].replace("lantaarns\n", "kaarsen\n")
    before = before.replace("  - id: wet_op_kaarsen\n", f"{between}  - id: wet_op_kaarsen\n")
    (data / LAWS).write_text(before, encoding="utf-8")
    made = put(data, Kind.SENTENCE, sentence("En dan?", "topic:wet_op_lantaarns"))
    assert made == {LAWS: before.replace("hoezo licht\n", 'hoezo licht\n      - "En dan?"\n', 1)}


@pytest.mark.parametrize("text", ["help", "HELP", "wat kan ik hier?"])
def test_a_sentence_that_stands_with_its_intent_is_there_already(data: Path, text: str) -> None:
    with pytest.raises(AlreadyThereError, match="Deze zin staat al bij help"):
        changes(data, Kind.SENTENCE, sentence(text, "intent:help"), DAY)


@pytest.mark.parametrize("name", ["stop", "groet"])
def test_a_sentence_that_stands_with_another_intent_does_not_fit(data: Path, name: str) -> None:
    with pytest.raises(TeachingError, match="staat al bij help") as refused:
        changes(data, Kind.SENTENCE, sentence("help", f"intent:{name}"), DAY)
    assert not isinstance(refused.value, AlreadyThereError)  # else an export would say that it was done


@pytest.mark.parametrize("text", ["Wat is een THV?", "wie legt een HUISVERBOD op?"])
def test_a_sentence_that_stands_with_its_topic_is_there_already(data: Path, text: str) -> None:
    with pytest.raises(AlreadyThereError, match="huisverbod"):
        changes(data, Kind.SENTENCE, sentence(text, "topic:huisverbod"), DAY)
    assert changes(data, Kind.SENTENCE, sentence(text, "topic:veiligheidsplan"), DAY)


@pytest.mark.parametrize("text", ["hel", "lp", "Assen", "help!", "kan ik hier?"])
def test_a_part_of_a_sentence_or_a_word_of_a_list_is_not_that_sentence(data: Path, text: str) -> None:
    put(data, Kind.SENTENCE, sentence(text, "intent:help"))


@pytest.mark.parametrize("text", ["/stop", "naar [Assen](plaats)", 'in [Assen]{"entity": "plaats"}', "een\n- twee"])
def test_what_rasa_would_read_as_something_else_is_no_sentence_of_an_intent(data: Path, text: str) -> None:
    with pytest.raises(TeachingError, match="kan Pluis de zin niet lezen"):
        changes(data, Kind.SENTENCE, sentence(text, "intent:help"), DAY)


@pytest.mark.parametrize("text", ["en/of", "[Assen] (plaats)", "[persoon 2] belt"])
def test_a_slash_or_a_bracket_elsewhere_is_read_as_it_is(data: Path, text: str) -> None:
    assert f"      - {text}\n" in put(data, Kind.SENTENCE, sentence(text, "intent:help"))[WORDS]


@pytest.mark.parametrize(
    ("means", "told"),
    [
        ("intent:weg", "Kies wat de vrager ermee bedoelt"),
        ("intent:dorpen", "Kies wat de vrager ermee bedoelt"),
        ("help", "Kies wat de vrager ermee bedoelt"),
        ("iets:help", "Kies wat de vrager ermee bedoelt"),
        ("topic:weg", "‘weg’ bestaat niet meer"),
        ("topic:huisverbo.", "bestaat niet meer"),
        ("topic:", "bestaat niet meer"),
        ("topic:risico_regen", "bestaat niet meer"),  # a factor is told within a topic
    ],
)
def test_a_sentence_with_a_meaning_that_is_not_there_is_refused(data: Path, means: str, told: str) -> None:
    with pytest.raises(TeachingError, match=told):
        changes(data, Kind.SENTENCE, sentence("En dan?", means), DAY)


# -- what is wrong -----------------------------------------------------------------------------------------------------

SHORT = """\
    short: >-
      De burgemeester kan iemand tien dagen uit huis zetten.
      Verlengen kan tot vier weken.
"""


@pytest.mark.parametrize(
    ("better", "short"),
    [
        ('Elf dagen: "nu" #1.', '    short: "Elf dagen: \\"nu\\" #1."\n'),
        ("Elf dagen:\n\n- #1\n  ja", "    short: |-\n      Elf dagen:\n\n      - #1\n        ja\n"),
    ],
)
def test_a_better_text_comes_in_the_place_of_the_answer(data: Path, better: str, short: str) -> None:
    assert put(data, Kind.WRONG, wrong("huisverbod", better)) == changed(A, SHORT, short)
    assert topic(data, "huisverbod").short == better


def test_a_comment_under_the_answer_stays_on_its_line(data: Path) -> None:
    (data / A).write_text(before := TEXTS[A].replace(SHORT, f"{SHORT}    # waar het staat\n"), encoding="utf-8")
    made = put(data, Kind.WRONG, wrong("huisverbod", "Elf dagen."))
    assert made == {A: before.replace(SHORT, "    short: |-\n      Elf dagen.\n")}


@pytest.mark.parametrize("path", [A, LAWS], ids=["topic", "law"])
def test_without_a_better_text_the_topic_is_due_and_says_why(data: Path, path: Path) -> None:
    name, tail = ("huisverbod", "  # eens per half jaar") if path == A else ("wet_op_lantaarns", "")
    made = put(data, Kind.WRONG, wrong(name, what="Het zijn er: #11.\n- en\ttwaalf"))
    told = f"    # helpdesk, 2026-11-26: Het zijn er: #11. - en twaalf\n    review: 2026-11-26{tail}\n"
    assert made == changed(path, f"    review: 2027-05-01{tail}\n", told)
    assert topic(data, name).review == DAY


def test_a_day_in_quotes_is_a_day_afterwards(data: Path) -> None:
    made = put(data, Kind.WRONG, wrong("veiligheidsplan"))
    told = "    # helpdesk, 2026-11-26: Het zijn er elf.\n    review: 2026-11-26\n"
    assert made == changed(A, '    review: "2027-05-01"\n', told)


def test_a_better_text_for_a_row_of_another_kind_is_for_an_editor(data: Path) -> None:
    made = put(data, Kind.WRONG, wrong("wet_op_lantaarns", "Licht mag aan.\n\nOf uit.", "Het moet niet."))
    told = "    # helpdesk, 2026-11-26: Het moet niet. Voorstel: Licht mag aan. Of uit.\n    review: 2026-11-26\n"
    assert made == changed(LAWS, "    review: 2027-05-01\n", told)


def test_what_two_say_of_one_topic_stands_there_in_their_order(data: Path) -> None:
    put(data, Kind.WRONG, wrong("wet_op_lantaarns", what="Een."))
    made = put(data, Kind.WRONG, wrong("wet_op_lantaarns", what="Twee."))
    told = "    # helpdesk, 2026-11-26: Een.\n    # helpdesk, 2026-11-26: Twee.\n    review: 2026-11-26\n"
    assert made == changed(LAWS, "    review: 2027-05-01\n", told)


@pytest.mark.parametrize("better", ["", "Beter."])
@pytest.mark.parametrize("name", ["weg", "huisverbo.", "risico_regen"])
def test_what_is_wrong_with_a_topic_that_is_not_there_is_refused(data: Path, name: str, better: str) -> None:
    with pytest.raises(TeachingError, match="bestaat niet meer"):
        changes(data, Kind.WRONG, wrong(name, better), DAY)


# -- the files of Pluis ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("huisverbod", "topics/recht"),
        ("wet_verplichte_meldcode", "laws"),
        ("training_veilig_thuis", "interventions"),
        ("profiel_gezin_in_de_stress", "profiles"),
        ("slachtofferhulp", "organisations"),
    ],
)
def test_in_the_files_of_pluis_a_sentence_is_one_line_more(name: str, path: str) -> None:
    [(found, text)] = changes(
        ROOT / "data", Kind.SENTENCE, sentence("Een zin van niets?", f"topic:{name}"), DAY
    ).items()
    before = (ROOT / "data" / found).read_text("utf-8")
    assert str(found) == f"knowledge/{path}.yml"
    assert text.count('      - "Een zin van niets?"\n') == 1
    assert text.replace('      - "Een zin van niets?"\n', "") == before


def test_what_is_told_of_one_topic_is_not_told_of_another_in_its_file(data: Path) -> None:
    for name in ("huisverbod", "veiligheidsplan"):
        for path, text in changes(data, Kind.WRONG, wrong(name, what="Niet goed."), DAY).items():
            (data / path).write_text(text, encoding="utf-8")
    assert (data / A).read_text(encoding="utf-8").count("# helpdesk, 2026-11-26: Niet goed.") == 2
    with pytest.raises(AlreadyThereError):
        changes(data, Kind.WRONG, wrong("veiligheidsplan", what="Niet goed."), DAY)
