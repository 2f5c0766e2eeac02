"""What of a built processor is measured, and what it has to be."""
