"""Judges a text for danger: a trained model, and a lexicon that makes it surer, or less sure.
A missed danger is the worst error and a needless question a small one; the threshold is set accordingly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from encoder import Vectors, clean
from engine.clauses import split_clauses, units
from engine.features import TextFeatures, normalised
from engine.lexicon import DISCLOSURE, Lexicon, Sentence

Embed = Callable[[Sequence[str]], Vectors]

ACUTE = "acute"
# What the lexicon adds to the log odds of the model. A pattern of danger makes it surer. A frame ("wat is …", "geen …")
# makes it less sure, and so does a disclosure without a danger word: it has a way of its own in the dialogue, which
# asks about now. Neither decides alone, for a lexicon does not see whose case it is (docs/nlu.md).
_NAMED, _FRAMED, _DISCLOSED = 1.0, -1.2, -2.0


@dataclass(frozen=True)
class Trigger:
    """What was noticed, in the words of the one who wrote it."""

    kind: str
    quote: str


@dataclass(frozen=True)
class Verdict:
    """The verdict on one message: must the bot ask, how sure is the judge, and why."""

    acute: bool
    score: float
    triggers: tuple[Trigger, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the `danger` of a parse."""
        return {
            "acute": self.acute,
            "score": round(self.score, 3),
            "triggers": [asdict(trigger) for trigger in self.triggers],
        }


@dataclass(frozen=True)
class Measured:
    """The threshold, and what it gave on the development sentences: danger found, and needless questions."""

    threshold: float
    recall: float
    false_alarms: float


@dataclass(frozen=True)
class _View:
    text: str
    chance: float
    modelled: float  # the chance before the lexicon weighed in
    named: tuple[Trigger, ...]  # what the lexicon found
    likely: Mapping[str, float]  # what the model thinks of each kind

    @property
    def is_named(self) -> bool:
        return any(trigger.kind != DISCLOSURE for trigger in self.named)


class Judge:
    """A trained judge; `learn` makes one, `state` and `restore` keep it."""

    def __init__(self, lexicon: Lexicon, features: TextFeatures, heads: Mapping[str, Any], threshold: float) -> None:
        self._lexicon, self._features, self._heads, self.threshold = lexicon, features, heads, threshold
        # All heads at once, shapes (features, heads) and (heads,): one product in place of thirteen.
        self._weights = np.stack([head.coef_[0] for head in heads.values()], axis=1)
        self._biases = np.concatenate([head.intercept_ for head in heads.values()])

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Judge:
        """Make the judge of a stored state."""
        return cls(Lexicon(state["rows"]), TextFeatures(state["features"]), state["heads"], state["threshold"])

    @property
    def state(self) -> dict[str, Any]:
        """What has to be stored."""
        return {
            "rows": self._lexicon.rows,
            "features": self._features.state,
            "heads": dict(self._heads),
            "threshold": self.threshold,
        }

    def judge(self, text: str, embed: Embed, least: float = 0.0) -> Verdict:
        """Judge a message; the bot must ask from the threshold, or from `least` when that is higher."""
        triggers: dict[Trigger, None] = {}
        acute, score = False, 0.0
        # The strongest first: the danger question quotes the first trigger.
        for view in sorted(self._look(text, embed), key=lambda view: -view.chance):
            asks = view.chance >= max(self.threshold, least)
            score, acute = max(score, view.chance), acute or asks
            triggers.update(dict.fromkeys(_triggers(view, asks)))
        return Verdict(acute, score, tuple(triggers))

    def score(self, text: str, embed: Embed) -> float:
        """Return the chance of the worst sentence."""
        return max((view.chance for view in self._look(text, embed)), default=0.0)

    def names_danger(self, text: str) -> bool:
        """Say whether the lexicon alone would ask: a pattern of danger in a clause that no frame takes away."""
        return any(trigger.kind != DISCLOSURE for unit in units(clean(text)) for trigger in self._named(unit))

    def model_chance(self, text: str, embed: Embed) -> float:
        """Return what the model alone makes of the worst sentence, without the lexicon."""
        return max((view.modelled for view in self._look(text, embed)), default=0.0)

    def _look(self, text: str, embed: Embed) -> list[_View]:
        read = units(clean(text))
        if not read:
            return []
        x = self._features.transform(read, embed(read))
        chances = dict(zip(self._heads, expit(x @ self._weights + self._biases).T, strict=True))
        worst = np.max([chances[kind] for kind in chances if kind not in (ACUTE, DISCLOSURE)], axis=0)
        both = (logit(chances[ACUTE]) + logit(worst)) / 2  # danger at all, and danger of some kind
        views = []
        for row, unit in enumerate(read):
            named = self._named(unit)
            kinds = {trigger.kind for trigger in named}
            odds = both[row] + (_NAMED if kinds - {DISCLOSURE} else 0.0)
            if self._lexicon.frame_of(unit):
                odds += _FRAMED
            elif DISCLOSURE in kinds:
                odds += _DISCLOSED
            likely = {kind: float(chance[row]) for kind, chance in chances.items() if kind != ACUTE}
            views.append(_View(unit, float(expit(odds)), float(expit(both[row])), named, likely))
        return views

    def _named(self, unit: str) -> tuple[Trigger, ...]:
        return tuple(
            Trigger(kind, clause.text)
            for clause in split_clauses(unit)
            if not self._lexicon.frame_of(clause.text)
            for kind in self._lexicon.kinds_in(clause.text)
        )


