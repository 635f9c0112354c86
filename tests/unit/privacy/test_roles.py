from __future__ import annotations

from pathlib import Path

from bot.privacy import Door, Found


def say(door: Door, *messages: str, start: int = 1, conversation: str = "rollen") -> list[str]:
    door.forget(conversation)
    return [door.pseudonymise(conversation, message, start).text for message in messages]


def test_a_name_keeps_its_number(door: Door) -> None:
    assert say(door, "Fatima belde", "Ahmed was er", "fatima huilde en Ahmed niet") == [
        "[persoon 1] belde",
        "[persoon 2] was er",
        "[persoon 1] huilde en [persoon 2] niet",
    ]


def test_shorter_and_longer_forms_are_one_person(door: Door) -> None:
    assert say(door, "Fatima El Amrani belde", "Fatima huilde")[1] == "[persoon 1] huilde"
    assert say(door, "Fatima belde", "Fatima El Amrani huilde")[1] == "[persoon 1] huilde"
    assert say(door, "Ayşe belde", "ayse huilde")[1] == "[persoon 1] huilde"


def test_man_and_wife_with_one_surname_stay_two(door: Door) -> None:
    assert say(door, "mevrouw Jansen is bang voor meneer Jansen") == [
        "mevrouw [persoon 1] is bang voor meneer [persoon 2]"
    ]
    assert say(door, "Fatima El Amrani is bang", "meneer El Amrani slaat haar")[1] == "meneer [persoon 2] slaat haar"


def test_the_client_is_named_once(door: Door) -> None:
    assert say(door, "mijn cliënt Fatima is bang", "Fatima huilde") == [
        "mijn cliënt [cliënt] is bang",
        "[cliënt] huilde",
    ]
    assert say(door, "Ahmed slaat Fatima. Fatima is de cliënt.") == [
        "[persoon 1] slaat [cliënt]. [cliënt] is de cliënt."
    ]
    assert say(door, "Fatima is bang", "Fatima is mijn cliënt", "Ahmed slaat Fatima") == [
        "[persoon 1] is bang",
        "[cliënt] is mijn cliënt",
        "[persoon 2] slaat [cliënt]",
    ]


def test_there_is_one_client(door: Door) -> None:
    assert say(door, "mijn cliënt Fatima", "mijn cliënt Ahmed") == ["mijn cliënt [cliënt]", "mijn cliënt [persoon 1]"]


def test_numbers_go_on_after_a_restart(door: Door) -> None:
    assert say(door, "Fatima belde", start=4) == ["[persoon 4] belde"]
    door.forget("rollen")
    assert not door.remembers("rollen")
    assert door.pseudonymise("rollen", "Fatima belde", 5).text == "[persoon 5] belde"
    assert door.remembers("rollen")


def test_a_number_the_user_types_is_not_given_to_another(door: Door) -> None:
    assert say(door, "[persoon 3] sloeg Fatima") == ["[persoon 3] sloeg [persoon 4]"]


def test_the_user_can_say_who_was_who(door: Door) -> None:
    assert say(door, "Fatima is persoon 2", "Ahmed sloeg Fatima", start=3) == [
        "[persoon 2] is persoon 2",
        "[persoon 3] sloeg [persoon 2]",
    ]


def test_a_name_gets_its_old_number_back_though_it_has_a_new_one(door: Door) -> None:
    assert say(door, "Fatima huilde", "Fatima is persoon 1", "Fatima belde, Ahmed niet", start=4) == [
        "[persoon 4] huilde",
        "[persoon 1] is persoon 1",
        "[persoon 1] belde, [persoon 5] niet",
    ]


def test_a_number_stays_with_whom_it_was_given(door: Door) -> None:
    assert say(door, "Fatima sloeg Ahmed", "Ahmed is persoon 1", "Ahmed belde")[2] == "[persoon 2] belde"


def test_the_client_stays_the_client_and_no_number_is_made_up(door: Door) -> None:
    assert say(door, "Fatima is mijn cliënt", "Fatima is persoon 1", "Fatima belde", start=4)[2] == "[cliënt] belde"
    assert (
        say(door, "Karim belde", "Karim is persoon 7", "Karim belde, Ahmed niet")[2]
        == "[persoon 1] belde, [persoon 2] niet"
    )


def test_conversations_do_not_mix(door: Door) -> None:
    say(door, "Fatima belde", "Ahmed belde", conversation="een")
    assert say(door, "Ahmed belde", conversation="twee") == ["[persoon 1] belde"]


def test_the_quietest_conversation_is_dropped_when_full(cache_dir: Path) -> None:
    small = Door(cache_dir, conversations=2)
    for conversation in ("a", "b", "a", "c"):
        small.pseudonymise(conversation, "Fatima belde")
    assert [small.remembers(conversation) for conversation in "abc"] == [True, False, True]


def test_what_was_found_is_told_without_the_thing_itself(door: Door) -> None:
    door.forget("gevonden")
    masked = door.pseudonymise("gevonden", "Fatima, 06-12345678")
    assert masked.found == (Found("persoon", "[persoon 1]"), Found("telefoon", "[telefoon]"))
    assert "Fatima" not in repr(masked)
