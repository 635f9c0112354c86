"""Running Pluis on a machine: what is prepared before the start, the model, and the three processes."""

from bot.operate.model import ModelError, fingerprint, model_path, train
from bot.operate.prepare import prepare
from bot.operate.processes import NotReadyError, run_all

__all__ = ["ModelError", "NotReadyError", "fingerprint", "model_path", "prepare", "run_all", "train"]
