"""How well audio code is written: tasks with hidden tests that measure, and who solves them."""
