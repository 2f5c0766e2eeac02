"""Which member of the family a text is about, and what it asks for that none of them does."""

import re
from collections.abc import Sequence

from agents.toolchain.family import KINDS

_WITHOUT = re.compile(
    r"(?:\bno|\bnot|\bwithout|\bnever|\bohne|\bkeine?[nrms]?|\bnicht|\bstatt|\binstead of)\s"
    r"(?:(?:an?|the|any|eine?[nrms]?)\s)?$",
    re.I,
)
_FOR = re.compile(
    r"\b(?:for|on|onto|after|before|für|auf|nach|vor)\s"
    r"(?:(?:my|the|an?|mein\w*|de[nrms]|die|das|eine?[nrms]?|\w+ed)\s|\w+[ -]){0,2}$",
    re.I,
)
"""What comes behind these words is what the processor is used on."""
_FORMATS = re.compile(
    r"(?<!\w)(?:vst ?[23]?|aax|lv2|au[ -]plug-?ins?|audio ?units?|clap[ -]plug-?ins?|juce|c\+\+|"
    r"web ?audio|(?:audio ?)?worklets?|max/msp|max for live|m4l|pure ?data|supercollider|csound|"
    r"matlab|vcv(?: rack)?|reaktor|javascript|typescript|(?:in|as|für) (?:c|rust|swift|java|go)"
    r"(?: code)?)(?!\w)",
    re.I,
)
_DEVICES = (
    r"\w*reverb\w*|\w*hall(?:gerät|effekt|raum|fahne)\w*|hall|nachhall\w*|federhall|plattenhall|"
    r"convol\w+|faltung\w*|shimmer\w*|room simulat\w+|"
    r"(?:\w*synth(?:s|esi[sz]ers?|esis|ese|esizern?)?)(?:[ -](?:voices?|stimmen?))?|"
    r"oscillators?|oszillator\w*|vcos?|dcos?|wavetables?|arpeggi\w+|sequencers?|sequenzer|"
    r"samplers?|drum ?machines?|drumcomputer|loopers?|vocoders?|talk ?box|auto-?tune\w*|"
    r"harmoni[sz]ers?|octavers?|oktaver|ring[ -]?mod\w*|frequency[ -]?shift\w*|frequenzschieb\w*|"
    r"pitch[ -]?(?:shift|correct|track)\w*|tonhöhen\w+|time[ -]?stretch\w*|granular\w*|stutter\w*|"
    r"glitch\w*|bit[ -]?crush\w*|decimat\w+|(?:wave)?fold(?:er|ing)|exciters?|enhancers?|"
    r"auto-?wah|wah(?:[ -]wah)?|leslie|rotary|univibe|doublers?|amp(?:lifier)?[ -]?sim\w*|"
    r"cabinets?|de-?ess\w*|de-?nois\w+|de-?click\w*|noise reduc\w+|entrausch\w*|"
    r"expanders?(?![ /]gate)|mono[ -]?(?:makers?|bass\w*)|bass[ -]?mono\w*|elliptical eq\w*|"
    r"transient[ -](?:shap|design)\w*|widen(?:er|ing)|stereobreite\w*|vinyl|lo-?fi|"
    r"tuners?|stimmgerät\w*|spectr(?:um|al)\w*|spektr\w+|freez\w*|moog|ladder|"
    r"graphic eq\w*|grafisch\w+ equali[sz]er\w*"
)
"""Other things than the family's, by the names that they go under."""
_WAYS = (
    r"linear[ -]?phase|linearphas\w+|fir|upward|reverse\w*|"
    r"multi[ -]?band(?![ -]?(?:cross|compr|kompr|dyn))\w*|multi[ -]?mode|dynamic eq\w*|"
    r"mid[ /-]?side|m/s|mitte[ /-]?seite\w*|(?:tempo|host|bpm)[ -]?sync\w*|\d+ ?bpm|dotted|"
    r"wow|flutter|gleichlaufschwank\w+|damping|pre-?delay|"
    r"auto(?:matic)?[ -]?(?:make-?up|gain|release)|program[ -]?dependent|adaptive\w*|"
    r"programmabhäng\w+|random\w*|zufäll\w+|sample[ -](?:and|&)[ -]hold|saw[ -]?tooth|sägezahn\w*|"
    r"brick[ -]?wall(?![ -]?(?:\w+[ -])?(?:limit|begrenz))|tone[ -](?:control|knob|stack)|"
    r"klangregl\w+|(?<=, )tone(?=,|\.|$| and)|switchable|selectable|umschaltbar\w*|wählbar\w*|"
    r"1/\d+[ -]?(?:note|th)\w*|(?:quarter|eighth|sixteenth)[ -]notes?|(?:viertel|achtel)note\w*|"
    r"asymmetr\w*|y ?= ?\S+|vu|vu[ -]?met\w+|ppm|machine learning|neural\w*"
)
"""What the family's members can't do."""
_BEYOND = re.compile(rf"(?<!\w)(?:{_DEVICES}|{_WAYS})(?!\w)", re.I | re.M)
_MOVED = re.compile(
    r"(?<!\w)(?:lfos?|modulat\w+|modulier\w+|sweep(?!able)\w*|swept|wobbl\w+|auto-?filter|"
    r"envelope\w*|hüllkurve\w*)(?!\w)",
    re.I,
)
"""What a processor without a rate or an attack of its own can't do."""
_BAND = (
    r"(?:sub(?:s|bass\w*|woofers?)?|bass(?:es)?|bässe\w*|lows?|mids?|highs?|tiefen|mitten|höhen|tops?|"
    r"bottom|lowest|tiefton|tiefe[ns]?)(?:[ -](?:bands?|end|output|ausgang))?|band \d"
)
_ONE_MONO = re.compile(
    rf"(?<!\w)(?:mono(?:[ -](?:the|den|die|das|im|in))*[ -](?:below|under|above|unter\w*|über|ab|"
    rf"(?:{_BAND})(?![ -]?(?:cross|frequ|pass|weiche|shelf|kompr|compr|multi|band)))|"
    rf"(?:{_BAND}) (?:(?:is|are|must|should|be|summed|made|to|in|auf|ist|soll|sein|als) ){{0,4}}"
    r"mono)(?!\w)",
    re.I,
)
"""A number of channels for one band: every band of the family's members has all of them."""