def learn(
    lexicon: Lexicon,
    sentences: Sequence[Sentence],
    others: Sequence[Sentence],
    embed: Embed,
    config: Mapping[str, Any],
) -> tuple[Judge, Measured]:
    """Train on the labelled sentences and on `others` (of intents that say by themselves whether there is danger).

    The development sentences choose the threshold, scored by a judge that has seen none of them; the judge that is
    returned has learnt from those too.
    """
    known = {normalised(s.text) for s in sentences}
    others = [s for s in others if normalised(s.text) not in known]
    development = [s for s in sentences if s.development]
    judge = _train(lexicon, [s for s in sentences if not s.development], others, embed, config)
    scores = [judge.score(s.text, embed) for s in development]
    measured = choose_threshold(development, scores, config["recall"], config["ceiling"])
    judge = _train(lexicon, sentences, others, embed, config)
    judge.threshold = measured.threshold
    return judge, measured


def choose_threshold(
    development: Sequence[Sentence], scores: Sequence[float], recall: float, ceiling: float
) -> Measured:
    """Return the highest threshold (never above `ceiling`) at which the judge reaches the recall."""
    acute = [s.acute for s in development]
    found = sorted((score for score, is_acute in zip(scores, acute, strict=True) if is_acute), reverse=True)
    threshold = min([ceiling, *found[: math.ceil(recall * len(found))][-1:]])
    asked = [is_acute for score, is_acute in zip(scores, acute, strict=True) if score >= threshold]
    calm = max(1, len(acute) - len(found))
    return Measured(threshold, sum(asked) / max(1, len(found)), (len(asked) - sum(asked)) / calm)


def _train(
    lexicon: Lexicon,
    sentences: Sequence[Sentence],
    others: Sequence[Sentence],
    embed: Embed,
    config: Mapping[str, Any],
) -> Judge:
    rows = _training_rows(sentences)
    count = len(rows)  # the others have no kinds: they teach only whether there is danger
    rows += [(s.text, s) for s in others]
    texts = [text for text, _ in rows]
    vectors = embed(texts)
    features = TextFeatures().fit(texts, vectors, config["meaning"])
    x = features.transform(texts, vectors)
    asked = {ACUTE: (x, [s.acute for _, s in rows])}
    for kind in sorted({kind for s in sentences for kind in s.kinds}):
        asked[kind] = (x[:count], [kind in s.kinds for _, s in rows[:count]])
    fitted = Parallel(n_jobs=-1, prefer="threads")(delayed(_head)(*inputs, config["c"]) for inputs in asked.values())
    heads = dict(zip(asked, fitted, strict=True))
    return Judge(lexicon, features, heads, 0.5)


def _head(x: csr_matrix, y: list[bool], c: float) -> LogisticRegression:
    return LogisticRegression(
        C=c, class_weight="balanced", solver="liblinear", dual=True, max_iter=300, tol=1e-2, random_state=0
    ).fit(x, y)


def _training_rows(sentences: Sequence[Sentence]) -> list[tuple[str, Sentence]]:
    """Whole sentences; of long ones without danger also what is judged apart, for which the label holds as well."""
    rows = [(s.text, s) for s in sentences]
    for s in sentences:
        rows += [(unit, s) for unit in units(s.text) if not s.kinds and unit != s.text]
    return rows


def _triggers(view: _View, asks: bool) -> list[Trigger]:
    """Return what was named, else the model's best guess when the bot must ask; and a disclosure."""
    triggers = [trigger for trigger in view.named if asks or trigger.kind == DISCLOSURE]
    if asks and not view.is_named:
        guess = max((kind for kind in view.likely if kind != DISCLOSURE), key=lambda kind: view.likely[kind])
        triggers.append(Trigger(guess, view.text))
    if view.likely.get(DISCLOSURE, 0) >= 0.5 and all(trigger.kind != DISCLOSURE for trigger in triggers):
        triggers.append(Trigger(DISCLOSURE, view.text))
    return triggers
