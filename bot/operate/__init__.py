"""Running Pluis on a machine: what is prepared before the start, the model, the three processes,
and the app package for Teams."""

from bot.operate.model import ModelError, fingerprint, model_path, train
from bot.operate.prepare import prepare
from bot.operate.processes import NotReadyError, run_all
from bot.operate.teams_package import TeamsPackageError, build_package

__all__ = [
    "ModelError",
    "NotReadyError",
    "TeamsPackageError",
    "build_package",
    "fingerprint",
    "model_path",
    "prepare",
    "run_all",
    "train",
]
