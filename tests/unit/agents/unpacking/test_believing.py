from agents.unpacking.analysis import Analysis, Told
from agents.unpacking.believing import believed

NAMES = (
    "tempo", "tempo_alternatives", "beats", "downbeats", "meter", "key", "relative_key", "chords",
)  # fmt: skip


def analysis(beats: int, clarity: float, key: float = 0.5) -> Analysis:
    facts = {name: Told(value=1.0, method="measured", confidence=0.5) for name in NAMES}
    facts["beats"] = Told(
        value=[0.5 * index for index in range(beats)], method="chain", confidence=clarity
    )
    facts["key"] = Told(value="C major", method="profiles", confidence=key)
    return Analysis(
        file="a.wav", sha256="0", seconds=60, sample_rate_hz=44100, channels=2, facts=facts
    )


def untold(told: Analysis) -> set[str]:
    return {name for name, fact in told.facts.items() if fact.value is None}


def test_music_keeps_everything() -> None:
    assert untold(believed(analysis(64, 0.9), held=1.2)) == set()


def test_speech_has_neither_a_tempo_nor_chords_and_says_why() -> None:
    told = believed(analysis(60, 0.45, key=0.1), held=0.2)
    assert untold(told) == set(NAMES)
    assert "no clear pulse" in told.facts["tempo"].method
    assert "hardly any note is held" in told.facts["chords"].method


def test_a_drum_track_keeps_its_tempo_and_loses_its_chords() -> None:
    assert untold(believed(analysis(64, 1.0, key=0.2), held=0.0)) == {
        "key", "relative_key", "chords"
    }  # fmt: skip


def test_a_free_performance_keeps_its_faint_pulse() -> None:
    assert untold(believed(analysis(40, 0.35), held=3.0)) == set()


def test_a_few_words_are_no_loop() -> None:
    assert "tempo" in untold(believed(analysis(4, 0.9, key=0.1), held=0.3))
