"""What a trainee does in a line, such as asking openly or judging: the techniques, and how each is heard in words.
Learnt from `data/practice/techniques`, so that no trained file is handed around."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from bot.encoder import Encoder, Vectors
from bot.practice.records import Technique
from bot.vectors import VectorCache
from bot.yamlfile import Loaded, read_yaml, validate

FOLDER: Final = Path("practice") / "techniques"
SEVERAL: Final = "meer_vragen"  # heard by a rule: it is a matter of counting
OTHER: Final = "anders"  # where nothing else is heard
HEARD_FROM: Final = 0.4  # the chance from which a technique is heard (docs/practice.md)
C: Final = 20.0
MEANING_WEIGHT: Final = 1.0  # beside letters and words

# A question: a sentence with its mark, or a second question that goes on in the same sentence.
_MARK = re.compile(r"\?+")
_AND = re.compile(
    r"\b(?:en|of) (?:wat|hoe|waar|wanneer|wie|waarom|waardoor|welke?|hoeveel|heb|hebt|heeft|is|was|zijn|kan|kunt|kun|"
    r"ben|bent|wil|wilt|gaat|slaat|mag|voelt) (?:u|je|jij|ge|hij|ze|zij|er|dat|dit|het|de|uw|jouw)\b[^?]*\?",
    re.IGNORECASE,
)


def load_techniques(data: Path) -> dict[str, Technique]:
    """Read the techniques by id, what weighs most first. Raises DataFileError."""
    loaded = _load(data, "techniques")
    rows = loaded.data["techniques"]
    names = [row["id"] for row in rows]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise loaded.error(f"{name} staat er twee keer; kies een andere naam", "techniques", at, "id")
    for name in (SEVERAL, OTHER):
        if name not in names:
            raise loaded.error(f"{name} ontbreekt; zet het erbij, want daar wordt naar geluisterd", "techniques")
    return {row["id"]: Technique(**row) for row in rows}


def load_lines(data: Path, known: Collection[str]) -> list[tuple[str, frozenset[str]]]:
    """Read the lines to learn from, with the techniques in each. Raises DataFileError."""
    loaded = _load(data, "lines")
    seen: set[str] = set()
    for at, row in enumerate(loaded.data["lines"]):
        for name in row["tags"]:
            if name not in known or name in (SEVERAL, OTHER):
                raise loaded.error(f"er is geen techniek {name}", "lines", at)
        key = " ".join(row["text"].lower().split())
        if key in seen:
            raise loaded.error(f"staat er twee keer in: {row['text']}", "lines", at)
        seen.add(key)
    return [(row["text"], frozenset(row["tags"])) for row in loaded.data["lines"]]


def _load(data: Path, name: str) -> Loaded:
    loaded = read_yaml(data / FOLDER / f"{name}.yml")
    validate(loaded, json.loads((data / FOLDER / "schema" / f"{name}.json").read_text(encoding="utf-8")))
    return loaded


def asks_several(text: str) -> bool:
    """Tell whether more than one question is asked at once."""
    return len(_MARK.findall(text)) > 1 or bool(_AND.search(text))


class TechniqueModel:
    """Hears techniques in a line: vectors of meaning, letters and words in one logistic regression for each."""

    def __init__(self, lines: Sequence[tuple[str, Collection[str]]], encoder: Encoder, cache: Path | None) -> None:
        self._encoder = encoder
        texts = [text for text, _ in lines]
        self.names = sorted({name for _, tags in lines for name in tags})
        shared = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
        self._counted = (
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared),
            # How a line begins and what ends it tells much: “^ wat”, “he ?”.
            TfidfVectorizer(token_pattern=r"[\w'^]+|[?!(…]", ngram_range=(1, 3), **shared),
        )
        for counted in self._counted:
            counted.fit(_begun(texts))
        vectors = VectorCache("techniques", encoder, cache).query(texts)
        self.centre = vectors.mean(axis=0)
        self._model = OneVsRestClassifier(
            LogisticRegression(C=C, solver="liblinear", dual=True, tol=0.02, max_iter=300, random_state=0)
        )
        self._model.fit(
            self._inputs(texts, vectors), np.array([[name in tags for name in self.names] for _, tags in lines])
        )

    def chances(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the chance of each of `names` in each text; shape (texts, names)."""
        return np.asarray(self._model.predict_proba(self._inputs(texts, self._encoder.query(texts))))

    def heard(self, text: str) -> frozenset[str]:
        """Return the techniques in a line, without those that are heard by a rule."""
        return frozenset(
            name for name, chance in zip(self.names, self.chances([text])[0], strict=True) if chance >= HEARD_FROM
        )

    def _inputs(self, texts: Sequence[str], vectors: Vectors) -> csr_matrix:
        meaning = csr_matrix((vectors - self.centre) * MEANING_WEIGHT * 4)
        return hstack([meaning, *(counted.transform(_begun(texts)) for counted in self._counted)], format="csr")


def _begun(texts: Sequence[str]) -> list[str]:
    return [f"^ {text}" for text in texts]
