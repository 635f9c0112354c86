"""Measures the NLU side: our classifier beside Rasa's own on the same split, and the danger judge.
Run from the project's root with the engine's Python: `python -m engine.evaluate [--diet-epochs 20]`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.classifiers.sklearn_intent_classifier import SklearnIntentClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

from engine import judge, lexicon
from engine.classifier import IntentClassifier
from engine.danger import DangerDetector, training_sentences
from engine.e5 import E5Featurizer
from engine.encoder import shared_encoder, stored_vectors
from engine.features import normalised

Pairs = Sequence[tuple[str, str]]

OURS, UNGATED = "ours", "ours_without_gates"
QUESTION = "kennisvraag"
_TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write reports/nlu.json and the tables of docs/nlu.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diet-epochs", type=int, default=0, help="also train DIET, this many epochs (slow)")
    parser.add_argument("--no-baselines", action="store_true", help="only our own classifier")
    options = parser.parse_args(arguments)
    pipeline = YAML(typ="safe", pure=True).load(Path("config.yml").read_text(encoding="utf-8"))["pipeline"]
    configs = {row["name"]: {key: row[key] for key in row if key != "name"} for row in pipeline}
    data = load_data("data/nlu")
    report_path = Path("reports/nlu.json")
    old = json.loads(report_path.read_text(encoding="utf-8")) if report_path.exists() else {}
    ours = configs["engine.classifier.IntentClassifier"]
    kinds: dict[str, Any] = {OURS: ours, UNGATED: {**ours, "gates": []}}
    if not options.no_baselines:
        kinds |= {"rasa_logistic_regression": {}, "rasa_svm": {}}
    if options.diet_epochs:
        kinds["rasa_diet"] = {"epochs": options.diet_epochs, "random_seed": 7, "entity_recognition": False}
    report = {
        "encoder": shared_encoder().name,
        "intents": _intents(data, kinds, old.get("intents", {})),
        "danger": _danger(data, configs["engine.danger.DangerDetector"]),
    }
    report_path.parent.mkdir(exist_ok=True)
    report_path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    page = Path("docs/nlu.md")
    page.write_text(_TABLE.sub(lambda _: tables(report), page.read_text(encoding="utf-8")), encoding="utf-8")
    print(tables(report))
    return 0


def _intents(data: TrainingData, kinds: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    pairs = [(m.get("text"), m.get("intent")) for m in data.intent_examples]
    seen, held = train_test_split(pairs, test_size=0.2, stratify=[intent for _, intent in pairs], random_state=11)
    sealed = read_pairs(Path("tests/eval/intents.yml"))
    result: dict[str, Any] = {
        "sentences": len(pairs),
        "intents": len({intent for _, intent in pairs}),
        "held_out": {"sentences": len(held), **_compare(seen, held, kinds)},
    }
    sealed, overlapping = apart(sealed, [text for text, _ in pairs])
    if sealed:
        quick = {name: kinds[name] for name in kinds if "epochs" not in kinds[name]}  # DIET on the first split only
        result["sealed"] = {
            "sentences": len(sealed),
            "left_out": overlapping,
            **_compare(pairs, sealed, quick),
        }
    asked, overlapping = apart(read_questions(Path("tests/eval/knowledge.yml")), [text for text, _ in pairs])
    if asked:
        heard = _compare(pairs, asked, {OURS: kinds[OURS]})[OURS]["accuracy"]
        result["questions"] = {"sentences": len(asked), "left_out": overlapping, "heard": heard}
    for part in ("held_out", "sealed"):  # a baseline that was not run this time keeps its last figures, marked as such
        for name, row in old.get(part, {}).items():
            if part in result and isinstance(row, dict) and name not in result[part]:
                result[part][name] = {**row, "older": True}
    return result


def _compare(seen: Pairs, held: Pairs, kinds: dict[str, Any]) -> dict[str, Any]:
    makers: dict[str, Any] = {
        OURS: IntentClassifier,
        UNGATED: IntentClassifier,
        "rasa_logistic_regression": LogisticRegressionClassifier,
        "rasa_svm": SklearnIntentClassifier,
        "rasa_diet": DIETClassifier,
    }
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        workshop = _Workshop(Path(folder), seen)
        messages = workshop.messages(held)
        truth = [intent for _, intent in held]
        for name, config in kinds.items():
            print(f"{name}: training on {len(seen)} sentences", file=sys.stderr, flush=True)
            begin = time.perf_counter()
            component = workshop.make(makers[name], config)
            component.train(workshop.data)
            seconds = time.perf_counter() - begin
            if makers[name] is IntentClassifier:  # as in a conversation: what was stored, read back
                component = workshop.load(makers[name], config)
            rows[name] = {"train_seconds": round(seconds, 1), **_score(component.process, messages, truth)}
            if "epochs" in config:
                rows[name]["epochs"] = config["epochs"]
    return rows


class _Workshop:
    """Rasa's components outside its graph, all on the same messages and features."""

    def __init__(self, folder: Path, seen: Pairs) -> None:
        self._storage = LocalModelStorage(folder)
        self._context = ExecutionContext(GraphSchema({}), model_id="evaluation")
        self.data = TrainingData([Message.build(text, intent) for text, intent in seen])
        self._steps: list[Any] = [
            self.make(WhitespaceTokenizer, {}),
            self.make(CountVectorsFeaturizer, {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 4}),
            self.make(E5Featurizer, {}),
        ]
        for step in self._steps:
            if hasattr(step, "train"):
                step.train(self.data)
            step.process_training_data(self.data)

    def make(self, kind: Any, config: dict[str, Any]) -> Any:
        """Make a component as Rasa would."""
        full = {**kind.get_default_config(), **config}
        return kind.create(full, self._storage, Resource(kind.__name__), self._context)

    def load(self, kind: Any, config: dict[str, Any]) -> Any:
        """Read a trained component back."""
        full = {**kind.get_default_config(), **config}
        return kind.load(full, self._storage, Resource(kind.__name__), self._context)

    def messages(self, pairs: Pairs) -> list[Message]:
        """Return featurised messages without their intent."""
        messages = [Message.build(text) for text, _ in pairs]
        for step in self._steps:
            step.process(messages)
        return messages


