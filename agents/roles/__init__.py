"""Which model plays which role, whether it is there, and how to get it."""
