"""What a request wants, read from its words: things to measure, to draw, to build or to recall."""

from dataclasses import dataclass, field

from agents.planning.glossary import CURES
from agents.planning.lexicon import Lexicon, Tag
from agents.planning.quantities import SAMPLE_RATES_HZ, Quantity
from agents.planning.segments import Act, Segment, act_of, cut
from agents.planning.text import Text, Token, sentences

DRAWABLE = {
    "loudness": "loudness_curve", "range": "loudness_curve", "spectrum": "spectrogram",
    "centroid": "spectrogram", "structure": "self_similarity", "key": "chromagram",
    "chords": "chromagram", "melody": "spectrogram", "cutoff": "spectrogram",
    "hum": "spectrogram", "noise": "spectrogram", "clipping": "waveform", "silence": "waveform",
    "true_peak": "waveform", "crest": "waveform", "stereo": "waveform", "onsets": "waveform",
    "beats": "waveform", "tempo": "waveform", "dc": "waveform",
}  # fmt: skip
"""Which picture shows an aspect."""

_CURVES = ("loudness", "range", "spectrum", "centroid", "cutoff")
"""Aspects that the word "show" alone makes a picture of; of others it wants the value."""
_REMOVABLE = ("silence", "hum", "dc", "noise", "clipping", "spectrum")
_CHANGEABLE = ("lufs", "dbtp", "dbfs", "bits", "semitones", "percent", "db", "bpm", "factor")
_NOUNS = frozenset(
    {"master", "fade", "click_track", "gain", "peak_eq", "limit", "other", "trim", "resample",
     "highpass", "lowpass", "shelf", "time_stretch", "pitch_shift", "convert", "normalise_loudness"}
)  # fmt: skip
"""Words of work that can also name a thing."""
_OPENING = 3
"""A section that a sentence defines is named within its first words."""
_CHANGES = ("make", "raise", "lower", "remove", "fix", "write")


@dataclass(frozen=True)
class Step:
    """One thing to build, and the part of the request that asks for it."""

    name: str
    """A concept of the vocabulary's groups ``operation``, ``effect``, ``quality`` or ``aspect``."""
    group: str
    segment: Segment


@dataclass
class Reading:
    """What was understood of a request."""

    aspects: list[str] = field(default_factory=list)
    """Aspect groups to measure, in the vocabulary's names."""
    measures: bool = False
    """Whether something is to be measured or judged by ear at all."""
    pictures: list[str] = field(default_factory=list)
    regions: bool = False
    """Whether places are to be read off a picture of the sound."""
    reads_image: bool = False
    """Whether a picture of the user's is to be read."""
    again: bool = False
    """Whether the result is to be drawn as well (before and after)."""
    steps: list[Step] = field(default_factory=list)
    builds: bool = False
    """Whether the coder has work, also where no step is known."""
    code: bool = False
    """Whether the work is a program of its own, not only a changed file."""
    writes: bool = False
    """Whether a program is to be written, not only looked at."""
    mends: bool = False
    """Whether something unnamed is to be put right."""
    complaints: list[str] = field(default_factory=list)
    """Qualities that the user complains about."""
    conditional: bool = False
    """Whether work depends on what is measured."""
    recalls: list[str] = field(default_factory=list)
    """Aspects or topics that memory is asked for."""
    remembered: list[tuple[str, str]] = field(default_factory=list)
    """Settings said: field of the project, and the sentence."""
    talk: list[str] = field(default_factory=list)
    """Greetings, thanks, questions about the team …"""
    earlier: bool = False
    """Whether it speaks of a file or a result from before."""
    points: bool = False
    """Whether it points at a file: this, it, my …"""
    repeats: bool = False
    """Whether it wants once more what was done before."""
    claims: list[Segment] = field(default_factory=list)
    """Statements that may say what a file is."""
    questions: bool = False
    told: bool = False
    """Whether memory is asked for what was said or done, not for a value alone."""
    changed: bool = False
    """Whether memory is asked what was done."""

    def drop_work(self) -> None:
        """Forget all work read so far: the user took it back."""
        self.aspects.clear()
        self.pictures.clear()
        self.steps.clear()
        self.complaints.clear()
        self.measures = self.regions = self.reads_image = self.builds = self.mends = False


