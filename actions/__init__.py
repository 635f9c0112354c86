"""Rasa custom actions: thin, from tracker to `bot.*` and back to events; every decision lives in `bot`."""
