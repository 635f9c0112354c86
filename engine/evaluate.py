"""Measures the trained model as a conversation meets it: intents, danger and speed on the sealed sets, beside Rasa's
own classifiers and the two halves of the danger judge. Run from the project's root with the engine's Python:
`python -m engine.evaluate [--diet-epochs 20] [--no-baselines]`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from rasa.core.agent import Agent
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
from rasa.utils.log_utils import configure_structlog
from ruamel.yaml import YAML
from sklearn.metrics import confusion_matrix, f1_score

from engine import features, judge
from engine.clauses import units
from engine.e5 import E5Featurizer
from engine.vectors import shared_encoder, stored_vectors
from tools.scoring import HURRIES, calibration, calibration_error, resampled, share, shown

matplotlib.use("Agg")
from matplotlib import pyplot

Pairs = Sequence[tuple[str, Any]]

SEALED = Path("tests/eval")
REPORT, PAGE = Path("reports/nlu.json"), Path("docs/nlu.md")
QUESTION, DANGER = "kennisvraag", "acuut_gevaar"
BASELINES: dict[str, tuple[Any, dict[str, Any]]] = {
    "rasa_logistic_regression": (LogisticRegressionClassifier, {}),
    # Its default tries six values of C in five parts; two and two differ by a few tenths and take minutes, not an hour.
    "rasa_svm": (SklearnIntentClassifier, {"C": [1, 10], "max_cross_validation_folds": 2}),
}
_TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write reports/nlu.json, the pictures and the tables of docs/nlu.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diet-epochs", type=int, default=0, help="also train DIET, this many epochs (slow)")
    parser.add_argument("--no-baselines", action="store_true", help="Rasa's classifiers keep their last figures")
    options = parser.parse_args(arguments)
    model = max(Path("var/models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    old = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
    kinds = {} if options.no_baselines else dict(BASELINES)
    if options.diet_epochs:
        settings = {"epochs": options.diet_epochs, "random_seed": 7, "entity_recognition": False}
        kinds["rasa_diet"] = (DIETClassifier, settings)
    reader = Reader(model)
    report = {
        "encoder": shared_encoder().name,
        "intents": measure_intents(reader),
        "danger": measure_danger(reader, danger_judge(model)),
        "parse_ms": measure_speed(reader),
    }
    report["baselines"] = {
        **{name: {**row, "older": True} for name, row in old.get("baselines", {}).items()},
        **measure_baselines(kinds),
    }
    REPORT.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    text = tables(report)
    PAGE.write_text(_TABLE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(text)
    return 0


def tell(what: str) -> None:
    """Say on the error stream what is being measured: it takes minutes."""
    print(f"eval: {what}", file=sys.stderr, flush=True)


def read_rows(name: str) -> list[dict[str, Any]]:
    """Read the sentences of a sealed set, with their labels."""
    rows: list[dict[str, Any]] = YAML(typ="safe", pure=True).load((SEALED / f"{name}.yml").read_text(encoding="utf-8"))[
        "sentences"
    ]
    return rows


def everyday() -> list[str]:
    """Read the development sentences with which a talk begins and that hold no danger."""
    path = SEALED / "dev" / "danger_everyday.yml"
    sentences: list[str] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))["sentences"]
    return sentences


def expected(rows: Sequence[Mapping[str, Any]], found: Sequence[str]) -> list[str]:
    """Return the right intent of each row; the danger question is right as well where a reader would ask it."""
    return [
        name if name == DANGER and row.get("danger") else row["intent"] for row, name in zip(rows, found, strict=True)
    ]


class Reader:
    """The trained model, reading one message after another as in a conversation."""

    def __init__(self, model: Path) -> None:
        configure_structlog(logging.WARNING)  # else every parse is printed, words and all
        self._agent = Agent.load(str(model))

    def parses(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return the parse of each text, with the milliseconds it took as `ms`."""

        async def all_of_them() -> list[dict[str, Any]]:
            return [await self._one(text) for text in texts]

        return asyncio.run(all_of_them())

    async def _one(self, text: str) -> dict[str, Any]:
        begin = time.perf_counter()
        parse: dict[str, Any] = await self._agent.parse_message(text)
        return {**parse, "ms": (time.perf_counter() - begin) * 1000}


