import pytest

from memory.context import Note, Place, Task, TurnRecord
from memory.filing.junk import is_junk, is_worth_finding
from memory.language.duplicates import says_the_same
from memory.repository import Repository
from memory.store import GrymStore


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Raise the vocal by 2 dB in the chorus", "raise the vocals by 2 dB in the chorus!"),
        ("The bridge starts at 1:04", "the bridge starts at 64 s"),
        ("Deliver at 44.1 kHz", "deliver at 44100 Hz"),
    ],
)
def test_the_same_in_other_letters_or_units_is_one(one: str, other: str) -> None:
    assert says_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Raise the vocal by 2 dB in the chorus", "Raise the vocal by 3 dB in the chorus"),
        ("Raise the vocal by 2 dB in the chorus", "Lower the vocal by 2 dB in the chorus"),
        ("Use reverb on the vocals", "Use no reverb on the vocals"),
        ("mix_v2.wav hums at 50 Hz", "mix_v3.wav hums at 50 Hz"),
        ("The key is F# minor", "The key is F minor"),
        (
            "mute kick snare hats claps bass pads strings horns flute guitar piano in the verse",
            "mute kick snare hats claps bass pads strings horns flute guitar piano in the bridge",
        ),
    ],
)
def test_another_number_name_negation_or_word_is_another_thing(one: str, other: str) -> None:
    assert not says_the_same(one, other)


@pytest.mark.parametrize(
    "text",
    ["ok", "Thanks!", "👍", "lol", "hahaha", "Danke, super!", "¡Hola! ¿Qué tal?", "merci beaucoup",
     "Guten Morgen", "hey there", "", "…", "OK, thanks so much"],
)  # fmt: skip
def test_politeness_and_laughter_are_junk(text: str) -> None:
    assert is_junk(text)


@pytest.mark.parametrize(
    "text",
    ["ok, master it", "120", "yes, mix.wav", "no reverb", "super saw", "thanks, the bass is muddy",
     "perfect fifth", "stop", "F minor", "nein, in Moll"],
)  # fmt: skip
def test_what_says_something_is_not_junk(text: str) -> None:
    assert not is_junk(text)


def test_a_turn_that_did_work_is_found_however_short_its_request() -> None:
    plain = TurnRecord(
        thread="t", turn=1, when="2026-01-01", request="ok", answer="You're welcome."
    )
    worked = plain.model_copy(update={"tasks": (Task(id="t-1", agent="gama", objective="o"),)})
    assert not is_worth_finding(plain)
    assert is_worth_finding(worked)


def noted(text: str, place: Place | None = None) -> Note:
    return Note.make("requirement", text, place)


def test_notes_that_say_the_same_at_one_place_are_kept_once_the_fuller_one() -> None:
    repository = Repository(GrymStore())
    repository.ensure_project("p")
    short = "Keep the latency of the plugin below 5 ms"
    chorus = Place(level="section", name="chorus")
    repository.add_notes("p", [noted(short)])
    repository.add_notes("p", [noted("keep the latency of the plugin below 5 ms!")])
    repository.add_notes("p", [noted("Keep the latency of the plugin below 10 ms")])
    repository.add_notes("p", [noted(short, chorus)])
    assert [(one.text, one.place) for one in repository.notes("p")] == [
        (short, Place()),
        ("Keep the latency of the plugin below 10 ms", Place()),
        (short, chorus),
    ]
    fuller = "Keep the processing latency of the whole audio plugin below 5 ms"
    repository.add_notes("q", [noted("Keep the processing latency of the audio plugin below 5 ms")])
    repository.add_notes("q", [noted(fuller)])
    assert [one.text for one in repository.notes("q")] == [fuller]
