"""Songs as files that other programs open: MIDI, MusicXML, DAWproject; and comparing them."""
