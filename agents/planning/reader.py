"""Reads a request sentence by sentence, segment by segment, with one language's vocabulary."""

from agents.planning.acts import act_of
from agents.planning.building import Builder
from agents.planning.drawing import concerns_image, draw, named_pictures
from agents.planning.kinds import (
    drops,
    field_of,
    forgets_fact,
    is_section,
    kind_of,
    only_notes,
    searches,
)
from agents.planning.lexicon import Lexicon, Tag
from agents.planning.quantities import SAMPLE_RATES_HZ, Quantity
from agents.planning.reading import Reading, Remembered, Situation
from agents.planning.segments import CHANGES, Act, Segment, cut
from agents.planning.text import Text, Token, sentences
from agents.planning.turns import line_up
from agents.planning.wishes import asks_for_work, is_reference, opens_with_work

_BOTH_ENDS = (
    ("before", "after"), ("vorher", "nachher"), ("davor", "danach"), ("antes", "despues"),
    ("avant", "apres"),
)  # fmt: skip

_OF_PICTURES = frozenset({"stereo", "format", "spectrum"})
"""Aspects that only say what a picture shall show: "both channels, up to 8 kHz"."""
_OF_CLICKS = frozenset({"beats", "meter", "tempo", "duration"})
"""Aspects that only say how a click shall sound: "the first beat of each bar accented"."""
_POLITE = ("greeting", "thanks", "closing")
_FIELDS = ("goal", "style", "deadline")
"""Settings of which one sentence may name several."""
_MEASURED = {
    "lufs": "loudness", "dbtp": "true_peak", "lu": "range", "bpm": "tempo", "key": "key",
    "meter": "meter", "bits": "format",
}  # fmt: skip
"""What must be measured to judge a number, by its unit."""


