"""Traces of turns: what ran, in which order, how long, and on how many tokens; off by default."""
