"""Deduce (Dutch de-identification) with only the lists the door needs, read from a cache that set-up builds.
Its two largest lists, streets and care institutions, cost 1 GB and add nothing over the patterns in `places.py`."""

from __future__ import annotations

import gc
import json
import logging
import os
import pickle
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.privacy.words import fold

_LEFT_OUT = ("lst_street", "lst_healthcare_institution")
_OWN = "folded_first_name", "folded_surname", "folded_interfix_surname", "folded_placename"
_ANNOTATORS = (
    *("prefix_with_initial", "prefix_with_interfix", "prefix_with_name", "interfix_with_name", "initial_with_name"),
    *("initial_interfix", "first_name_lookup", "surname_lookup", "name_context", "eponymous_disease"),
    *("placename", "hospital"),
)
_FORM = 2  # of the cache; one up when `build_cache` changes what it writes
_LOADING = threading.Lock()


@dataclass(frozen=True)
class Annotation:
    """What deduce found: `[start, end)` and its tag (persoon, locatie, ziekenhuis)."""

    start: int
    end: int
    tag: str


class Lists:
    """Deduce's annotators and name lists, ready for use."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.first_names, self.surnames, self.infix_surnames, self.places = (
            frozenset(engine.lookup_structs[name].items()) for name in _OWN
        )

    def annotate(self, text: str) -> list[Annotation]:
        """Return what deduce finds in a text."""
        if not text.strip():
            return []
        document = self._engine.deidentify(text, disabled={"post_processing"})
        return [Annotation(a.start_char, a.end_char, a.tag) for a in document.annotations]


def build_cache(cache_dir: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Build the cache of word lists (about 3 s) and return its file; whole or not at all."""
    tell = progress or (lambda _: None)
    with _quiet():
        from deduce import lookup_structs as source
        from deduce.data.lookup.src import all_lists
        from deduce.deduce import _LOOKUP_LIST_PATH, Deduce
        from docdeid.ds.ds import DsCollection
        from docdeid.ds.lookup import LookupSet

        tell("woordenlijsten lezen")
        wanted = [name for name in all_lists if not name.endswith(_LEFT_OUT)]
        raw = source.load_raw_itemsets(_LOOKUP_LIST_PATH, wanted)
        tokenizer = Deduce._initialize_tokenizer(_LOOKUP_LIST_PATH)
        lists = DsCollection()
        for name, items in raw.items():
            tell(f"woordenlijst {name} opbouwen")
            if name in source._LOOKUP_SET_LOADERS:
                lists[name] = source._LOOKUP_SET_LOADERS[name](raw)
            elif name in source._LOOKUP_TRIE_LOADERS:
                lists[name] = source._LOOKUP_TRIE_LOADERS[name](raw, tokenizer)
            else:
                lists[name] = _set(LookupSet(), items)
        lists["whitelist"] = source._LOOKUP_SET_LOADERS["whitelist"](raw)
        for own in _OWN:
            lists[own] = _set(LookupSet(), {fold(item) for item in raw[own.removeprefix("folded_")]})
    return _write(cache_dir, lists)


def load_lists(cache_dir: Path) -> Lists:
    """Load deduce from the cache, building the cache when it is missing, of another version or unreadable."""
    with _LOADING, _quiet(), _without_collecting():
        from deduce import Deduce

        if not _is_current(_file(cache_dir)):
            build_cache(cache_dir)
        return Lists(Deduce(load_base_config=False, config=_config(), cache_path=cache_dir))


def _config() -> dict[str, Any]:
    """Deduce's own configuration, without the annotators the door has better ones for."""
    base: dict[str, Any] = json.loads(files("deduce").joinpath("base_config.json").read_text(encoding="utf-8"))
    base["annotators"] = {name: base["annotators"][name] for name in _ANNOTATORS}
    return base


def _file(cache_dir: Path) -> Path:
    """Where deduce looks for its cache."""
    return cache_dir / "cache" / "lookup_structs.pickle"


def _is_current(path: Path) -> bool:
    """The version and a hash stand beside the cache, so that a broken pickle is never opened."""
    stamp = path.with_suffix(".version")
    return path.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == _stamp(path)


def _stamp(path: Path) -> str:
    return f"{_FORM} {version('deduce')} {version('docdeid')} {sha256(path.read_bytes()).hexdigest()}"


def _write(cache_dir: Path, lists: Any) -> Path:
    path = _file(cache_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    cache = {"deduce_version": version("deduce"), "saved_datetime": str(datetime.now()), "lookup_structs": lists}
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            pickle.dump(cache, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    path.with_suffix(".version").write_text(_stamp(path), encoding="ascii")
    return path


def _set(lookup: Any, items: set[str]) -> Any:
    lookup.add_items_from_iterable(items)
    return lookup


@contextmanager
def _quiet() -> Iterator[None]:
    """Deduce opens a log on standard output at level DEBUG and resets Python's warnings at import: not here."""
    root, guard = logging.getLogger(), logging.NullHandler()
    root.addHandler(guard)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        root.removeHandler(guard)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Reading a large pickle is five times as fast without garbage collection."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