_SEVERAL = re.compile(
    r"(?<!\w)(?:[2-5]|two|three|four|five|several|zwei|drei|vier|fünf|mehrere[nr]?|multi|mehr)"
    r"[ -]?(?:bands?|bändern?|bänder)(?![ -]?(?:cross|weiche|frequenz|eq|equal|para|filter)|\w)",
    re.I,
)
"""More bands than one, which are those of the processor itself."""
_BESIDE = re.compile(
    r"(?<!\w)(?:bypass\w*|presets?|gui|benutzeroberfläche|midi(?:[ -]\w+)?|automation|undo)(?!\w)",
    re.I,
)
"""What plugins have around the processor."""


def beside_in(text: str) -> list[str]:
    """What a text asks for around the processor, and that isn't built."""
    found = (one[0].casefold() for one in _BESIDE.finditer(text)
             if not is_denied(text[: one.start()]))  # fmt: skip
    return list(dict.fromkeys(found))


def kinds_in(text: str) -> list[str]:
    """The members of the family that a text names, in order; a longer name hides one inside it.

    What it says that it does not want is left out (“without a compressor”).
    """
    spans = [
        (one.start(), one.end(), name)
        for name, kind in KINDS.items()
        for one in re.finditer(rf"(?<!\w)(?:{kind.words})(?!\w)", text, re.I)
        if not is_denied(text[: one.start()])
    ]
    own = [
        (start, name) for start, end, name in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    ]  # fmt: skip
    several = any(not stands_aside(text[: one.start()]) for one in _SEVERAL.finditer(text))
    named = (KINDS[name].in_bands * several or name for _, name in sorted(own))
    return list(dict.fromkeys(named))


def kind_of(text: str) -> str:
    """The one member of the family that a text is about; empty where it names none or several.

    A word that is also a parameter of another member that the text names (the delay of a chorus)
    is taken for that parameter.
    """
    heads = named_heads(kinds_in(text))
    return heads[0] if len(heads) == 1 else ""


def named_heads(named: Sequence[str]) -> list[str]:
    """Those of some members that are no parameter of another one."""
    parted = any(KINDS[one].each_split and KINDS[one].each_band for one in named)
    return [
        one for one in named
        if not any(one in KINDS[other].roles for other in named if other != one)
        and not (parted and one == "crossover")
    ]  # fmt: skip


def beyond_in(text: str, kind: str = "") -> str:
    """What a text asks for that no member of the family does; empty where there is nothing.

    What the processor is used on doesn't count (“a high-pass for the reverb”).

    Args:
        text: words.
        kind: the member of the family that it is about, if it is about one.
    """
    found = [
        one for one in _BEYOND.finditer(text)
        if not stands_aside(text[: one.start()])
        and not (kind and KINDS[kind].each_band and re.match("multi[ -]?band", one[0], re.I))
    ]  # fmt: skip
    if not found and kind and not {"rate", "attack"} & set(KINDS[kind].roles):
        found = list(_MOVED.finditer(text))
    if not found and kind and KINDS[kind].each_split:
        found = list(_ONE_MONO.finditer(text))
    return found[0][0].strip() if found else ""


def stands_aside(before: str) -> bool:
    """Whether words end so that what comes next is not asked for: “without a”, “for my”."""
    return bool(_FOR.search(before)) or is_denied(before)


def is_denied(before: str) -> bool:
    """Whether words end so that what comes next shall not be: “without a”, “kein”."""
    return bool(_WITHOUT.search(before))


def format_in(text: str) -> str:
    """The form of a plugin or language that a text asks for, and that isn't written."""
    found = _FORMATS.search(text)
    return found[0].strip() if found else ""