class Reader:
    """Reads one request."""

    def __init__(self, lexicon: Lexicon, situation: Situation) -> None:
        self._lexicon, self._situation = lexicon, situation
        self._reading = Reading()
        self._builder = Builder(self._reading, situation)

    def read(self, text: Text) -> Reading:
        """Read all sentences of a request."""
        parts = [self._tagged(sentence) for sentence in sentences(text.tokens)]
        for part, following in zip(parts, (*parts[1:], None), strict=False):
            if following is not None and only_notes(following):
                self._remember(part)
            else:
                self._sentence(part)
        self._show_both_ends()
        return self._reading

    def _show_both_ends(self) -> None:
        """Before and after: what was asked of the file is asked of the result too."""
        reading = self._reading
        if reading.both_ends and reading.builds:
            reading.result_pictures.extend(reading.pictures)
            if reading.measures and not reading.pictures:
                reading.result_measures = True
                reading.result_aspects.extend(reading.aspects)

    def _tagged(self, tokens: tuple[Token, ...]) -> Segment:
        asks = any(token.text == "?" for token in tokens[-2:])
        whole = Segment(tokens, (), False, asks)
        numbers = self._situation.numbers(whole)
        found = self._lexicon.tags(tokens)
        tags = tuple(tag for tag in found if not _is_unit(tag, tokens, numbers))
        return Segment(tokens, tags, False, asks)

    def _sentence(self, whole: Segment) -> None:
        reading = self._reading
        if whole.has("grammar", "irrelevant"):
            return
        reading.earlier |= whole.has("talk", "earlier")
        reading.points |= whole.has("grammar", "file")
        reading.repeats |= whole.has("talk", "same")
        words = {token.text for token in whole.tokens}
        if any({before, after} <= words for before, after in _BOTH_ENDS):
            reading.both_ends = True
            if whole.has("verb", "show") and not whole.has_any("picture", "aspect"):
                reading.pictures.append("spectrogram")
        if cancelled := self._cancelled(whole):
            reading.drop_work()
            reading.talk.append("cancel")
            whole = whole.after(cancelled)
        kind = kind_of(whole, self._situation)
        if kind == "work":
            if whole.opens_with("grammar", "keep", "preserve") and self._stated(whole):
                reading.kept.append(whole)
            self._work(whole)
        elif kind == "setting":
            self._remember(whole)
            for segment in () if _is_labelled(whole) else cut(whole.tokens, whole.tags):
                noted = segment.has("setting") or segment.has("verb", "remember")
                if opens_with_work(segment) and not noted:
                    self._request(segment)
        elif kind == "recall":
            self._recall(whole)
        else:
            reading.talk.append(kind)

    def _cancelled(self, whole: Segment) -> int:
        """Index after the words that call work off; 0 where work follows: "déjalo a -14"."""
        ends = [tag.end for tag in whole.tags if (tag.group, tag.name) == ("talk", "cancel")]
        if drops(whole) or forgets_fact(whole):
            return 0
        parts = cut(whole.tokens, whole.tags)
        said = next((part for part in parts if part.has("talk", "cancel")), whole)
        fields = said.has_any("operation", "effect", "band", "format", "quality")
        fields |= said.has("grammar", "skip")
        return 0 if not ends or fields or self._situation.numbers(said) else max(ends)

    def _remember(self, whole: Segment) -> None:
        """Keep a setting; a sentence that names several fields or sections is cut before each."""
        parts = cut(whole.tokens, whole.tags)
        named = [part for part in parts if part.has("setting", *_FIELDS) or _keeps(part)]
        fields = ["constraint" if _keeps(part) else field_of(part) for part in named]
        sections = [part for part in parts if is_section(part)]
        if len(sections) > 1 and field_of(whole) == "section":
            named, fields = sections, ["section"] * len(sections)
        elif len(set(fields)) < 2:
            self._reading.remembered.append(Remembered(field_of(whole), *whole.span))
            return
        begins = [whole.span[0], *(part.span[0] for part in named[1:]), whole.span[1]]
        for field, begin, end in zip(fields, begins, begins[1:], strict=False):
            self._reading.remembered.append(Remembered(field, begin, end))

    def _recall(self, whole: Segment) -> None:
        reading = self._reading
        if searches(whole):
            reading.recalls.append("words")
            return
        reading.recalls.extend(whole.names("aspect") or whole.names("setting") or ("history",))
        reading.changed |= whole.has("talk", "changed")
        reading.told |= whole.has("talk", "told", "quoted") or not whole.has("aspect")
        for segment in cut(whole.tokens, whole.tags)[1:]:
            if segment.has("grammar", "polite") or segment.opens_with("verb", *CHANGES):
                self._request(segment)

    def _work(self, whole: Segment) -> None:
        reading = self._reading
        if "meta" in reading.talk and whole.asks and not whole.has("verb"):
            return
        reading.talk.extend(name for name in whole.names("talk") if name in _POLITE)
        if whole.has("talk", "greeting") and not (self._situation.at_hand or _names_work(whole)):
            return
        self._builder.begin(whole)
        act: Act = "none"
        for segment in cut(whole.tokens, whole.tags):
            act = act_of(segment, act)
            self._builder.note_fault(segment)
            if segment.has("media", "code") and segment.has("grammar", "fails"):
                reading.builds = reading.code = True
            if act == "none" and self._adds_check(segment):
                act = "question"
            before = reading.workers
            self._part(segment, act)
            line_up(segment, reading, [one for one in reading.workers if one not in before])

    def _part(self, segment: Segment, act: Act) -> None:
        match act:
            case "refuse":
                self._refuse(segment)
            case "state":
                self._state(segment)
            case "condition":
                self._condition(segment)
            case "question":
                self._question(segment)
            case _:
                self._request(segment)

    def _refuse(self, segment: Segment) -> None:
        """Only what stands before the refusal is wanted."""
        if segment.has("talk", "unmeasured") and not segment.has("grammar", "want"):
            self._request(segment)
            return
        self._reading.refused.append(segment)
        before = segment.before(segment.first("grammar", "negation", "preserve", "skip"))
        if before.has_any("verb", "operation", "picture"):
            self._request(before)

    def _state(self, segment: Segment) -> None:
        """A statement wants nothing, but it may complain, claim, or hand over a picture."""
        reading = self._reading
        if segment.opens_with("grammar", "purpose"):
            return
        reading.claims.append(segment)
        if segment.has("grammar", "self"):
            return
        reading.complaints.extend(segment.names("quality"))
        attaches = segment.has("grammar", "attached") and not reading.earlier
        if segment.has("media", "image") and (self._situation.image or attaches):
            reading.reads_image = True

    def _condition(self, segment: Segment) -> None:
        """What work depends on must be measured; the command may stand in the same segment."""
        self._reading.conditions.append(segment)
        aspects = (*segment.names("aspect"), *self._stated(segment))
        if aspects or segment.has("quality") or segment.has("vague", "whole"):
            self._reading.conditional = self._reading.measures = True
            self._reading.aspects.extend(aspects)
        begins = min(segment.first("verb", *CHANGES), segment.first("operation"))
        if 1 < begins < len(segment.tokens):
            self._reading.conditions[-1] = segment.before(begins)
            self._request(segment.after(begins))

    def _question(self, segment: Segment) -> None:
        reading, situation = self._reading, self._situation
        reading.questions = True
        shown = segment.has("picture") and segment.has("grammar", "here")
        if concerns_image(segment, situation) or (situation.image and shown):
            reading.reads_image = True
            if not self._is_heard_too(segment):
                return
        if segment.has("media", "code"):
            reading.builds = reading.code = True
        elif _asks_for_picture(segment) and not situation.image:
            draw(segment, reading, situation, False)
        elif (pictures := named_pictures(segment)) and not situation.image:
            reading.pictures.extend(pictures)
        elif (self._is_about_sound(segment) or self._stated(segment)) and self._listens():
            reading.measures = not situation.image or situation.audio > 0
            reading.reads_image |= not reading.measures
            reading.aspects.extend(segment.names("aspect"))
            if not segment.has("grammar", "question", "definition", "place"):
                self._check(segment)

    def _check(self, segment: Segment) -> None:
        """Take the numbers that a file is to be held against: "is it around 120 bpm"."""
        if stated := self._stated(segment):
            self._reading.checks.append(segment)
            self._reading.aspects.extend(stated)

    def _adds_check(self, segment: Segment) -> bool:
        """Whether it only adds a limit to a question: "Is it in spec? Peaks under -3"."""
        asked = self._reading.questions and not self._reading.builds
        return asked and segment.has("aspect") and bool(self._situation.numbers(segment))

    def _stated(self, segment: Segment) -> tuple[str, ...]:
        """What must be measured to judge the numbers of a segment."""
        numbers = self._situation.numbers(segment)
        units = {one.unit for one in numbers}
        names = [name for unit, name in _MEASURED.items() if unit in units]
        if any(one.unit == "seconds" and one.op is not None for one in numbers):
            names.append("duration")
        if any(one.unit == "hz" and one.value in SAMPLE_RATES_HZ for one in numbers):
            names.append("format")
        return tuple(names)

    def _request(self, segment: Segment) -> None:
        reading = self._reading
        if segment.has("grammar", "self") and not segment.has("grammar", "want"):
            return
        follows = reading.builds and self._means_result(segment) and not reading.both_ends
        known = len(reading.pictures)
        drawn = draw(segment, reading, self._situation, asks_for_work(segment))
        if follows:
            reading.result_pictures.extend(reading.pictures[known:])
            del reading.pictures[known:]
        built = self._builder.build(segment, drawn)
        if drawn or built:
            told = segment.has("verb", "tell") and segment.has("aspect")
            measured = told or segment.has("verb", "measure")
            heard = reading.reads_image and self._is_heard_too(segment)
            if measured and not reading.code and (heard or not drawn):
                reading.measures = True
                reading.aspects.extend(segment.before(segment.first("operation")).names("aspect"))
        elif follows and self._wants_values(segment):
            reading.result_measures = True
            reading.result_aspects.extend(segment.names("aspect"))
        elif segment.has("quality") and not segment.has("verb"):
            reading.complaints.extend(segment.names("quality"))
        elif self._listens() and not self._is_parameter(segment):
            self._listen(segment)

    def _means_result(self, segment: Segment) -> bool:
        """Whether it is about what was made: "then …", "… of the result", "the reversed one"."""
        made = {step.name for step in self._reading.steps}
        again = any(
            tag.group == "operation" and tag.name in made and is_reference(segment, tag, drawn=True)
            for tag in segment.tags
        )
        return again or segment.has("grammar", "result")

    def _listen(self, segment: Segment) -> None:
        """Take what a request wants to know into the reading."""
        reading = self._reading
        if self._wants_values(segment):
            reading.measures = True
            reading.aspects.extend(segment.names("aspect"))
            if segment.has("verb", "measure"):
                self._check(segment)
        elif segment.has("verb", "tell") and segment.has("grammar", "question"):
            self._question(segment)
        elif segment.has("verb", "tell", "find"):
            reading.measures |= segment.has_any("vague", "media", "quality", "band")

    def _is_heard_too(self, segment: Segment) -> bool:
        """Whether words about a picture also speak of the sound that came with it."""
        sounds = segment.has("media", "audio", "instrument") or segment.has("grammar", "performs")
        return self._situation.audio > 0 and sounds

    def _wants_values(self, segment: Segment) -> bool:
        return segment.has("aspect") or segment.has("verb", "measure", "listen", "compare")

    def _is_about_sound(self, segment: Segment) -> bool:
        groups = ("aspect", "quality", "band", "operation", "effect", "media", "format", "vague")
        if segment.has_any(*groups) or segment.has("verb", "listen", "compare"):
            return True
        points = self._situation.at_hand and segment.has("grammar", "file")
        return self._situation.audio > 0 or points

    def _listens(self) -> bool:
        """Whether words such as "loudness" can mean a sound: not in a request for a program."""
        return self._situation.at_hand or not self._reading.code

    def _is_parameter(self, segment: Segment) -> bool:
        """Whether it only gives numbers for what is wanted: "with a ceiling of -1"."""
        if not (self._reading.builds or self._reading.pictures):
            return False
        shows = self._reading.pictures and not segment.has_any("verb", "quality")
        if shows and segment.has("aspect") and {*segment.names("aspect")} <= _OF_PICTURES:
            return True
        clicks = any(step.name == "click_track" for step in self._reading.steps)
        if clicks and not segment.has("verb") and {*segment.names("aspect")} <= _OF_CLICKS:
            return True
        numbers = bool(self._situation.numbers(segment))
        adds = segment.opens_with("grammar", "with") and not segment.has("grammar", "question")
        asks = segment.has("verb", "measure", "tell", "listen", "compare")
        return (numbers or adds) and not asks


