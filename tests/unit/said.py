"""Finds every text that a user of Pluis can read, wherever it stands in the tree. What is left out is named here, with
the reason why: a new file or folder is read by default."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from bot.yamlfile import read_yaml

CODE = ("bot", "actions", "engine")
UNSAID: Mapping[str, str] = {  # under data/
    "nlu": "what users type",
    "stories": "what users type",
    "rules": "what users type",
    "analysis": "words by which what users type is recognised",
    "practice/techniques/lines.yml": "what users type",
    "privacy": "words by which names are recognised",
    "knowledge/synonyms.yml": "words that users search with",
    "knowledge/elsewhere.yml": "questions that belong elsewhere",
}
UNSAID_KEYS: Mapping[tuple[str, str], str] = {  # with all that stands under such a key, in the files of a folder
    ("knowledge", "questions"): "questions of users",
    ("knowledge", "phrasings"): "sentences of users",
    ("knowledge", "sections"): "headings that others wrote",
    ("case", "words"): "words by which an answer is recognised",
    ("case", "never"): "patterns of what is left out of the summary",
}
OF_OTHERS = ("section",)  # headings that others wrote
NOT_READ = (".pyc", ".lock")
READ_ALOUD = ("alt", "aria-label", "aria-description", "content", "placeholder", "summary", "title", "value")
WITHIN_A_SENTENCE = ("a", "abbr", "b", "br", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u")
FILLED_WITH = {"haar_bez": "haar", "value": "…", "citaat": "…", "feiten": "…"}


@dataclass(frozen=True)
class Said:
    """One sentence, and where it stands."""

    place: str
    sentence: str


def said_in(root: Path) -> Iterator[Said]:
    """Every sentence of a tree that a user can read: content, pages, scripts, styles, pictures, strings in code."""
    for path in _files(root):
        place = path.relative_to(root).as_posix()
        for text in _texts(path, root):
            yield from (Said(place, sentence) for sentence in sentences(text))


def sentences(text: str) -> Iterator[str]:
    """Split a text, without its markup, with plain words for what is filled in."""
    text = re.sub(r"\{(\w*)\}", lambda name: FILLED_WITH.get(name[1], name[1]), text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("*", "")
    text = re.sub(r"(?<=\w|,)\n(?![ \t]*\d+\.)(?=[ \t]*\w)", " ", text)  # a line that was broken, not one that ended
    for line in text.splitlines():
        for part in re.split(r"(?<=[.!?…])['’”\")]*\s+|^\s*(?:[-#>]|\d+\.)\s+", line):
            if sentence := " ".join((part or "").strip(" '‘’“”\"").split()):
                yield sentence


def _files(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob("domain.yml"))
    for folder in ("data", *CODE):
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root / folder).parts
            names = {"/".join(inside[:size]) for size in range(1, len(inside) + 1)}
            unsaid = folder == "data" and names & set(UNSAID)
            if path.is_file() and path.suffix not in NOT_READ and not unsaid and not {"schema", "tests"} & set(inside):
                yield path


def _texts(path: Path, root: Path) -> Iterator[str]:
    """The texts in one file, by its kind; a kind that is not known is read as it stands."""
    if path.suffix in (".yml", ".yaml"):
        folder = path.relative_to(root).parts[1:2]
        skip = {key for name, key in UNSAID_KEYS if (name,) == folder}
        yield from _strings(read_yaml(path).data, {*skip, *OF_OTHERS})
    else:
        with suppress(UnicodeDecodeError):  # a picture or a font
            yield from READERS.get(path.suffix, _whole)(path.read_text(encoding="utf-8"))


def _strings(node: Any, skip: Collection[str]) -> Iterator[str]:
    """Every text in a structure, but for what stands under the keys to skip."""
    if isinstance(node, str):
        yield node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key not in skip:
            yield from _strings(child, skip)


def code_strings(text: str) -> Iterator[str]:
    """The strings of a module, whole; docstrings are for programmers."""
    tree = ast.parse(text)
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        found = None if id(node) in notes else _string(node)
        if found is not None:
            yield found
        else:
            pending += ast.iter_child_nodes(node)


def _string(node: ast.AST) -> str | None:
    """A string as it will be: joined where it was written in parts, with … for what is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_string(value) or "…" for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = (_string(left), _string(right))
            return "".join(part or "…" for part in parts) if any(parts) else None
    return None


class _Page(HTMLParser):
    """Collects the texts of a page: what is shown, and what is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in WITHIN_A_SENTENCE:
            self.texts.append("")
        self.texts[:0] = [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in WITHIN_A_SENTENCE:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


def _page(text: str) -> Iterator[str]:
    page = _Page()
    page.feed(re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "…", text, flags=re.DOTALL), flags=re.DOTALL))
    yield from (" ".join(text.split()) for text in page.texts)


def _whole(text: str) -> Iterator[str]:
    yield text


def _script(text: str) -> Iterator[str]:
    """A script or a style as it stands, with strings that were written in parts joined."""
    yield from re.sub(r"(['\"`])\s*\+\s*(['\"`])", "", text).splitlines()


READERS: Mapping[str, Callable[[str], Iterator[str]]] = {
    ".css": _script, ".html": _page, ".js": _script, ".py": code_strings, ".svg": _page,
}  # fmt: skip
