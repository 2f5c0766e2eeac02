"""Compressors, limiters, gates and envelope followers in Faust."""

from typing import NamedTuple

from agents.toolchain.faust.body import Body, body, inputs, longest, loudest, number, role
from agents.toolchain.faust.filters import band_chains
from agents.toolchain.faust.phases import phase_filters
from agents.toolchain.sources.ballistics import HOLD_MS, RMS_MS
from agents.toolchain.sources.limiter import BETA, CORNER, GUARD, HALF, ROOM_DB, TIMES
from agents.toolchain.sources.oversampling import taps_of
from agents.toolchain.specification import Specification


def compressor_body(specification: Specification) -> Body:
    """One gain for all channels, by the curve of Giannoulis, Massberg and Reiss (2012)."""
    sound = inputs(specification.channels)
    heard = _heard(specification, sound)
    makeup, mix = role(specification, "makeup", 0.0), role(specification, "mix", 1.0)
    return body(
        _detector(specification)
        + f"""
process({", ".join(heard.every)}) = {", ".join(f"out({one})" for one in sound)} with {{
    level = {heard.level} : level_of : decibels;
    gain = level : change(threshold, ratio, knee, attack, release) : +({makeup}) : amplitude;
    out(x) = mixed({mix}, x, x * gain);
}};
""",
        "levels",
        "curves",
    )


def multiband_body(specification: Specification) -> Body:
    """A crossover, a compressor in each band, and the sum of the bands."""
    sound = inputs(specification.channels)
    chains = band_chains(specification)
    lines = [_detector(specification)]
    lines += [f"band_{n}(x) = x : {chain};" for n, chain in enumerate(chains, 1)]
    mix, outs, gains = role(specification, "mix", 1.0), [], []
    for n in range(1, len(chains) + 1):
        heard = _measured(specification, [f"band_{n}({one})" for one in sound])
        makeup = role(specification, f"makeup_{n}", 0.0)
        gains.append(
            f"    gain_{n} = {heard} : level_of : decibels\n"
            f"        : change(threshold_{n}, ratio_{n}, knee, attack, release)\n"
            f"        : +({makeup}) : amplitude;"
        )
    for one in sound:
        bands = range(1, len(chains) + 1)
        dry = " + ".join(f"band_{n}({one})" for n in bands)
        wet = " + ".join(f"band_{n}({one}) * gain_{n}" for n in bands)
        outs.append(f"    mixed({mix}, {dry}, {wet})")
    lines.append(f"process({', '.join(sound)}) =\n" + ",\n".join(outs) + "\nwith {")
    return body("\n".join([*lines, *gains, "};"]), "sections", "levels", "curves")


def limiter_body(specification: Specification) -> Body:
    """A look-ahead over which the lowest gain is held and averaged."""
    sound, between = inputs(specification.channels), bool(specification.options.get("true_peak"))
    ahead = specification.options["lookahead_ms"]
    assert isinstance(ahead, int | float)
    most = max(1, longest(specification, ahead)).bit_length() - 1
    gain, room = role(specification, "gain", 0.0), number(-ROOM_DB if between else 0.0)
    taps = phase_filters(taps_of(TIMES, HALF, CORNER, BETA), TIMES) if between else ""
    size, more = "abs(driven({}))", 0
    if between:
        more = HALF + GUARD
        near = inputs(TIMES, "phase_")
        dense = loudest([f"{TIMES} * {one}(x)" for one in near], "abs({})")
        taps += f"\npeak_near(x) = max(abs(x) @ {HALF}, {dense});"
        size = "(driven({}) : peak_near)"
    peak = loudest(sound, size)
    around = f"{peak} : trailing(5, {2 * GUARD + 2})" if between else peak
    return body(
        f"""
ahead = samples({ahead});
{taps}
process({", ".join(sound)}) = {", ".join(f"out({one})" for one in sound)} with {{
    driven(x) = x * amplitude({gain});
    limit = amplitude(ceiling);
    missing(peak) = 1 - min(1, limit * amplitude({room}) / max(peak, 0.0000000001));
    held = {around} : missing : trailing({most}, ahead) : follow(pole(release), 0);
    factor = 1 - (held : mean_of({most}, ahead));
    late(x) = x @ max(0, min({(1 << (most + 1)) + more}, ahead - 1 + {more}));
    out(x) = max(0 - late(limit), min(late(limit), late(driven(x)) * factor));
}};
""",
        "levels",
        "windows",
    )


def gate_body(specification: Specification) -> Body:
    """Open above the threshold, closed below it once the hold has passed."""
    sound = inputs(specification.channels)
    heard = _heard(specification, sound)
    return body(
        _detector(specification)
        + f"""
open(level) = left > 0 with {{
    kept = int(rint(hold / 1000 * SR)) + 1;
    count(l) = select2(
        (level > threshold) | ((level > threshold - hysteresis) & (l > 0)), max(0, l - 1), kept
    );
    left = count ~ _;
}};
process({", ".join(heard.every)}) = {", ".join(f"{one} * gain" for one in sound)} with {{
    level = {heard.level} : level_of : decibels;
    closed = amplitude(range);
    wanted = select2(open(level), closed, 1);
    gain = wanted : follow_from(closed, pole(release), pole(attack));
}};
""",
        "levels",
    )


def envelope_body(specification: Specification) -> Body:
    """Each channel's level in place of its sound."""
    gain = role(specification, "gain", 0.0)
    squares = specification.options.get("detection") == "rms"
    size, back = ("x * x", "sqrt") if squares else ("abs(x)", "_")
    return body(
        f"""
level(x) = follow(pole(release), pole(attack), {size}) : {back} : *(amplitude({gain}));
process = par(channel, {specification.channels}, level);
""",
        "levels",
    )


class _Heard(NamedTuple):
    """What comes in, and what of it is measured."""

    every: list[str]
    """Names of all inputs; those of the key follow the sound."""
    level: str
    """What the detector takes."""


def _heard(specification: Specification, sound: list[str]) -> _Heard:
    if not specification.options.get("sidechain"):
        return _Heard(sound, _measured(specification, sound))
    key = inputs(specification.channels, "key")
    # The key's inputs come last, as they do in the package.
    return _Heard([*sound, *key], _measured(specification, key))


def _detector(specification: Specification) -> str:
    """How the level of what ``_measured`` gives is told."""
    if specification.options.get("detection") == "rms":
        return f"level_of(power) = power : follow(pole({RMS_MS}), pole({RMS_MS})) : *(2) : sqrt;"
    most = longest(specification, HOLD_MS).bit_length() - 1
    return f"level_of = trailing({most}, samples({HOLD_MS}));"


def _measured(specification: Specification, sound: list[str]) -> str:
    """The loudest channel's size, or its power."""
    squares = specification.options.get("detection") == "rms"
    return loudest(sound, "({0} * {0})" if squares else "abs({})")
