"""The tables of the advice as people read them: the page `/uitleg`, and the files of `pluis advice table`."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from bot.advice import Explanation, Names, Tables, explain, load_tables
from bot.case import load_lists
from bot.knowledge import load_sources

_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[(?P<label>[^\]]+)\]\((?P<address>(?:#|tel:|https://)[^)\s]*)\)")
_STATIC = Path(__file__).parent / "static"


def explain_tables(data: Path, tables: Tables | None = None) -> Explanation:
    """Lay out the tables under `data`, with the names that a conversation uses too. Raises DataFileError."""
    tables, lists = tables or load_tables(data), load_lists(data)
    names = Names(
        outcome=lists.labels["outcome"],
        report=lists.labels["report"],
        help=lists.labels["help"],
        profession={profession.id: profession.title for profession in lists.professions},
    )
    return explain(tables, names, {source.id: source for source in load_sources(data)})


def as_html(explanation: Explanation, templates: Environment) -> str:
    """Return a page that stands on its own, with its style inside."""
    style = "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in ("pluis.css", "reading.css"))
    return templates.get_template("explanation.html").render(page=explanation, style=Markup(style))


def marked(text: str) -> Markup:
    """Turn what the tables use of Markdown into HTML: links, bold, paragraphs and lists; all else stays text."""
    blocks = [_list(block) if block.startswith("- ") else _inline(block) for block in text.strip().split("\n\n")]
    if len(blocks) == 1:
        return blocks[0]
    return Markup("").join(block if block.startswith("<ul>") else Markup("<p>{}</p>").format(block) for block in blocks)


def _list(block: str) -> Markup:
    items = (_inline(line.removeprefix("- ")) for line in block.splitlines())
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items))


def _inline(text: str) -> Markup:
    made, end = Markup(""), 0
    for match in _INLINE.finditer(text):
        made += escape(text[end : match.start()])
        if match["bold"]:
            made += Markup("<b>{}</b>").format(match["bold"])
        else:
            made += Markup('<a href="{}">{}</a>').format(match["address"], match["label"])
        end = match.end()
    return made + escape(text[end:])
