"""Casting: which instrument plays which part of a piece."""

from collections.abc import Sequence

from audio.composing.plan import Part, Role
from audio.songs.instruments import Instrument

_CHORDAL = ("keys", "organ", "guitar", "synth pad", "synth lead", "plucked", "mallets", "voices")
_CHORDAL_NAMES = (
    "Strings", "Slow Strings", "Synth Strings", "Brass Section", "Synth Brass",
    "Pizzicato Strings",
)  # fmt: skip
_LINES = (
    "Glockenspiel",
    "Timpani",
    "Tubular Bells",
    "Voice",
    "Xylophone",
    "Square Lead",
    "Saw Lead",
)
_PADS = ("synth pad", "organ", "voices")
_PAD_NAMES = ("Strings", "Slow Strings", "Synth Strings")
_LOW = 40
"""What reaches down to here can play a bass line."""
_SINGING = (
    "Voice", "Saw Lead", "Square Lead", "Flute", "Violin", "Trumpet", "Alto Sax", "Tenor Sax",
    "Soprano Sax", "Oboe", "Clarinet", "Harmonica", "Recorder", "Pan Flute", "Piccolo",
    "Muted Trumpet", "English Horn", "French Horn", "Sitar", "Cello", "Trombone", "Viola",
)  # fmt: skip
"""Who takes the melody first, in order."""


class Seat:
    """An instrument in the band, and its track's name."""

    def __init__(self, player: Instrument, track: str, wanted: Role | None = None) -> None:
        self.player, self.track, self.wanted = player, track, wanted
        self.roles: list[Role] = [wanted] if wanted else []

    @property
    def chordal(self) -> bool:
        """Whether it plays chords."""
        if self.player.name in _LINES:
            return False
        return self.player.family in _CHORDAL or self.player.name in _CHORDAL_NAMES


def cast(band: Sequence[tuple[Instrument, Role | None]]) -> tuple[Part, ...]:
    """Give each instrument what it is best at; where there are few, one does several things.

    Args:
        band: instruments in the brief's order, with the role where it is stated.

    Returns:
        The parts, at least one for each instrument, in the band's order.
    """
    seats = _seats(band)
    free = [seat for seat in seats if not seat.roles]
    for seat in free:
        if seat.player.is_drums:
            seat.roles.append("drums")
        elif seat.player.family == "bass" or seat.player.name in ("Timpani", "Tuba", "Contrabass"):
            seat.roles.append("bass")
    pitched = [seat for seat in seats if "drums" not in seat.roles]
    lines = [seat for seat in pitched if not seat.roles]
    if not any("bass" in seat.roles for seat in pitched):
        _give_bass(lines, pitched)
    lines = [seat for seat in lines if not seat.roles]
    if not any("melody" in seat.roles for seat in pitched):
        _give_melody(lines, pitched)
    _give_chords([seat for seat in lines if not seat.roles], pitched)
    return _parts(seats)


def _seats(band: Sequence[tuple[Instrument, Role | None]]) -> list[Seat]:
    seats: list[Seat] = []
    for player, role in band:
        count = sum(seat.player.name == player.name for seat in seats)
        track = player.name if count == 0 else f"{player.name} {count + 1}"
        seats.append(Seat(player, track, role))
    return seats


def _give_bass(lines: list[Seat], pitched: list[Seat]) -> None:
    """The lowest instrument of several that reach down plays the bass; a keyboard does both."""
    low = [seat for seat in lines if seat.player.low <= _LOW and not seat.chordal]
    if low and len(lines) > 1:
        min(low, key=lambda seat: seat.player.low).roles.append("bass")
        return
    keyboards = [seat for seat in pitched if seat.chordal and seat.player.low <= _LOW]
    if keyboards:
        first = next((seat for seat in keyboards if seat.player.family == "keys"), keyboards[0])
        first.roles.append("bass")
        if first in lines:
            lines.remove(first)
            first.roles.append("harmony")


def _give_melody(lines: list[Seat], pitched: list[Seat]) -> None:
    """Who sings best takes the melody, else a second chordal instrument, else who plays chords."""
    singers = [seat for seat in lines if seat.player.name in _SINGING]
    others = [seat for seat in lines if seat.player.family not in _PADS]
    chordal = [seat for seat in pitched if seat.chordal]
    if singers:
        min(singers, key=lambda seat: _SINGING.index(seat.player.name)).roles.append("melody")
    elif others and (len(chordal) > 1 or not others[0].chordal):
        _best_lead(others).roles.append("melody")
    else:
        best = next((seat for seat in pitched if "harmony" in seat.roles), None)
        chosen = best or next(iter(lines or pitched), None)
        if chosen is not None:
            chosen.roles.append("melody")


def _best_lead(seats: list[Seat]) -> Seat:
    """Electric guitars lead before keyboards, those before what mostly accompanies."""
    order = ("Distorted Guitar", "Electric Guitar", "Jazz Guitar", "Vibraphone", "Harmonica")
    named = [seat for name in order for seat in seats if seat.player.name == name]
    keys = [seat for seat in seats if seat.player.family == "keys"]
    return (named or keys or seats)[0]


def _give_chords(left: list[Seat], pitched: list[Seat]) -> None:
    for seat in left:
        if not seat.chordal:
            seat.roles.append("counter")
        elif seat.player.family in _PADS or seat.player.name in _PAD_NAMES:
            seat.roles.append("pad")
        else:
            seat.roles.append("harmony")
    if not any("harmony" in seat.roles for seat in pitched):
        pads = any("pad" in seat.roles for seat in pitched)
        able = [seat for seat in pitched if seat.chordal and "pad" not in seat.roles]
        keyed = [seat for seat in able if seat.player.family in ("keys", "organ") or not pads]
        organs = [seat for seat in left if seat.player.family == "organ" and "pad" in seat.roles]
        if keyed:
            keyed[0].roles.append("harmony")
        elif organs:
            organs[0].roles = ["harmony"]


def _parts(seats: list[Seat]) -> tuple[Part, ...]:
    counts: dict[Role, int] = {}
    parts = []
    for seat in seats:
        for role in seat.roles:
            index = counts.get(role, 0)
            counts[role] = index + 1
            parts.append(
                Part(track=seat.track, instrument=seat.player.name, role=role, index=index)
            )
    return tuple(parts)
