"""The processors themselves: what a built package holds, letter by letter."""
