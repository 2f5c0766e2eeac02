"""A specification's words as its readers expect them: sloppy spellings are written out."""

import re
from difflib import get_close_matches

from agents.toolchain.bandwidth import with_resonance
from agents.toolchain.family import KINDS
from agents.toolchain.quantities import NUMBER, PLAIN_NUMBER, UNIT, quantities_in
from agents.toolchain.spelt_numbers import in_digits, ratios_in_digits
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
    rf"(?<![\d.,])(?P<list>{NUMBER}(?:\s?(?:,(?!\d)|/)\s?{NUMBER})*"
    rf"\s?(?:/|,(?!\d)|&|\sand|\sund)\s?){NUMBER}\s?(?P<unit>k?Hz)",
    re.I,
)
_NEGATIVES = re.compile(
    r"((?<!\w)[-−]\d+(?:[.,]\d+)?)\s(?=[-−]\d)|"
    r"(\d\s?(?:dB\w*|ms|s|k?Hz|%|:\s?1))\s(?=[-−]\d+(?:[.,]\d+)?\s?dB)",
    re.I,
)
"""Numbers whose sign stands after a space, and so is no sign for a range."""
_HARD_KNEE = re.compile(r"hard[ -]knee|knee(?: is|:)? hard|hartes knie", re.I)
_LOWERED = re.compile(
    rf"(?<!\w)(?:cut(?:s|ting)?|reduc\w+|attenuat\w+|lower\w*|dip\w*|(?:ab)?senk\w*|dämpf\w*)"
    rf"(?: (?:by|of|um|von|at))? (?P<a>{PLAIN_NUMBER})\s?dB(?!\w)|"
    rf"(?<![-−+\d.,])(?P<b>{PLAIN_NUMBER})\s?dB (?:cut|dip|reduction|abgesenkt|absenk\w*|senk\w*)",
    re.I,
)
"""A gain whose sign is a word."""
_EITHER_WAY = re.compile(rf"±\s?(?={PLAIN_NUMBER}\s?cents?(?!\w))", re.I)
_TIMES = re.compile(
    r"(?<![\w.,])(?P<n>1|2|4|8|16)\s?[x×](?!\w)(?!\s?-?\s?(?:oversampl|überabt))", re.I
)
"""A factor that stands alone, and can only be that of the oversampling."""
_NONE = ("feedback", "knee", "hysteresis", "hold", "makeup")
"""Roles of which nothing is left where a text says that there is none."""
_ONCE = re.compile(
    r"(?<!\w)(?:an? |eine[rnm]? )?(?:single|one|1|einzige[rnms]?|einmalige[rnms]?) "
    r"(?:repeat|echo|wiederholung)(?!\w)",
    re.I,
)
_BETWEEN = re.compile(
    rf"(?<!\w)(?:between|zwischen) (?P<low>{NUMBER}\s?(?:{UNIT})?) (?:and|und) (?={NUMBER})", re.I
)


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
    text = _BETWEEN.sub(r"\g<low> to ", in_digits(text))
    text = _EITHER_WAY.sub("", text)
    if kind in ("peak", "low_shelf", "high_shelf"):
        text = _LOWERED.sub(lambda one: f" ; gain -{one['a'] or one['b']} dB ; ", text)
    text = _ENDLESS.sub("1000:1", text)
    if "ratio" in KINDS[kind].roles:
        text = ratios_in_digits(text)
    text = _NEGATIVES.sub(r"\1\2 ; ", text)
    if "knee" in KINDS[kind].roles:
        text = _HARD_KNEE.sub(" ; knee 0 dB ; ", text)
    text = with_resonance(_without(text, kind), kind)
    if "oversampling" in KINDS[kind].options:
        text = _TIMES.sub(r"\g<n>x oversampling", text)
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


def _without(text: str, kind: str) -> str:
    """What there shall be none of as a value of zero."""
    roles = KINDS[kind].roles
    if "feedback" in roles:
        text = _ONCE.sub("no feedback", text)
    for name in _NONE:
        if name in roles:
            none = (
                rf"(?<!\w)(?:no|without|ohne|keine?[nrms]?) (?:any )?(?:{roles[name].words})(?!\w)"
            )
            unit = next(iter(roles[name].units))
            text = re.sub(none, f" ; {name} 0 {unit} ; ".replace("  ", " "), text, flags=re.I)
    return text


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
