"""`make start`: how soon `web` answers and what memory it takes, as a user has it: in an environment of the lock alone,
with what was learnt in the cache. Writes reports/start.json."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bootstrap import find_uv  # noqa: E402
from tools.stamp import stamp  # noqa: E402

TIMES = 5
SETTLED = 15.0  # seconds; by then all that is loaded after the first answer is there
GOALS = {"answers after, s": 3.0, "memory when it answers, MB": 500}
AT_LATEST = 60.0


def main() -> int:
    """Make the environment, start `web` some times and write what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(folder))
        started(python)  # once for the caches
        times = [started(python) for _ in range(TIMES)]
    report = (
        stamp() | {"goals": GOALS} | {name: round(statistics.median(t[name] for t in times), 2) for name in times[0]}
    )
    (ROOT / "reports" / "start.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    return 0


def environment(folder: Path) -> Path:
    """Install the lock of users in a folder; return its Python."""
    uv, python = find_uv(), folder / "venv" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], check=True)
    lock = ["--require-hashes", "-r", str(ROOT / "requirements.lock")]
    subprocess.run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *lock], check=True)
    return python


def started(python: Path) -> dict[str, float]:
    """Start `web` on a free port, wait until it answers and until all is loaded; stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PLUIS_PORT": str(port), "PLUIS_LOG_LEVEL": "ERROR"}
    begin = time.perf_counter()
    with subprocess.Popen([python, "-m", "bot.web"], cwd=ROOT, env=environment) as web:
        try:
            while not answers(port):
                if web.poll() is not None or time.perf_counter() - begin > AT_LATEST:
                    raise SystemExit("web begon niet; zie hierboven")
                time.sleep(0.02)
            seconds, first = time.perf_counter() - begin, memory(web.pid)
            time.sleep(SETTLED)
            last = memory(web.pid)
        finally:
            web.terminate()
            web.wait(30)
    return {
        "answers after, s": seconds,
        "memory when it answers, MB": first["VmHWM"],
        "memory when all is loaded, MB": last["VmRSS"],
        "most memory, MB": last["VmHWM"],
    }


def answers(port: int) -> bool:
    """Tell whether `web` says that it lives."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=1, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def memory(pid: int) -> dict[str, int]:
    """Return the memory of a process in MB: now (VmRSS) and the most that it had (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    rows = (line.split() for line in lines)
    return {row[0].rstrip(":"): int(row[1]) // 1000 for row in rows if row[0] in {"VmRSS:", "VmHWM:"}}


if __name__ == "__main__":
    sys.exit(main())