def _keeps(part: Segment) -> bool:
    """Whether a part of a setting tells what shall stay: "…, keep it in A minor"."""
    return part.opens_with("grammar", "keep", "preserve")


def _asks_for_picture(segment: Segment) -> bool:
    """Whether a question wants some picture: "what does it look like?", "only a picture: …?"."""
    alone = not segment.has("grammar", "question", "auxiliary")
    return segment.has("picture", "any") and (alone or segment.has("verb", "read"))


def _is_labelled(whole: Segment) -> bool:
    """Whether it only states a setting behind its name: "Constraint: master at -14 LUFS"."""
    texts = [token.text for token in whole.tokens]
    return ":" in texts and whole.first("setting", "constraint", "goal", "style") < texts.index(":")


def _names_work(whole: Segment) -> bool:
    return whole.has_any("aspect", "operation", "effect", "picture", "media", "band", "format")


def _is_unit(tag: Tag, tokens: tuple[Token, ...], quantities: list[Quantity]) -> bool:
    """Whether a word is part of a number: the ``dBTP`` of a ceiling, the ``second`` of a length."""
    begin, end = tokens[tag.start].start, tokens[tag.end - 1].end
    return (tag.group == "aspect" or tag.name == "determiner") and any(
        one.start <= begin and end <= one.end for one in quantities
    )