def macro_f1(truth: Any, found: Any) -> float:
    """Return the mean F1 over the labels that occur in `truth`."""
    labels = sorted(set(truth.tolist()))
    return float(f1_score(truth.tolist(), found.tolist(), average="macro", labels=labels, zero_division=0))


def measure_intents(reader: Reader) -> dict[str, Any]:
    """Measure the intents of the sealed set: by the classifier with its gates, and with the danger verdict on top."""
    tell("intents")
    rows = read_rows("intents")
    texts, meant = [row["text"] for row in rows], [row["intent"] for row in rows]
    parses = reader.parses(texts)
    asked, ranked = [parse["intent"] for parse in parses], [parse["intent_ranking"][0] for parse in parses]
    found = [parse["name"] for parse in asked]
    truth = expected(rows, found)
    result: dict[str, Any] = {
        "whole pipeline": score_intents(truth, asked),
        "without the danger verdict": score_intents(meant, ranked),
    }
    draw_confusion(truth, found, Path("reports/intents-confusion.png"))
    draw_calibration(ranked, meant, Path("reports/intents-calibration.png"))
    lost = Counter((a, b) for a, b in zip(truth, found, strict=True) if a != b)
    result["confused"] = [[a, b, count] for (a, b), count in lost.most_common(12)]
    result["danger question where no reader would ask"] = share(
        [parse["danger"]["acute"] for row, parse in zip(rows, parses, strict=True) if not row.get("danger")]
    )
    for name, hurry in HURRIES.items():
        tell(f"intents, {name}")
        hurried = [parse["intent"] for parse in reader.parses([hurry(text) for text in texts])]
        result[name] = score_intents(expected(rows, [row["name"] for row in hurried]), hurried)
    questions = YAML(typ="safe", pure=True).load((SEALED / "knowledge.yml").read_text(encoding="utf-8"))["questions"]
    asked = reader.parses([row["q"] for row in questions if row["kind"] == "answer"])
    result["knowledge questions heard as a question"] = share([row["intent"]["name"] == QUESTION for row in asked])
    return result


