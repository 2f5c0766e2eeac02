"""Tests of songs: synthesis."""
