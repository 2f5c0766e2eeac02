"""Wishes to change or to make something: the steps that a segment asks for."""

from itertools import pairwise

from agents.planning.glossary import CURES, INTERVALS
from agents.planning.lexicon import Tag
from agents.planning.quantities import SAMPLE_RATES_HZ
from agents.planning.reading import Reading, Situation, Step
from agents.planning.segments import CHANGES, Segment

_REMOVABLE = ("silence", "hum", "dc", "noise", "clipping", "spectrum")
"""Aspects that can be taken away."""
_THINGS = ("operation", "effect", "format", "band", "aspect", "picture", "media")
_AMOUNTS = frozenset(
    {"a", "an", "by", "minor", "major", "perfect", "um", "eine", "einen", "una", "un", "une", "d"}
)
"""Words before an interval that is an amount, not an ordinal."""
_HIGH_RATES = frozenset(rate for rate in SAMPLE_RATES_HZ if rate > 24_000)
_ENDS = frozenset(
    {"first", "last", "ersten", "letzten", "primeros", "ultimos", "premieres", "dernieres"}
)
_SHORT = 5
_INTO = frozenset({"as", "to", "into", "als", "nach", "zu", "como", "a", "en"})
_GIVING = frozenset({"give", "gimme", "gib", "gebt", "dame", "deme", "donne", "donnez"})
_CHANGEABLE = ("lufs", "dbtp", "dbfs", "bits", "semitones", "percent", "db", "bpm", "factor")
"""Units of numbers that say by themselves what is to change."""
_CUT_OFF = frozenset({"highpass", "lowpass", "bandpass", "peak_eq", "low_shelf", "high_shelf"})
"""Filters of which "cut" is only the verb."""
_NOUNS = frozenset(
    {"master", "fade", "click_track", "gain", "peak_eq", "limit", "other", "trim", "resample",
     "highpass", "lowpass", "shelf", "time_stretch", "pitch_shift", "convert", "normalise_loudness"}
)  # fmt: skip
"""Words of work that can also name a thing."""


def asks_for_work(segment: Segment) -> bool:
    """Whether a recipe or a program is named in the segment."""
    operations = [tag for tag in segment.tags if tag.group == "operation"]
    return segment.has("media", "code") or any(
        not _is_reference(segment, tag) for tag in operations
    )


