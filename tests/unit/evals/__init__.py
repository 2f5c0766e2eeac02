"""Unit tests of the evals package."""
