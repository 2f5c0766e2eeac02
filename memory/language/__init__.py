"""Plain text: numbers, dates and words in it, what says the same, and what was made up."""
