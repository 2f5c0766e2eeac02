"""Traces of turns, as their receivers get them."""
