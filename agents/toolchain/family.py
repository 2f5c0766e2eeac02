"""The documented family: what is built without a model, and what can be set of it."""

import math
from dataclasses import dataclass, field

from pydantic import JsonValue

from agents.toolchain.specification import Scale

HERTZ = {"Hz": 1.0, "kHz": 1000.0}
MILLISECONDS = {"ms": 1.0, "s": 1000.0, "us": 0.001}
DECIBELS = {"dB": 1.0, "dBFS": 1.0, "dBTP": 1.0}
SHARE = {"": 1.0, "%": 0.01}
PLAIN = {"": 1.0}
RATIO = {"": 1.0, ":1": 1.0}
OCTAVES = {"octaves": 1.0, "%": 0.02, "": 2.0}
"""Depth of a phaser's sweep; in shares, all of it is two octaves up and down."""


@dataclass(frozen=True)
class Role:
    """One thing that can be set of a processor, whatever it is called."""

    units: dict[str, float]
    """Units that it may have, with what one of them is in the first one."""
    least: float
    """No lower value works, in the first unit."""
    most: float
    minimum: float
    """Where a specification names no range."""
    maximum: float
    default: float
    words: str
    """What it is called in English and German: a regular expression."""
    scale: Scale = "linear"
    needed: bool = True
    """Whether it is a parameter even where the specification doesn't name it."""


@dataclass(frozen=True)
class Kind:
    """One member of the family."""

    label: str
    module: str
    """Of ``agents/toolchain/sources``."""
    processor: str
    """Its class there."""
    words: str
    """What it is called in English and German: a regular expression."""
    roles: dict[str, Role]
    options: frozenset[str] = frozenset()
    """Arguments of the class that a specification may fix."""
    fixed: dict[str, JsonValue] = field(default_factory=dict)
    """Arguments that follow from the kind."""


_CUT = r"cut|cut-?off(?:[ -]?freq\w*)?|corner(?:[ -]?freq\w*)?|cent(?:er|re)(?:[ -]?freq\w*)?|" \
    r"freq(?:uency|uenz)?|fc|f0|grenzfrequenz|eckfrequenz|mittenfrequenz|tuning"  # fmt: skip
