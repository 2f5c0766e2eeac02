"""A specification's words as its readers expect them: sloppy spellings are written out."""

import re
from difflib import get_close_matches

from agents.toolchain.family import KINDS
from agents.toolchain.quantities import NUMBER, PLAIN_NUMBER, number_of, quantities_in
from grym_synth.errors import BadInput

_VOCABULARY = re.findall(
    r"\w+",
    "lowpass highpass bandpass allpass notch shelf crossover butterworth compressor limiter "
    "waveshaper saturator distortion envelope follower tremolo vibrato chorus flanger phaser "
    "delay meter frequency cutoff resonance threshold attack release ratio ceiling feedback makeup "
    "hysteresis order oversampling lookahead stereo sidechain default "
    "tiefpass hochpass bandpass allpass kerbfilter frequenzweiche kompressor begrenzer verzerrer "
    "hüllkurvenfolger schwelle verhältnis rückkopplung grenzfrequenz ordnung überabtastung "
    "verzögerung standard geschwindigkeit",
)
_ALIKE = 0.84
"""Least likeness of a word to the one that it is taken for, 0 to 1."""
_NO_GAIN = frozenset(("lowpass", "highpass", "bandpass", "notch", "allpass", "crossover"))
_BARE_SLOPE = re.compile(
    r"(?<![-−–+.,\d])(?P<db>6|12|18|24|30|36|42|48)[ -]?dB(?=[ -]*(?:$|[,;.\n)]|[a-z]\w*))"
    r"(?!\s*(?:/|per|pro|je|at|bei|down|below|atten|dämpf|\w*sperr))",
    re.I,
)
_USUAL_RATE = re.compile(
    r"(?<![\w.,])(?:at|@|bei|für|for)?\s*(?P<rate>44[.,]1|48|88[.,]2|96|176[.,]4|192)\s?kHz(?!\w)"
    r"(?!\s*(?:–|-|to|bis|cut|corner|freq))",
    re.I,
)
_ENDLESS = re.compile(r"(?:∞|\binf(?:inity|inite)?|\bunendlich)\s?(?::|to|zu)\s?1(?!\d)", re.I)
_UPWARD = re.compile(r"(?<![\d.,:])1\s?:\s?(?P<n>(?!1(?![\d.,]))\d+(?:[.,]\d+)?)(?!\s?:)")
_LISTED = re.compile(
    rf"(?P<list>{NUMBER}(?:\s?(?:,|/)\s?{NUMBER})*\s?(?:/|,|&|\sand|\sund)\s?){NUMBER}\s?"
    r"(?P<unit>k?Hz)",
    re.I,
)
_NEGATIVES = re.compile(
    r"((?<!\w)[-−]\d+(?:[.,]\d+)?)\s(?=[-−]\d)|"
    r"(\d\s?(?:dB\w*|ms|s|k?Hz|%|:\s?1))\s(?=[-−]\d+(?:[.,]\d+)?\s?dB)",
    re.I,
)
"""Numbers whose sign stands after a space, and so is no sign for a range."""
_HARD_KNEE = re.compile(r"hard[ -]knee|knee(?: is|:)? hard|hartes knie", re.I)
_EDGES = re.compile(
    rf"(?<!range )(?<!bereich )(?:from |between |von |zwischen )?(?P<low>{PLAIN_NUMBER})\s?"
    rf"(?P<low_k>k?)(?:Hz)?\s?(?:–|—|-|to|bis|and|und)\s?(?P<high>{PLAIN_NUMBER})\s?"
    rf"(?P<high_k>k?)Hz",
    re.I,
)
"""A span that a band-pass or notch is named with, which is its band and not a range."""


def respelt(text: str) -> str:
    """A text in which words that are nearly those of the family are spelt as they are."""
    return re.sub(r"(?<![\w-])[^\W\d_]{5,}(?![\w-])", _corrected, text)


def written_out(text: str, kind: str) -> str:
    """A text in which every number has the unit that is meant.

    Args:
        text: words.
        kind: the member of the family that it is about.

    Raises:
        BadInput: a ratio is the wrong way round.
    """
    if upward := _UPWARD.search(text):
        raise BadInput(
            "reading the specification",
            f"a ratio of {upward[0]} would make louder what is above the threshold",
            f"Write {upward['n']}:1",
        )
    text = _ENDLESS.sub("1000:1", text)
    text = _NEGATIVES.sub(r"\1\2 ; ", text)
    if "knee" in KINDS[kind].roles:
        text = _HARD_KNEE.sub(" ; knee 0 dB ; ", text)
    if kind in ("bandpass", "notch"):
        text = _with_band(text, kind)
    if kind in _NO_GAIN:
        text = _BARE_SLOPE.sub(r"\g<db> dB/oct ", text)
    if KINDS[kind].each_split:
        text = _LISTED.sub(_with_units, text)
    return _with_rates(text, kind)


def _corrected(one: re.Match[str]) -> str:
    word = one[0].casefold()
    if any(re.search(kind.words, word, re.I) for kind in KINDS.values()):
        return one[0]
    near = get_close_matches(word, _VOCABULARY, n=1, cutoff=_ALIKE)
    return near[0] if near and near[0][0] == word[0] else one[0]


def _with_band(text: str, kind: str) -> str:
    """The edges of a band as its centre and resonance, where neither is named."""
    roles = KINDS[kind].roles
    named = "|".join(roles[name].words for name in ("frequency", "q"))
    if re.search(rf"(?<!\w)(?:{named})(?!\w)", text, re.I) or not (band := _EDGES.search(text)):
        return text
    high = number_of(band["high"]) * (1000 if band["high_k"] else 1)
    low = number_of(band["low"])
    if band["low_k"] or (
        band["high_k"] and low < 20 and "Hz" not in band[0][: band.end("low") + 4]
    ):
        low *= 1000
    if not 0 < low < high:
        return text
    centre = (low * high) ** 0.5
    said = f" frequency {centre:.6g} Hz ; q {centre / (high - low):.6g} ; "
    return text[: band.start()] + said + text[band.end() :]


def _with_units(one: re.Match[str]) -> str:
    listed = re.sub(rf"({NUMBER})(?!\s?[kK]?[hH]z)", rf"\1 {one['unit']}", one["list"])
    return listed + one[0][len(one["list"]) :]


def _with_rates(text: str, kind: str) -> str:
    """A usual sample rate beside another frequency, or where there can be none, is one."""
    hertz = [one for one in quantities_in(text) if "Hz" in one.unit]
    settable = any("Hz" in one.units for one in KINDS[kind].roles.values())
    if len(hertz) < 2 and settable:
        return text
    return _USUAL_RATE.sub(r" ; sample rate \g<rate> kHz ; ", text)
