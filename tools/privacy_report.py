"""Measures what the privacy door lets through and leaves out needlessly, on the development and the sealed set:
`python -m tools.privacy_report`. Writes reports/privacy.json and the table of docs/privacy/door.md; shows no sentence.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from bot.privacy import Door
from bot.privacy.measure import GROUPS, Figures, measure, read_sentences
from bot.settings import ROOT
from tools.scoring import share, shown

SETS = {"development": ROOT / "tests/eval/dev/privacy.yml", "sealed": ROOT / "tests/eval/privacy.yml"}
PAGE, REPORT = ROOT / "docs/privacy/door.md", ROOT / "reports/privacy.json"
GOALS = {"gestructureerd": 0.005, "naam": 0.02, "klein": 0.10}
NEEDLESS, P95 = 0.04, 15.0
NAMES = {
    "gestructureerd": "BSN, telefoon, e-mail, postcode, rekening",
    "naam": "namen met hoofdletter",
    "klein": "namen en plaatsen zonder hoofdletter",
    "plaats": "plaatsen",
    "overig": "adres, kenteken, geboortedatum, link, account, instelling",
}
_TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)


def main() -> int:
    """Measure both sets and write what was found."""
    door = Door(ROOT / "var/cache/deduce")
    report = {name: figures(measure(door, read_sentences(path))) for name, path in SETS.items()}
    REPORT.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    text = table(report)
    PAGE.write_text(_TABLE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(text)
    return 0


def figures(found: Figures) -> dict[str, Any]:
    """Return the shares that leaked, by group, and that of the sentences in which something was left out needlessly."""
    leaked = {group: _share(found.leaks[group], found.items[group]) for group in GROUPS}
    needless = _share(found.needless, found.sentences)
    return {"leaked": leaked, "needless": needless, "p95_ms": round(found.p95, 1), "sentences": found.sentences}


def table(report: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    sets = list(report)
    rows = [
        "| | doel | "
        + " | ".join({"development": "ontwikkelset", "sealed": "verzegeld"}[name] for name in sets)
        + " |",
        "| --- | --- |" + " --- |" * len(sets),
        "| zinnen | |" + "".join(f" {report[name]['sentences']} |" for name in sets),
    ]
    for group in GROUPS:
        goal = f"≤ {GOALS[group]}" if group in GOALS else ""
        cells = "".join(f" {shown(report[name]['leaked'][group])} |" for name in sets)
        rows.append(f"| gelekt: {NAMES[group]} | {goal} |{cells}")
    rows.append(f"| zinnen waarin iets nodeloos wegging | ≤ {NEEDLESS} |" + _cells(report, "needless"))
    rows.append(f"| een bericht, p95 in ms | ≤ {P95:.0f} |" + "".join(f" {report[n]['p95_ms']} |" for n in sets))
    return "\n" + "\n".join(rows) + "\n\n"


def _cells(report: dict[str, Any], key: str) -> str:
    return "".join(f" {shown(row[key])} |" for row in report.values())


def _share(count: int, of: int) -> Any:
    return share([True] * count + [False] * (of - count))


if __name__ == "__main__":
    sys.exit(main())
