"""Statistics without text: counts by day of what conversations come to, and the figures that are shown of them."""

from bot.statistics.counts import CountRow, Kind, count_one, forget_statistics
from bot.statistics.figures import LEAST, Figures, read_figures, shown

__all__ = ["LEAST", "CountRow", "Figures", "Kind", "count_one", "forget_statistics", "read_figures", "shown"]
