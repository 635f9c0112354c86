"""Where no WebSocket gets through, polling hears the same."""

from __future__ import annotations

import pytest

from tests.live.site import Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live


def test_a_conversation_over_polling(pluis: Site) -> None:
    with Talk(pluis, polling=True) as talk:
        assert "Pluis" in talk.last.text
        answer = talk.say("Hij bepaalt met wie ze mag praten, dat zag ik op het spreekuur.")
        assert "Politie" in answer.replies
        talk.press("Politie")
        assert pluis.case(talk.id).fields["profession"] == "politie"
