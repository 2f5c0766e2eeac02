"""Wishes to change or to make something: the steps that a segment asks for."""

from agents.planning.glossary import CURES
from agents.planning.lexicon import Tag
from agents.planning.quantities import SAMPLE_RATES_HZ
from agents.planning.reading import Reading, Situation, Step
from agents.planning.segments import CHANGES, Segment

_REMOVABLE = ("silence", "hum", "dc", "noise", "clipping", "spectrum")
"""Aspects that can be taken away."""
_THINGS = ("operation", "effect", "format", "band", "aspect", "picture", "media")
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
        takes_away = segment.has("verb", "remove", "fix")
        names = {step.name for step in steps}
        named = [step for step in steps if not (takes_away and step.name == "click_track")]
        return [one for one in named if one.name != "trim" or not names & _CUT_OFF]

    def _implied(self, segment: Segment) -> list[Step]:
        """A verb of change with a thing, a sound quality, a format or a number."""
        if segment.has("verb"):
            verbs = (name for name in ("remove", "fix") if segment.has("verb", name))
            self._carried = next(verbs, None)
        faults = [name for name in segment.names("aspect") if name in _REMOVABLE]
        if self._carried is not None and faults:
            return [Step(name, "aspect", segment) for name in faults]
        cures = [name for name in segment.names("quality") if name in CURES]
        if cures and segment.has("verb", "raise", "lower", "remove", "fix"):
            return [Step(name, "quality", segment) for name in cures]
        units = {one.unit for one in self._situation.numbers(segment)}
        if segment.has("grammar", "keep") and "seconds" in units:
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
        bounds = {one.op for one in self._situation.numbers(segment) if one.unit == "hz"}
        if segment.has("verb", "remove") and bounds & {"<=", ">="}:
            return [Step("highpass" if "<=" in bounds else "lowpass", "implied", segment)]
        for group in ("band", "aspect"):
            if names := segment.names(group):
                return [Step(name, group, segment) for name in names]
        if self._situation.numbers(segment):
            return [Step("number", "implied", segment)]
        things = [name for name in segment.names("media") if name in ("instrument", "audio")]
        if things:
            return [Step(things[0], "media", segment)]
        if self._fault is not None and segment.has("vague", "it"):
            return [Step(self._fault.name, self._fault.group, segment)]
        return []

    def _is_numbered(self, segment: Segment) -> bool:
        """Whether a number or a format alone says what is to change: "48k please"."""
        if any(step.name == "click_track" for step in self._reading.steps):
            return False
        if segment.has("quality") and segment.has("verb", "fix"):
            return False
        told = segment.has("verb", "tell") and segment.has("aspect")
        if told or segment.has("verb", "measure", "listen", "compare", "show"):
            return False
        is_format = segment.has("format") and segment.has("verb", "make")
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
    if not drawn and (tag.end - tag.start > 1 or tag.name not in _NOUNS):
        return False
    ends = {tag.start, tag.start - 1} if _describes(segment, tag) else {tag.start}
    return any(
        other.group == "grammar" and other.name == "determiner" and other.end in ends
        for other in segment.tags
    )


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
