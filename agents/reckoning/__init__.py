"""Questions that arithmetic answers: notes and hertz, bars and seconds, note values."""
