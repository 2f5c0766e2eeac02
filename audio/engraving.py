"""Music as an engraved score, set in a process of its own (``audio.engraver``).

Verovio (LGPL-3) sets the music and resvg (MIT) draws it; both come with pip, neither needs a
program of the system. Text that stands in a file is set as text and never followed.
"""

import base64
import json
import subprocess
import sys

from audio.beaming import beamed
from audio.interchange.musicxml import write_musicxml
from audio.legible import legible
from audio.score_files import checked, unreadable
from audio.songs.song import Song

_MOST_SECONDS = 60.0


def engrave(musicxml: str, name: str) -> list[bytes]:
    """Each page of a score as a PNG.

    Args:
        musicxml: a MusicXML document.
        name: what it is called, for errors.

    Raises:
        MediaRejected: it is no MusicXML that can be set.
    """
    document = checked(musicxml, name)
    command = [sys.executable, "-m", "audio.engraver"]
    try:
        done = subprocess.run(
            command, input=document.encode(), capture_output=True, timeout=_MOST_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as fault:
        raise unreadable(name, f"it can't be set within {_MOST_SECONDS:.0f} s") from fault
    except subprocess.CalledProcessError as fault:
        raise unreadable(name, "the engraver can't set it") from fault
    pages = [base64.b64decode(page) for page in json.loads(done.stdout)]
    if not pages:
        raise unreadable(name, "there is no music in it that can be set")
    return pages


def engrave_song(song: Song, name: str) -> list[bytes]:
    """Each page of a song's score as a PNG: a staff for each track, two for wide keyboards.

    Args:
        song: notes as they are played.
        name: what it is called, for errors.

    Raises:
        MediaRejected: it can't be set.
    """
    return engrave(beamed(write_musicxml(legible(song))), name)
