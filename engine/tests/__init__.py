"""Tests of the engine's NLU side; they run with the engine's Python: `python -m pytest engine/tests`."""
