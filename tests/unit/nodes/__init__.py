"""Unit tests of nodes."""
