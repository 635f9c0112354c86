"""The house style: what an organisation may set, what stops the start, and that no part of the look stands outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.web.app import serve
from bot.web.house import BLOCKS, OWN, PAIRS, TEXT, load_house
from bot.yamlfile import DataFileError
from tests.unit.channels.fakes import FakeEngine

from .conftest import QUICK, Site, make_settings, running

DARK = "(prefers-color-scheme: dark)"
STATIC, TEMPLATES = ROOT / "bot" / "web" / "static", ROOT / "bot" / "web" / "templates"
LOOKS = [*STATIC.glob("*.css"), TEMPLATES / "widget.css", STATIC / "look.js", STATIC / "app.js"]
USED = re.compile(r"var\(--([\w-]+)")
OF_THE_WIDGET = {"color", "letters"}  # set by the script tag of another site
# A colour, a font or a rounding that is written out. A mask has no colour: it counts only how much it lets through.
WRITTEN_OUT = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\((?![^;]*\bmask)|(?:border-radius|BorderRadius): '?(?!0|var|'var)[\d.]+|"
    r"font-family: (?!inherit|var)|sans-serif",
    re.IGNORECASE,
)


def written(folder: Path, text: str) -> Path:
    """Write a house style."""
    path = folder / "huisstijl.css"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    """Return what is said of a house style that does not hold, without the folder."""
    with pytest.raises(DataFileError) as error:
        load_house(written(folder, text))
    return str(error.value).removeprefix(f"{folder}/")


def test_every_colour_font_and_rounding_of_the_pages_is_a_token() -> None:
    known = set(load_house().blocks[""])
    used: set[str] = set()
    for path in LOOKS:
        text = path.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if "mask-image" not in line]
        assert [line for line in lines if WRITTEN_OUT.search(line)] == [], path.name
        used |= set(USED.findall(text))
    assert used - known == OF_THE_WIDGET
    assert known - used <= set(USED.findall(OWN.read_text(encoding="utf-8")))


def test_every_token_has_a_name_of_nl_design_system_or_of_our_own_and_is_explained() -> None:
    explained = set(re.findall(r"`--([\w-]+)`", (ROOT / "docs" / "huisstijl.md").read_text(encoding="utf-8")))
    names = set(load_house().blocks[""])
    assert names == {name for name in explained if "-" in name} - {"een-andere-naam"}
    assert all(name.startswith(("utrecht-", "pluis-")) for name in names)
    assert {front for front, _, _ in PAIRS} | {ground for _, grounds, _ in PAIRS for ground in grounds} <= names


def test_what_an_organisation_sets_lies_over_what_pluis_has(tmp_path: Path) -> None:
    text = ":root { --utrecht-link-color: #154273; --utrecht-button-border-radius: 0; }"
    house = load_house(written(tmp_path, text))
    assert house.hex("utrecht-link-color") == "#154273"
    assert house.hex("utrecht-button-primary-action-background-color") == "#154273"  # refers to it
    assert house.hex("utrecht-link-color", DARK) == load_house().hex("utrecht-link-color", DARK)
    sheet = house.css()
    assert sheet.index("#154273") < sheet.index("@media") < sheet.index("prefers-contrast")  # or contrast would not win
    assert "--utrecht-button-border-radius: 0;" in sheet
    assert house.css("div").count("div {") == len(BLOCKS)


def test_the_example_holds() -> None:
    house = load_house(ROOT / "huisstijl.example.css")
    assert house.hex("utrecht-link-color") == "#154273"
    assert house.hex("utrecht-button-primary-action-hover-background-color") == "#103256"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n:root {\n --utrecht-link-color: #9bbf3b;\n}", "huisstijl.css:3: --utrecht-link-color (#9bbf3b) op "
         "--utrecht-document-background-color (#f7f2ea) heeft te weinig contrast: 1,9 op 1, en voor letters moet "
         "het 4,5 zijn"),
        (f"@media {DARK} {{\n:root {{ --utrecht-document-background-color: #777777; }} }}", "huisstijl.css:2: "
         "--utrecht-document-color (#ecebe4) op --utrecht-document-background-color (#777777) in het donker"),
        (":root {\n --utrecht-form-control-border-color: #cccccc; }", "huisstijl.css:2: --utrecht-form-control-border-"
         "color (#cccccc) op --utrecht-document-background-color (#f7f2ea) heeft te weinig contrast: 1,4 op 1, en voor "
         "randen moet het 3,0 zijn"),
        (":root {\n --utrecht-buton-border-radius: 4px; }", "huisstijl.css:2: --utrecht-buton-border-radius: die naam "
         "gebruikt Pluis niet; bedoel je --utrecht-button-border-radius?"),
        (":root { --geel: #ff0; }", "huisstijl.css:1: --geel: die naam gebruikt Pluis niet; haal de regel weg."),
        (":root { --utrecht-link-color: blauw; }", "‘blauw’ is geen kleur"),
        (":root { --utrecht-link-color: oklch(0.4 0.1 200); }", "is geen kleur die ik lees"),
        (":root { --utrecht-link-color: currentcolor; }", "is geen kleur die ik lees"),
        (":root { --utrecht-link-color: rgb(0 0 0 / 50%); }", "is doorzichtig"),
        (":root { --utrecht-link-color: var(--wit); }", "wijst naar niets"),
        (":root { --utrecht-link-color: var(--utrecht-link-color); }", "wijst naar niets"),
        (":root { --utrecht-button-border-radius: rond; }", "is geen maat"),
        (":root { --utrecht-document-font-family: var(--letters), serif; }", "wijst naar een naam die er niet is"),
        (":root { --pluis-box-shadow: url(https://elders.nl); }", "een adres"),
        (":root { --utrecht-document-font-family: Arial\\; }; }", "dit"),
        (":root {\n color: #000000; }", "huisstijl.css:2: dit lees ik niet; schrijf per regel `--naam: waarde;`"),
        (":root { --utrecht-link-color: #000000 !important; }", "dit lees ik niet"),
        ("\nbody { --utrecht-link-color: #000000; }", "huisstijl.css:2: dit hoort niet in een huisstijl."),
        ("@import 'ander.css';", "huisstijl.css:1: dit hoort niet in een huisstijl."),
        ("@media print { :root { --utrecht-link-color: #000000; } }", "dit hoort niet in een huisstijl."),
        ("<style>", "dit hoort niet in een huisstijl."),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path, text)


def test_a_file_that_is_not_there_or_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="dit bestand is niet te lezen"):
        load_house(tmp_path / "weg.css")
    path = tmp_path / "huisstijl.css"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataFileError, match="UTF-8"):
        load_house(path)


def test_web_does_not_start_with_a_house_style_that_does_not_hold(tmp_path: Path) -> None:
    path = written(tmp_path, ":root { --utrecht-link-color: #ffffff; }")
    with pytest.raises(SystemExit, match=rf"pluis: {path}:1: --utrecht-link-color .* te weinig contrast"):
        serve(make_settings(tmp_path, house_style=path))


async def test_the_pages_and_the_widget_get_it(tmp_path: Path) -> None:
    path = written(tmp_path, ":root { --utrecht-document-background-color: #ffffff; --utrecht-link-color: #154273; }")
    async with running(tmp_path, FakeEngine(), QUICK, house_style=path) as site:
        sheet = await site.http.get("/huisstijl.css")
        again = await site.http.get("/huisstijl.css", headers={"If-None-Match": sheet.headers["etag"]})
        pages = [(await site.http.get(page)).text for page in ("/", "/uitleg", "/kennis", "/cijfers", "/studio/play")]
        widget = (await site.http.get("/widget.js")).text
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "--utrecht-link-color: #154273;" in sheet.text
    assert again.status_code == 304
    assert all(page.index("/huisstijl.css") < page.index("/pluis.css") for page in pages)
    assert '<meta name="theme-color" content="#ffffff"' in pages[0]
    assert '|| "#154273"' in widget
    assert "--utrecht-link-color: #154273;" in widget


async def test_without_one_pluis_has_its_own(site: Site) -> None:
    assert (await site.http.get("/huisstijl.css")).text == load_house().css()
    assert TEXT == 4.5
