"""One query, from a text to ranked entries: by words, by meaning and by time."""
