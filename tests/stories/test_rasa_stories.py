"""Runs Rasa's own story tests, and counts what ran: with the wrong file name Rasa skips all and reports success."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bot.operate import model_path, train
from bot.operate.model import environment
from bot.settings import ROOT, get_settings
from bot.yamlfile import read_yaml

STORIES = ROOT / "tests" / "stories" / "test_gesprek.yml"

pytestmark = pytest.mark.live


def test_rasa_understands_and_follows_its_rules(tmp_path: Path) -> None:
    settings = get_settings()
    model = model_path(settings)
    if not model.exists():
        train(settings, print)
    out = tmp_path / "results"
    command = [
        *(str(ROOT / ".venv-engine" / "bin" / "python"), "-m", "rasa", "test", "core", "--e2e"),
        *("--fail-on-prediction-errors", "--model", str(model), "--stories", str(STORIES), "--out", str(out)),
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment(settings), capture_output=True, text=True, check=False)
    failed = out / "failed_test_stories.yml"
    reason = failed.read_text(encoding="utf-8") if failed.exists() else (done.stdout + done.stderr)[-3000:]
    assert done.returncode == 0, reason
    expected = len(read_yaml(STORIES).data["stories"])
    report = json.loads((out / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["total"] == expected
    assert report["conversation_accuracy"]["correct"] == expected