class Reader:
    """Reads one request with one language's vocabulary.

    Args:
        lexicon: the vocabulary.
        quantities: the request's numbers; a unit such as dBTP is no wish to measure.
        audio: sound files that came with the request.
        image: pictures that came with it.
        at_hand: whether the project has a sound file, attached now or before.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        quantities: tuple[Quantity, ...],
        *,
        audio: int,
        image: int,
        at_hand: bool,
    ) -> None:
        self._lexicon, self._quantities = lexicon, quantities
        self._audio, self._image = audio, image
        self._at_hand = at_hand or audio > 0
        self._carried: str | None = None
        self._result = Reading()
        self._topic: Step | None = None
        self._corrects = False

    def read(self, text: Text) -> Reading:
        """Read all sentences of a request."""
        parts = sentences(text.tokens)
        for sentence, following in zip(parts, [*parts[1:], ()], strict=False):
            if self._is_noted(following):
                tags = self._lexicon.tags(sentence)
                self._settings(Segment(sentence, tags, False, False), (), ())
            else:
                self._sentence(sentence)
        return self._result

    def _is_noted(self, following: tuple[Token, ...]) -> bool:
        """Whether the next sentence says no more than to remember this one."""
        whole = Segment(following, self._lexicon.tags(following), False, False)
        fields = whole.has("setting", "goal", "style", "deadline", "constraint", "section")
        works = any(whole.has(group) for group in ("aspect", "quality", "operation"))
        return whole.has("verb", "remember") and not fields and not works

    def _sentence(self, tokens: tuple[Token, ...]) -> None:
        near = [
            one
            for one in self._quantities
            if one.start < tokens[-1].end and tokens[0].start < one.end
        ]
        tags = tuple(tag for tag in self._lexicon.tags(tokens) if not _is_unit(tag, tokens, near))
        whole = Segment(tokens, tags, False, any(token.text == "?" for token in tokens[-2:]))
        result = self._result
        result.earlier |= whole.has("talk", "earlier")
        result.points |= whole.has("grammar", "file")
        result.repeats |= whole.has("talk", "same")
        result.again |= whole.has("picture") and _both_ends(tokens)
        if whole.has("talk", "cancel"):
            result.drop_work()
            result.talk.append("cancel")
            rest = max(tag.end for tag in tags if tag.name == "cancel")
            tokens, whole = tokens[rest:], whole.after(rest)
            tags = whole.tags
        if whole.has("verb", "forget") and not whole.has("talk", "cancel"):
            result.talk.append("forget")
            return
        if self._is_setting(whole):
            self._settings(whole, tokens, tags)
            return
        if self._is_recall(whole):
            result.recalls.extend(whole.names("aspect") or whole.names("setting") or ("history",))
            result.changed |= whole.has("talk", "changed")
            result.told |= whole.has("talk", "told", "quoted") or not whole.has("aspect")
            self._commands(tokens, tags)
            return
        if self._is_about_us(whole) or self._is_general(whole):
            result.talk.append("meta" if whole.has("talk", "meta") else "general")
            return
        if "meta" in result.talk and whole.asks and not whole.has("verb"):
            return
        self._corrects = whole.has("talk", "correction")
        result.talk.extend(name for name in whole.names("talk") if name in ("greeting", "thanks"))
        self._segments(cut(tokens, tags))

    def _segments(self, segments: list[Segment]) -> None:
        act: Act = "none"
        self._carried = None
        for segment in segments:
            if segment.has("media", "code") and segment.has("grammar", "fails"):
                self._result.builds = self._result.code = True
            act = act_of(segment, act)
            self._settle_topic(segment)
            if act == "refuse":
                self._refuse(segment)
            elif act == "state":
                self._state(segment)
            elif act == "condition":
                self._condition(segment)
            elif act == "question":
                self._question(segment)
            else:
                self._request(segment)

    # -- sentences that are no work ------------------------------------------------------------

    def _is_setting(self, whole: Segment) -> bool:
        if whole.asks or _opens_with(whole, "grammar", "question", "auxiliary", "polite"):
            return False
        if whole.has("verb", "remember") or whole.has("setting", "deadline", "goal", "constraint"):
            return True
        if whole.first("setting", "rule") < _OPENING:
            return True
        if whole.has("setting", "style"):
            return not whole.has("verb", *_CHANGES) or _opens_with(whole, "setting", "style")
        if whole.has("setting", "name") or _forbids(whole):
            return True
        return self._is_section(whole) or _is_element(whole)

    def _commands(self, tokens: tuple[Token, ...], tags: tuple[Tag, ...]) -> None:
        """Do what the later parts of a question about the past ask for: "and can you …"."""
        for segment in cut(tokens, tags)[1:]:
            if segment.has("grammar", "polite") or _opens_with(segment, "verb", *_CHANGES):
                self._request(segment)

    def _is_section(self, whole: Segment) -> bool:
        begins = whole.first("setting", "section")
        if begins > _OPENING or whole.first("verb", *_CHANGES, "measure", "show") < begins:
            return False
        return whole.has("setting", "span") and any(
            token.text[0].isdigit() for token in whole.tokens
        )

    def _settings(self, whole: Segment, tokens: tuple[Token, ...], tags: tuple[Tag, ...]) -> None:
        fields = [
            name
            for name in ("deadline", "constraint", "goal", "style", "section", "rule")
            if whole.has("setting", name)
        ]
        fields = ["constraint" if name == "rule" else name for name in fields]
        if "section" in fields and not self._is_section(whole):
            fields.remove("section")
        field_ = fields[0] if fields else "element" if _is_element(whole) else "note"
        if field_ == "note" and whole.has("setting", "name"):
            field_ = "name"
        if _forbids(whole):
            field_ = "constraint"
        self._result.remembered.append((field_, _span_text(whole)))
        for segment in cut(tokens, tags):
            opens = segment.tags and _opens_with(segment, "verb", *_CHANGES, "measure", "show")
            is_work = opens or _opens_with(segment, "operation")
            if is_work and not segment.has("setting") and not segment.has("verb", "remember"):
                self._request(segment)

    def _is_recall(self, whole: Segment) -> bool:
        asks = whole.asks or whole.has("grammar", "question") or whole.has("verb", "tell")
        asks = (
            asks or _opens_with(whole, "grammar", "auxiliary") or _opens_with(whole, "talk", "told")
        )
        if whole.has("talk", "quoted") and not whole.has("verb", "make", "fix", "remove"):
            return True
        if not asks or whole.has("talk", "unmeasured"):
            return False
        if whole.has("talk", "told") and not _opens_with(whole, "verb", "show", "make", "raise"):
            return not (self._audio and not _speaks_of_us(whole))
        if whole.has("setting", "deadline", "goal", "constraint", "style") and whole.asks:
            return True
        return whole.has("talk", "past") and not self._audio and not self._image

    def _is_about_us(self, whole: Segment) -> bool:
        return whole.has("talk", "meta") and not (self._image and whole.has("media", "image"))

    def _is_general(self, whole: Segment) -> bool:
        """Whether it asks about the field, not about a file."""
        if self._image or whole.has("grammar", "file", "polite") or whole.has("media", "code"):
            return False
        if whole.has("talk", "earlier") or not _opens_with(whole, "grammar"):
            return False
        if whole.has("grammar", "explain"):
            return True
        usual = whole.has("grammar", "definition", "indefinite") and not whole.has(
            "grammar", "here"
        )
        return (
            usual
            and not self._audio
            and _opens_with(whole, "grammar", "question", "auxiliary", "definition")
        )

    def _units(self, segment: Segment) -> set[str]:
        """Units of a segment's numbers by which a file can be changed."""
        here = [one for one in self._quantities if segment.covers(one.start, one.end)]
        units: set[str] = {one.unit for one in here if one.unit in _CHANGEABLE}
        units |= {"hz" for one in here if one.unit == "hz" and one.value in SAMPLE_RATES_HZ}
        wishes = segment.has("verb", "make", "raise", "lower") or segment.has("grammar", "want")
        if wishes:
            units |= {one.unit for one in here if one.unit == "key"}
            units |= {"seconds" for one in here if one.unit == "seconds" and one.op is not None}
        units |= {
            "lufs" for one in here if one.unit == "bare" and one.signed and -40 <= one.value <= -5
        }
        return units

    # -- segments ------------------------------------------------------------------------------

    def _refuse(self, segment: Segment) -> None:
        if segment.has("talk", "unmeasured") and not segment.has("grammar", "want"):
            self._request(segment)
            return
        place = segment.first("grammar", "negation", "preserve", "skip")
        before = segment.before(place)
        if before.has("verb") or before.has("operation") or before.has("picture"):
            self._request(before)

    def _state(self, segment: Segment) -> None:
        self._result.claims.append(segment)
        if segment.has("grammar", "self"):
            return
        self._result.complaints.extend(segment.names("quality"))
        attaches = segment.has("grammar", "attached") and not self._result.earlier
        if segment.has("media", "image") and (self._image or attaches):
            self._result.reads_image = True

    def _settle_topic(self, segment: Segment) -> None:
        """Remember the last fault that was spoken of: a later "get rid of it" means it."""
        for tag in segment.tags:
            fault = tag.group == "aspect" and tag.name in _REMOVABLE
            if fault or (tag.group == "quality" and tag.name in CURES):
                self._topic = Step(tag.name, tag.group, segment)

    def _condition(self, segment: Segment) -> None:
        aspects = segment.names("aspect")
        if aspects or segment.has("quality") or segment.has("vague", "whole"):
            self._result.conditional = self._result.measures = True
            self._result.aspects.extend(aspects)
        places = (segment.first("verb", *_CHANGES), segment.first("operation"))
        if 1 < min(places) < len(segment.tokens):
            self._request(segment.after(min(places)))

    def _question(self, segment: Segment) -> None:
        result = self._result
        result.questions = True
        shown = segment.has("picture") and segment.has("grammar", "here")
        if self._concerns_image(segment) or (self._image and shown):
            result.reads_image = True
            if not (self._audio and segment.has("media", "audio")):
                return
        if segment.has("media", "code"):
            result.builds = result.code = True
            return
        pictures = [name for name in segment.names("picture") if name not in ("any", "spectrum")]
        if pictures and not self._image:
            result.pictures.extend(pictures)
            return
        groups = ("aspect", "quality", "band", "operation", "effect", "media", "format", "vague")
        known = any(segment.has(group) for group in groups) or segment.has(
            "verb", "listen", "compare"
        )
        known = known or self._audio > 0 or (self._at_hand and segment.has("grammar", "file"))
        if known and self._listens():
            result.measures = not (self._image and not self._audio)
            result.reads_image |= not result.measures
            result.aspects.extend(segment.names("aspect"))

    def _request(self, segment: Segment) -> None:
        result = self._result
        if segment.has("grammar", "self") and not segment.has("grammar", "want"):
            return
        drawn = self._draw(segment)
        built = self._build(segment, drawn)
        if drawn or built:
            told = segment.has("verb", "tell") and segment.has("aspect")
            if (told or segment.has("verb", "measure")) and not (drawn or result.code):
                result.measures = True
            return
        if segment.has("quality") and not segment.has("verb"):
            result.complaints.extend(segment.names("quality"))
        elif self._is_parameter(segment) or not self._listens():
            return
        elif segment.has("aspect") or segment.has("verb", "measure", "listen", "compare"):
            result.measures = True
            result.aspects.extend(segment.names("aspect"))
        elif segment.has("verb", "tell") and segment.has("grammar", "question"):
            self._question(segment)
        elif segment.has("verb", "tell", "find") and any(
            segment.has(group) for group in ("vague", "media", "quality", "band")
        ):
            result.measures = True

    def _listens(self) -> bool:
        """Whether words such as "loudness" can mean a sound: not in a request for a program."""
        return self._at_hand or not self._result.code

    def _is_parameter(self, segment: Segment) -> bool:
        """Whether it only gives numbers for what is wanted: "with a ceiling of -1"."""
        if not (self._result.builds or self._result.pictures):
            return False
        numbers = any(segment.covers(one.start, one.end) for one in self._quantities)
        return numbers and not segment.has("verb", "measure", "tell", "listen", "compare")

    def _draw(self, segment: Segment) -> bool:
        result = self._result
        shows = segment.has("verb", "show", "draw")
        value = segment.first("grammar", "question") <= len(segment.tokens)
        pictures = [name for name in segment.names("picture") if name not in ("any", "spectrum")]
        if self._concerns_image(segment):
            result.reads_image = True
            if not pictures or self._image:
                return shows or not self._wants_work(segment)
        if pictures:
            result.pictures.extend(pictures)
            return not self._wants_work(segment)
        is_any = segment.has("picture", "any") or (shows and segment.has("picture", "spectrum"))
        if is_any or (segment.has("verb", "draw") and not segment.has("vague", "it")):
            aspects = segment.names("aspect")
            result.pictures.extend(DRAWABLE.get(name, "spectrogram") for name in aspects)
            if not aspects:
                result.pictures.append("spectrogram")
            return True
        if not shows:
            return False
        if "hz" in {one.unit for one in self._quantities if segment.covers(one.start, one.end)}:
            result.pictures.append("spectrogram")
            return True
        curves = [DRAWABLE[name] for name in segment.names("aspect") if name in _CURVES]
        if curves and not value:
            result.pictures.extend(curves)
            return True
        if segment.has("vague", "it") and not segment.has("verb", "tell") and result.aspects:
            result.pictures.extend(DRAWABLE.get(name, "spectrogram") for name in result.aspects)
            return True
        if segment.has("grammar", "place") and not segment.has("verb", "tell"):
            result.regions = True
            return True
        return False

    def _build(self, segment: Segment, drawn: bool) -> bool:
        result = self._result
        coded = segment.has("media", "code") and (
            segment.has("verb", "write") or not segment.has("media", "image")
        )
        if coded:
            result.builds = result.code = True
        asks_value = segment.has("verb", "tell") and segment.has("grammar", "question")
        if asks_value or segment.has("verb", "listen"):
            return coded
        steps = [
            Step(tag.name, tag.group, segment)
            for tag in sorted(segment.tags, key=lambda tag: tag.start)
            if tag.group in ("operation", "effect") and not _is_reference(segment, tag, drawn)
        ]
        if segment.has("verb", "remove", "fix"):
            steps = [step for step in steps if step.name != "click_track"]
        if not (steps or drawn):
            steps = self._implied(segment)
        writes = _writes(segment)
        result.writes |= writes
        if writes and not self._audio and (self._image or not result.points):
            result.builds = result.code = True
        if any(step.name == "generate" for step in steps) and not self._audio:
            result.builds = result.code = True
        if result.code and not (self._at_hand or (result.points and result.writes)):
            return True
        if any(step.name == "trim" for step in steps) and segment.has("setting", "section"):
            result.measures = True
            result.aspects.append("structure")
        is_new = any(step.name != "number" for step in steps)
        corrects = self._corrects or segment.has("talk", "correction")
        if not is_new and result.steps and corrects:
            if any(segment.covers(one.start, one.end) for one in self._quantities):
                steps = [Step(result.steps[-1].name, result.steps[-1].group, segment)]
        result.steps.extend(steps)
        mends = not steps and segment.has("verb", "fix")
        applies = segment.has("verb", "process") and (
            result.reads_image or segment.has("media", "audio")
        )
        repeats = segment.has("talk", "same") and segment.has("verb", "make", "process")
        result.mends |= mends
        result.builds |= bool(steps) or mends or applies or repeats
        return bool(steps) or mends or applies or repeats or coded

    def _implied(self, segment: Segment) -> list[Step]:
        """A verb of change with a thing, a sound quality, a format or a number."""
        if segment.has("verb"):
            self._carried = next(
                (name for name in ("remove", "fix") if segment.has("verb", name)), None
            )
        if self._carried is not None:
            found = [name for name in segment.names("aspect") if name in _REMOVABLE]
            if found:
                return [Step(name, "aspect", segment) for name in found]
        if segment.has("verb", "raise", "lower", "remove", "fix"):
            cures = [name for name in segment.names("quality") if name in CURES]
            if cures:
                return [Step(name, "quality", segment) for name in cures]
        if segment.has("grammar", "keep") and self._times(segment):
            return [Step("trim", "operation", segment)]
        if segment.has("verb", "raise", "lower", "remove"):
            return self._changed(segment)
        if segment.has("quality") and segment.has("verb", "fix"):
            return []
        states = segment.has("verb", "measure", "listen", "compare", "show")
        states |= segment.has("verb", "tell") and segment.has("aspect")
        if any(step.name == "click_track" for step in self._result.steps):
            return []
        if not states and (self._units(segment) or self._is_format(segment)):
            return [Step("number", "implied", segment)]
        return []

    def _times(self, segment: Segment) -> bool:
        return any(
            one.unit == "seconds" and segment.covers(one.start, one.end) for one in self._quantities
        )

    def _changed(self, segment: Segment) -> list[Step]:
        for group in ("band", "aspect"):
            if names := segment.names(group):
                return [Step(name, group, segment) for name in names]
        if any(segment.covers(one.start, one.end) for one in self._quantities):
            return [Step("number", "implied", segment)]
        if segment.has("media", "instrument", "audio"):
            return [
                Step(
                    "instrument" if segment.has("media", "instrument") else "audio",
                    "media",
                    segment,
                )
            ]
        if self._topic is not None and segment.has("vague", "it"):
            return [Step(self._topic.name, self._topic.group, segment)]
        return []

    def _is_format(self, segment: Segment) -> bool:
        return segment.has("format") and segment.has("verb", "make")

    def _concerns_image(self, segment: Segment) -> bool:
        if segment.has("media", "image"):
            return True
        shown = segment.has("picture") and segment.has("grammar", "here")
        return bool(self._image) and not self._audio and (shown or segment.has("verb", "read"))

    def _wants_work(self, segment: Segment) -> bool:
        operations = [
            tag
            for tag in segment.tags
            if tag.group == "operation" and not _is_reference(segment, tag)
        ]
        return bool(operations) or segment.has("media", "code")


