"""Measures the triage on written situations (tests/eval/triage.yml): is grave danger put first, and is the class right?
The safety net's verdict comes from the engine as it runs. Prints a table, and writes reports/triage.json.

`--dev` takes the development split, from which the threshold was chosen, and shows what went wrong; of the sealed set
only counts are shown."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.advice import load_tables
from bot.analysis.analyser import Analyser
from bot.case import Case, Entry, Tools, load_tools, situation, told, with_net
from bot.channels import EngineClient
from bot.encoder import E5Encoder
from bot.helpdesk import load_desk
from bot.settings import ROOT, Settings, get_settings
from tests.live.site import Site
from tools.scoring import share
from tools.stamp import stamp

SEALED, DEV = ROOT / "tests" / "eval" / "triage.yml", ROOT / "tests" / "eval" / "dev" / "triage.yml"
GRAVE, GOAL_GRAVE, GOAL_EXACT = "S", 0.98, 0.85


def main(arguments: Sequence[str]) -> int:
    """Measure; 0 also when a goal is missed, which the table says."""
    dev = "--dev" in arguments
    rows = yaml.safe_load((DEV if dev else SEALED).read_text(encoding="utf-8"))["situations"]
    own = get_settings()
    settings = own.model_copy(update={"desk_hours": own.desk_hours or "ma-vr 9:00-17:00"})
    nets = asyncio.run(_nets(sorted({text for row in rows for text in _texts(row)}), own))
    tables, encoder = load_tables(settings.data), E5Encoder()
    analyser = Analyser(settings.data, encoder, settings.var / "cache")
    tools = load_tools(settings.data, analyser, tables, load_desk(settings, tables, analyser.urgency))
    found = [(row, _class_of(row, nets, tools)) for row in rows]
    report = _report([(row["class"], said) for row, said in found], tools)
    print(_table(report, dev))
    if dev:
        for row, said in found:
            if row["class"] != said:
                print(f"  {row['class']} → {said}: {row['why']}")
    else:
        path = ROOT / "reports" / "triage.json"
        path.write_text(json.dumps(stamp() | report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


async def _nets(texts: Sequence[str], own: Settings) -> Mapping[str, float]:
    """Return how sure the safety net is of danger in each text."""
    with tempfile.TemporaryDirectory(dir=own.var) as var:
        site = Site(Path(var) / "site")
        site.prepare()
        try:
            site.start()
            settings = site.settings
            engine = EngineClient(
                settings.engine_url, settings.key("engine_token"), actions_url=settings.actions_url, timeout=60
            )
            parsed = {text: await engine.parse(text) for text in texts}
            await engine.close()
        finally:
            site.stop()
    return {text: float(parse["danger"]["score"]) for text, parse in parsed.items()}


def _texts(row: Mapping[str, Any]) -> list[str]:
    return [*row["said"], row["asks"]]


def _class_of(row: Mapping[str, Any], nets: Mapping[str, float], tools: Tools) -> str:
    """Put a situation in a case as the conversation would, and return its class."""
    case = Case()
    for text in _texts(row):
        case = case.add(told(case, "begin", text, tools))
    case = case.add(Entry(question="begin", fields={"profession": row["profession"]}, facts=row.get("answers") or {}))
    if "decision" in row:
        case = case.add(Entry(question="besluit.keuze", fields={"decision": row["decision"]}))
    assert tools.desk is not None
    return tools.desk.decide(situation(with_net(case, max(map(nets.__getitem__, _texts(row)))), tools)).class_id


def _report(pairs: Sequence[tuple[str, str]], tools: Tools) -> dict[str, Any]:
    assert tools.desk is not None
    classes = [one.id for one in tools.desk.triage.classes]
    counts = Counter(pairs)
    return {
        "situations": len(pairs),
        "grave_found": share([said == GRAVE for name, said in pairs if name == GRAVE]),
        "exact": share([name == said for name, said in pairs]),
        "counts": {name: {said: counts[name, said] for said in classes} for name in classes},
    }


def _table(report: Mapping[str, Any], dev: bool) -> str:
    lines = [
        f"triage, {report['situations']} situaties{' (ontwikkeling)' if dev else ''}",
        f"  S gevonden   {_share(report, 'grave_found')}  doel {GOAL_GRAVE}",
        f"  klasse goed  {_share(report, 'exact')}  doel {GOAL_EXACT}",
        "  hoort bij → werd: " + ", ".join(report["counts"]),
    ]
    lines += [f"    {name:<3}" + "".join(f"{row[said]:>5}" for said in row) for name, row in report["counts"].items()]
    return "\n".join(lines)


def _share(report: Mapping[str, Any], name: str) -> str:
    return "{value:.3f} ({low:.3f}–{high:.3f})".format_map(report[name])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
