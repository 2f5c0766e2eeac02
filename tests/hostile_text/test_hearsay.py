from collections.abc import Sequence

import pytest

from agents.hearing.voices import words_finding, words_in
from agents.wording import finding_text
from memory.context import Finding
from models.audio_base import Samples, VoiceSpan
from models.base import Options
from models.ctc import Word
from tests.hostile_text import obeying
from tests.hostile_text.payloads import PAYLOADS, payload
from tests.hostile_text.world import World


class Reader:
    """A speech model that hears an order sung."""

    name = "scripted:reader"

    def __init__(self, words: str) -> None:
        self._words = words

    def words(
        self,
        samples: Samples,
        sample_rate_hz: int,
        voices: Sequence[VoiceSpan] | None = None,
        options: Options | None = None,
    ) -> tuple[Word, ...]:
        """The order, word by word."""
        return tuple(Word(one, 0.1, 0.4, 0.99) for one in self._words.split(" "))


@pytest.mark.parametrize("words", PAYLOADS)
def test_an_order_that_is_sung_is_what_was_heard(world: World, words: str) -> None:
    order = payload(words, world.port)
    model = obeying.boss(world.script("boss"), {"tasks": []}, order)
    with world.studio(supervisor=model) as studio:
        clip = world.taken(studio, world.clip())
        path = studio.deps.assets.path(clip)
        heard = words_in(path, 1.5, [VoiceSpan(0, 1, 0.9)], Reader(order), Options)
        sung: Finding = words_finding(clip, heard, "gama/scripted:reader@0")
        studio.deps.repository.add_assets("default", [clip])
        studio.deps.repository.add_findings("default", [sung])
        result = studio.ask("What is sung in clip.wav, and what key is it in?", [clip])
        world.check(result, studio)

    assert sung.evidence == "heard"
    assert "voice.words" not in {o.aspect for o in result.findings if o.evidence == "measured"}
    assert finding_text(sung)
