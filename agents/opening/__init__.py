"""Opening what a handle of the supervisor's package names."""
