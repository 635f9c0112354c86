"""The dialogue engine's side of Pluis: input channel, tracker store, log format and NLU components for Rasa 3.6.
Imports nothing of `bot` or `actions`, so that the two sides keep their own Python and their own locks."""
