"""What a trainer sees of a group: which scenes were hard, which told who can from who cannot yet, and whether tries got
better. Pure. Of fewer than five trainees nothing is told, of a group nor of a scene: a small group identifies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, TypeAlias

import numpy as np

from bot.practice import Dialogue, Ending, Scene, ScriptChangedError, open_options, positions
from bot.studio.records import Try

LEAST: Final = 5  # trainees
LEAST_TRIES: Final = 10  # for a correlation
TOO_FEW: Final = f"Cijfers zie je pas als {LEAST} deelnemers iets deelden. In een kleinere groep is te zien wie wie is."
Row: TypeAlias = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class SceneFigures:
    """What was done in a scene; empty where `too_few` trainees came.

    `options` is how often each was taken, `free` how often a line fitted none. `difficulty` is the mean worth of what
    was taken as a share of the best that was open, from 0 (nobody found it) to 1 (everybody did), None where nothing
    was to be earned. `discrimination` is the correlation, from -1 to 1, of what a try earned here with what it earned
    elsewhere; None under ten tries, or where all are the same.
    """

    scene: str
    too_few: bool
    options: Mapping[str, int]
    free: int = 0
    difficulty: float | None = None
    discrimination: float | None = None


@dataclass(frozen=True)
class GoalFigures:
    """The mean share of the points that there were for a goal, 0 to 1; None where too few trainees could earn any."""

    goal: str
    share: float | None


@dataclass(frozen=True)
class Progress:
    """The mean share of all points in the first, second, third … tries of the same trainees: who made them all."""

    trainees: int
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Report:
    """All figures of a group. `left_out` are tries that do not fit in the script as it is now; `endings` is how often
    each was reached."""

    trainees: int
    tries: int
    left_out: int
    scenes: tuple[SceneFigures, ...]
    goals: tuple[GoalFigures, ...]
    endings: Mapping[str, int]
    progress: tuple[Progress, ...]


@dataclass(frozen=True)
class TooFew:
    """Nothing is told, and this is why."""

    notice: str = TOO_FEW


@dataclass
class _Visit:
    """What one try did in one scene, however often it came there."""

    trainee: str
    options: Counter[str]
    free: int = 0
    worth: int = 0
    best: int = 0

    @property
    def share(self) -> float | None:
        """Return what was earned of what could be; None where nothing could."""
        return min(1.0, max(0.0, self.worth / self.best)) if self.best > 0 else None


_Visits: TypeAlias = dict[str, _Visit]  # of one try, by scene


def group_report(dialogue: Dialogue, tries: Sequence[Try]) -> Report | TooFew:
    """Return the figures of a group over the tries of its trainees."""
    fitting, visits = list[Try](), list[_Visits]()
    for one in tries:
        try:
            visits.append(_visits(dialogue, one))
        except ScriptChangedError:
            continue
        fitting.append(one)
    trainees = len({one.trainee for one in fitting})
    if trainees < LEAST:
        return TooFew()
    return Report(
        trainees, len(fitting), len(tries) - len(fitting),
        tuple(_scene(scene, visits) for scene in dialogue.scenes),
        tuple(_goal(goal.id, fitting) for goal in dialogue.goals),
        _endings(dialogue, fitting),
        tuple(_progress(fitting)),
    )  # fmt: skip


# -- scenes ------------------------------------------------------------------------------------------------------------


def _visits(dialogue: Dialogue, one: Try) -> _Visits:
    found: _Visits = {}
    for here, move in zip(positions(dialogue, one.moves), one.moves, strict=False):
        visit = found.setdefault(here.place.id, _Visit(one.trainee, Counter()))
        if not move.option:
            visit.free += 1
            continue
        worths = {option.id: option.worth for option in open_options(here)}
        visit.options[move.option] += 1
        visit.worth += worths.get(move.option, 0)
        visit.best += max((0, *worths.values()))
    return found


def _scene(scene: Scene, visits: Sequence[_Visits]) -> SceneFigures:
    came = [(one[scene.id], one) for one in visits if scene.id in one]
    if len({visit.trainee for visit, _ in came}) < LEAST:
        return SceneFigures(scene.id, True, {})
    taken = Counter[str]()
    for visit, _ in came:
        taken.update(visit.options)
    here = [visit.worth for visit, _ in came]
    elsewhere = [sum(other.worth for other in one.values()) - visit.worth for visit, one in came]
    return SceneFigures(
        scene.id, False, {option.id: taken[option.id] for option in scene.options},
        sum(visit.free for visit, _ in came),
        _mean(share for visit, _ in came if (share := visit.share) is not None),
        _correlation(here, elsewhere),
    )  # fmt: skip


def _correlation(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Return Pearson's correlation; None of too few, or where one of the two is always the same."""
    if len(one) < LEAST_TRIES or len(set(one)) == 1 or len(set(other)) == 1:
        return None
    return float(np.corrcoef(one, other)[0, 1])


