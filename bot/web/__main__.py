"""Runs the web process: `python -m bot.web`."""

from bot.settings import get_settings
from bot.web import serve

if __name__ == "__main__":
    serve(get_settings())
