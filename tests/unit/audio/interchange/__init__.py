"""Tests of songs: interchange."""