def _score(process: Callable[[list[Message]], Any], messages: list[Message], truth: list[str]) -> dict[str, Any]:
    process(messages)
    rows = [message.get("intent") for message in messages]
    found = [row["name"] for row in rows]
    right = np.array([a == b for a, b in zip(found, truth, strict=True)])
    macro_f1 = f1_score(truth, found, average="macro", labels=sorted(set(truth)), zero_division=0)
    return {
        "accuracy": round(float(right.mean()), 3),
        "macro_f1": round(float(macro_f1), 3),
        "calibration_error": round(calibration_error([row["confidence"] for row in rows], right), 3),
    }


def calibration_error(confidences: Sequence[float], right: Any, bins: int = 10) -> float:
    """Return the mean gap between confidence and accuracy over bins of confidence, weighted by their size."""
    sure = np.asarray(confidences)
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean() for b in set(bin_of)]
    return float(sum(gaps))


def _danger(data: TrainingData, config: dict[str, Any]) -> dict[str, Any]:
    config = {**DangerDetector.get_default_config(), **config}
    words, sentences = lexicon.read_danger(Path(config["sentences"]))
    others = training_sentences(data, config)

    def embed(texts: Sequence[str]) -> Any:
        return stored_vectors(shared_encoder(), texts, Path(config["cache"]))

    trained, measured = judge.learn(words, sentences, others, embed, config)
    development = [s for s in sentences if s.development]
    result: dict[str, Any] = {
        "sentences": len(sentences),
        "dangerous": sum(s.acute for s in sentences),
        "threshold": round(measured.threshold, 3),
        "development": {
            "sentences": len(development),
            "dangerous": sum(s.acute for s in development),
            "recall": round(measured.recall, 3),
            "false_alarms": round(measured.false_alarms, 3),
        },
    }
    sealed = read_pairs(Path("tests/eval/danger.yml"), "danger")
    sealed, overlapping = apart(sealed, [s.text for s in (*sentences, *others)])
    if sealed:
        asked = np.array([trained.judge(text, embed).acute for text, _ in sealed])
        acute = np.array([bool(value) for _, value in sealed])
        result["sealed"] = {
            "sentences": len(sealed),
            "left_out": overlapping,
            "dangerous": int(acute.sum()),
            "recall": round(float(asked[acute].mean()), 3),
            "false_alarms": round(float(asked[~acute].mean()), 3),
        }
    return result


