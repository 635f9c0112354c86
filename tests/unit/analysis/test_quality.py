"""Floors under the quality: the data may grow, but it may not get worse unnoticed. The figures stand in docs/nlu.md."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from bot.analysis.analyser import Analyser
from bot.analysis.resources import Resources, load_resources
from bot.analysis.statements import KindClassifier, centred
from bot.encoder import E5Encoder
from bot.yamlfile import DataFileError, read_yaml

DEV = Path(__file__).resolve().parents[2] / "eval" / "dev" / "signals.yml"


@pytest.fixture(scope="module")
def resources(data_root: Path) -> Resources:
    return load_resources(data_root)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_statements_are_told_apart(analyser: Analyser, encoder: E5Encoder, resources: Resources) -> None:
    texts, kinds = [text for text, _ in resources.statements], np.array([kind for _, kind in resources.statements])
    clauses, vectors = [analyser.whole(text) for text in texts], encoder.query(texts)
    said = np.empty(len(texts), dtype="<U20")
    for train, test in StratifiedKFold(5, shuffle=True, random_state=3).split(vectors, kinds):
        centre = vectors[train].mean(axis=0)
        model = KindClassifier(resources.cues)
        model.fit([clauses[row] for row in train], centred(vectors[train], centre), kinds[train].tolist())
        found = model.kinds([clauses[row] for row in test], centred(vectors[test], centre))
        said[test] = [kind for kind, _ in found]
    assert f1_score(kinds, said, average="macro") >= 0.89


def test_signals_are_recognised(analyser: Analyser) -> None:
    right = wrong = missed = 0
    for row in read_yaml(DEV).data["clauses"]:
        found = {hit.id for hit in analyser.analyse(row["text"]).signals}
        expected, allowed = set(row["expect"]), set(row.get("also", []))
        right += len(found & expected)
        missed += len(expected - found)
        wrong += len(found - expected - allowed)
    assert right / (right + missed) >= 0.70
    assert right / (right + wrong) >= 0.70


def test_no_sentence_stands_in_two_places(resources: Resources) -> None:
    dev = {_plain(row["text"]) for row in read_yaml(DEV).data["clauses"]}
    taught = [text for text, _ in resources.statements]
    taught += [text for showing in resources.showing.values() for text, _ in showing]
    taught += [text for clues in resources.facts for text in clues.examples]
    assert dev.isdisjoint(_plain(text) for text in taught)


def test_a_wrong_pattern_is_told_with_its_line(data_root: Path, tmp_path: Path) -> None:
    for source in [*data_root.glob("analysis/**/*.*"), *data_root.glob("knowledge/*.yml")]:
        target = tmp_path / source.relative_to(data_root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    facts = tmp_path / "analysis" / "facts.yml"
    lines = facts.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines) if text.endswith("- =wurgen"))
    lines[line] = "      - ... wurgen"
    facts.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataFileError, match=rf"facts\.yml:{line + 1}: patroon"):
        load_resources(tmp_path)
