"""Delays, LFO effects and phasers in Faust."""

from agents.toolchain.expectations import parameter
from agents.toolchain.faust.body import Body, body, inputs, longest, most_ms, number, role
from agents.toolchain.specification import Specification


def delay_body(specification: Specification) -> Body:
    """Echoes, straight or from side to side."""
    top = longest(specification, most_ms(specification, "time", 0.0)) + 2
    times = f"times = max(1, time / 1000 * SR);\nheard_at(x) = past({top}, times, flush(x));\n"
    if specification.options.get("ping_pong"):
        text = """
process(x0, x1) = (loop ~ (_, _)) : out with {
    loop(e0, e1) = heard_at(((x0 + x1) / 2)' + feedback' * e1), heard_at(feedback' * e0);
    out(e0, e1) = mixed(mix, x0, e0), mixed(mix, x1, e1);
};
"""
    else:
        text = f"""
echoes(x) = loop ~ _ with {{ loop(e) = heard_at(x' + feedback' * e); }};
process = par(channel, {specification.channels}, one) with {{
    one(x) = mixed(mix, x, echoes(x));
}};
"""
    return body(times + text, "lines")


def modulated_delay_body(specification: Specification) -> Body:
    """Voices that are delayed by ``delay`` and up to ``depth`` more."""
    options = specification.options
    fixed, dry = _real(options.get("delay_ms", 5.0)), _real(options.get("mix", 0.5))
    voices, spread = int(_real(options["voices"])), _real(options["spread"])
    most = most_ms(specification, "delay", fixed) + most_ms(specification, "depth", 0.0)
    top = longest(specification, most) + 2
    heard = " + ".join(f"voice({number(n / voices)})" for n in range(voices))
    returns = "' + feedback' * e" if parameter(specification, "feedback") is not None else "'"
    sound = inputs(specification.channels)
    outs = ", ".join(f"out({number(n * spread)}, {one})" for n, one in enumerate(sound))
    loop = "loop ~ _" if "e" in returns else "loop(0)"
    return body(
        f"""
phase = period(rate);
shortest = {role(specification, "delay", fixed)};
late(p) = max(1, (shortest + depth * (1 + {options["wave"]}(p)) / 2) / 1000 * SR);
heard(shift, x) = {loop} with {{
    loop(e) = ({heard}) / {voices} with {{
        voice(apart) = past({top}, late(phase + shift + apart), flush(x{returns}));
    }};
}};
out(shift, x) = mixed({role(specification, "mix", dry)}, x, heard(shift, x));
process({", ".join(sound)}) = {outs};
""",
        "lines",
        "waves",
    )


def phaser_body(specification: Specification) -> Body:
    """First-order all-passes in a row, whose end feeds their beginning."""
    options = specification.options
    sound, spread = inputs(specification.channels), _real(options["spread"])
    outs = ", ".join(f"out({number(n * spread)}, {one})" for n, one in enumerate(sound))
    return body(
        f"""
phase = period(rate);
swept(shift) = max(5, min(0.45 * SR, frequency * pow(2, depth * {options["wave"]}(phase + shift))));
coefficient(shift) = (k - 1) / (k + 1) with {{ k = tan(PI * swept(shift) / SR); }};
stage(a, x) = a * x + kept' with {{
    kept = keep ~ _;
    keep(k) = flush(x - a * (a * x + k));
}};
chain(shift, x) = loop ~ _ with {{
    a = coefficient(shift);
    loop(last) = x + {role(specification, "feedback", 0.0)} * flush(last)
        : seq(n, {options["stages"]}, stage(a));
}};
out(shift, x) = mixed(mix, x, chain(shift, x));
process({", ".join(sound)}) = {outs};
""",
        "waves",
    )


def tremolo_body(specification: Specification) -> Body:
    """A level that goes up and down, or from side to side."""
    sound, panning = inputs(specification.channels), bool(specification.options.get("panning"))
    outs = ", ".join(
        f"out({number(0.5 * (n % 2) if panning else 0.0)}, {one})" for n, one in enumerate(sound)
    )
    return body(
        f"""
phase = period(rate);
low(shift) = (1 - {specification.options["wave"]}(phase + 0.5 + shift)) / 2;
out(shift, x) = x * (1 - depth * low(shift));
process({", ".join(sound)}) = {outs};
""",
        "waves",
    )


def _real(value: object) -> float:
    assert isinstance(value, int | float), value
    return float(value)
