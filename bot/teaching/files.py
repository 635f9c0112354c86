"""What a proposal changes in the files under `data/`: the new text of each, with all else in it as it stood."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.knowledge import load_kinds
from bot.knowledge.kinds import FACTORS
from bot.teaching.content import AlreadyThereError, Content, Kind, TeachingError, lines

REVIEW_AFTER: Final = timedelta(days=182)
NEW: Final = Path("knowledge/topics/helpdesk.yml")  # where a topic goes that no topic file is near to
_NOT_A_SENTENCE: Final = re.compile(r"^/|\]\(|\]\{|[\r\n]")  # what Rasa would read as something else


def changes(data: Path, kind: Kind, content: Content, day: date) -> dict[Path, str]:
    """Return the new text of each file that a proposal changes, by its place under the data root `data`.

    Raises TeachingError when it does not fit in them. Whether the files are then right is for `check` to say.
    """
    made = {Kind.TOPIC: _topic, Kind.SENTENCE: _sentence, Kind.WRONG: _wrong}[kind](data, content, day)
    return {path.relative_to(data): text for path, text in made.items()}


def _topic(data: Path, content: Content, day: date) -> dict[Path, str]:
    related = lines(content["related"])
    near = (_file_of(data, one) for one in related)
    path = next((at for at in near if at and at.parent.name == NEW.parent.name), data / NEW)
    name = _slug(content["title"])
    if (there := _file_of(data, name)) is not None:
        known = _row(_read(there), name)
        same = known.get("title") == content["title"] and str(known.get("short", "")).strip() == content["short"]
        raise (AlreadyThereError if same else TeachingError)(f"Er is al een onderwerp ‘{name}’. Kies een andere titel.")
    same_title = re.compile(rf"""^    title: ["']?{re.escape(content["title"])}["']?$""", re.MULTILINE | re.IGNORECASE)
    if any(same_title.search(at.read_text(encoding="utf-8")) for at in (data / NEW).parent.glob("*.yml")):
        raise TeachingError("Er is al een onderwerp met deze titel. Kies een andere.")
    row = CommentedMap(
        id=name,
        title=DoubleQuotedScalarString(content["title"]),
        short=_text(content["short"]),
        sources=_flow([_flow({"id": content["source"], "section": DoubleQuotedScalarString(content["section"])})]),
        related=_flow(related),
        review=day + REVIEW_AFTER,
        questions=CommentedSeq(DoubleQuotedScalarString(one) for one in lines(content["questions"])),
    )
    row["sources"].fa.set_block_style()
    row.insert(5, "for", _flow(["alle"]))
    if not path.exists():
        return {path: _dumped({"topics": [row]}, "# Onderwerpen die van de helpdesk komen.\n")}
    tree = _read(path)
    tree["topics"].append(row)
    return {path: _dumped(tree)}


def _sentence(data: Path, content: Content, _day: date) -> dict[Path, str]:
    kind, _, name = content["means"].partition(":")
    text = content["text"]
    if kind == "topic":
        path = _known(data, name)
        tree = _read(path)
        row = _row(tree, name)
        if text.casefold() in {str(one).casefold() for one in row["questions"]}:
            raise AlreadyThereError(f"Deze zin staat al bij ‘{name}’.")
        _append(row["questions"], DoubleQuotedScalarString(text))
        return {path: _dumped(tree)}
    if _NOT_A_SENTENCE.search(text):
        raise TeachingError(
            "Zo kan Pluis de zin niet lezen. Haal een schuine streep aan het begin weg, en vierkante haken."
        )
    found: tuple[Path, Any, Any] | None = None
    for path in sorted((data / "nlu").glob("*.yml")):
        tree = _read(path)
        for row in tree.get("nlu") or ():
            if "intent" in row and f"- {text}".casefold() in str(row["examples"]).casefold().splitlines():
                error = AlreadyThereError if row["intent"] == name and kind == "intent" else TeachingError
                raise error(f"Deze zin staat al bij {row['intent']}.")
            if row.get("intent") == name:
                found = path, tree, row
    if kind != "intent" or found is None:
        raise TeachingError("Kies wat de vrager ermee bedoelt.")
    path, tree, row = found
    row["examples"] = LiteralScalarString(f"{str(row['examples']).rstrip()}\n- {text}\n")
    return {path: _dumped(tree)}


def _wrong(data: Path, content: Content, day: date) -> dict[Path, str]:
    path = _known(data, content["topic"])
    tree = _read(path)
    row = _row(tree, content["topic"])
    better = content["better"]
    if better and "short" in row:
        row["short"] = _text(better, block="short" in row.ca.items)
        return {path: _dumped(tree)}
    told = " ".join(f"{content['what']} {better and f'Voorstel: {better}'}".split())
    here = path.read_text(encoding="utf-8").partition(f"  - id: {content['topic']}\n")[2].partition("\n  - id: ")[0]
    if re.search(rf"^ *# helpdesk, [\d-]+: {re.escape(told)}$", here, re.MULTILINE):
        raise AlreadyThereError("Dit is al gemeld bij dit onderwerp.")
    row["review"] = day  # so that `pluis check --due` names it
    row.yaml_set_comment_before_after_key("review", before=f"helpdesk, {day}: {told}", indent=4)
    return {path: _dumped(tree)}


# -- reading and writing -----------------------------------------------------------------------------------------------


def _yaml() -> YAML:
    made = YAML()
    made.preserve_quotes, made.width = True, 10**6
    made.indent(mapping=2, sequence=4, offset=2)
    made.representer.add_representer(type(None), lambda to, _: to.represent_scalar("tag:yaml.org,2002:null", "null"))
    return made


def _read(path: Path) -> Any:
    return _yaml().load(path.read_text(encoding="utf-8"))


def _dumped(tree: Any, head: str = "") -> str:
    written = io.StringIO()
    _yaml().dump(tree, written)
    return head + written.getvalue()


def _text(value: str, *, block: bool = False) -> Any:
    """Write a text as it reads best; as a `block` when a comment stands beneath it, which else comes on its line."""
    return LiteralScalarString(value) if block or "\n" in value else DoubleQuotedScalarString(value)


def _append(rows: Any, value: Any) -> None:
    """Add to a list; what stands beneath its last row belongs to what follows, and stays there."""
    beneath = rows.ca.items.pop(len(rows) - 1, None)
    rows.append(value)
    if beneath is not None:
        rows.ca.items[len(rows) - 1] = beneath


def _flow(value: list[Any] | Mapping[str, Any]) -> Any:
    made: Any = CommentedSeq(value) if isinstance(value, list) else CommentedMap(value)
    made.fa.set_flow_style()
    return made


def _file_of(data: Path, name: str) -> Path | None:
    """Return the file of the knowledge in which the topic with this id stands, written out or made of a row."""
    row = re.compile(rf"^  - id: {re.escape(name)}$", re.MULTILINE)
    folder = data / "knowledge"
    others = (folder / f"{kind.key}.yml" for kind in load_kinds(data) if kind.told)
    paths = (*sorted((folder / "topics").glob("*.yml")), *others, folder / f"{FACTORS}.yml")
    return next((path for path in paths if row.search(path.read_text(encoding="utf-8"))), None)


def _known(data: Path, name: str) -> Path:
    path = _file_of(data, name)
    if path is None:
        raise TeachingError(f"Het onderwerp ‘{name}’ bestaat niet meer. Kies een ander, of wijs het voorstel af.")
    return path


def _row(tree: Any, name: str) -> Any:
    lists = (rows for rows in tree.values() if isinstance(rows, list))
    row = next((row for rows in lists for row in rows if row.get("id") == name and "questions" in row), None)
    if row is None:
        raise TeachingError(f"Het onderwerp ‘{name}’ bestaat niet meer. Kies een ander, of wijs het voorstel af.")
    return row


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_0123456789")[:60].rstrip("_") or "onderwerp"
