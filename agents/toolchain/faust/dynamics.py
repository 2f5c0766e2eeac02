"""Compressors, limiters, gates and envelope followers in Faust."""

from agents.toolchain.faust.body import Body, body, inputs, longest, loudest, role
from agents.toolchain.sources.ballistics import HOLD_MS, RMS_MS
from agents.toolchain.specification import Specification


def compressor_body(specification: Specification) -> Body:
    """One gain for all channels, by the curve of Giannoulis, Massberg and Reiss (2012)."""
    sound = inputs(specification.channels)
    makeup, mix = role(specification, "makeup", 0.0), role(specification, "mix", 1.0)
    return body(
        _detector(specification)
        + f"""
change(level) = follow(pole(attack), pole(release), wanted) with {{
    over = level - threshold;
    slope = 1 / ratio - 1;
    soft = max(knee, 0.000001);
    bend = slope * (over + soft / 2) * (over + soft / 2) / (2 * soft);
    wanted = select2(2 * over < 0 - soft, select2(2 * over > soft, bend, slope * over), 0);
}};
process({", ".join(sound)}) = {", ".join(f"out({one})" for one in sound)} with {{
    gain = amplitude(change(decibels(level_of({_measured(specification, sound)}))) + {makeup});
    out(x) = mixed({mix}, x, x * gain);
}};
""",
        "levels",
    )


def limiter_body(specification: Specification) -> Body:
    """A look-ahead over which the lowest gain is held and averaged."""
    sound = inputs(specification.channels)
    ahead = specification.options["lookahead_ms"]
    assert isinstance(ahead, int | float)
    most = max(1, longest(specification, ahead)).bit_length() - 1
    gain = role(specification, "gain", 0.0)
    return body(
        f"""
ahead = samples({ahead});
process({", ".join(sound)}) = {", ".join(f"out({one})" for one in sound)} with {{
    driven(x) = x * amplitude({gain});
    peak = {loudest(sound, "abs(driven({}))")};
    limit = amplitude(ceiling);
    missing = 1 - min(1, limit / max(peak, 0.0000000001));
    held = follow(pole(release), 0, trailing({most}, ahead, missing));
    factor = 1 - mean_of({most}, ahead, held);
    late(x) = x @ max(0, min({1 << (most + 1)}, ahead - 1));
    out(x) = max(0 - late(limit), min(late(limit), late(driven(x)) * factor));
}};
""",
        "levels",
        "windows",
    )


def gate_body(specification: Specification) -> Body:
    """Open above the threshold, closed below it once the hold has passed."""
    sound = inputs(specification.channels)
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
process({", ".join(sound)}) = {", ".join(f"{one} * gain" for one in sound)} with {{
    level = decibels(level_of({_measured(specification, sound)}));
    closed = amplitude(range);
    wanted = select2(open(level), closed, 1);
    gain = follow_from(closed, pole(release), pole(attack), wanted);
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


def _detector(specification: Specification) -> str:
    """How the level of what ``_measured`` gives is told."""
    if specification.options.get("detection") == "rms":
        return f"level_of(power) = sqrt(2 * follow(pole({RMS_MS}), pole({RMS_MS}), power));"
    most = longest(specification, HOLD_MS).bit_length() - 1
    return f"level_of(size) = trailing({most}, samples({HOLD_MS}), size);"


def _measured(specification: Specification, sound: list[str]) -> str:
    """The loudest channel's size, or its power."""
    squares = specification.options.get("detection") == "rms"
    return loudest(sound, "({0} * {0})" if squares else "abs({})")
