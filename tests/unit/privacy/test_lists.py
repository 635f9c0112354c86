from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from bot.privacy import Door, build_cache

QUIET = """
import json, logging, sys, warnings
from pathlib import Path
from bot.privacy import Door
before = (logging.getLogger().level, list(logging.getLogger().handlers), warnings.filters[:])
door = Door(Path(sys.argv[1]))
door.pseudonymise("a", "Fatima woont in Tilburg")
after = (logging.getLogger().level, list(logging.getLogger().handlers), warnings.filters[:])
print(json.dumps({"unchanged": before == after}))
"""


def test_deduce_prints_nothing_and_leaves_the_log_alone(cache_dir: Path, door: Door) -> None:
    done = subprocess.run([sys.executable, "-c", QUIET, str(cache_dir)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"unchanged": True}
    assert done.stderr == ""


def test_building_tells_how_far_it_is(tmp_path: Path) -> None:
    steps: list[str] = []
    path = build_cache(tmp_path, steps.append)
    assert path.is_file()
    assert len(steps) > 5
    assert not list(path.parent.glob("tmp*"))


def test_a_broken_cache_is_built_again(tmp_path: Path, cache_dir: Path, door: Door) -> None:
    shutil.copytree(cache_dir, tmp_path, dirs_exist_ok=True)
    path = next(tmp_path.rglob("*.pickle"))
    whole = path.stat().st_size
    path.write_bytes(b"\x80\x05kapot")
    assert Door(tmp_path).pseudonymise("a", "Fatima belde").text == "[persoon 1] belde"
    assert path.stat().st_size == whole
