"""The steps of a turn between its nodes: decisions, slices, rounds, criteria, events."""