def score_intents(truth: Sequence[str], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return accuracy, macro F1 and calibration error."""
    names = [row["name"] for row in found]
    right = [a == b for a, b in zip(truth, names, strict=True)]
    return {
        "accuracy": share(right),
        "macro_f1": resampled(macro_f1, truth, names),
        "calibration_error": round(calibration_error([row["confidence"] for row in found], right), 3),
    }


def danger_judge(model: Path) -> judge.Judge:
    """Return the judge out of a trained model."""
    with tarfile.open(model) as archive, tempfile.TemporaryDirectory() as folder:
        member = next(member for member in archive.getmembers() if member.name.endswith("/danger.skops"))
        archive.extract(member, folder)
        return judge.Judge.restore(features.load(Path(folder) / member.name))


def measure_danger(reader: Reader, trained: judge.Judge) -> dict[str, Any]:
    """Measure the danger question on the sealed set: how often it is asked where it must be, and where it need not;
    in a conversation, where the judge must be surer of a text that is surely something calm, and by its parts."""
    tell("danger")
    rows = read_rows("danger")
    acute = np.array([bool(row["danger"]) for row in rows])

    def embed(texts: Sequence[str]) -> Any:
        return stored_vectors(shared_encoder(), texts, Path("var/cache/engine"))

    def verdicts(texts: Sequence[str]) -> list[judge.Verdict]:
        embed([unit for text in texts for unit in units(text)])  # side by side, before they are judged one by one
        return [trained.judge(text, embed) for text in texts]

    texts = [row["text"] for row in rows]
    whole = verdicts(texts)
    asked = {
        "in a conversation": np.array([parse["danger"]["acute"] for parse in reader.parses(texts)]),
        "judge": np.array([verdict.acute for verdict in whole]),
        "lexicon alone": np.array([trained.names_danger(text) for text in texts]),
        "classifier alone": np.array([trained.model_chance(text, embed) >= trained.threshold for text in texts]),
    }
    result: dict[str, Any] = {name: score_danger(acute, by) for name, by in asked.items()}
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for row, is_asked in zip(rows, asked["in a conversation"], strict=True):
        for kind in row["kinds"] if row["danger"] else ():
            found[kind].append(bool(is_asked))
    result["kinds"] = {kind: share(found[kind]) for kind in sorted(found)}
    draw_danger(acute, [verdict.score for verdict in whole], trained.threshold, result["kinds"])
    result["asked of everyday background"] = share([parse["danger"]["acute"] for parse in reader.parses(everyday())])
    for name, hurry in HURRIES.items():
        tell(f"danger, {name}")
        result[name] = score_danger(acute, np.array([row.acute for row in verdicts([hurry(text) for text in texts])]))
    return result


def score_danger(acute: Any, asked: Any) -> dict[str, Any]:
    """Return the share of danger that is asked about, and the share of the rest at which it is asked needlessly."""
    return {"found": share(asked[acute].tolist()), "needless": share(asked[~acute].tolist())}


def measure_speed(reader: Reader) -> dict[str, Any]:
    """Measure how long a parse takes, in milliseconds, for texts that were not read before."""
    tell("speed")
    words = " ".join(row["text"] for row in read_rows("danger")).split()
    sizes = {"15 words": (15, 100), "60 words": (60, 60), "4,000 characters": (600, 8)}
    result = {}
    for name, (size, count) in sizes.items():
        texts = [" ".join(words[at * size + at : (at + 1) * size + at])[:4000] for at in range(count)]
        took = [parse["ms"] for parse in reader.parses([text for text in texts if text])]
        result[name] = {"p50": round(float(np.median(took)), 1), "p95": round(float(np.quantile(took, 0.95)), 1)}
    return result


def measure_baselines(kinds: Mapping[str, tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    """Train Rasa's own classifiers on the same sentences (letters and E5), and measure them on the sealed intents."""
    if not kinds:
        return {}
    seen = [(m.get("text"), m.get("intent")) for m in load_data("data/nlu").intent_examples]
    sealed = read_rows("intents")
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder), seen)
        messages = workshop.messages([row["text"] for row in sealed])
        for name, (kind, config) in kinds.items():
            tell(f"{name}: training on {len(seen)} sentences")
            begin = time.perf_counter()
            component = workshop.make(kind, config)
            component.train(workshop.data)
            seconds = round(time.perf_counter() - begin, 1)
            component.process(messages)
            found = [message.get("intent") for message in messages]
            result[name] = {"train_seconds": seconds, **score_intents([row["intent"] for row in sealed], found)}
            if "epochs" in config:
                result[name]["epochs"] = config["epochs"]
    return result


class Workshop:
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

    def messages(self, texts: Sequence[str]) -> list[Message]:
        """Return featurised messages without their intent."""
        messages = [Message.build(text) for text in texts]
        for step in self._steps:
            step.process(messages)
        return messages


# -- pictures and tables ----------------------------------------------------------------------------------------------


def draw_confusion(truth: Sequence[str], found: Sequence[str], path: Path) -> None:
    """Draw which intent was taken for which; the diagonal is right."""
    labels = sorted({*truth, *found})
    matrix = confusion_matrix(truth, found, labels=labels, normalize="true")
    figure, axes = pyplot.subplots(figsize=(13, 12), constrained_layout=True)
    axes.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    for row, column in np.argwhere(matrix >= 0.05):
        if row != column:
            axes.text(column, row, f"{matrix[row, column]:.0%}", ha="center", va="center", fontsize=6, color="#a33b20")
    save(figure, path)


def draw_calibration(found: Sequence[Mapping[str, Any]], truth: Sequence[str], path: Path) -> None:
    """Draw how often the classifier is right against how sure it is."""
    right = [row["name"] == intent for row, intent in zip(found, truth, strict=True)]
    bins = calibration([row["confidence"] for row in found], right)
    figure, axes = pyplot.subplots(figsize=(5, 5), constrained_layout=True)
    axes.plot([0, 1], [0, 1], color="#999999", linestyle="--")
    axes.scatter([b[0] for b in bins], [b[1] for b in bins], s=[30 + 600 * b[2] for b in bins], color="#2f6f73")
    axes.set_xlabel("how sure (the size of a point: how many sentences)")
    axes.set_ylabel("how often right")
    save(figure, path)


