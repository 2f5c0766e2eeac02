"""Measuring a song: ours against other libraries of music analysis."""
