"""Songs as sound: one stem for each track, and their sum."""
