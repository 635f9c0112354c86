from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from bot.web.later import Later
from bot.yamlfile import DataFileError


def test_it_is_made_once_and_everyone_waits_for_it() -> None:
    go, made = threading.Event(), []

    def make() -> object:
        go.wait(10)
        made.append(object())
        return made[0]

    later = Later(make)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(later.get) for _ in range(8)]
        go.set()
        assert {id(answer.result(10)) for answer in asked} == {id(made[0])}
    assert len(made) == 1


def test_who_had_it_begun_hears_what_went_wrong() -> None:
    heard: list[BaseException] = []
    done = threading.Event()

    def make() -> None:
        raise OSError("kapot")

    def failed(error: BaseException) -> None:
        heard.append(error)
        done.set()

    Later(make).begin(failed)
    assert done.wait(10)
    assert [str(error) for error in heard] == ["kapot"]


def test_what_went_wrong_is_told_to_everyone_who_asks() -> None:
    def make() -> None:
        raise DataFileError(Path("words.yml"), 3, "kapot")

    later = Later(make)
    for _ in range(2):
        with pytest.raises(DataFileError, match=r"words\.yml:3"):
            later.get()


def test_a_broken_file_that_is_read_later_ends_the_server(own_data: Path) -> None:
    path = own_data / "analysis" / "words.yml"
    path.write_text("joiners: [en]\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PLUIS_SECRET": "s" * 32, "PLUIS_ENGINE_TOKEN": "e" * 32}
    ended = subprocess.run(
        [sys.executable, "-m", "bot.web"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith(f"pluis: {path}:1: ")
    assert "Traceback" not in ended.stderr


def test_web_begins_without_what_takes_long_to_load() -> None:
    heavy = "{'sklearn', 'scipy', 'spacy'} & set(sys.modules)"
    told: Any = subprocess.run(
        [sys.executable, "-c", f"import sys, bot.web.app, bot.web.wiring; print(sorted({heavy}))"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"
