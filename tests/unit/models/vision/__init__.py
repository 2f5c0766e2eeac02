"""Unit tests of models that see."""
