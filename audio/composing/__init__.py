"""Composing: form, chords, voices, melody, bass and drums by rules with chance, part by part."""
