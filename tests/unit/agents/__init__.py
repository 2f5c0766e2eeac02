"""Unit tests of the agents package."""
