"""The app package for Teams: it holds to Microsoft's own schemas, says what Pluis may say, and needs every setting."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft201909Validator
from PIL import Image
from referencing import Registry
from typer.testing import CliRunner, Result

from bot import cli
from bot.operate import TeamsPackageError, build_package, teams_package
from bot.settings import ROOT, Settings, get_settings
from bot.web import webchat
from bot.web.house import load_house
from bot.yamlfile import read_yaml
from tests.unit.said import Said, sentences
from tests.unit.test_never_said import read_rows

LOCK = ROOT / "teams-manifest.lock"
APP_ID = "0f2a6c1e-5b7d-4c3a-9e8f-1a2b3c4d5e6f"
SECRET = "dit.geheim~hoort-nergens"
COMPLETE = {
    "teams_app_id": APP_ID,
    "teams_secret": SECRET,
    "teams_owner": 'De "Linde" & Zn',
    "teams_privacy_url": "https://www.voorbeeld.nl/privacy",
    "teams_terms_url": "https://www.voorbeeld.nl/voorwaarden",
    "public_url": "https://pluis.voorbeeld.nl",
}
FILES = ["color.png", "en.json", "manifest.json", "outline.png"]
LENGTHS = {"name.short": 30, "name.full": 100, "description.short": 80, "description.full": 4000}  # characters
WHITE, NOTHING = (255, 255, 255), 0

Schemas = Mapping[str, dict[str, Any]]


def settings_of(root: Path, **changes: str) -> Settings:
    """Make complete settings that touch nothing outside `root`, but for the changes."""
    return Settings(_env_file=None, var=root, **(COMPLETE | changes))  # type: ignore[arg-type]


def opened(path: Path) -> dict[str, bytes]:
    """Read what a package holds."""
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """Build the package and read what it holds."""
    return opened(build_package(settings_of(tmp_path)))


@pytest.fixture
def manifest(files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest of a package that was built."""
    made: dict[str, Any] = json.loads(files["manifest.json"])
    return made


@pytest.fixture
def english(files: dict[str, bytes]) -> dict[str, str]:
    """The translation in a package that was built."""
    made: dict[str, str] = json.loads(files["en.json"])
    return made


# -- Microsoft's schemas -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    """Microsoft's schemas, by name: the project's own when they were fetched before, else fetched once."""
    target = ROOT / "var" / "teams-manifest"
    webchat.fetch(target, LOCK)
    names = [package.kept for package in webchat.locked(LOCK)]
    return {name: json.loads((target / name).read_text(encoding="utf-8")) for name in names}


def faults(schema: dict[str, Any], made: object) -> list[str]:
    """Hold something against a schema as Microsoft's tools do: also what stands beside a `$ref`, which draft 4 skips.

    An empty registry: nothing can be downloaded.
    """
    checked = Draft201909Validator(schema, registry=Registry(), format_checker=Draft201909Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in checked.iter_errors(made)]


def test_the_manifest_and_the_translation_hold_to_the_schemas_of_microsoft(
    schemas: Schemas, manifest: dict[str, Any], english: dict[str, str]
) -> None:
    assert faults(schemas["MicrosoftTeams.schema.json"], manifest) == []
    assert faults(schemas["MicrosoftTeams.Localization.schema.json"], english) == []


def test_the_manifest_names_the_version_of_the_schema_that_it_is_held_against(
    manifest: dict[str, Any], english: dict[str, str]
) -> None:
    versions = {package.file.split("/")[-2] for package in webchat.locked(LOCK)}
    named = re.findall(r"/teams/(v[\d.]+)/", manifest["$schema"] + english["$schema"])
    assert {*named, "v" + manifest["manifestVersion"]} == versions


BROKEN: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("$.name.short", lambda made: made["name"].update(short="x" * 31)),
    ("$.id", lambda made: made.update(id="pluis")),
    ("$.manifestVersion", lambda made: made.update(manifestVersion="1.24")),
    ("$.bots[0].scopes[0]", lambda made: made["bots"][0].update(scopes=["groupchat"])),
    ("$", lambda made: made.pop("accentColor")),
]


@pytest.mark.parametrize(("place", "breaks"), BROKEN, ids=[place for place, _ in BROKEN])
def test_the_schema_finds_what_is_wrong(
    schemas: Schemas, manifest: dict[str, Any], place: str, breaks: Callable[[dict[str, Any]], object]
) -> None:
    breaks(manifest)
    assert [fault.split(":")[0] for fault in faults(schemas["MicrosoftTeams.schema.json"], manifest)] == [place]


def test_the_schema_of_translations_finds_what_is_wrong(schemas: Schemas, english: dict[str, str]) -> None:
    wrong = english | {"name.short": "x" * 31, "bots[0].naam": "Pluis"}
    assert len(faults(schemas["MicrosoftTeams.Localization.schema.json"], wrong)) == 2