class Builder:
    """Takes the steps of one request into its reading, segment by segment."""

    def __init__(self, reading: Reading, situation: Situation) -> None:
        self._reading, self._situation = reading, situation
        self._fault: Step | None = None
        self._carried: str | None = None
        self._corrects = False

    def begin(self, whole: Segment) -> None:
        """Begin a sentence: a verb reaches no further than its own."""
        self._carried = None
        self._corrects = whole.has("talk", "correction")

    def note_fault(self, segment: Segment) -> None:
        """Remember the last fault that was spoken of: a later "get rid of it" means it."""
        for tag in segment.tags:
            removable = tag.group == "aspect" and tag.name in _REMOVABLE
            if removable or (tag.group == "quality" and tag.name in CURES):
                self._fault = Step(tag.name, tag.group, segment)

    def build(self, segment: Segment, drawn: bool) -> bool:
        """Take what a request wants changed or made into the reading.

        Args:
            segment: the request, or a part of it.
            drawn: whether it was a wish to see something.

        Returns:
            Whether the segment asked for work.
        """
        reading = self._reading
        coded = self._is_code(segment)
        asks_value = segment.has("verb", "tell") and segment.has("grammar", "question")
        if segment.has("verb", "listen") or (asks_value and not _gives(segment)):
            return coded
        self._carry(segment)
        steps = self._named(segment, drawn)
        if not (steps or drawn):
            steps = self._implied(segment)
        if self._is_program(segment, steps):
            return True
        if any(step.name == "trim" for step in steps) and segment.has("setting", "section"):
            reading.measures = True
            reading.aspects.append("structure")
        steps = self._corrected(segment, steps)
        reading.steps.extend(steps)
        mends = not steps and (segment.has("verb", "fix") or self._betters(segment))
        reading.mends |= mends
        works = bool(steps) or mends or self._transfers(segment)
        reading.builds |= works
        return works or coded

    def _carry(self, segment: Segment) -> None:
        """Remember what the last verb does to faults: "check for hum, clicks and clipping"."""
        if segment.has("verb"):
            makes = segment.has("verb", "make")
            verbs = ("remove", "fix") if makes else ("remove", "fix", "measure")
            self._carried = next((name for name in verbs if segment.has("verb", name)), None)

    def _is_code(self, segment: Segment) -> bool:
        pictured = segment.has("media", "image") and not segment.has("verb", "write")
        if not segment.has("media", "code") or pictured:
            return False
        self._reading.builds = self._reading.code = True
        return True

    def _is_program(self, segment: Segment, steps: list[Step]) -> bool:
        """Whether the work is a program or a sound from nothing, so that no file is changed."""
        reading, situation = self._reading, self._situation
        writes = _writes(segment)
        reading.writes |= writes
        alone = writes and (situation.image > 0 or not reading.points)
        if not situation.audio and (alone or any(step.name == "generate" for step in steps)):
            reading.builds = reading.code = True
        on_file = situation.at_hand or (reading.points and reading.writes)
        return reading.code and not on_file

    def _named(self, segment: Segment, drawn: bool) -> list[Step]:
        """The steps that have a word of their own."""
        steps = [
            Step(tag.name, tag.group, segment)
            for tag in sorted(segment.tags, key=lambda tag: tag.start)
            if tag.group in ("operation", "effect") and not _is_reference(segment, tag, drawn)
        ]
        takes_away = self._carried is not None
        names = {step.name for step in steps}
        named = [step for step in steps if not (takes_away and step.name == "click_track")]
        return [one for one in named if one.name != "trim" or not names & _CUT_OFF]

    def _implied(self, segment: Segment) -> list[Step]:
        """A verb of change with a thing, a sound quality, a format or a number."""
        faults = [name for name in segment.names("aspect") if name in _REMOVABLE]
        if self._carried in ("remove", "fix") and faults:
            return [Step(name, "aspect", segment) for name in faults]
        cures = [name for name in segment.names("quality") if name in CURES]
        if cures and segment.has("verb", "raise", "lower", "remove", "fix"):
            return [Step(name, "quality", segment) for name in cures]
        units = {one.unit for one in self._situation.numbers(segment)}
        keeps = segment.has("grammar", "keep") or _takes_part(segment)
        if keeps and "seconds" in units and not segment.has("aspect"):
            return [Step("trim", "operation", segment)]
        held = self._reading.steps
        if held and held[-1].name.startswith("fade") and units == {"seconds"}:
            return [Step("fade", "operation", segment)]
        if segment.has("verb", "raise", "lower", "remove"):
            return self._changed(segment)
        if self._is_numbered(segment):
            return [Step("number", "implied", segment)]
        return []

    def _betters(self, segment: Segment) -> bool:
        """A wish for a quality that no word list holds: "make it listenable"."""
        if self._reading.complaints and _orders_it(segment):
            return True
        it = {tag.start for tag in segment.tags if (tag.group, tag.name) == ("vague", "it")}
        makes = {tag.end for tag in segment.tags if (tag.group, tag.name) == ("grammar", "become")}
        if not it & makes or segment.has_any(*_THINGS) or self._situation.numbers(segment):
            return False
        tagged = {i for tag in segment.tags for i in range(tag.start, tag.end)}
        known = self._situation.audio or self._reading.complaints
        return bool(known) and any(
            token.text.isalpha() and len(token.text) > 3
            for index, token in enumerate(segment.tokens)
            if index not in tagged
        )

    def _changed(self, segment: Segment) -> list[Step]:
        """What more, less or none of something is wanted."""
        looks = segment.opens_with("verb", "measure", "find")
        if looks and not segment.has("verb", "make"):
            return []  # the particle of a verb such as "finde … raus"
        if filtered := self._filtered(segment):
            return [Step(filtered, "implied", segment)]
        if _has_interval(segment):
            return [Step("pitch_shift", "implied", segment)]
        for group in ("band", "aspect"):
            if names := segment.names(group):
                return [Step(name, group, segment) for name in names]
        if self._situation.numbers(segment):
            return [Step("number", "implied", segment)]
        means_fault = self._fault is not None and segment.has("vague", "it")
        things = [name for name in segment.names("media") if name in ("instrument", "audio")]
        if self._fault is not None and means_fault and "instrument" not in things:
            return [Step(self._fault.name, self._fault.group, segment)]
        if things and segment.has("verb", "remove") and not segment.has("verb", "raise", "lower"):
            return [Step("take_away", "implied", segment)]
        return [Step(things[0], "media", segment)] if things else []

    def _filtered(self, segment: Segment) -> str:
        """The filter that a frequency asks for: "beneath 35 Hz", "2 dB above 8k", "a dip at 5k"."""
        numbers = self._situation.numbers(segment)
        places = [one for one in numbers if one.unit == "hz" and one.value not in _HIGH_RATES]
        if not places or segment.has_any("band", "operation"):
            return ""
        bounds = {one.op for one in places}
        has_amount = any(one.unit == "db" for one in numbers)
        for bound, cut_off, shelf in (
            ("<=", "highpass", "low_shelf"),
            (">=", "lowpass", "high_shelf"),
        ):
            if bound in bounds and (has_amount or not segment.has("verb", "raise")):
                return shelf if has_amount else cut_off
        return "peak_eq"

    def _is_numbered(self, segment: Segment) -> bool:
        """Whether a number or a format alone says what is to change: "48k please"."""
        if any(step.name == "click_track" for step in self._reading.steps):
            return False
        if segment.has("quality") and segment.has("verb", "fix"):
            return False
        told = segment.has("verb", "tell") and segment.has("aspect")
        if told or segment.has("verb", "measure", "listen", "compare", "show"):
            return False
        is_format = segment.has("format") and (segment.has("verb", "make") or _into(segment))
        return is_format or self._has_target(segment)

    def _has_target(self, segment: Segment) -> bool:
        wishes = segment.has("verb", "make", "raise", "lower") or segment.has("grammar", "want")
        for one in self._situation.numbers(segment):
            is_rate = one.unit == "hz" and one.value in SAMPLE_RATES_HZ
            is_loudness = one.unit == "bare" and one.signed and -40 <= one.value <= -5
            is_tempo = one.unit == "bare" and not one.signed and 40 <= one.value <= 240
            if is_tempo and wishes and "tempo" in self._reading.aspects:
                return True
            is_wish = one.unit == "key" or (one.unit == "seconds" and one.op is not None)
            if one.unit in _CHANGEABLE or is_rate or is_loudness or (wishes and is_wish):
                return True
        return False

    def _corrected(self, segment: Segment, steps: list[Step]) -> list[Step]:
        """After "no wait", a number belongs to the step before."""
        held = self._reading.steps
        corrects = self._corrects or segment.has("talk", "correction")
        is_new = any(step.name != "number" for step in steps)
        if corrects and held and not is_new and self._situation.numbers(segment):
            return [Step(held[-1].name, held[-1].group, segment)]
        return steps

    def _transfers(self, segment: Segment) -> bool:
        """Whether something seen or done before is to be applied to the file."""
        if segment.has("verb", "measure", "tell", "listen", "compare"):
            return False
        repeats = segment.has("talk", "same") and segment.has("verb", "make", "process")
        seen = self._reading.reads_image or segment.has("media", "audio")
        return repeats or (segment.has("verb", "process") and seen)