def read_pairs(path: Path, label: str = "intent") -> list[tuple[str, Any]]:
    """Read a sealed set: `sentences`, a list of `text` and label (`intent`, or `danger`); no file gives no pairs."""
    if not path.exists():
        return []
    rows = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))["sentences"]
    return [(row["text"], row[label]) for row in rows]


def read_questions(path: Path) -> Pairs:
    """Read the sealed questions to the knowledge that have an answer, as sentences of `kennisvraag`."""
    if not path.exists():
        return []
    rows = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))["questions"]
    return [(row["q"], QUESTION) for row in rows if row["kind"] == "answer"]


def apart(sealed: Pairs, trained: Sequence[str]) -> tuple[list[tuple[str, Any]], int]:
    """Return the sealed sentences that share at most half their letters with any trained one, and how many do not.

    Shared letters: runs of four, in lower case and without punctuation (Jaccard). A set that is measured on what was
    trained on flatters.
    """
    known = [_runs(text) for text in trained]
    kept = [
        (text, label)
        for text, label in sealed
        if max((len(_runs(text) & other) / len(_runs(text) | other) for other in known), default=0) <= 0.5
    ]
    return kept, len(sealed) - len(kept)


def _runs(text: str) -> frozenset[str]:
    plain = " " + re.sub(r"\W+", " ", normalised(text)).strip() + " "
    return frozenset(plain[i : i + 4] for i in range(max(1, len(plain) - 3)))


def tables(report: dict[str, Any]) -> str:
    """Return the tables of docs/nlu.md."""
    lines = [""]
    intents = report["intents"]
    for part, title in (("held_out", "A fifth of data/nlu, held out"), ("sealed", "tests/eval/intents.yml, sealed")):
        if part not in intents:
            continue
        left_out = intents[part].get("left_out", 0)
        note = f"; {left_out} more left out: too like a training sentence" if left_out else ""
        lines += [f"**{title}** ({intents[part]['sentences']} sentences, {intents['intents']} intents{note})", ""]
        lines += [
            "| classifier | accuracy | macro F1 | calibration error | training |",
            "| --- | --- | --- | --- | --- |",
        ]
        for name, row in intents[part].items():
            if isinstance(row, dict):
                note = f", {row['epochs']} epochs" if "epochs" in row else ""
                note += ", measured earlier" if row.get("older") else ""
                cells = (name.replace("_", " ") + note, row["accuracy"], row["macro_f1"], row["calibration_error"])
                lines.append("| " + " | ".join(map(str, cells)) + f" | {row['train_seconds']} s |")
        lines.append("")
    if "questions" in intents:
        row = intents["questions"]
        lines += [
            f"Of {row['sentences']} sealed questions to the knowledge (`tests/eval/knowledge.yml`; {row['left_out']} "
            f"more left out), {row['heard']:.1%} are heard as a question.",
            "",
        ]
    danger = report["danger"]
    lines += ["| danger | sentences | dangerous | found | needless questions |", _rule(5)]
    for part in ("development", "sealed"):
        if part in danger:
            row = danger[part]
            cells = (part, row["sentences"], row["dangerous"], f"{row['recall']:.1%}", f"{row['false_alarms']:.1%}")
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join([*lines, "", ""])


def _rule(columns: int) -> str:
    return "|" + " --- |" * columns


if __name__ == "__main__":
    sys.exit(main())
