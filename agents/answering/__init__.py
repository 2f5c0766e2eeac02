"""What the user reads at the end of a turn, and how it is held against what is known."""