def _opens_with(segment: Segment, group: str, *names: str) -> bool:
    """Whether the first word that is no filler carries the concept."""
    fillers = {tag.start for tag in segment.tags if tag.name in ("filler", "greeting", "join")}
    index = 0
    while True:
        opening = [tag for tag in segment.tags if tag.start == index]
        if any(tag.group == group and (not names or tag.name in names) for tag in opening):
            return True
        if index not in fillers:
            return False
        index += 1


def _is_unit(tag: Tag, tokens: tuple[Token, ...], quantities: list[Quantity]) -> bool:
    """Whether a word is part of a number: the ``dBTP`` of a ceiling, the ``second`` of a length."""
    begin, end = tokens[tag.start].start, tokens[tag.end - 1].end
    return (tag.group == "aspect" or tag.name == "determiner") and any(
        one.start <= begin and end <= one.end for one in quantities
    )


def _is_reference(segment: Segment, tag: Tag, drawn: bool = False) -> bool:
    """Whether a word of work names a thing: ``my master``, ``the fade`` — not ``master it``."""
    if not drawn and (tag.end - tag.start > 1 or tag.name not in _NOUNS):
        return False
    return any(
        other.group == "grammar" and other.name == "determiner" and other.end == tag.start
        for other in segment.tags
    )