def opens_with_work(segment: Segment) -> bool:
    """Whether a segment begins with a command."""
    return segment.opens_with("verb", *CHANGES, "measure", "show") or segment.opens_with(
        "operation"
    )


def _is_reference(segment: Segment, tag: Tag, drawn: bool = False) -> bool:
    """Whether a word of work names a thing: ``my master``, ``the fade`` — not ``master it``."""
    if tag.name == "mono" and _judged_in_mono(segment, tag):
        return True
    if not drawn and (tag.end - tag.start > 1 or tag.name not in _NOUNS):
        return False
    ends = {tag.start, tag.start - 1} if _describes(segment, tag) else {tag.start}
    return any(
        other.group == "grammar" and other.name == "determiner" and other.end in ends
        for other in segment.tags
    )


def _judged_in_mono(segment: Segment, tag: Tag) -> bool:
    """Whether "in mono" only says how to listen: "does it hold up in mono"."""
    inside = tag.start > 0 and segment.tokens[tag.start - 1].text in ("in", "en")
    wants = segment.has("verb", "make") or segment.has("grammar", "want", "polite")
    return inside and (
        segment.has("verb", "measure", "tell", "listen", "compare", "show") or not wants
    )


def _into(segment: Segment) -> bool:
    """Whether a format is what a file shall become: "as an mp3", "nach FLAC"."""
    starts = {tag.start for tag in segment.tags if tag.group == "format"}
    before = [token.text for i in starts for token in segment.tokens[max(0, i - 2) : i]]
    return bool(_INTO.intersection(before))


def _orders_it(segment: Segment) -> bool:
    """Whether it is a short command by a verb that no list holds: "perk it up"."""
    tagged = {i for tag in segment.tags for i in range(tag.start, tag.end)}
    it = [tag.start for tag in segment.tags if (tag.group, tag.name) == ("vague", "it")]
    return len(segment.tokens) <= _SHORT and 0 not in tagged and 1 in it


def _takes_part(segment: Segment) -> bool:
    """Whether an end of the file is wanted: "give me the last 20 seconds only"."""
    words = {token.text for token in segment.tokens}
    wants = segment.has("verb", "make", "tell") or segment.has("grammar", "want", "contrast")
    return wants and bool(words & _ENDS)


def _has_interval(segment: Segment) -> bool:
    """Whether an interval is named as an amount: "down a fourth", "by an octave"."""
    words = [token.text for token in segment.tokens]
    return any(word in INTERVALS and before in _AMOUNTS for before, word in pairwise(words))


def _describes(segment: Segment, noun: Tag) -> bool:
    """Whether the word before only describes a noun: "the quietest stretch", "my cello excerpt"."""
    index = noun.start - 1
    before = {(tag.group, tag.name) for tag in segment.tags if tag.start <= index < tag.end}
    before -= {("media", "instrument")} if noun.name == "trim" else set()
    return index > 0 and not {group for group, _ in before} - {"aspect", "quality"}


def _gives(segment: Segment) -> bool:
    """Whether a thing is to be handed over, not told: "give me the part where … at half speed"."""
    gives = any(token.text in _GIVING for token in segment.tokens)
    return gives and segment.has_any("operation", "effect")


def _writes(segment: Segment) -> bool:
    """Whether a verb of programming is in it: "code it", but not the noun in "my code"."""
    nouns = {tag.start for tag in segment.tags if tag.group == "media" and tag.name == "code"}
    return any(
        tag.group == "verb" and tag.name == "write" and (tag.start == 0 or tag.start not in nouns)
        for tag in segment.tags
    )