def draw_danger(acute: Any, scores: Sequence[float], threshold: float, kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw what each threshold would find and ask needlessly, and what is found of each kind."""
    score = np.asarray(scores)
    steps = np.unique(score)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 5), constrained_layout=True)
    left.plot(steps, [(score[acute] >= step).mean() for step in steps], color="#a33b20", label="danger found")
    left.plot(steps, [(score[~acute] >= step).mean() for step in steps], color="#2f6f73", label="asked needlessly")
    left.axvline(threshold, color="#999999", linestyle="--", label="threshold")
    left.set_xlabel("threshold on the score")
    left.legend()
    names = sorted(kinds, key=lambda kind: kinds[kind]["value"])
    values = [kinds[kind]["value"] for kind in names]
    ends = [[kinds[k]["value"] - kinds[k]["low"] for k in names], [kinds[k]["high"] - kinds[k]["value"] for k in names]]
    right.barh(names, values, xerr=ends, color="#2f6f73", ecolor="#999999")
    right.axvline(0.93, color="#a33b20", linestyle="--")
    right.set_xlim(0.5, 1.01)
    right.set_xlabel("found, with 95% interval; the line is the goal for each kind")
    save(figure, Path("reports/danger.png"))


def save(figure: Any, path: Path) -> None:
    """Write a picture without the date in it."""
    figure.savefig(path, dpi=90, metadata={"Software": None})
    pyplot.close(figure)


def tables(report: Mapping[str, Any]) -> str:
    """Return the tables of docs/nlu.md."""
    lines = ["", "| intents, sealed | accuracy | macro F1 | calibration error |", "| --- | --- | --- | --- |"]
    lines.append("| goal | ≥ 0.93 | ≥ 0.90 | ≤ 0.05 |")
    named = [(name, row) for name, row in report["intents"].items() if isinstance(row, dict) and "macro_f1" in row]
    named += [(_baseline(name, row), row) for name, row in report["baselines"].items()]
    for name, row in named:
        lines.append(f"| {name} | {shown(row['accuracy'])} | {shown(row['macro_f1'])} | {row['calibration_error']} |")
    heard = report["intents"]["knowledge questions heard as a question"]
    lines += ["", f"Of {heard['of']} sealed questions to the knowledge {shown(heard)} are heard as a question."]
    needless = report["intents"]["danger question where no reader would ask"]
    lines.append(f"Of the {needless['of']} sealed sentences where no reader would ask about danger, {shown(needless)}")
    lines += ["lead to the danger question.", ""]
    lines += ["| danger, sealed | found | needless questions |", "| --- | --- | --- |", "| goal | ≥ 0.98 | ≤ 0.05 |"]
    for name, row in report["danger"].items():
        if "found" in row:
            lines.append(f"| {name} | {shown(row['found'])} | {shown(row['needless'])} |")
    background = report["danger"]["asked of everyday background"]
    lines += [
        "",
        f"Of the {background['of']} development sentences of everyday background, {shown(background)} lead to it too.",
    ]
    lines += ["", "| kind of danger (goal ≥ 0.93) | sentences | found |", "| --- | --- | --- |"]
    lines += [f"| {kind} | {row['of']} | {shown(row)} |" for kind, row in report["danger"]["kinds"].items()]
    lines += ["", "| a parse, ms | p50 | p95 |", "| --- | --- | --- |"]
    lines += [f"| {name} | {row['p50']} | {row['p95']} |" for name, row in report["parse_ms"].items()]
    return "\n".join([*lines, "", ""])


def _baseline(name: str, row: Mapping[str, Any]) -> str:
    epochs = f", {row['epochs']} epochs" if "epochs" in row else ""
    older = ", measured earlier" if row.get("older") else ""
    return f"{name.replace('_', ' ')}{epochs} (trained in {row['train_seconds']} s){older}"


if __name__ == "__main__":
    sys.exit(main())