def _writes(segment: Segment) -> bool:
    """Whether a verb of programming is in it: "code it", but not the noun in "my code"."""
    nouns = {tag.start for tag in segment.tags if tag.group == "media" and tag.name == "code"}
    return any(
        tag.group == "verb" and tag.name == "write" and (tag.start == 0 or tag.start not in nouns)
        for tag in segment.tags
    )


def _is_element(whole: Segment) -> bool:
    """A sentence such as ``the bass is a Moog``: an element of the project, and what it is."""
    things = [tag for tag in whole.tags if tag.group == "media" and tag.name == "instrument"]
    if not things or whole.has("quality") or whole.has("verb") or whole.has("vague"):
        return False
    ends = things[0].end
    states = [tag for tag in whole.tags if tag.name == "state" and ends <= tag.start <= ends + 1]
    return any(
        tag.name == "indefinite" and tag.start == state.end
        for state in states
        for tag in whole.tags
    )


def _forbids(whole: Segment) -> bool:
    """A lasting wish such as "no reverb on vocals": no verb, and a part of the music it is for."""
    return (
        _opens_with(whole, "grammar", "negation")
        and whole.has("media", "instrument")
        and any(whole.has(group) for group in ("operation", "quality", "effect", "band"))
        and not whole.has("verb")
        and not whole.has("aspect")
    )


def _speaks_of_us(whole: Segment) -> bool:
    return any(
        token.text in ("you", "we", "du", "ihr", "sie", "tu", "vous") for token in whole.tokens
    )


def _both_ends(tokens: tuple[Token, ...]) -> bool:
    words = {token.text for token in tokens}
    return any({before, after} <= words for before, after in _BEFORE_AFTER)


_BEFORE_AFTER = (
    ("before", "after"),
    ("vorher", "nachher"),
    ("antes", "despues"),
    ("avant", "apres"),
)


def _span_text(whole: Segment) -> str:
    begin, end = whole.span
    return f"{begin}:{end}"
