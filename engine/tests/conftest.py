"""What the engine's tests share: one judge, trained once as config.yml says, on the real sentences;
their vectors are kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.loading import load_data
from ruamel.yaml import YAML

from engine import judge, lexicon
from engine.danger import DangerDetector, training_sentences
from engine.encoder import Encoder, Vectors, shared_encoder, stored_vectors

ROOT = Path(__file__).parents[2]
DANGER = ROOT / "data/analysis/danger.yml"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return shared_encoder()


@pytest.fixture(scope="session")
def config() -> dict[str, Any]:
    pipeline = YAML(typ="safe", pure=True).load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    row = next(row for row in pipeline if row["name"] == "engine.danger.DangerDetector")
    return {**DangerDetector.get_default_config(), **row}


@pytest.fixture(scope="session")
def learned(encoder: Encoder, config: dict[str, Any]) -> tuple[judge.Judge, judge.Measured]:
    words, sentences = lexicon.read_danger(DANGER)

    def embed(texts: Sequence[str]) -> Vectors:
        return stored_vectors(encoder, texts, ROOT / "var/cache/engine")

    others = training_sentences(load_data(str(ROOT / "data/nlu")), config)
    return judge.learn(words, sentences, others, embed, config)
