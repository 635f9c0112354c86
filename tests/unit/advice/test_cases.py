"""Cases from practice, written from the sources without sight of the tables: each comes to what the design says,
and each small change to it (a near miss) comes to something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.advice import Tables, parse_request
from bot.settings import ROOT
from bot.yamlfile import read_yaml

FOLDER = ROOT / "tests" / "cases"
FILES = sorted(FOLDER.glob("*.yml"))
LEVELS, SETUPS = range(1, 14), range(1, 15)


@dataclass(frozen=True)
class Example:
    """A request with what it must come to."""

    name: str
    request: Mapping[str, Any]
    expect: Mapping[str, Any]


def examples(path: Path) -> Iterator[Example]:
    """The case of a file, then its near misses: the request of the case with what the change says."""
    data = read_yaml(path).data
    request = data["request"]
    yield Example(path.stem, request, data["expect"])
    for number, miss in enumerate(data.get("near_miss", ()), start=1):
        change = miss["change"]
        changed = {**request, **change, "case": {**request["case"], **change.get("case", {})}}
        yield Example(f"{path.stem}, bijna {number}", changed, miss["expect"])


EXAMPLES = [example for path in FILES for example in examples(path)]


def told(tables: Tables, example: Example) -> dict[str, Any]:
    """What the tables say, in the terms in which the cases expect it."""
    advice = tables.advise(parse_request(example.request))
    decision, answer = advice.decision, advice.as_dict()
    return {
        "outcome": answer["outcome"],
        "rule": decision.rule.nr,
        "setup": answer["conversation"]["setup"],
        "setup_rule": decision.setup_rules[0].nr,
        "report": answer["decisions"]["report"],
        "help": answer["decisions"]["help"],
        "cautions": [row["id"] for row in answer["cautions"]],
        "checks": [row["id"] for row in answer["checks"]],
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_case_comes_to_what_the_sources_say(tables: Tables, example: Example) -> None:
    found = told(tables, example)
    assert {name: found[name] for name in example.expect} == dict(example.expect)


def test_every_row_decides_and_falls_away(tables: Tables) -> None:
    """A row that no case reaches, or of which no near miss shows the edge, is not tested."""
    decides: dict[str, list[set[int]]] = {"rule": [set(), set()], "setup_rule": [set(), set()]}
    for path in FILES:
        case, *misses = [told(tables, example) for example in examples(path)]
        for name, (reached, fallen) in decides.items():
            reached.add(case[name])
            fallen |= {case[name] for miss in misses if miss[name] != case[name]}
    assert decides["rule"] == [set(LEVELS), set(LEVELS)]
    assert decides["setup_rule"] == [set(SETUPS), set(SETUPS)]


@pytest.mark.parametrize("name", ["cautions", "checks"])
def test_every_caution_and_check_holds_and_falls_away(tables: Tables, name: str) -> None:
    held: set[str] = set()
    fallen: set[str] = set()
    for path in FILES:
        case, *misses = [set(told(tables, example)[name]) for example in examples(path)]
        held |= case
        fallen |= {row for miss in misses for row in case - miss}
    every = {row.id for row in getattr(tables, name)}
    assert (held, fallen) == (every, every)


def test_every_case_names_its_source_and_passage() -> None:
    for path in FILES:
        data = read_yaml(path).data
        assert data["source"]["id"], path.name
        assert data["source"]["section"], path.name
        assert data["passage"], path.name
    assert len(FILES) >= 60
