"""Everything between a fresh checkout and a start: keys, chat client, caches, database, knowledge, model.
Each step does nothing when it was done, and can be cut short and begun again.

What follows from the content and the code alone is not even looked at again while neither changed:
a digest of both is written when all is ready. The steps import what they need themselves, since most of it is slow.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bot.operate import model
from bot.settings import ROOT, Settings

SECRETS = ("engine_token", "secret")
LOCKS = ("requirements.lock", "webchat.lock", "domain.yml")


class Step(NamedTuple):
    """One thing to do; `settled` when its outcome follows from the content and the code alone."""

    name: str
    do: Callable[[], object]
    settled: bool = False


def prepare(settings: Settings, tell: Callable[[str], None]) -> None:
    """Make this machine ready to start. Raises DataFileError, FetchError or ModelError with what to do."""
    make_private(settings.var)
    before, stamp = made_from(settings), settings.var / "cache" / "prepared-from"
    done = _is_prepared(settings, stamp, before)
    steps = [step for step in _steps(settings, tell) if not (done and step.settled)]
    for number, (name, do, _) in enumerate(steps, start=1):
        started = time.monotonic()
        tell(f"[{number}/{len(steps)}] {name}")
        do()
        spent = time.monotonic() - started
        if spent > 5:
            tell(f"[{number}/{len(steps)}] {name}: klaar in {spent:.0f} s")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(before, encoding="ascii")


def made_from(settings: Settings) -> str:
    """Return a digest of the content, what the organisation filled in, the code and the locks."""
    content = sorted(path for path in settings.data.rglob("*") if path.is_file())
    code = [path for part in ("bot", "encoder") for path in sorted((ROOT / part).rglob("*.py"))]
    code += [ROOT / name for name in LOCKS]
    own = [settings.organisation] if settings.organisation.is_file() else []
    digests = (settings.data, content), (ROOT, code), (settings.organisation.parent, own)
    return "".join(model.digest(root, paths) for root, paths in digests)


def _is_prepared(settings: Settings, stamp: Path, wanted: str) -> bool:
    """What was made must be there too: who removes it wants it anew."""
    made = (settings.var / "webchat" / "version", settings.var / "cache" / "deduce")
    return stamp.exists() and stamp.read_text(encoding="ascii") == wanted and all(path.exists() for path in made)


def _steps(settings: Settings, tell: Callable[[str], None]) -> tuple[Step, ...]:
    return (
        Step("inhoud nakijken", lambda: check_content(settings), settled=True),
        Step("sleutels", lambda: make_secrets(settings.var)),
        Step("chatvenster", lambda: fetch_webchat(settings), settled=True),
        Step("namenlijsten voor de privacy-deur", lambda: build_privacy_cache(settings, tell), settled=True),
        Step("database", lambda: upgrade_database(settings)),
        Step("kennis", lambda: load_knowledge(settings)),
        Step("betekenissen", lambda: embed(settings), settled=True),
        Step("model", lambda: have_model(settings, tell)),
    )


def make_private(var: Path) -> None:
    """Make the folder of all that is kept, for the owner alone."""
    var.mkdir(parents=True, exist_ok=True)
    var.chmod(0o700)


def make_secrets(var: Path) -> None:
    """Make the keys that are not there yet, readable for the owner alone."""
    folder = var / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in SECRETS:
        path = folder / name
        if not path.exists():
            part = folder / f"{name}.part"
            part.touch(mode=0o600)
            part.write_text(secrets.token_urlsafe(32), encoding="ascii")
            part.replace(path)


def check_content(settings: Settings) -> None:
    """Check every file under `data/`, and what the organisation filled in."""
    from bot.checks import check_data

    for _ in check_data(settings.data, settings.organisation):
        pass


def fetch_webchat(settings: Settings) -> None:
    """Get the chat client that the page shows."""
    from bot.web import webchat

    webchat.fetch(settings.var / "webchat")


def build_privacy_cache(settings: Settings, tell: Callable[[str], None]) -> None:
    """Build the look-up lists of the privacy door."""
    from bot.privacy import build_cache

    build_cache(settings.var / "cache" / "deduce", tell)


def upgrade_database(settings: Settings) -> None:
    """Bring the database to the newest migration."""
    from bot.database import upgrade

    upgrade(settings.database)


def load_knowledge(settings: Settings) -> None:
    """Bring the knowledge in the database up to date with the files."""
    from bot.database import make_engine, session_factory
    from bot.knowledge import load

    load(session_factory(make_engine(settings.database)), settings.data)


def embed(settings: Settings) -> None:
    """Compute the vectors of all content, so that the first start is as quick as the next ones."""
    from bot.analysis.analyser import Analyser
    from bot.database import make_engine, session_factory
    from bot.encoder import E5Encoder
    from bot.knowledge import KnowledgeBase

    cache, encoder = settings.var / "cache", E5Encoder()
    analyser = Analyser(settings.data, encoder, cache)
    if settings.desk_hours:
        analyser.urgency("")
    sessions = session_factory(make_engine(settings.database))
    KnowledgeBase(sessions, encoder, data_root=settings.data, cache_dir=cache).refresh_if_changed()


def have_model(settings: Settings, tell: Callable[[str], None]) -> None:
    """Train a model when there is none for the present data."""
    path = model.model_path(settings)
    if path.exists():
        model.check(path)
    else:
        model.train(settings, tell)
