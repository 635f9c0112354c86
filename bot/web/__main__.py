"""Runs the web process: `python -m bot.web`."""

import sys

from bot.settings import SettingsError, get_settings
from bot.web import serve

if __name__ == "__main__":
    try:
        serve(get_settings())
    except SettingsError as error:
        sys.exit(f"pluis: {error}")
