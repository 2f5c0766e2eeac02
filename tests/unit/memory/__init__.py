"""Unit tests of the memory."""
