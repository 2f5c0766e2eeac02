"""Filters and crossovers."""

from agents.toolchain.kinds.kind import Kind
from agents.toolchain.kinds.roles import BELL_Q, FREQUENCY, GAIN, Q


def _filter(label: str, words: str, response: str, *roles: str) -> Kind:
    bell = response in ("bandpass", "notch", "peak")
    every = {"frequency": FREQUENCY, "q": BELL_Q if bell else Q, "gain": GAIN}
    return Kind(
        label, "filters", "Filter", words, {name: every[name] for name in roles},
        frozenset({"order", "design"} if response in ("lowpass", "highpass") else {"order"}),
        {"response": response},
    )  # fmt: skip


FILTERS: dict[str, Kind] = {
    "lowpass": _filter(
        "low-pass filter",
        r"lo(?:w|-)?[ -]?pass\w*|hi(?:gh)?[ -]?cut\w*|lpf|höhensperre|tiefpass\w*|tiefpaß\w*",
        "lowpass",
        "frequency",
        "q",
    ),
    "highpass": _filter(
        "high-pass filter",
        r"hi(?:gh)?[ -]?pass\w*|low?[ -]?cut\w*|hpf|tiefensperre|"
        r"hochpass\w*|hochpaß\w*|rumble filter|trittschall\w*",
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
        r"(?:[ -](?:eq\w*|band|filter))?|glocke\w*|peak(?= (?:at|bei)\b)",
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
        r"low?[ -]?shel(?:f|ving)\w*|bass[ -]?shelf|(?:tiefen|bass)[ -]?(?:shelf|kuhschwanz)\w*|"
        r"kuhschwanz\w*(?: \w+){0,2} (?:bass|bässe\w*|tiefen)|"
        r"bass(?:regler|filter)",
        "low_shelf",
        "frequency",
        "q",
        "gain",
    ),
    "high_shelf": _filter(
        "high shelf",
        r"hi(?:gh)?[ -]?shel(?:f|ving)\w*|treble[ -]?shelf|höhen[ -]?(?:shelf|kuhschwanz)\w*|"
        r"kuhschwanz\w*(?: \w+){0,2} höhen|"
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
        r"cross[ -]?over\w*|\w*frequenzweiche|\w*wege?[ -]?weiche|band[ -]?splitter",
        {"frequency": FREQUENCY},
        frozenset({"order", "bands"}),
        each_split=frozenset({"frequency"}),
    ),
}
