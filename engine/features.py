"""What our classifiers look at: the meaning of a text (centred E5) beside its words and letters (TF-IDF).
E5's vectors all point one way; what tells them apart is what remains when their mean is taken off."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from encoder import Vectors, spelled

# What skops does not trust by itself and TfidfVectorizer holds: plain matrices of numbers.
_TRUSTED = ["scipy.sparse._csr.csr_matrix", "scipy.sparse._dia.dia_matrix"]


class ModelFileError(Exception):
    """A stored model holds types that we never put there."""


def normalised(text: str) -> str:
    """Return text as the character features see it: lower case, without accents and repeated blanks."""
    plain = unicodedata.normalize("NFKD", spelled(text).lower().replace("’", "'"))
    return re.sub(r"\s+", " ", "".join(letter for letter in plain if not unicodedata.combining(letter)))


class TextFeatures:
    """Turns texts and their vectors into one sparse matrix; learns mean and letters from the training texts."""

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        self._state = dict(state or {})

    def fit(self, texts: Sequence[str], vectors: Vectors, meaning: float) -> TextFeatures:
        """Learn from training texts and their vectors, shape (n, dim); `meaning` is what a vector weighs beside words.

        The encoder was taught by most of the sentences that the classifiers learn from, and knows those better than new
        ones: so meaning weighs less than 1. Chosen on development sentences (docs/nlu.md).
        """
        plain = [normalised(text) for text in texts]
        shared = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared).fit(plain)
        # Words in pairs tell apart what letters and meaning do not: "geen mes", "niet meer", "mijn man".
        words = TfidfVectorizer(token_pattern=r"[\w']+", ngram_range=(1, 2), **shared).fit(plain)
        for part in (letters, words):
            part.stop_words_ = None  # scikit-learn keeps every n-gram it left out; of no use to a stored model
        self._state = {"letters": letters, "words": words, "mean": vectors.mean(axis=0), "meaning": meaning}
        return self

    def transform(self, texts: Sequence[str], vectors: Vectors) -> csr_matrix:
        """Return one row per text."""
        meaning = (vectors - self._state["mean"]) * self._state["meaning"]
        plain = [normalised(text) for text in texts]
        counted = [self._state[part].transform(plain) for part in ("letters", "words")]
        return hstack([csr_matrix(meaning), *counted], format="csr")

    @property
    def state(self) -> dict[str, Any]:
        """What has to be stored to make the same features again."""
        return self._state


def save(path: Path, content: Mapping[str, Any]) -> None:
    """Store a dict of numbers, arrays and scikit-learn objects without pickle."""
    skops.io.dump(dict(content), path)


def load(path: Path) -> dict[str, Any]:
    """Read what `save` stored. Raises ModelFileError when the file holds anything else."""
    unknown = set(skops.io.get_untrusted_types(file=path)) - set(_TRUSTED)
    if unknown:
        raise ModelFileError(f"{path.name}: unexpected types {', '.join(sorted(unknown))}")
    content: dict[str, Any] = skops.io.load(path, trusted=_TRUSTED)
    return content


def fingerprint(*paths: Path) -> str:
    """Return a hash over files, for Rasa's training cache (which knows only the class itself)."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() if path.exists() else b"missing")
    return digest.hexdigest()
