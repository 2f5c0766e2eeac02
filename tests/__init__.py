"""Tests of grym-synth."""
