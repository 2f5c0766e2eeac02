"""Models that look at pictures, behind one protocol."""
