"""How the shared words are filed as entries: keys, values, and what is not worth an entry."""
