"""Tests of the sound library."""
