"""Unit tests of grym_synth."""
