"""Files that carry words: in their tags, their titles, their pixels."""

import struct
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import soundfile
from PIL import Image, ImageDraw, PngImagePlugin

RATE = 22_050


def chord(seconds: float = 1.5) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """A chord of A minor that begins twice a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    held = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 261.6, 329.6))
    return np.asarray(0.1 * held * np.exp(-4 * (time % 0.5)))


def _tagged(path: Path, words: str) -> None:
    kind = path.suffix[1:].upper()
    with soundfile.SoundFile(path, "w", RATE, 1, format=kind) as file:
        for field in ("title", "artist", "comment", "album", "genre"):
            setattr(file, field, words.replace("\0", " "))
        file.write(chord())


def _id3(path: Path, words: str) -> None:
    soundfile.write(path, chord(), RATE, format="MP3")
    frames = b""
    for name in (b"TIT2", b"TPE1", b"TALB", b"USLT"):
        text = b"\x03" + (b"eng\0" if name == b"USLT" else b"") + words.encode("utf-8", "replace")
        frames += name + struct.pack(">I", len(text)) + b"\0\0" + text
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + frames + path.read_bytes())


def _png_text(path: Path, words: str) -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Description", words.encode("latin-1", "replace").decode("latin-1"))
    told.add_itxt("Comment", words)
    told.add_itxt("grym:axes", words)
    Image.new("RGB", (120, 60), "grey").save(path, pnginfo=told)


def _exif(path: Path, words: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = words.encode("ascii", "replace").decode()
    exif[0x9286] = words.encode("utf-8", "replace")
    Image.new("RGB", (120, 60), "grey").save(path, exif=exif)


def _drawn(path: Path, words: str) -> None:
    picture = Image.new("RGB", (400, 60), "white")
    plain = words.encode("latin-1", "replace").decode("latin-1")
    ImageDraw.Draw(picture).text((4, 4), plain, "black")
    picture.save(path)


def _midi(path: Path, words: str) -> None:
    plain = words.encode("latin-1", "replace").decode("latin-1")
    track = mido.MidiTrack()
    for kind in ("track_name", "instrument_name", "copyright", "text"):
        track.append(mido.MetaMessage(kind, **{"name" if "name" in kind else "text": plain}))
    for pitch in (57, 60, 64, 69):
        track.append(mido.MetaMessage("lyrics", text=plain))
        track.append(mido.Message("note_on", note=pitch, velocity=80))
        track.append(mido.Message("note_off", note=pitch, time=480))
    mido.MidiFile(tracks=[track]).save(path)


def _escaped(words: str) -> str:
    kept = "".join(one for one in words if (one >= " " and one != "\x7f") or one in "\n\t")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _musicxml(path: Path, words: str) -> None:
    said = _escaped(words)
    note = "<pitch><step>A</step><octave>4</octave></pitch><duration>1</duration>"
    notes = f"<note>{note}<lyric><text>{said}</text></lyric></note>" * 4
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0">'
        f"<work><work-title>{said}</work-title></work><identification>"
        f'<creator type="composer">{said}</creator></identification><part-list>'
        f'<score-part id="P1"><part-name>{said}</part-name></score-part></part-list>'
        '<part id="P1"><measure number="1"><attributes><divisions>1</divisions><time><beats>4'
        "</beats><beat-type>4</beat-type></time></attributes><direction><direction-type>"
        f"<words>{said}</words></direction-type></direction>{notes}</measure></part>"
        "</score-partwise>",
        encoding="utf-8",
    )


CARRIERS: dict[str, tuple[str, Callable[[Path, str], None]]] = {
    "RIFF INFO": ("tags.wav", _tagged),
    "FLAC tags": ("tags.flac", _tagged),
    "ID3": ("tags.mp3", _id3),
    "PNG tEXt and iTXt": ("text.png", _png_text),
    "EXIF": ("exif.jpg", _exif),
    "words in a picture": ("words.png", _drawn),
    "MIDI names and lyrics": ("names.mid", _midi),
    "MusicXML titles and words": ("words.musicxml", _musicxml),
    "a text": ("notes.txt", lambda path, words: _written(path, words)),
}
"""The name of each carrier's file, and what makes it."""


def _written(path: Path, words: str) -> None:
    path.write_text(words, encoding="utf-8")


def carried(name: str, folder: Path, words: str) -> Path:
    """A file that carries words.

    Args:
        name: one of ``CARRIERS``.
        folder: where it is made.
        words: what it carries.
    """
    file, make = CARRIERS[name]
    make(folder / file, words)
    return folder / file