# -- goals, endings and progress ---------------------------------------------------------------------------------------


def _goal(goal: str, tries: Sequence[Try]) -> GoalFigures:
    could = [(one.trainee, *one.goals[goal]) for one in tries if one.goals.get(goal, (0, 0))[1]]
    if len({trainee for trainee, _, _ in could}) < LEAST:
        return GoalFigures(goal, None)
    return GoalFigures(goal, _mean(points / of for _, points, of in could))


def _endings(dialogue: Dialogue, tries: Sequence[Try]) -> Mapping[str, int]:
    reached = Counter(one.ending for one in tries)
    return {name: reached[name] for name, place in dialogue.places.items() if isinstance(place, Ending)}


def _progress(tries: Sequence[Try]) -> Iterable[Progress]:
    """Yield the tries of those who made two, three and so on. Where only a few made no more than that, what is told of
    the others would tell of them: it is left out."""
    shares: dict[str, list[float]] = {}
    for one in sorted(tries, key=lambda one: one.number):
        hers = shares.setdefault(one.trainee, [])
        if one.number == len(hers) + 1:  # none before it was left out
            hers.append(_share(one))
    told = 0
    for number in range(2, max(map(len, shares.values())) + 1):
        same = [hers[:number] for hers in shares.values() if len(hers) >= number]
        enough = len(same) >= LEAST and (not told or len(same) == told or told - len(same) >= LEAST)
        if enough:
            told = len(same)
            yield Progress(told, tuple(fmean(column) for column in zip(*same, strict=True)))


def _share(one: Try) -> float:
    of = sum(most for _, most in one.goals.values())
    return sum(points for points, _ in one.goals.values()) / of if of else 0.0


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fmean(found) if found else None


# -- as rows of a file -------------------------------------------------------------------------------------------------


def scene_rows(report: Report) -> list[Row]:
    """Return the scenes as rows under a head: one for each option, and one for free lines. Empty is not told."""
    rows: list[Row] = [("scène", "wat", "keren", "moeilijkheid", "onderscheid")]
    for scene in report.scenes:
        figures = (_rounded(scene.difficulty), _rounded(scene.discrimination))
        if scene.too_few:
            rows.append((scene.scene, f"minder dan {LEAST} deelnemers", None, *figures))
            continue
        rows += [(scene.scene, option, times, *figures) for option, times in scene.options.items()]
        rows.append((scene.scene, "eigen zin", scene.free, *figures))
    return rows


def goal_rows(report: Report) -> list[Row]:
    """Return the goals as rows under a head. An empty cell is not told."""
    return [("leerdoel", "deel van de punten"), *((goal.goal, _rounded(goal.share)) for goal in report.goals)]


def ending_rows(report: Report) -> list[Row]:
    """Return the endings as rows under a head."""
    return [("einde", "keren"), *report.endings.items()]


def progress_rows(report: Report) -> list[Row]:
    """Return the progress as rows under a head: one for each try of those who made so many."""
    rows: list[Row] = [("pogingen", "deelnemers", "poging", "deel van de punten")]
    for told in report.progress:
        rows += [(len(told.shares), told.trainees, at, _rounded(share)) for at, share in enumerate(told.shares, 1)]
    return rows


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
