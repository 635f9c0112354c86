"""The house style: design tokens by the names of NL Design System, those of Pluis and over them an organisation's own.
What cannot be, or not everyone could read (WCAG 2.2: 1.4.3, 1.4.11), is told with its line before anything starts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import tinycss2
from tinycss2.color4 import Color, parse_color

from bot.yamlfile import DataFileError

OWN = Path(__file__).parent / "templates" / "huisstijl.css"
TEXT, EDGE = 4.5, 3.0  # the least contrast of letters, and of what shows where something is
# The blocks of a file in the order in which they count, and what each lies over.
BLOCKS = {
    "": "",
    "(prefers-color-scheme: dark)": " in het donker",
    "(prefers-contrast: more)": " bij meer contrast",
    "(prefers-contrast: more) and (prefers-color-scheme: dark)": " in het donker, bij meer contrast",
}
_GROUND, _SURFACE = "utrecht-document-background-color", "utrecht-surface-background-color"
_WARNING, _WELL = "utrecht-alert-warning-background-color", "utrecht-alert-ok-background-color"
_HOVER = "utrecht-button-secondary-action-hover-background-color"
# what is seen → on what, with how much contrast at least
PAIRS: tuple[tuple[str, Sequence[str], float], ...] = (
    ("utrecht-document-color", (_GROUND, _SURFACE, _WARNING, _WELL, _HOVER), TEXT),
    ("utrecht-paragraph-small-color", (_GROUND, _SURFACE, _WARNING), TEXT),
    ("utrecht-link-color", (_GROUND, _SURFACE, _WARNING, _WELL, _HOVER), TEXT),
    ("utrecht-button-secondary-action-color", (_GROUND, _SURFACE, _HOVER), TEXT),
    ("utrecht-button-primary-action-color", ("utrecht-button-primary-action-background-color",), TEXT),
    ("utrecht-button-primary-action-color", ("utrecht-button-primary-action-hover-background-color",), TEXT),
    ("pluis-own-message-color", ("pluis-own-message-background-color",), TEXT),
    ("utrecht-link-color", ("pluis-own-message-background-color",), TEXT),
    ("utrecht-form-control-border-color", (_GROUND, _SURFACE), EDGE),
    ("utrecht-button-primary-action-background-color", (_GROUND, _SURFACE), EDGE),
    ("utrecht-button-secondary-action-border-color", (_GROUND, _SURFACE), EDGE),
    ("utrecht-alert-warning-border-color", (_GROUND, _SURFACE), EDGE),
    ("utrecht-focus-outline-color", (_GROUND, _SURFACE, _WARNING), EDGE),
)
_SEE_THROUGH = "utrecht-backdrop-background-color"  # the only colour that may be
_LENGTH = re.compile(r"0|\d*\.?\d+(px|em|rem)")
_REFERENCE = re.compile(r"var\(\s*--([\w-]+)\s*\)")
_PLAIN = re.compile(r"""[\w\s.,#%/'"()-]+""")  # no address, no end of the rule


@dataclass(frozen=True)
class Token:
    """What a file says of one name."""

    name: str
    value: str
    path: Path
    line: int

    def error(self, reason: str) -> DataFileError:
        """Return the error with the place of this token."""
        return DataFileError(self.path, self.line, f"--{self.name}: {reason}")


Block = Mapping[str, Token]


@dataclass(frozen=True)
class House:
    """A house style that holds: for each of `BLOCKS` what it says."""

    blocks: Mapping[str, Block]

    def css(self, selector: str = ":root") -> str:
        """Write it as a style sheet, for the whole page or for a part of it."""
        made = []
        for media, block in self.blocks.items():
            rule = f"{selector} {{\n" + "".join(f"  --{t.name}: {t.value};\n" for t in block.values()) + "}\n"
            made.append(f"@media {media} {{\n{rule}}}\n" if media else rule)
        return "\n".join(made)

    def hex(self, name: str, media: str = "") -> str:
        """Return a colour as `#rrggbb`, where no style sheet is read."""
        red, green, blue = (round(part * 255) for part in _color(name, _seen(self.blocks, media)).coordinates)
        return f"#{red:02x}{green:02x}{blue:02x}"


def load_house(path: Path | None = None) -> House:
    """Read the house style of Pluis, and over it that of an organisation. Raises DataFileError."""
    blocks = _read(OWN)
    known = frozenset(blocks[""])
    if path is not None:
        own = _read(path, known)
        blocks = {media: {**block, **own[media]} for media, block in blocks.items()}
    for media in BLOCKS:
        _check(_seen(blocks, media), media)
    return House(blocks)


def _read(path: Path, known: frozenset[str] | None = None) -> dict[str, dict[str, Token]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(
            path, 1, f"dit bestand is niet te lezen ({error.strerror}); zie docs/huisstijl.md"
        ) from None
    except UnicodeDecodeError:
        raise DataFileError(path, 1, "dit bestand is geen tekst in UTF-8; bewaar het als UTF-8") from None
    found: dict[str, dict[str, Token]] = {media: {} for media in BLOCKS}
    for node in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        media, rules = "", [node]
        if node.type == "at-rule" and node.lower_at_keyword == "media" and node.content is not None:
            media = " ".join(tinycss2.serialize(node.prelude).split())
            rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        for rule in rules:
            is_root = rule.type == "qualified-rule" and tinycss2.serialize(rule.prelude).strip() == ":root"
            if media not in BLOCKS or not is_root:
                raise DataFileError(path, rule.source_line, _FORM)
            for token in _tokens(path, rule):
                if known is not None and token.name not in known:
                    raise token.error(_unknown(token.name, known))
                found[media][token.name] = token
    return found


_FORM = "dit hoort niet in een huisstijl. Er staan alleen namen in `:root { … }`, en dat ook binnen " + ", ".join(
    f"`@media {media}`" for media in BLOCKS if media
)


def _tokens(path: Path, rule: Any) -> Iterator[Token]:
    for node in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration" or not node.name.startswith("--") or node.important:
            raise DataFileError(path, node.source_line, "dit lees ik niet; schrijf per regel `--naam: waarde;`")
        yield Token(node.name[2:], " ".join(tinycss2.serialize(node.value).split()), path, node.source_line)


def _unknown(name: str, known: frozenset[str]) -> str:
    near = get_close_matches(name, sorted(known), 1)
    hint = f"bedoel je --{near[0]}?" if near else "haal de regel weg."
    return f"die naam gebruikt Pluis niet; {hint} Alle namen staan in docs/huisstijl.md"


def _seen(blocks: Mapping[str, Block], media: str) -> dict[str, Token]:
    """Return what counts for who has all that `media` asks for."""
    wanted = set(media.split(" and "))
    seen: dict[str, Token] = {}
    for other, block in blocks.items():
        if not other or set(other.split(" and ")) <= wanted:
            seen |= block
    return seen


def _check(seen: Block, media: str) -> None:
    for name, token in seen.items():
        if name.endswith("-color"):
            _color(name, seen)
        elif name.endswith("-radius"):
            if not _LENGTH.fullmatch(_followed(name, seen)[-1].value):
                raise token.error(f"‘{token.value}’ is geen maat; schrijf bijvoorbeeld 0 of 8px")
        elif any(other not in seen for other in _REFERENCE.findall(token.value)):
            raise token.error(f"‘{token.value}’ wijst naar een naam die er niet is")
        elif not _PLAIN.fullmatch(_followed(name, seen)[-1].value) or "url(" in token.value.lower():
            raise token.error(f"‘{token.value}’ kan niet; een adres of een teken zoals ; of }} mag er niet in")
    for front, grounds, least in PAIRS:
        for ground in grounds:
            ratio = contrast(_color(front, seen), _color(ground, seen))
            if ratio < least:
                raise _too_little(seen, front, ground, ratio, least, media)


def _too_little(seen: Block, front: str, ground: str, ratio: float, least: float, media: str) -> DataFileError:
    told = sorted([*_followed(front, seen), *_followed(ground, seen)], key=lambda token: token.path == OWN)[0]
    values = [_followed(name, seen)[-1].value for name in (front, ground)]
    what = "letters" if least == TEXT else "randen"
    return DataFileError(
        told.path, told.line,
        f"--{front} ({values[0]}) op --{ground} ({values[1]}){BLOCKS[media]} heeft te weinig contrast: "
        f"{_dutch(ratio)} op 1, en voor {what} moet het {_dutch(least)} zijn (WCAG). Maak een van de twee "
        "lichter of donkerder.",
    )  # fmt: skip


def _dutch(number: float) -> str:
    return f"{int(number * 10) / 10:.1f}".replace(".", ",")  # never rounded up to what is asked


def _followed(name: str, seen: Block) -> list[Token]:
    """Return a token, and all that it refers to by being nothing but a reference."""
    chain = [seen[name]]
    while found := _REFERENCE.fullmatch(chain[-1].value):
        if found[1] not in seen or seen[found[1]] in chain:
            raise chain[-1].error(f"‘{chain[-1].value}’ wijst naar niets; schrijf een waarde of een naam die er is")
        chain.append(seen[found[1]])
    return chain


def _color(name: str, seen: Block) -> Color:
    last = _followed(name, seen)[-1]
    try:
        color = parse_color(last.value)
        if isinstance(color, Color):
            color = color.to("srgb")
    except NotImplementedError:
        color = None
    if not isinstance(color, Color):
        raise last.error(f"‘{last.value}’ is geen kleur die ik lees; schrijf haar als #1f645b, rgb(…) of hsl(…)")
    if color.alpha != 1 and name != _SEE_THROUGH:
        raise last.error(
            f"‘{last.value}’ is doorzichtig, dus of iets leesbaar is, is niet te zeggen. Neem een volle kleur"
        )
    return color


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    dark, light = sorted(_light(color) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _light(color: Color) -> float:
    red, green, blue = (_linear(part) for part in color.coordinates)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
