"""Tests of the studio behind its pages: what is kept, for how long, and what is told of it."""
