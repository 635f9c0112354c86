"""What the advice is told with: the sources on a line of their own, two at most, none of them twice."""

from __future__ import annotations

from markdown_it import MarkdownIt

from bot.case import Tools, advice_messages
from bot.case.telling import source_line, with_sources
from tests.unit.case.sheets import known


def test_two_sources_at_most_and_each_once(tools: Tools) -> None:
    first, second, third = list(tools.sources)[:3]
    row = {"text": "Dit telt.", "sources": [{"id": name, "section": "x"} for name in (first, first, second, third)]}
    assert source_line(row, tools) == f"Bron: {tools.sources[first]}; {tools.sources[second]}"
    assert with_sources({"text": "Dit telt.", "sources": []}, tools) == "Dit telt."


def test_a_source_names_its_publisher_once(tools: Tools) -> None:
    assert tools.sources["kenniskaart-2023"].endswith("professionals (Movisie)")
    assert tools.sources["pf-1a"] == "Rijksoverheid: Meldcode Huiselijk geweld en kindermishandeling"


def test_in_the_chat_the_source_has_its_own_line(tools: Tools) -> None:
    for say in advice_messages(known(physical_violence="yes", repeated="yes", children="yes"), tools):
        if "Bron: " in say.text:
            assert all(part.startswith("Bron: ") for part in _lines(say.text) if "Bron: " in part)
            break
    else:
        raise AssertionError("geen bron genoemd")


def _lines(text: str) -> list[str]:
    """The lines as a reader of Markdown shows them."""
    html = MarkdownIt().render(text).replace("<br />", "\n")
    return [line.split(">")[-1] if line.startswith("<") else line for line in html.splitlines()]
