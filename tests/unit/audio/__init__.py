"""Tests of the instruments that measure sound."""
