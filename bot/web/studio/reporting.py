"""The report of a group as it is read: charts, with what their figures mean in plain words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.practice import ENDINGS, Dialogue, Ending, Scene, spoken
from bot.studio import LEAST, LEAST_TRIES, Progress, Report, Row, SceneFigures
from bot.web.charts import Chart, chart
from bot.web.desk.shown import shortened

Bounds: TypeAlias = Sequence[tuple[float, str]]  # the words for what is at least this

# Of the mean share of the points: what most, some or few can.
DIFFICULTY: Final[Bounds] = ((0.7, "Dit lukte vaak"), (0.3, "Dit lukte soms"), (0.0, "Dit was moeilijk"))
DISCRIMINATION: Final[Bounds] = (
    (0.3, "Wie het hier beter deed, deed het in de andere scènes ook beter"),
    (0.0, "Hoe het hier ging, zegt weinig over hoe het in de andere scènes ging"),
    (-1.0, "Wie het hier beter deed, deed het in de andere scènes minder goed: kijk of de punten hier kloppen"),
)
_NO_POINTS: Final = "Hier zijn geen punten te halen."
_NOT_TOLD: Final = "Onderscheid: nog niet te zeggen."
FREE: Final = "Een eigen zin die bij geen antwoord paste"


@dataclass(frozen=True)
class Told:
    """A report in the order in which it is read; `few` are scenes of which nothing is told."""

    summary: str
    goals: Chart
    endings: Chart
    progress: tuple[Chart, ...]
    difficulty: Chart
    scenes: tuple[Chart, ...]
    few: tuple[str, ...]
    least: int = LEAST
    least_tries: int = LEAST_TRIES


def told(dialogue: Dialogue, report: Report) -> Told:
    """Lay out a report."""
    scenes = {scene.id: scene for scene in dialogue.scenes}
    return Told(
        _summary(report), _goals(dialogue, report), _endings(dialogue, report),
        tuple(_progress(one) for one in report.progress), _difficulties(report),
        tuple(_scene(scenes[one.scene], one) for one in report.scenes if not one.too_few),
        tuple(named(one.scene) for one in report.scenes if one.too_few),
    )  # fmt: skip


def named(name: str) -> str:
    """Return an id of a dialogue as words."""
    return name.replace("_", " ")


def cell(value: str | int | float | None) -> str:
    """Return a value as a file for spreadsheets has it: with a comma, and no text that would be taken for a formula."""
    match value:
        case None:
            return ""
        case float():
            return f"{value:g}".replace(".", ",")
        case str() if value.startswith(("=", "+", "-", "@", "\t", "\r")):
            return f"'{value}"
    return str(value)


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """Return rows as a file for spreadsheets has them."""
    return [[cell(value) for value in row] for row in rows]


def _summary(report: Report) -> str:
    match report.left_out:
        case 0:
            left = ""
        case 1:
            left = " Nog 1 poging past niet meer in het gesprek en telt niet mee."
        case many:
            left = f" Nog {many} pogingen passen niet meer in het gesprek en tellen niet mee."
    return f"{report.trainees} deelnemers deelden {report.tries} pogingen.{left}"


def _goals(dialogue: Dialogue, report: Report) -> Chart:
    shares = {one.goal: one.share for one in report.goals}
    rows = [(goal.text, shares[goal.id] or 0.0, _part(shares[goal.id])) for goal in dialogue.goals]
    return chart("leerdoelen", "Leerdoelen", "Gemiddeld deel van de punten die er te halen waren.", rows, most=1)


def _endings(dialogue: Dialogue, report: Report) -> Chart:
    endings = [place for place in dialogue.places.values() if isinstance(place, Ending)]
    rows = [(f"{ENDINGS[one.kind]} ({named(one.id)})", report.endings[one.id], _times(report.endings[one.id]))
            for one in endings]  # fmt: skip
    return chart("eindes", "Hoe het eindigde", "Hoe vaak een poging bij dit einde uitkwam.", rows)


def _progress(one: Progress) -> Chart:
    times = len(one.shares)
    text = f"Gemiddeld deel van alle punten, elke keer van dezelfde {one.trainees} deelnemers."
    rows = [(f"{number}e poging", share, _part(share)) for number, share in enumerate(one.shares, 1)]
    return chart(f"poging-{times}", f"Wie {times} keer of vaker deelde", text, rows, most=1)


def _difficulties(report: Report) -> Chart:
    told_of = [one for one in report.scenes if not one.too_few]
    text = "Gemiddeld deel van de punten die er in een scène te halen waren, met het onderscheid."
    rows = [(named(one.scene), one.difficulty or 0.0, _both(one)) for one in told_of]
    return chart("moeilijk", "Hoe moeilijk de scènes waren", text, rows, most=1)


def _both(one: SceneFigures) -> str:
    if one.difficulty is None:
        return "geen punten"
    more = "" if one.discrimination is None else f", onderscheid {_figure(one.discrimination)}"
    return _part(one.difficulty) + more


def _scene(scene: Scene, figures: SceneFigures) -> Chart:
    best = max(option.worth for option in scene.options)
    rows: list[tuple[str, float, str]] = []
    for option in scene.options:
        strongest = ", het sterkste antwoord" if option.worth == best > 0 else ""
        times = figures.options[option.id]
        rows.append((option.examples[0], times, _times(times) + strongest))
    rows.append((FREE, figures.free, _times(figures.free)))
    says = shortened(" ".join(spoken(scene.says[-1].text)))
    text = "\n".join((f"“{says}”", _difficulty(figures.difficulty), _discrimination(figures.discrimination)))
    return chart(f"scene-{scene.id}", named(scene.id).capitalize(), text, rows)


def _difficulty(share: float | None) -> str:
    if share is None:
        return _NO_POINTS
    return f"{_words(DIFFICULTY, share)}: gemiddeld haalden zij {_part(share)} van de punten."


def _discrimination(correlation: float | None) -> str:
    if correlation is None:
        return _NOT_TOLD
    return f"{_words(DISCRIMINATION, correlation)} (onderscheid {_figure(correlation)})."


def _words(bounds: Bounds, value: float) -> str:
    return next(words for least, words in bounds if value >= least)


def _figure(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _part(share: float | None) -> str:
    return "te weinig deelnemers" if share is None else f"{100 * share:.0f}%"


def _times(number: int) -> str:
    return f"{number} keer"