# -- what the package holds --------------------------------------------------------------------------------------------


def test_the_package_holds_these_files_and_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (build_package(settings_of(tmp_path / name)) for name in ("een", "twee"))
    assert first.read_bytes() == second.read_bytes()
    with ZipFile(first) as package:
        assert package.namelist() == FILES
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert list(first.parent.iterdir()) == [first]


def test_what_the_settings_say_stands_in_the_manifest(manifest: dict[str, Any]) -> None:
    assert manifest["id"] == manifest["bots"][0]["botId"] == APP_ID
    assert manifest["webApplicationInfo"] == {"id": APP_ID, "resource": f"api://botid-{APP_ID}"}
    assert manifest["developer"] == {
        "name": COMPLETE["teams_owner"],
        "websiteUrl": COMPLETE["public_url"],
        "privacyUrl": COMPLETE["teams_privacy_url"],
        "termsOfUseUrl": COMPLETE["teams_terms_url"],
    }
    assert manifest["validDomains"] == ["pluis.voorbeeld.nl"]
    assert manifest["accentColor"] == load_house().hex("utrecht-button-primary-action-background-color")
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])  # Teams takes no other kind of version


def test_the_colour_is_that_of_the_organisation(tmp_path: Path) -> None:
    style = tmp_path / "huisstijl.css"
    style.write_text(":root { --utrecht-button-primary-action-background-color: #24476b; }", encoding="utf-8")
    made = build_package(settings_of(tmp_path, house_style=str(style)))
    assert json.loads(opened(made)["manifest.json"])["accentColor"] == "#24476b"


def test_pluis_is_a_bot_for_one_person_that_asks_for_nothing(manifest: dict[str, Any]) -> None:
    (bot,) = manifest["bots"]
    assert bot["scopes"] == ["personal"]
    assert [words["scopes"] for words in bot["commandLists"]] == [["personal"]]
    assert not any(bot[name] for name in ("isNotificationOnly", "supportsFiles", "supportsCalling", "supportsVideo"))
    assert manifest["permissions"] == ["identity"]
    assert not manifest.keys() & {"devicePermissions", "authorization", "composeExtensions", "staticTabs", "activities"}


def test_everything_is_filled_in_and_no_secret_is(files: dict[str, bytes]) -> None:
    texts = "".join(files[name].decode() for name in FILES if name.endswith(".json")).replace('"$schema"', "")
    assert "$" not in texts
    assert "{}" not in texts
    assert SECRET not in texts


def test_a_name_without_a_value_is_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(teams_package.SOURCE, tmp_path / "teams-source")
    monkeypatch.setattr(teams_package, "SOURCE", tmp_path / "teams-source")
    path = tmp_path / "teams-source" / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace("${owner}", "${eigenaar}"), encoding="utf-8")
    with pytest.raises(KeyError, match="eigenaar"):
        build_package(settings_of(tmp_path))
    assert not (tmp_path / "teams").exists()


# -- what it says ------------------------------------------------------------------------------------------------------


def at(manifest: dict[str, Any], path: str) -> str:
    """Find the text that a key of a translation names."""
    found: Any = manifest
    for step in re.findall(r"[^.\[\]]+", path):
        found = found[int(step) if step.isdigit() else step]
    assert isinstance(found, str)
    return found


def described(manifest: dict[str, Any]) -> list[str]:
    """The keys of what a user reads: names, descriptions, and what each word does."""
    words = manifest["bots"][0]["commandLists"][0]["commands"]
    return [*LENGTHS, *(f"bots[0].commandLists[0].commands[{number}].description" for number in range(len(words)))]


def test_the_translation_names_what_there_is_and_leaves_nothing_out(
    manifest: dict[str, Any], english: dict[str, str]
) -> None:
    assert list(english)[1:] == described(manifest)
    same = [key for key in english if key != "$schema" and at(manifest, key) == english[key]]
    assert same == ["name.short"]


def test_names_and_descriptions_are_short_enough_and_not_told_twice(
    manifest: dict[str, Any], english: dict[str, str]
) -> None:
    dutch = {key: at(manifest, key) for key in LENGTHS}
    for texts in (dutch, english):
        assert {key: len(texts[key]) for key in LENGTHS if not 0 < len(texts[key]) <= LENGTHS[key]} == {}
        assert texts["name.short"] != texts["name.full"]
        assert texts["description.short"] not in texts["description.full"]


def test_the_words_are_words_that_pluis_knows(manifest: dict[str, Any]) -> None:
    told = read_yaml(ROOT / "data" / "replies" / "words.yml").data["replies"]["help"]["text"]
    known = ["help", *re.findall(r"\*\*(.+?)\*\*", told)]
    words = [word["title"] for word in manifest["bots"][0]["commandLists"][0]["commands"]]
    assert [word for word in words if word not in known] == []
    assert len(words) == len(set(words))