FREQUENCY = Role(HERTZ, 1.0, 90_000.0, 20.0, 20_000.0, 1000.0, _CUT, "log")
Q = Role(
    PLAIN, 0.05, 100.0, 0.1, 10.0, math.sqrt(0.5),
    r"q(?:[ -]?factor)?|resonan[cz]e?|quality|güte|bandwidth q|steilheit", "log", needed=False,
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
_DEPTH = r"depth|intensity|amount|width|tiefe|intensität|hub"
SWING = MILLISECONDS | {"%": 0.05, "": 5.0}
"""Depth of a delay's swing; in shares, all of it is 5 ms."""
DEPTH_MS = Role(SWING, 0.0, 50.0, 0.0, 5.0, 2.0, _DEPTH)


def _filter(label: str, words: str, response: str, *roles: str) -> Kind:
    bell = response in ("bandpass", "notch", "peak")
    every = {"frequency": FREQUENCY, "q": BELL_Q if bell else Q, "gain": GAIN}
    return Kind(
        label, "filters", "Filter", words, {name: every[name] for name in roles},
        frozenset({"order", "design"} if response in ("lowpass", "highpass") else {"order"}),
        {"response": response},
    )  # fmt: skip


def _swept(label: str, words: str, mix: Role | None, **roles: Role) -> Kind:
    every = {"rate": RATE, **roles} | ({} if mix is None else {"mix": mix})
    return Kind(
        label, "modulated_delay", "ModulatedDelay", words, every,
        frozenset({"voices", "spread", "wave"}),
        {"mix": 1.0, "delay_ms": 1.0} if mix is None else {},
    )  # fmt: skip


KINDS: dict[str, Kind] = {
    "lowpass": _filter(
        "low-pass filter",
        r"low[ -]?pass\w*|high[ -]?cut|lpf|tiefpass\w*|tiefpaß\w*",
        "lowpass",
        "frequency",
        "q",
    ),
    "highpass": _filter(
        "high-pass filter",
        r"high[ -]?pass\w*|low[ -]?cut|hpf|hochpass\w*|hochpaß\w*|rumble filter|trittschall\w*",
        "highpass",
        "frequency",
        "q",
    ),
    "bandpass": _filter(
        "band-pass filter", r"band[ -]?pass\w*|bpf|bandpaß\w*", "bandpass", "frequency", "q"
    ),
    "notch": _filter(
        "notch filter",
        r"notch\w*|band[ -]?(?:stop|reject)\w*|kerbfilter|bandsperre|sperrfilter",
        "notch",
        "frequency",
        "q",
    ),
    "peak": _filter(
        "peak filter",
        r"peak(?:ing)?[ -](?:eq\w*|filter|band)|peaking|bell\w*|parametri(?:c|sche\w*)"
        r"(?:[ -](?:eq\w*|band|filter))?|glocken\w*",
        "peak",
        "frequency",
        "q",
        "gain",
    ),
    "allpass": _filter(
        "all-pass filter", r"all[ -]?pass\w*|allpaß\w*", "allpass", "frequency", "q"
    ),
    "low_shelf": _filter(
        "low shelf",
        r"low[ -]?shel(?:f|ving)\w*|bass[ -]?shelf|tiefen[ -]?(?:shelf|kuhschwanz)\w*|"
        r"bass(?:regler|filter)",
        "low_shelf",
        "frequency",
        "q",
        "gain",
    ),
    "high_shelf": _filter(
        "high shelf",
        r"high[ -]?shel(?:f|ving)\w*|treble[ -]?shelf|höhen[ -]?(?:shelf|kuhschwanz)\w*|"
        r"höhen(?:regler|filter)",
        "high_shelf",
        "frequency",
        "q",
        "gain",
    ),
    "crossover": Kind(
        "crossover",
        "crossover",
        "Crossover",
        r"cross[ -]?over\w*|\w*frequenzweiche|band[ -]?splitter",
        {"frequency": FREQUENCY},
        frozenset({"order", "bands"}),
    ),
    "compressor": Kind(
        "compressor",
        "compressor",
        "Compressor",
        r"compressor|kompressor",
        {
            "threshold": THRESHOLD,
            "ratio": Role(RATIO, 1.0, 1000.0, 1.0, 20.0, 4.0, r"ratio|verhältnis", "log"),
            "knee": Role(DECIBELS, 0.0, 60.0, 0.0, 24.0, 6.0, r"(?:soft[ -]?)?knee|knie\w*"),
            "attack": ATTACK,
            "release": RELEASE,
            "makeup": Role(
                DECIBELS,
                -60.0,
                60.0,
                0.0,
                24.0,
                0.0,
                r"make-?up(?:[ -]?gain)?|output(?:[ -]?gain)?|gain|aufhol\w*|ausgang\w*",
            ),
            "mix": FULL_MIX,
        },
        frozenset({"detection"}),
    ),
    "limiter": Kind(
        "limiter",
        "limiter",
        "Limiter",
        r"limiter|(?:spitzen)?begrenzer",
        {
            "ceiling": Role(
                DECIBELS,
                -60.0,
                0.0,
                -24.0,
                0.0,
                -1.0,
                r"ceiling|thresh(?:old)?|limit|output(?:[ -]?level)?|max\w*[ -]?level|"
                r"obergrenze|schwell\w*|grenze",
            ),
            "release": RELEASE,
            "gain": Role(
                DECIBELS,
                -60.0,
                60.0,
                0.0,
                24.0,
                0.0,
                r"(?:input[ -]?)?gain|drive|input|eingang\w*|verstärkung",
                needed=False,
            ),
        },
        frozenset({"lookahead_ms"}),
    ),
    "gate": Kind(
        "gate",
        "gate",
        "Gate",
        r"(?:noise[ -]?)?gate|rauschsperre|expander[ /]gate",
        {
            "threshold": Role(DECIBELS, -120.0, 20.0, -80.0, 0.0, -40.0, THRESHOLD.words),
            "hysteresis": Role(DECIBELS, 0.0, 40.0, 0.0, 12.0, 3.0, r"hysterese|hysteresis"),
            "range": Role(
                DECIBELS,
                -140.0,
                0.0,
                -90.0,
                0.0,
                -80.0,
                r"range|floor|reduction|attenuation|absenkung|dämpfung",
            ),
            "attack": Role(MILLISECONDS, 0.01, 5000.0, 0.05, 100.0, 1.0, ATTACK.words, "log"),
            "hold": Role(MILLISECONDS, 0.0, 5000.0, 0.0, 500.0, 10.0, r"hold|halte\w*"),
            "release": RELEASE,
        },
    ),
    "delay": Kind(
        "delay",
        "delay",
        "Delay",
        r"(?:ping[ -]?pong[ -]?)?(?:delay|echo)\w*|verzögerung\w*",
        {
            "time": Role(
                MILLISECONDS,
                0.05,
                20_000.0,
                1.0,
                2000.0,
                300.0,
                r"(?:delay[ -]?)?(?:time|zeit)|delay|verzögerung\w*",
                "log",
            ),
            "feedback": FEEDBACK,
            "mix": MIX,
        },
        frozenset({"ping_pong"}),
    ),
    "waveshaper": Kind(
        "waveshaper",
        "waveshaper",
        "Waveshaper",
        r"wave[ -]?shap\w+|saturat\w+|distort\w+|overdrive|(?:(?:soft|hard)[ -]?)?clipp(?:er|ing)|"
        r"verzerr\w+|sättigung\w*|wellenform\w+",
        {
            "drive": Role(
                DECIBELS,
                -60.0,
                80.0,
                0.0,
                36.0,
                0.0,
                r"drive|input(?:[ -]?gain)?|gain|vorverstärkung|eingang\w*",
            ),
            "output": Role(
                DECIBELS,
                -60.0,
                60.0,
                -24.0,
                12.0,
                0.0,
                r"output(?:[ -]?(?:gain|level))?|trim|ausgang\w*|level|pegel",
            ),
            "mix": FULL_MIX,
        },
        frozenset({"curve", "oversampling"}),
    ),
    "envelope": Kind(
        "envelope follower",
        "envelope",
        "EnvelopeFollower",
        r"envelope[ -](?:follow\w*|detect\w*|track\w*)|hüllkurven(?:folger|detektor)\w*",
        {
            "attack": ATTACK,
            "release": RELEASE,
            "gain": Role(DECIBELS, -60.0, 60.0, -24.0, 24.0, 0.0, GAIN.words, needed=False),
        },
        frozenset({"detection"}),
    ),
    "tremolo": Kind(
        "tremolo",
        "tremolo",
        "Tremolo",
        r"tremolo\w*|auto-?pan\w*",
        {
            "rate": Role(HERTZ, 0.001, 100.0, 0.1, 20.0, 5.0, RATE.words, "log"),
            "depth": Role(SHARE, 0.0, 1.0, 0.0, 1.0, 0.5, _DEPTH),
        },
        frozenset({"wave", "panning"}),
    ),
    "vibrato": _swept(
        "vibrato",
        r"vibrato\w*",
        None,
        depth=Role(SWING, 0.0, 50.0, 0.0, 5.0, 1.0, _DEPTH),
    ),
    "chorus": _swept(
        "chorus",
        r"chorus\w*",
        MIX,
        depth=Role(SWING, 0.0, 50.0, 0.0, 10.0, 3.0, _DEPTH),
        delay=Role(
            MILLISECONDS,
            0.2,
            100.0,
            1.0,
            40.0,
            12.0,
            r"(?:base[ -]?)?delay(?:[ -]?time)?|verzögerung\w*",
        ),
        feedback=RESONANT_FEEDBACK,
    ),
    "flanger": _swept(
        "flanger",
        r"flang\w+",
        MIX,
        depth=DEPTH_MS,
        delay=Role(
            MILLISECONDS,
            0.2,
            50.0,
            0.5,
            10.0,
            1.0,
            r"(?:base[ -]?)?delay(?:[ -]?time)?|manual|verzögerung\w*",
        ),
        feedback=Role(SHARE, -0.97, 0.97, -0.95, 0.95, 0.5, rf"{FEEDBACK.words}|resonan[cz]e?"),
    ),
    "phaser": Kind(
        "phaser",
        "phaser",
        "Phaser",
        r"phas(?:er|ing)\w*",
        {
            "rate": Role(
                HERTZ,
                0.001,
                100.0,
                0.05,
                10.0,
                0.5,
                RATE.words.replace("freq", "lfo[ -]?freq"),
                "log",
            ),
            "depth": Role(OCTAVES, 0.0, 5.0, 0.0, 3.0, 1.0, _DEPTH),
            "frequency": Role(HERTZ, 5.0, 20_000.0, 100.0, 5000.0, 800.0, _CUT, "log"),
            "feedback": Role(
                SHARE, -0.97, 0.97, -0.9, 0.9, 0.0, rf"{FEEDBACK.words}|resonan[cz]e?"
            ),
            "mix": MIX,
        },
        frozenset({"stages", "spread", "wave"}),
    ),
    "meter": Kind(
        "meter",
        "meter",
        "Meter",
        r"(?:loudness|level|lufs|peak|rms|true[ -]?peak)[ -]?meter\w*|meter(?:ing)?|"
        r"\w*pegelmess\w*|lautheitsmess\w*|\w*messgerät|aussteuerungs\w+",
        {
            "window": Role(
                MILLISECONDS,
                1.0,
                10_000.0,
                10.0,
                3000.0,
                300.0,
                r"(?:rms[ -]?)?(?:window|integration(?:[ -]?time)?)|fenster",
                "log",
                needed=False,
            )
        },
    ),
}


def family_text() -> str:
    """The members of the family, for answers."""
    return ", ".join(one.label for one in KINDS.values())
