"""What a part of a song is, by its name."""

import re

ROLES = {
    "intro": ("intro", "introduction", "einleitung", "vorspiel"),
    "pre-chorus": ("pre chorus", "prechorus", "build", "build up", "buildup", "riser", "aufbau"),
    "verse": ("verse", "strophe", "vers", "couplet"),
    "chorus": ("chorus", "refrain", "hook", "kehrvers"),
    "bridge": ("bridge", "middle eight", "middle 8", "c part", "überleitung"),
    "solo": ("solo",),
    "interlude": ("interlude", "zwischenspiel", "turnaround", "instrumental"),
    "breakdown": ("breakdown", "break", "pause"),
    "drop": ("drop",),
    "outro": ("outro", "coda", "ending", "end", "schluss", "nachspiel", "fade out"),
}
"""Roles of sections, and the words for them in English and German."""

_WORDS = {word: role for role, words in ROLES.items() for word in words}
_ANY = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})\b")


def role_of(name: str) -> str:
    """The role that a section's name tells, such as ``verse`` for ``Verse 2``; else empty."""
    found = _ANY.search(re.sub(r"[-_\s]+", " ", name.casefold()))
    return _WORDS[found[0]] if found else ""
