"""Measuring a processor by what it makes of known signals."""
