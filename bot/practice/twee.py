"""Reads Twee 3, the text format of Twine, by the specification of the IFTF: passages, and the links between them.
What a format of Twine adds (macros) is not understood: it is taken out, and told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import Final

from bot.yamlfile import DataFileError, read_text

MOST_BYTES: Final = 2_000_000
MOST_PASSAGES: Final = 2000
MOST_IN_HEADER: Final = 1000
_HEADER: Final = re.compile(r"::((?:\\.|[^\\\[\]{}])+)(?:\[((?:\\.|[^\\\[\]{}])*)\])?(?:[ \t]*(\{.*\}))?[ \t]*")
_LINK: Final = re.compile(r"\[\[([^\[\]\n]+)\](?:\[([^\]\n]*)\])?\]")
_OPENS: Final = re.compile(r"\[\[(?!\[)|<<|<%|<!--|\((?=[a-z][\w-]*:)")  # a link, then macros
_CLOSES: Final[Mapping[str, str]] = {"<<": ">>", "<%": "%>", "<!--": "-->"}
_BULLET: Final = re.compile(r"[-*•>\[]|\d+[.)]")  # what stands on a line before a link
_NOT_PLAYED: Final = frozenset({"script", "stylesheet", "header", "footer", "startup", "init", "widget"})
_OF_FORMATS: Final = re.compile(r"Story[A-Z]\w*|Passage(Header|Footer|Ready|Done)")  # names with a meaning of their own


@dataclass(frozen=True)
class Link:
    """What a player may choose: its words, and the name of the passage that it leads to."""

    text: str
    target: str
    line: int


@dataclass(frozen=True)
class Passage:
    """A passage: the text before its first link, and its links."""

    name: str
    tags: tuple[str, ...]
    line: int
    text: str
    links: tuple[Link, ...]


@dataclass
class Story:
    """A Twee file. `notes` tell, with their line, what was left out of it."""

    path: Path
    title: str = ""
    title_line: int = 1
    start: str = ""
    passages: dict[str, Passage] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Raw:
    """A passage as it stands in the file."""

    name: str
    tags: tuple[str, ...]
    line: int
    lines: list[str] = field(default_factory=list)


def read_twee(path: Path) -> Story:
    """Read a Twee 3 file. Raises DataFileError for the first fault."""
    return parse_twee(read_text(path, MOST_BYTES), path)


def parse_twee(text: str, path: Path) -> Story:
    """Do as read_twee of the text of a file that is, or was, at `path`."""
    story = Story(path)
    raws = _split(story, text)
    data = _data(path, raws["StoryData"]) if "StoryData" in raws else {}
    for raw in raws.values():
        if raw.name == "StoryTitle":
            story.title, story.title_line = clean(" ".join(raw.lines)), raw.line
        elif raw.name == "StoryData":
            continue
        elif (tag := next(iter(_NOT_PLAYED.intersection(raw.tags)), "")) or _OF_FORMATS.fullmatch(raw.name):
            why = f"het label {tag}" if tag else "deze naam"
            story.notes.append((raw.line, f"{raw.name}: overgeslagen; {why} is er voor Twine zelf"))
        elif len(story.passages) == MOST_PASSAGES:
            raise DataFileError(path, raw.line, f"meer dan {MOST_PASSAGES} passages; verdeel het over meer bestanden")
        else:
            story.passages[raw.name] = _passage(story, raw, harlowe=data.get("format", "Harlowe") == "Harlowe")
    if not story.passages:
        raise DataFileError(path, 1, "hier staat geen passage; een passage begint met een regel als ‘:: Aan de deur’")
    _check_links(story)
    if start := clean(data.get("start", "")):
        if start not in story.passages:
            raise DataFileError(path, raws["StoryData"].line, f"{_absent(start)}; kies in Twine een ander begin")
        story.start = start
    else:
        story.start = "Start" if "Start" in story.passages else next(iter(story.passages))
    story.notes.sort(key=lambda note: note[0])
    return story


def clean(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())


# -- passages ----------------------------------------------------------------------------------------------------------


def _split(story: Story, text: str) -> dict[str, _Raw]:
    raws: dict[str, _Raw] = {}
    now: _Raw | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("::"):
            now = _header(story, line, number)
            if now.name in raws:
                first = raws[now.name].line
                reason = f"{now.name} staat er twee keer, ook op regel {first}; geef een van de twee een andere naam"
                raise DataFileError(story.path, number, reason)
            raws[now.name] = now
        elif now is not None:
            now.lines.append(line[1:] if line.startswith("\\::") else line)
        elif line.strip():
            story.notes.append((number, "dit staat vóór de eerste passage en is overgeslagen"))
    return raws


def _header(story: Story, line: str, number: int) -> _Raw:
    if len(line) > MOST_IN_HEADER:  # the time to read one goes up with the square of its length
        raise DataFileError(story.path, number, f"de kop van deze passage is langer dan {MOST_IN_HEADER} tekens")
    found = _HEADER.fullmatch(line)
    name = clean(_unescaped(found[1])) if found else ""
    if found is None or not name:
        reason = "de kop van deze passage is niet te lezen; schrijf ‘:: Naam’ of ‘:: Naam [label]’, en \\ voor [ ] { }"
        raise DataFileError(story.path, number, reason)
    if found[3]:
        try:
            json.loads(found[3])
        except (ValueError, RecursionError):
            story.notes.append((number, f"{name}: wat tussen {{ en }} staat, is geen JSON en is overgeslagen"))
    return _Raw(name, tuple(_unescaped(tag) for tag in (found[2] or "").split()), number)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _data(path: Path, raw: _Raw) -> dict[str, str]:
    """Return what StoryData says of the format, and of the passage to start with."""
    try:
        data = json.loads("\n".join(raw.lines))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        reason = "StoryData is geen geldige JSON; exporteer het verhaal opnieuw uit Twine"
        raise DataFileError(path, raw.line + line, reason) from error
    said = {name: data[name] for name in ("format", "start") if name in data} if isinstance(data, dict) else None
    if said is None or not all(isinstance(value, str) for value in said.values()):
        reason = "StoryData hoort namen met een waarde te zijn, en format en start een tekst; exporteer opnieuw"
        raise DataFileError(path, raw.line, reason)
    return said


# -- what stands in a passage ------------------------------------------------------------------------------------------


def _passage(story: Story, raw: _Raw, *, harlowe: bool) -> Passage:
    """Take the links and the macros out of a passage."""
    content = "\n".join(raw.lines)
    links, text, line, counted = list[Link](), ["", ""], raw.line + 1, 0  # text before and after the first link
    for start, end, sign in _parts(content, harlowe=harlowe):
        line, counted, part = line + content.count("\n", counted, start), start, content[start:end]
        if not sign:
            text[bool(links)] += part
        elif sign != "[[":
            story.notes.append((line, f"{raw.name}: niet begrepen en weggelaten: {_short(part)}"))
        elif found := _LINK.fullmatch(part):
            links.append(_link(found[1], line))
            if found[2] is not None:  # SugarCube sets a value with it
                story.notes.append((line, f"{raw.name}: niet begrepen en weggelaten: [{_short(found[2])}]"))
        else:
            reason = f"{raw.name}: deze link is niet te lezen; schrijf hem als ‘[[wat je zegt->naam van de passage]]’"
            raise DataFileError(story.path, line, reason)
    before, after = text
    if re.search(r"[^\W\d_]", after):  # more than bullets and full stops
        story.notes.append((raw.line, f"{raw.name}: de tekst na de eerste link is weggelaten: {_short(after)}"))
    above, _, last = before.rpartition("\n")
    said = above if links and _BULLET.fullmatch(last.strip()) else before
    return Passage(raw.name, raw.tags, raw.line, clean(said), tuple(links))


def _parts(content: str, *, harlowe: bool) -> Iterator[tuple[int, int, str]]:
    """Yield where each part begins and ends, and the sign that opens it: none for text. What does not close is text,
    but for a link. The content is gone through once, however it is written."""
    brackets = _pairs(content) if harlowe else {}
    last = {opens: content.rfind(closes) for opens, closes in _CLOSES.items()}
    begin = at = 0
    while opened := _OPENS.search(content, at):
        start, sign = opened.start(), opened[0]
        at = opened.end()
        if sign == "[[":
            link = _LINK.match(content, start)
            end = link.end() if link else at
        elif sign == "(":
            end = brackets.get(start, 0)
        else:
            end = content.index(_CLOSES[sign], at) + len(_CLOSES[sign]) if last[sign] >= at else 0
        if end:
            yield begin, start, ""
            yield start, end, sign
            begin = at = end
    yield begin, len(content), ""


def _pairs(content: str) -> dict[int, int]:
    """Return, for each round bracket that closes, where it opens and where what stands in it ends."""
    opened, pairs = list[int](), dict[int, int]()
    for sign in re.finditer(r"[()]", content):
        if sign[0] == "(":
            opened.append(sign.start())
        elif opened:
            pairs[opened.pop()] = sign.end()
    return pairs


def _link(words: str, line: int) -> Link:
    """Read what stands in a link; the last arrow to the right counts, else the first one to the left, else the bar."""
    if "->" in words:
        text, _, target = words.rpartition("->")
    elif "<-" in words:
        target, _, text = words.partition("<-")
    else:
        text, _, target = words.rpartition("|") if "|" in words else (words, "", words)
    return Link(clean(text), clean(target), line)


def _check_links(story: Story) -> None:
    for passage in story.passages.values():
        for link in passage.links:
            if link.target not in story.passages:
                reason = f"{passage.name}: {_absent(link.target)}; maak die passage, of verander de link"
                raise DataFileError(story.path, link.line, reason)


def _absent(name: str) -> str:
    return f"er is geen passage ‘{_short(name)}’ om heen te gaan"


def _short(text: str) -> str:
    return shorten(clean(text), 80, placeholder=" …")
