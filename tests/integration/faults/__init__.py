"""Faults that are injected into the whole studio, and what its user keeps and sees."""
