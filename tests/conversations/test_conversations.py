"""Whole conversations over HTTP against the three real processes: every file of `scripts/` is one.

`scripts/` holds each row of real input that the product must cope with, and what users do on the way.
"""

from __future__ import annotations

import pytest

from tests.live.conversation import Player, Script, scripts
from tests.live.site import Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name)
def test_a_conversation_comes_to_a_fitting_end(pluis: Site, script: Script) -> None:
    with Talk(pluis) as talk:
        Player(pluis, talk).play(script)
