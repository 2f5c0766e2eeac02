from pathlib import Path

import numpy as np
import pytest

from agents.composing.brief import read_order
from agents.composing.drafting import draft_of, realised
from agents.composing.rendering import Rendered, StemFile
from agents.composing.session import Session
from agents.composing.sound_checks import sound_checks, tempo_check
from audio.assets import AssetStore
from audio.measurement import Measurement
from audio.synthesis.rendering import Samples, flac_bytes, wav_bytes
from grym_synth.settings import MediaLimits

BRIEF = "pop in C major at 120 bpm, verse 4, piano and bass"
RATE = 48_000


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path, MediaLimits())


def session_of(store: AssetStore, brief: str = BRIEF) -> Session:
    return realised(draft_of(read_order({"brief": brief}), store))


def tone(seconds: float, hertz: float, silent: float = 0.0) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    wave = np.rint(2e6 * np.sin(2 * np.pi * hertz * times)).astype(np.int32)
    wave[round((seconds - silent) * RATE) :] = 0
    return np.stack((wave, wave), axis=1)


def rendered(store: AssetStore, stems: list[Samples], mix: Samples) -> Rendered:
    files = tuple(
        StemFile(
            track=str(place),
            ref=store.add_bytes(wav_bytes(one), "audio", f"{place}.wav"),
            gain_db=0,
            pan=0,
        )
        for place, one in enumerate(stems)
    )
    ref = store.add_bytes(flac_bytes(mix), "audio", "mix.flac")
    return Rendered(stems=files, mix=ref, gain_db=0, synthesiser="none")


def statuses(store: AssetStore, stems: list[Samples], mix: Samples) -> dict[str, str]:
    checks = sound_checks(session_of(store), rendered(store, stems, mix), store)
    return {one.name: one.status for one in checks}


def test_a_mix_that_is_the_sum_of_its_stems_passes(store: AssetStore) -> None:
    one, two = tone(6, 220), tone(6, 330)

    found = statuses(store, [one, two], one + two)

    assert found["stems.sum"] == found["stems.length"] == found["mix.tail"] == "met"


def test_faults_of_the_sound_are_found(store: AssetStore) -> None:
    one, two = tone(8, 220, silent=5), tone(8, 330, silent=5)

    found = statuses(store, [one, two[:-480]], one + two // 2)

    assert found["stems.length"] == "not_met"
    assert found["mix.tail"] == "not_met"
    assert statuses(store, [one, two], one + two // 2)["stems.sum"] == "not_met"


@pytest.mark.parametrize(
    ("brief", "heard", "status"),
    [
        (BRIEF, 120.4, "met"), (BRIEF, 60.1, "met"), (BRIEF, 122.5, "not_met"),
        ("folk in 7/8, D major, 100 bpm, A 4, piano", 114.3, "met"),
        ("folk in 7/8, D major, 100 bpm, A 4, piano", 108.0, "not_met"),
    ],
)  # fmt: skip
def test_a_tempo_is_known_at_every_level_of_its_meter(
    store: AssetStore, brief: str, heard: float, status: str
) -> None:
    found = Measurement("tempo.bpm", heard, "bpm", "counted", 1.0, "rhythm")

    assert tempo_check(session_of(store, brief), found).status == status
