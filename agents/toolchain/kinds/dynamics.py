"""What acts on levels or tells them."""

from dataclasses import replace

from agents.toolchain.kinds.kind import Kind, Role
from agents.toolchain.kinds.roles import (
    ATTACK,
    DECIBELS,
    FREQUENCY,
    FULL_MIX,
    GAIN,
    MILLISECONDS,
    RATIO,
    RELEASE,
    THRESHOLD,
)

_COMPRESSOR = {
    "threshold": THRESHOLD,
    "ratio": Role(RATIO, 1.0, 1000.0, 1.0, 20.0, 4.0, r"ratio|verhältnis", "log"),
    "knee": Role(DECIBELS, 0.0, 60.0, 0.0, 24.0, 6.0, r"(?:soft[ -]?)?knee|knie\w*"),
    "attack": ATTACK,
    "release": RELEASE,
    "makeup": Role(
        DECIBELS, -60.0, 60.0, 0.0, 24.0, 0.0,
        r"make-?up(?:[ -]?gain)?|output(?:[ -]?gain)?|gain|aufhol\w*|ausgang\w*",
    ),
    "mix": FULL_MIX,
}  # fmt: skip
_SPLIT = replace(FREQUENCY, words=rf"{FREQUENCY.words}|splits?|cross-?overs?|trenn\w*")

DYNAMICS: dict[str, Kind] = {
    "compressor": Kind(
        "compressor",
        "compressor",
        "Compressor",
        r"compressor|\w*kompressor|duck(?:er|ing)",
        _COMPRESSOR,
        frozenset({"detection", "sidechain"}),
        in_bands="multiband_compressor",
    ),
    "multiband_compressor": Kind(
        "multiband compressor",
        "multiband",
        "MultibandCompressor",
        r"(?:[2-5]|two|three|four|five|zwei|drei|vier|fünf|multi|mehr)[ -]?ba(?:nd|end)[ -]?"
        r"(?:compress\w+|kompress\w+|dynamics?|dynamik\w*)",
        {"frequency": _SPLIT, **_COMPRESSOR},
        frozenset({"order", "bands", "detection"}),
        each_split=frozenset({"frequency"}),
        each_band=frozenset({"threshold", "ratio", "makeup"}),
        splits=2,
    ),
    "limiter": Kind(
        "limiter",
        "limiter",
        "Limiter",
        r"limiter|\w*begrenzer",
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
        frozenset({"lookahead_ms", "true_peak"}),
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
        frozenset({"sidechain"}),
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
    "waveshaper": Kind(
        "waveshaper",
        "waveshaper",
        "Waveshaper",
        r"wave[ -]?shap\w+|saturat\w+|distort\w+|overdrive|(?:(?:soft|hard)[ -]?)?clipp(?:er|ing)|"
        r"\w*verzerr\w+|sättigung\w*|wellenform\w+",
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
