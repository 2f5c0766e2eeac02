"""Songs as words: notes, tracks, tempo, meter, sections, chords; what instruments can play."""
