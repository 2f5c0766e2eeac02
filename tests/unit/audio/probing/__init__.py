"""Tests of songs: songs."""
