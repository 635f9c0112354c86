"""Looks at what a browser shows with axe-core, unmodified (`axe.lock`); it runs apart from the page's own policy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from playwright.sync_api import Frame, Page

from bot.settings import ROOT
from bot.web.webchat import fetch

LOCK = ROOT / "axe.lock"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
RUN = """async ([what, tags]) => {
  const found = await axe.run(what, { runOnly: tags, iframes: false });
  const told = ({ id, tags, nodes }) => nodes.map(({ target, any, all, none }) => ({
    id, target: target.flat().join(' '),
    level: tags.filter((tag) => /^wcag\\d+$|best/.test(tag)).join(' '),
    why: [...any, ...all, ...none].map(({ message }) => message).join('; '),
  }));
  return {
    faults: found.violations.flatMap(told), doubts: found.incomplete.flatMap(told),
    looked: [...found.passes, ...found.violations].map(({ id }) => id),
  };
}"""


@lru_cache
def source() -> str:
    """Return axe-core: the project's own when it was fetched before, else fetched once."""
    target = ROOT / "var" / "axe"
    fetch(target, LOCK)
    return (target / "axe.min.js").read_text(encoding="utf-8")


def look(frame: Frame | Page, what: str = "html") -> dict[str, Any]:
    """Return what axe-core finds in a part of this frame: `faults`, `doubts` it could not tell, what it looked at."""
    if not frame.evaluate("Boolean(window.axe)"):
        frame.evaluate(f"{source()}; 0")
    found: dict[str, Any] = frame.evaluate(RUN, [what, list(TAGS)])
    return found


def told(rows: list[dict[str, str]]) -> list[str]:
    """Write a line for each."""
    return [f"{row['id']} ({row['level']}): {row['target']}: {row['why']}" for row in rows]
