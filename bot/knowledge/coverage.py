"""Which topics are made from each section of the texts that the knowledge rests on: `docs/coverage.md`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.knowledge.catalogue import heading_of, load_chapters, load_topics
from bot.knowledge.records import Chapter, Topic

_INTRO = """\
# Wat er van elke tekst in de kennisbank staat

Per kop de onderwerpen die eruit zijn gemaakt. De koppen staan in `data/knowledge/sections.yml`.
`pluis knowledge coverage` schrijft deze pagina.
"""


@dataclass(frozen=True)
class Coverage:
    """The topics made from each section, in the order of the texts."""

    rows: tuple[tuple[Chapter, tuple[str, ...]], ...]

    @property
    def empty(self) -> tuple[Chapter, ...]:
        """Return the sections that no topic is made from."""
        return tuple(chapter for chapter, topics in self.rows if not topics)

    def as_markdown(self) -> str:
        """Write it as a page: a table for each text."""
        return "\n".join([_INTRO, *self._tables()])

    def _tables(self) -> Iterator[str]:
        for text, rows in groupby(self.rows, key=lambda row: row[0].text):
            yield f"## {text}\n\n| kop | onderwerpen |\n| --- | --- |"
            for chapter, topics in rows:
                yield f"| {chapter.name} | {', '.join(topics) or '**geen**'} |"
            yield ""


def measure_coverage(root: Path) -> Coverage:
    """Look up the topics of every section, under the data root `root`. Raises DataFileError."""
    chapters, topics = load_chapters(root), load_topics(root)
    names: dict[str, list[str]] = defaultdict(list)
    for chapter in chapters:
        names[chapter.text].append(chapter.name)

    def made_from(chapter: Chapter) -> tuple[str, ...]:
        return tuple(topic.id for topic in topics if _cites(topic, chapter, names[chapter.text]))

    return Coverage(tuple((chapter, made_from(chapter)) for chapter in chapters))


def _cites(topic: Topic, chapter: Chapter, names: list[str]) -> bool:
    # A place in a public source that is no section of ours, say an article of law, counts for all that rest on it.
    sections = [link.section for link in topic.sources if link.id in chapter.sources]
    return any(heading_of(section, names) in (None, chapter.name) for section in sections)
