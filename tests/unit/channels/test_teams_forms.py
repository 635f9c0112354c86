"""What Teams can show and what its activities say, without any Teams."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import render, say
from bot.channels.teams import NotAnAddressError, address_of, incoming, is_private, key_of, plain_form, teams_forms
from bot.channels.teams.writing import MOST_TEXT, as_teams, split
from bot.markdown import literal

UTF16_LIMIT = 40_000  # bytes; Microsoft's

Body = dict[str, Any]


def rendered(*messages: Body) -> list[Body]:
    return render(list(messages), lambda version, form: f"https://pluis.example/{version}.{form}").activities


# -- out ---------------------------------------------------------------------------------------------------------------


@given(st.text(alphabet="ab \n", max_size=400), st.integers(1, 60))
def test_no_word_is_lost_by_splitting_and_no_part_is_too_long(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(0 < len(part) <= most for part in parts if part.strip())
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_split_between_paragraphs_first() -> None:
    assert split("een twee\n\ndrie\nvier", 14) == ["een twee", "drie\nvier"]
    assert split("een twee\n\ndrie vier", 40) == ["een twee\n\ndrie vier"]


def test_a_line_of_its_own_stays_one_and_a_list_stays_a_list() -> None:
    assert as_teams("Dag.\nHoe gaat het?") == "Dag.\n\nHoe gaat het?"
    assert as_teams("Kies:\n- een\n- twee\nKlaar") == "Kies:\n\n- een\n- twee\n\nKlaar"
    assert as_teams("Dag.\n\nHoe") == "Dag.\n\nHoe"
    assert as_teams("") == ""


def test_what_someone_typed_is_shown_as_she_typed_it_and_makes_no_link_or_tag() -> None:
    assert as_teams(literal("[persoon 1] zei: 1 * 2 = `x`")) == "[persoon 1] zei: 1 * 2 = `x`"
    assert as_teams(literal("[klik](https://x.nl) <b>")) == "[klik] (https://x.nl) &lt;b>"
    assert as_teams("[112](tel:112)") == "[112](tel:112)"


def test_words_that_no_button_holds_stand_above_it() -> None:
    long = "Dag samen. Vertelt u eens, meneer, hoe vindt u dat het gaat met het been?"
    titles = ("Kort", long)
    buttons = [{"title": title, "payload": f"/keuze{at}"} for at, title in enumerate(titles)]
    (form,) = (one for activity in rendered({"text": "Kies", "buttons": buttons}) for one in teams_forms(activity))
    assert "suggestedActions" not in form
    body = form["attachments"][0]["content"]["body"]
    assert [part["text"] for part in body[::2]] == list(titles)
    pressed = [part["actions"][0] for part in body[1::2]]
    assert [(action["title"], action["tooltip"]) for action in pressed] == [("Kies dit", title) for title in titles]
    assert len({action["data"]["reply"] for action in pressed}) == 2
    assert long in plain_form(form)["text"]


def test_a_message_in_words_is_one_message_with_a_neutral_summary() -> None:
    (form,) = teams_forms(say("Dag") | {"id": "x|0000001", "channelId": "directline", "conversation": {"id": "x"}})
    assert form["text"] == "Dag"
    assert form["textFormat"] == "markdown"
    assert form["summary"] == "Nieuw bericht van Pluis"
    assert not {"id", "channelId", "conversation"} & set(form)


def test_discreet_ones_show_nothing_in_words_and_end_with_their_choices() -> None:
    (message,) = rendered({"text": "Is ze bang?", "buttons": [{"title": "Ja", "payload": "/ja"}]})
    (form,) = teams_forms(message, discreet=True)
    assert "text" not in form
    assert "suggestedActions" not in form
    first, *rest = form["attachments"]
    texts = [block["text"] for block in first["content"]["body"]]
    assert texts == ["Bericht van Pluis", "Is ze bang?"]
    assert [action["title"] for action in rest[0]["content"]["body"][0]["actions"]] == ["Ja"]


def test_a_discreet_list_keeps_its_fields() -> None:
    custom = {"kind": "tick", "text": "Wat zag je?", "choices": [{"title": "Angst", "value": "a"}]}
    (message,) = rendered({"custom": custom})
    (form,) = teams_forms(message, discreet=True)
    said, ticks = form["attachments"]
    assert said["content"]["body"][0]["text"] == "Bericht van Pluis"
    assert [block["type"] for block in ticks["content"]["body"]] == ["Input.ChoiceSet", "TextBlock"]
    assert ticks["content"]["actions"][0]["data"]["reply"]


def test_every_card_is_of_a_version_that_teams_takes_and_has_words_for_who_cannot_see_it() -> None:
    choices = [{"title": f"Keuze {n}", "payload": f"/k{n}"} for n in range(9)]
    shown = rendered({"text": "Kies", "buttons": choices}, {"custom": {"kind": "summary"}})
    cards = [card["content"] for body in shown for form in teams_forms(body) for card in form.get("attachments", ())]
    assert len(cards) >= 2
    for card in cards:
        assert tuple(int(part) for part in card["version"].split(".")) <= (1, 5)
        assert card["fallbackText"]


@given(st.lists(st.text(min_size=0, max_size=3000), max_size=40), st.booleans())
def test_no_message_is_larger_than_teams_takes(texts: list[str], discreet: bool) -> None:
    parts = [{"title": text[:60], "text": text, "buttons": []} for text in texts]
    body = rendered({"text": "\n\n".join(["x", *texts]), "custom": {"kind": "parts", "parts": parts}})[0]
    forms = teams_forms(body, discreet=discreet)
    for form in [*forms, *map(plain_form, forms)]:
        assert len(json.dumps(form, ensure_ascii=False).encode("utf-16-le", "surrogatepass")) <= UTF16_LIMIT
    assert all(len(form.get("text", "")) <= 2 * MOST_TEXT for form in forms)


def test_in_plain_words_the_choices_can_be_read() -> None:
    (message,) = rendered({"text": "Kies", "buttons": [{"title": "Ja", "payload": "/ja"}]})
    (form,) = teams_forms(message)
    assert plain_form(form)["text"] == "Kies\n\n- Ja"


# -- in ----------------------------------------------------------------------------------------------------------------

HERE: Body = {
    "id": "1", "type": "message", "serviceUrl": "https://smba.trafficmanager.net/emea/", "recipient": {"id": "28:p"},
    "conversation": {"id": "a:1", "tenantId": "t"}, "from": {"id": "29:x", "name": "Jan"},
}  # fmt: skip


def test_an_address_is_where_and_not_who() -> None:
    address = address_of(HERE)
    assert (address.id, address.agent, address.tenant) == ("a:1", "28:p", "t")
    assert "29:x" not in repr(address)
    assert "Jan" not in repr(address)


@pytest.mark.parametrize("name", ["conversation", "serviceUrl", "recipient"])
def test_without_a_part_of_it_there_is_no_address(name: str) -> None:
    with pytest.raises(NotAnAddressError):
        address_of({key: value for key, value in HERE.items() if key != name})


NAMES = st.sampled_from(["id", "text", "type", "mentioned", "contentType", "content", "tenant", "isGroup"])
BARE = st.none() | st.booleans() | st.integers() | st.text()
SHAPES = st.recursive(BARE, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner))


@given(SHAPES)
def test_a_strange_shape_breaks_nothing(shape: Any) -> None:
    for name in ("text", "entities", "attachments", "conversation", "channelData", "recipient", "value", "id"):
        body = HERE | {name: shape}
        incoming(body)
        is_private(body)
        key_of(body)


def test_an_edit_of_a_message_has_a_name_of_its_own() -> None:
    edit = HERE | {"type": "messageUpdate"}
    names = {key_of(HERE), key_of(edit | {"timestamp": "1"}), key_of(edit | {"timestamp": "2"})}
    assert len(names) == 3
    assert key_of(HERE | {"type": "messageDelete", "timestamp": "3"}) == key_of(HERE)
