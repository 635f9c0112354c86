"""The pictures in the documentation: small, each shown, and told to who does not see it."""

from __future__ import annotations

import re

from bot.settings import ROOT

DOCS = ROOT / "docs"
LARGEST = 120_000  # bytes


def test_every_picture_is_small_and_shown_with_words_for_who_does_not_see_it() -> None:
    page = (DOCS / "rondleiding.md").read_text(encoding="utf-8")
    shown = dict((path, alt) for alt, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page))
    pictures = {f"pictures/{path.name}": path.stat().st_size for path in (DOCS / "pictures").iterdir()}
    assert shown.keys() == pictures.keys()
    assert {name: size for name, size in pictures.items() if size > LARGEST} == {}
    assert {name: alt for name, alt in shown.items() if len(alt.split()) < 6} == {}


def test_every_picture_that_is_taken_is_kept() -> None:
    source = (ROOT / "tools" / "pictures.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'_take\(\w+, "([\w-]+)"\)', source))
    assert taken == {path.stem for path in (DOCS / "pictures").iterdir()}
