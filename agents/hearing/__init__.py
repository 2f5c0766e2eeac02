"""How gama hears a song through an audio model: windows, questions, and merged answers."""
