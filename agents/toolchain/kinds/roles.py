"""What several members of the family have in common: units and roles."""

import math

from agents.toolchain.kinds.kind import Role

HERTZ = {"Hz": 1.0, "kHz": 1000.0}
MILLISECONDS = {"ms": 1.0, "s": 1000.0, "us": 0.001}
DECIBELS = {"dB": 1.0, "dBFS": 1.0, "dBTP": 1.0}
SHARE = {"": 1.0, "%": 0.01}
PLAIN = {"": 1.0}
RATIO = {"": 1.0, ":1": 1.0}
OCTAVES = {"octaves": 1.0, "%": 0.02, "": 2.0}
"""Depth of a phaser's sweep; in shares, all of it is two octaves up and down."""

CUT = r"(?<!low[ -])(?<!high[ -])cut|cut[ -]?off(?:[ -]?freq\w*)?|" \
    r"corner(?:[ -]?freq\w*)?|cent(?:er|re)(?:[ -]?freq\w*)?|" \
    r"freq(?:uency|uenz)?|fc|f0|f|grenzfrequenz|eckfrequenz|mittenfrequenz|tuning"  # fmt: skip
FREQUENCY = Role(HERTZ, 1.0, 90_000.0, 20.0, 20_000.0, 1000.0, CUT, "log")
Q = Role(
    PLAIN, 0.05, 100.0, 0.1, 10.0, math.sqrt(0.5),
    r"q(?:[ -]?factor)?|reso?|resonan[cz]e?|quality|güte|bandwidth q|steilheit",
    "log", needed=False,
)  # fmt: skip
BELL_Q = Role(PLAIN, 0.05, 100.0, 0.1, 10.0, 1.0, Q.words, "log")
GAIN = Role(
    DECIBELS, -60.0, 60.0, -18.0, 18.0, 0.0,
    r"gain|boost|level|anhebung|absenkung|verstärkung|pegel",
)  # fmt: skip
THRESHOLD = Role(DECIBELS, -120.0, 20.0, -60.0, 0.0, -20.0, r"thresh(?:old)?|schwell\w*")
ATTACK = Role(MILLISECONDS, 0.01, 5000.0, 0.1, 200.0, 10.0, r"attack|anstieg\w*|anspr\w+", "log")
RELEASE = Role(
    MILLISECONDS, 0.1, 30_000.0, 5.0, 2000.0, 100.0, 
    r"release|decay|abfall\w*|abkling\w*|rückstell\w*", "log",
)  # fmt: skip
MIX = Role(
    SHARE, 0.0, 1.0, 0.0, 1.0, 0.5,
    r"(?:(?:dry[ /-]*wet|wet[ /-]*dry)[ -]?)?mix|dry[ /-]*wet|wet|misch\w*|anteil",
)  # fmt: skip
FULL_MIX = Role(MIX.units, 0.0, 1.0, 0.0, 1.0, 1.0, MIX.words, needed=False)
FEEDBACK = Role(
    SHARE, -0.99, 1.0, 0.0, 0.95, 0.3, r"feed-?back|regenerat\w+|repeats?|rückkopp\w*|wiederhol\w*"
)  # fmt: skip
RESONANT_FEEDBACK = Role(SHARE, -0.97, 0.97, -0.9, 0.9, 0.0, FEEDBACK.words, needed=False)
RATE = Role(
    HERTZ, 0.001, 100.0, 0.05, 10.0, 1.0,
    r"(?:lfo[ -]?)?(?:rate|speed|freq(?:uency|uenz)?)|lfo|tempo|geschwindigkeit", "log",
)  # fmt: skip
DEPTH = r"depth|intensity|amount|width|tiefe|intensität|hub"
SWING = MILLISECONDS | {"%": 0.05, "": 5.0, "cents": 0.184}
"""Depth of a delay's swing; in shares, all of it is 5 ms. In cents, at 1 Hz (``swing.py``)."""
DEPTH_MS = Role(SWING, 0.0, 50.0, 0.0, 5.0, 2.0, DEPTH)
