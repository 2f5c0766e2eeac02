"""Wishes to change or to make something: the steps that a segment asks for."""

from agents.planning.glossary import cures
from agents.planning.quantities import SAMPLE_RATES_HZ
from agents.planning.reading import Reading, Situation, Step
from agents.planning.segments import Segment
from agents.planning.wishes import (
    asks_value,
    gives,
    has_interval,
    into,
    is_measured,
    is_reference,
    orders_it,
    stops,
    takes_part,
    writes,
)

_REMOVABLE = ("silence", "hum", "dc", "noise", "clipping", "spectrum")
"""Aspects that can be taken away."""
_THINGS = ("operation", "effect", "format", "band", "aspect", "picture", "media")
_HIGH_RATES = frozenset(rate for rate in SAMPLE_RATES_HZ if rate > 24_000)
_CHANGEABLE = ("lufs", "dbtp", "dbfs", "bits", "semitones", "percent", "db", "bpm", "factor")
"""Units of numbers that say by themselves what is to change."""
_CUT_OFF = frozenset({"highpass", "lowpass", "bandpass", "peak_eq", "low_shelf", "high_shelf"})
"""Filters of which "cut" is only the verb."""


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
            if removable or (tag.group == "quality" and tag.name in cures()):
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
        if segment.has("verb", "listen") or (asks_value(segment) and not gives(segment)):
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
        is_written = writes(segment)
        reading.writes |= is_written
        alone = is_written and (situation.image > 0 or not reading.points)
        if not situation.audio and (alone or any(step.name == "generate" for step in steps)):
            reading.builds = reading.code = True
        on_file = situation.at_hand or (reading.points and reading.writes)
        return reading.code and not on_file

    def _named(self, segment: Segment, drawn: bool) -> list[Step]:
        """The steps that have a word of their own."""
        steps = [
            Step(tag.name, tag.group, segment)
            for tag in sorted(segment.tags, key=lambda tag: tag.start)
            if tag.group in ("operation", "effect")
            and not is_reference(segment, tag, drawn)
            and not is_measured(segment, tag)
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
        complaints = [name for name in segment.names("quality") if name in cures()]
        if complaints and segment.has("verb", "raise", "lower", "remove", "fix"):
            return [Step(name, "quality", segment) for name in complaints]
        units = {one.unit for one in self._situation.numbers(segment)}
        keeps = segment.has("grammar", "keep") or takes_part(segment)
        of_picture = self._reading.pictures and not segment.has("verb")
        if keeps and "seconds" in units and not segment.has("aspect") and not of_picture:
            return [Step("trim", "operation", segment)]
        held = self._reading.steps
        if held and held[-1].name.startswith("fade") and units == {"seconds"}:
            return [Step("fade", "operation", segment)]
        if segment.has("verb", "raise", "lower", "remove"):
            return self._changed(segment)
        if (fault := self._fault) is not None and fault.group == "aspect" and stops(segment):
            return [fault]
        if self._is_numbered(segment):
            return [Step("number", "implied", segment)]
        return []

    def _betters(self, segment: Segment) -> bool:
        """A wish for a quality that no word list holds: "make it listenable"."""
        if self._reading.complaints and orders_it(segment):
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
        if has_interval(segment):
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
        is_format = segment.has("format") and (segment.has("verb", "make") or into(segment))
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
        if segment.has("talk", "undo") and not segment.asks:
            return True
        repeats = segment.has("talk", "same") and segment.has("verb", "make", "process")
        seen = self._reading.reads_image or segment.has("media", "audio")
        return repeats or (segment.has("verb", "process") and seen)
