"""Questions to the past: what a turn starts from, lists, and what was believed at a time."""
