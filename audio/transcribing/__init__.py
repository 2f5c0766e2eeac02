"""From sound to notes: which pitches and drums are struck when, in which voice, in which bar."""
