"""The tables of the advice as people read them: the page `/uitleg`, and the files of `pluis advice table`."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from bot.advice import Explanation, Names, Tables, explain, load_tables
from bot.case import load_lists
from bot.knowledge import check_citations, load_sources
from bot.markdown import pieces
from bot.web.house import House

_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[(?P<label>[^\]]+)\]\((?P<address>(?:#|tel:|https://)[^)\s]*)\)")
_STATIC = Path(__file__).parent / "static"


def explain_tables(data: Path, tables: Tables | None = None) -> Explanation:
    """Lay out the tables under `data`, with the names that a conversation uses too. Raises DataFileError."""
    tables, lists = tables or load_tables(data), load_lists(data)
    check_citations(data, "advice")
    names = Names(
        outcome=lists.labels["outcome"],
        report=lists.labels["report"],
        help=lists.labels["help"],
        profession={profession.id: profession.title for profession in lists.professions},
    )
    return explain(tables, names, {source.id: source for source in load_sources(data)})


def as_html(explanation: Explanation, templates: Environment, house: House) -> str:
    """Return a page that stands on its own, with its style inside."""
    style = house.css() + "\n".join(
        (_STATIC / name).read_text(encoding="utf-8") for name in ("pluis.css", "reading.css")
    )
    return templates.get_template("explanation.html").render(page=explanation, style=Markup(style))


def marked(text: str) -> Markup:
    """Turn what the texts use of Markdown into HTML: links, bold, paragraphs and lists; all else stays text.

    Web addresses and telephone numbers can be pressed. A text of one paragraph is returned without its tags.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and not lines[0].startswith("- "):
        return _inline(lines[0])
    made = Markup("")
    for is_list, block in groupby(lines, lambda line: line.startswith("- ")):
        tagged = Markup("<li>{}</li>" if is_list else "<p>{}</p>")
        inside = Markup("").join(tagged.format(_inline(line.removeprefix("- "))) for line in block)
        made += Markup("<ul>{}</ul>").format(inside) if is_list else inside
    return made


def _inline(text: str) -> Markup:
    made, end = Markup(""), 0
    for match in _INLINE.finditer(text):
        made += _plain(text[end : match.start()])
        if match["bold"]:
            made += Markup("<b>{}</b>").format(_plain(match["bold"]))
        else:
            made += Markup('<a href="{}">{}</a>').format(match["address"], match["label"])
        end = match.end()
    return made + _plain(text[end:])


def _plain(text: str) -> Markup:
    link = Markup('<a href="{}">{}</a>')
    return Markup("").join(link.format(target, words) if target else escape(words) for words, target in pieces(text))
