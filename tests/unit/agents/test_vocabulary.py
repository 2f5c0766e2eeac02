import tomllib
from pathlib import Path

import pytest

import agents.planning
from agents.planning.glossary import bands, effects
from agents.planning.lexicon import LANGUAGES, lexicon
from agents.planning.measures import MEANT
from agents.planning.operations import RULES
from agents.planning.text import read_text
from audio.aspects import ASPECTS

FOLDER = Path(next(iter(agents.planning.__path__))) / "vocabulary"
WITHOUT_RECIPE = {"other", "generate", "punchier", "longer"}
PICTURES = {"spectrogram", "spectrum", "chromagram", "waveform", "loudness_curve",
            "self_similarity", "any"}  # fmt: skip


def groups(language: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_word_of_a_language_leads_to_an_instrument(language: str) -> None:
    words = groups(language)
    assert words["aspect"].keys() <= MEANT.keys()
    assert words["picture"].keys() <= PICTURES
    assert words["band"].keys() <= bands().keys()
    works = {*words["operation"], *words["effect"]}
    assert works <= RULES.keys() | effects().keys() | WITHOUT_RECIPE


def test_every_meaning_is_an_aspect_that_is_measured() -> None:
    assert {aspect for meant in MEANT.values() for aspect in meant} <= ASPECTS.keys()


def is_found(language: str, group: str, name: str, phrase: str) -> bool:
    """A phrase is found as its concept, or a longer or equal phrase takes its place."""
    text = phrase.replace("*", "").replace("~", "xyz")
    found = lexicon(language).tags(read_text(text).tokens)
    longest = max((tag.end - tag.start for tag in found), default=0)
    return (group, name) in {(tag.group, tag.name) for tag in found} or longest >= len(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_found_where_it_is_written(language: str) -> None:
    lost = [
        phrase
        for group, concepts in groups(language).items()
        if group not in ("ordinary", "little")
        for name, phrases in concepts.items()
        for phrase in phrases
        if not is_found(language, group, name, phrase)
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [("spectogram", "spectrogram"), ("loudnes", "loudness"), ("normlise", "normalise_loudness")],
)
def test_one_typing_error_in_a_field_word_is_forgiven(word: str, meant: str) -> None:
    assert meant in {tag.name for tag in lexicon("en").tags(read_text(word).tokens)}


@pytest.mark.parametrize("word", ["matter", "pleasure", "phrase", "clock", "faster", "mother"])
def test_ordinary_words_are_not_mistaken_for_field_words(word: str) -> None:
    groups_found = {tag.group for tag in lexicon("en").tags(read_text(word).tokens)}
    assert not groups_found & {"aspect", "picture", "operation"}
