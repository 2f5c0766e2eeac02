"""Whether what was asked is met, and what a repair is settled by."""
