"""Writes the encoder down as an ONNX graph: twelve layers of attention and thought, then the mean over tokens."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from encoder.weights import BLOCK, WeightsFile

X, THERE, VECTORS = "x", "there", "vectors"
_OURS = "com.microsoft"  # the operators that ONNX Runtime has of its own: several of the standard ones in one


class _Writer:
    def __init__(self, weights: WeightsFile) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def run(self, operator: str, inputs: list[str], name: str, domain: str = "", **settings: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **settings))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def stored(self, name: str) -> str:
        """Take a list of numbers over from the file."""
        return self.constant(name, self._weights.floats(name))

    def times(self, x: str, name: str, columns: int) -> str:
        """Multiply by a matrix of the file, which stays in blocks of 4 bits."""
        scales, numbers = self._weights.blocks(f"{name}.w", columns)
        inputs = [x, self.constant(f"{name}.w", numbers), self.constant(f"{name}.s", scales)]
        sizes = {"K": columns, "N": len(numbers), "bits": 4, "block_size": BLOCK}
        return self.run("MatMulNBits", inputs, name, _OURS, **sizes)

    def layer(self, at: int, x: str) -> str:
        weights, own = self._weights, f"l{at}"
        parts = [self.times(x, f"{own}.{part}", weights.width) for part in "qkv"]
        bias = np.concatenate([weights.floats(f"{own}.{part}.b") for part in "qkv"])
        inputs = [*parts, self.constant(f"{own}.qkv.b", bias), "present"]
        seen = self.run("MultiHeadAttention", inputs, f"{own}.seen", _OURS, num_heads=weights.heads)
        mixed = self.normed(own, "a", self.times(seen, f"{own}.ao", weights.width), x)
        wide = self.times(mixed, f"{own}.fi", weights.width)
        thought = self.run("BiasGelu", [wide, self.stored(f"{own}.fi.b")], f"{own}.thought", _OURS)
        return self.normed(own, "f", self.times(thought, f"{own}.fo", weights.inner), mixed)

    def normed(self, own: str, part: str, x: str, before: str) -> str:
        """Add what came before and the bias, and norm."""
        norm = {"a": "aln", "f": "oln"}[part]
        inputs = [x, before, self.stored(f"{own}.{norm}.w"), self.stored(f"{own}.{norm}.b")]
        bias = self.stored(f"{own}.{part}o.b")
        return self.run("SkipLayerNormalization", [*inputs, bias], f"{own}.{norm}", _OURS, epsilon=1e-12)


def build(weights: WeightsFile) -> ModelProto:
    """Return the graph. In: `x`, the tokens as the first norm leaves them, shape (texts, tokens, width), and `there`, 1
    for a token and 0 for what fills a shorter text up, shape (texts, tokens). Out: `vectors`, shape (texts, width), not
    of unit length."""
    writer = _Writer(weights)
    writer.run("Cast", [THERE], "present", to=TensorProto.INT32)
    x = X
    for at in range(weights.layers):
        x = writer.layer(at, x)
    tokens = writer.constant("tokens", np.array([1], np.int64))
    each = writer.run("Unsqueeze", [THERE, writer.constant("width", np.array([2], np.int64))], "each")
    whole = writer.run("ReduceSum", [writer.run("Mul", [x, each], "counted"), tokens], "whole", keepdims=0)
    writer.run("Div", [whole, writer.run("ReduceSum", [each, tokens], "count", keepdims=0)], VECTORS)
    shapes = {X: ["texts", "tokens", weights.width], THERE: ["texts", "tokens"], VECTORS: ["texts", weights.width]}
    values = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()}
    graph = helper.make_graph(writer.nodes, "e5", [values[X], values[THERE]], [values[VECTORS]], writer.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_OURS, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)
