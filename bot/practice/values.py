"""What the values of a dialogue can become by its options, within a bound that is never too narrow: what is said to be
impossible, is. What techniques in lines that fit no option change is left out: no script should count on that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from bot.practice.records import LEAST, MOST, Dialogue, When

Span: TypeAlias = tuple[int, int]  # from and up to and including; nothing where the first is more
Spans: TypeAlias = Mapping[str, Span]  # by value


def reach(dialogue: Dialogue) -> Spans:
    """Return between what each value stays. It starts somewhere, and goes all the way up or down as soon as an option
    that can be open moves it so."""
    options = [option for scene in dialogue.scenes for option in scene.options if option.effect]
    spans = {name: (value, value) for name, value in dialogue.state.items()}
    while True:
        before = dict(spans)
        for option in options:
            if possible(option.when, before):
                for name, change in option.effect.items():
                    least, most = spans[name]
                    spans[name] = (LEAST if change < 0 else least, MOST if change > 0 else most)
        if spans == before:
            return spans


def possible(when: When, spans: Spans) -> bool:
    """Tell whether this can hold while the values stay between these."""
    return impossible(when, spans) is None


def impossible(when: When, spans: Spans) -> str | None:
    """Return the first value that never becomes what this asks; None when all can."""
    return next((name for name, (least, most) in _narrowed(when, spans).items() if least > most), None)


def together(one: When, other: When, spans: Spans) -> bool:
    """Tell whether both can hold at the same time."""
    return possible(When((*one.all, *other.all)), spans)


def covers(one: When, other: When, spans: Spans) -> bool:
    """Tell whether the one always holds where the other does."""
    wide, narrow = _narrowed(one, spans), {**spans, **_narrowed(other, spans)}
    return all(least <= narrow[name][0] and narrow[name][1] <= most for name, (least, most) in wide.items())


def _narrowed(when: When, spans: Spans) -> dict[str, Span]:
    """Return the values that this looks at, each between what it is then."""
    found: dict[str, Span] = {}
    for name, how, number in when.all:
        least, most = found.get(name, spans[name])
        found[name] = (least if how == "<=" else max(least, number), most if how == ">=" else min(most, number))
    return found
