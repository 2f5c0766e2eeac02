"""Unit tests of GAMA."""