def test_the_description_says_what_pluis_is_and_whom_to_call(manifest: dict[str, Any], english: dict[str, str]) -> None:
    for text, words in (
        (at(manifest, "description.full"), ("computerprogramma", "Noem geen namen", "112", "0800-2000", "bewaart")),
        (english["description.full"], ("computer program", "no names", "112", "0800-2000", "keeps your messages")),
    ):
        assert [word for word in words if word not in text] == []


def test_the_description_says_nothing_that_pluis_never_says(manifest: dict[str, Any]) -> None:
    said = [
        Said("deploy/teams/manifest.json", sentence)
        for key in described(manifest)
        for sentence in sentences(at(manifest, key))
    ]
    assert len(said) > 20
    assert [fault for row in read_rows() for fault in row.faults(said)] == []


# -- the icons ---------------------------------------------------------------------------------------------------------


def test_the_colour_icon_fills_its_square_and_keeps_the_picture_in_the_middle(files: dict[str, bytes]) -> None:
    icon = Image.open(BytesIO(files["color.png"]))
    assert (icon.format, icon.mode, icon.size) == ("PNG", "RGB", (192, 192))
    ground = icon.getpixel((0, 0))
    seen = [(x, y) for x in range(192) for y in range(192) if icon.getpixel((x, y)) != ground]
    edges = [extreme(place[axis] for place in seen) for axis in (0, 1) for extreme in (min, max)]
    assert all(48 <= edge < 144 for edge in edges)  # Teams cuts corners off, and sometimes a hexagon or a circle
    assert edges[1] - edges[0] > 80


def test_the_outline_icon_is_white_and_nothing_else(files: dict[str, bytes]) -> None:
    icon = Image.open(BytesIO(files["outline.png"]))
    assert (icon.format, icon.mode, icon.size) == ("PNG", "RGBA", (32, 32))
    pixels = [icon.getpixel((x, y)) for x in range(32) for y in range(32)]
    assert {pixel[:3] for pixel in pixels if isinstance(pixel, tuple) and pixel[3] != NOTHING} == {WHITE}
    assert icon.getpixel((0, 0))[3] == NOTHING  # type: ignore[index]
    left, top, right, bottom = icon.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert (right - left, bottom - top) >= (30, 31)  # no room around it


# -- what stops it -----------------------------------------------------------------------------------------------------

WRONG = [
    ("teams_app_id", ""),
    ("teams_owner", ""),
    ("teams_owner", "   "),
    ("public_url", ""),
    ("public_url", "http://pluis.voorbeeld.nl"),
    ("public_url", "https://localhost"),
    ("public_url", "https://10.1.2.3"),
    *(
        (name, value)
        for name in ("teams_privacy_url", "teams_terms_url")
        for value in (
            "",
            "http://www.voorbeeld.nl/tekst",
            "www.voorbeeld.nl/tekst",
            "https:///tekst",
            "https://www.voorbeeld.nl/onze tekst",
            "https://iemand:geheim@www.voorbeeld.nl/tekst",
            "https://[voorbeeld.nl/tekst",
            "https://www.voorbeeld.nl/" + "x" * 2048,
        )
    ),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name}={value[:40]}" for name, value in WRONG])
def test_a_setting_that_is_missing_or_wrong_is_told_in_one_line_and_nothing_is_written(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(TeamsPackageError) as told:
        build_package(settings_of(tmp_path, **{name: value}))
    (line,) = str(told.value).splitlines()
    assert line.startswith(f"PLUIS_{name}".upper() + (" kan niet" if value.strip() else " ontbreekt"))
    assert ": vul " in line
    assert "geheim" not in line
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Set what the command reads, with a folder of its own."""
    monkeypatch.setenv("PLUIS_VAR", str(tmp_path))
    for name, value in COMPLETE.items():
        monkeypatch.setenv(f"PLUIS_{name}".upper(), value)
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


def pluis() -> Result:
    return CliRunner().invoke(cli.app, ["teams-package"])


@pytest.mark.usefixtures("environment")
def test_the_command_says_where_the_package_is(tmp_path: Path) -> None:
    result = pluis()
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "teams" / "pluis-teams.zip") in result.stdout
    assert sorted(opened(tmp_path / "teams" / "pluis-teams.zip")) == FILES


def test_the_command_names_every_setting_that_is_missing(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    old = build_package(get_settings()).read_bytes()
    get_settings.cache_clear()
    for name in ("PLUIS_TEAMS_OWNER", "PLUIS_PUBLIC_URL"):
        environment.setenv(name, " ")
    result = pluis()
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.stderr.splitlines()] == ["PLUIS_TEAMS_OWNER", "PLUIS_PUBLIC_URL"]
    assert (tmp_path / "teams" / "pluis-teams.zip").read_bytes() == old
