"""Which options a member of the family can have, and which exclude each other."""

from collections.abc import Mapping

from pydantic import JsonValue

from agents.toolchain.family import KINDS
from agents.toolchain.rows import Row
from grym_synth.errors import BadInput

_DEFAULTS: dict[str, JsonValue] = {
    "order": 2,
    "design": "butterworth",
    "detection": "peak",
    "lookahead_ms": 2.0,
    "ping_pong": False,
    "curve": "tanh",
    "oversampling": 8,
    "wave": "sine",
    "panning": False,
    "voices": 1,
    "spread": 0.0,
    "stages": 4,
    "sidechain": False,
    "true_peak": False,
}
_KIND_DEFAULTS: dict[tuple[str, str], JsonValue] = {
    ("crossover", "order"): 4,
    ("multiband_compressor", "order"): 4,
    ("chorus", "voices"): 2,
    ("chorus", "spread"): 0.25,
}
_WHOLE = {"order": (1, 8), "oversampling": (1, 16), "voices": (1, 8), "stages": (2, 24)}


def settled_options(
    kind: str, asked: Mapping[str, JsonValue], rows: Mapping[str, Row], channels: int
) -> tuple[dict[str, JsonValue], list[str]]:
    """The options of a processor, those left open filled in, and notes on these.

    Args:
        kind: the member of the family.
        asked: what the specification says.
        rows: its parameters by role.
        channels: of the sound.

    Raises:
        BadInput: an option is impossible for the kind, or excludes another.
    """
    member = KINDS[kind]
    asked = _fitting(kind, asked)
    for name in asked:
        if name not in member.options:
            told = name.replace("_", " ").removesuffix(" ms")
            have = ", ".join(sorted(member.options))
            raise impossible(
                f"the {member.label} has no {told}",
                f"One can choose its {have}" if have else f"Leave the {told} out",
            )
    options = {
        name: asked.get(name, _KIND_DEFAULTS.get((kind, name), _DEFAULTS.get(name)))
        for name in sorted(member.options - {"bands"})
    }
    if "spread" in options and channels == 1:
        options["spread"] = asked.get("spread", 0.0)
    _check_whole(options)
    _check_order(kind, options, asked, rows)
    if channels != 2 and (options.get("ping_pong") or options.get("panning")):
        told = "ping-pong delay" if options.get("ping_pong") else "panning tremolo"
        raise impossible(f"a {told} needs two channels, not {channels}", "Ask for stereo")
    ahead = options.get("lookahead_ms")
    if isinstance(ahead, int | float) and not 0.02 <= ahead <= 100:
        raise impossible(f"a look-ahead of {ahead:g} ms can't be built", "Choose 0.02 to 100 ms")
    usual = [f"{name.replace('_', ' ')} {value}" for name, value in options.items()
            if name not in asked and value not in (None, False)]  # fmt: skip
    return options, [f"not named and taken as usual: {', '.join(usual)}"] if usual else []


def _fitting(kind: str, asked: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The options without a design that the kind has anyway."""
    usual = {"crossover": "linkwitz_riley", "multiband_compressor": "linkwitz_riley",
             "bandpass": "butterworth", "notch": "butterworth"}  # fmt: skip
    fitting = dict(asked)
    if kind == "meter":  # it reads these anyway
        fitting.pop("true_peak", None)
        fitting.pop("detection", None)
    design = fitting.get("design")
    if design is not None and "design" not in KINDS[kind].options:
        if design != usual.get(kind):
            told = str(design).replace("_", "-").title()
            raise impossible(
                f"a {told} {KINDS[kind].label} is not in the documented family",
                "Ask for Linkwitz-Riley" if KINDS[kind].each_split else "Leave the design out",
            )
        del fitting["design"]
    return fitting


def _check_whole(options: Mapping[str, JsonValue]) -> None:
    for name, (least, most) in _WHOLE.items():
        value = options.get(name, least)
        if not isinstance(value, int) or not least <= value <= most:
            raise impossible(f"{name} {value} can't be built", f"Choose {least} to {most}")
    if options.get("oversampling") not in (None, 1, 2, 4, 8, 16):
        times = options["oversampling"]
        raise impossible(f"{times} times oversampling can't be built", "Choose 1, 2, 4, 8 or 16")
    stages = options.get("stages", 2)
    if isinstance(stages, int) and stages % 2:
        raise impossible(f"a phaser of {stages} stages has half a notch", "Choose an even number")


def _check_order(
    kind: str,
    options: Mapping[str, JsonValue],
    asked: Mapping[str, JsonValue],
    rows: Mapping[str, Row],
) -> None:
    order = options.get("order", 2)
    assert isinstance(order, int)
    label = KINDS[kind].label
    riley = options.get("design") == "linkwitz_riley" or bool(KINDS[kind].each_split)
    if riley and order % 2:
        raise impossible(
            f"a Linkwitz-Riley filter has an even order, not {order}", "Choose 2, 4, 6 or 8"
        )
    if riley and "q" in rows:
        raise impossible(
            "a Linkwitz-Riley filter has no resonance", "Leave it out, or ask for Butterworth"
        )
    if kind in ("bandpass", "notch") and order % 2:
        raise impossible(f"a {label} has an even order, not {order}", "Choose 2, 4, 6 or 8")
    if kind == "peak" and order != 2:
        raise impossible(f"a peak filter has two poles, not {order}", "Leave the order out")
    if kind in ("low_shelf", "high_shelf") and order > 2:
        raise impossible(f"a {label} has one or two poles, not {order}", "Choose order 1 or 2")
    if order == 1 and "q" in rows:
        raise impossible(
            "a filter with one pole has no resonance", "Ask for two poles, or leave it out"
        )


def impossible(happened: str, do: str) -> BadInput:
    """What to raise where a specification can't be built as it is."""
    return BadInput("designing the processor", happened, do)
