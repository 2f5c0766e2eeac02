"""What mastering measures: faults of stems, what stems are to each other, and tonal balance."""
