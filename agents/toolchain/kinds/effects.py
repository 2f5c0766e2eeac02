"""Delays and effects that move."""

from agents.toolchain.kinds.kind import Kind, Role
from agents.toolchain.kinds.roles import (
    CUT,
    DEPTH,
    DEPTH_MS,
    FEEDBACK,
    HERTZ,
    MILLISECONDS,
    MIX,
    OCTAVES,
    RATE,
    RESONANT_FEEDBACK,
    SHARE,
    SWING,
)


def _swept(label: str, words: str, mix: Role | None, **roles: Role) -> Kind:
    every = {"rate": RATE, **roles} | ({} if mix is None else {"mix": mix})
    return Kind(
        label, "modulated_delay", "ModulatedDelay", words, every,
        frozenset({"voices", "spread", "wave"}),
        {"mix": 1.0, "delay_ms": 1.0} if mix is None else {},
    )  # fmt: skip


EFFECTS: dict[str, Kind] = {
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
    "tremolo": Kind(
        "tremolo",
        "tremolo",
        "Tremolo",
        r"tremolo\w*|auto-?pan\w*",
        {
            "rate": Role(HERTZ, 0.001, 100.0, 0.1, 20.0, 5.0, RATE.words, "log"),
            "depth": Role(SHARE, 0.0, 1.0, 0.0, 1.0, 0.5, DEPTH),
        },
        frozenset({"wave", "panning"}),
    ),
    "vibrato": _swept(
        "vibrato",
        r"vibrato\w*",
        None,
        depth=Role(SWING, 0.0, 50.0, 0.0, 5.0, 1.0, DEPTH),
    ),
    "chorus": _swept(
        "chorus",
        r"chorus\w*",
        MIX,
        depth=Role(SWING, 0.0, 50.0, 0.0, 10.0, 3.0, DEPTH),
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
            "depth": Role(OCTAVES, 0.0, 5.0, 0.0, 3.0, 1.0, DEPTH),
            "frequency": Role(HERTZ, 5.0, 20_000.0, 100.0, 5000.0, 800.0, CUT, "log"),
            "feedback": Role(
                SHARE, -0.97, 0.97, -0.9, 0.9, 0.0, rf"{FEEDBACK.words}|resonan[cz]e?"
            ),
            "mix": MIX,
        },
        frozenset({"stages", "spread", "wave"}),
    ),
}
