import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from memory.packing.token_budget import EstimatedTokens, TokenCounter, budget_for
from memory.vectors.minilm import TOKENIZER

TEXTS = {
    "english": "The lead vocal is harsh in the second chorus; keep the breaths and cut 3 dB there.",
    "german": "Die Lautstärke der Gesangsspur schwankt im Refrain deutlich, der Frequenzbereich um "
    "400 Hz ist überbetont und die Zischlaute sind zu scharf.",
    "french": "La voix du refrain est trop brillante et la réverbération masque les consonnes.",
    "spanish": "La grabación de la guitarra tiene demasiada resonancia en los graves.",
    "code": "def to_timecode(cue_seconds: float, *, fps: int = 24) -> str:\n    frames = "
    "round(cue_seconds * fps)\n    return f'{frames // fps:02d}:{frames % fps:02d}'\n",
    "c++": "std::vector<std::unique_ptr<juce::RangedAudioParameter>> createParameterLayout();",
    "json": '{"beats": [0.511, 1.022, 1.533], "lufs": -14.037, "gain_db": -2.5e-3}',
    "chinese": "副歌部分的人声太刺耳，请把三千赫兹附近降低三分贝。",
    "japanese": "サビのボーカルが少し刺さるので、三キロヘルツ付近を下げてください。",
    "korean": "후렴의 보컬이 너무 날카롭습니다. 트루 피크를 확인해 주세요.",
    "russian": "Громкость вокала в припеве сильно меняется, низкие частоты слишком гулкие.",
    "emoji": "🎸🔥👍🏽 love it 🎧🎶 👩‍🎤 ✨💯",
    "hash": "f0e4c2f76c58916ec258f246851bea091d14d4247a2fc3e18694461b1816e13b",
    "names": "mix_v3_final_FINAL2.wav vocal-comp-03b.aif Kick_In_SM91.wav DrumBus(2).wav",
}


class Counting:
    """A real tokenizer."""

    def __init__(self, tokenizer: bytes) -> None:
        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


@pytest.fixture(scope="module")
def minilm() -> TokenCounter:
    return Counting(TOKENIZER.read())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_estimate_is_never_more_than_a_tenth_too_low(minilm: TokenCounter, text: str) -> None:
    assert EstimatedTokens().count(text) >= 0.9 * minilm.count(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted(TEXTS)), min_size=1), st.integers(0, 40), st.data())
def test_the_estimate_holds_for_mixtures_and_cuttings_of_texts(
    minilm: TokenCounter, chosen: list[str], start: int, data: st.DataObject
) -> None:
    joint = data.draw(st.sampled_from([" ", "\n", "; ", "\n\n- "]))
    text = joint.join(TEXTS[name][start:] for name in chosen)
    assert EstimatedTokens().count(text) >= 0.9 * minilm.count(text)


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers())
def test_numbers_are_never_taken_for_fewer_tokens(
    minilm: TokenCounter, real: float, whole: int
) -> None:
    for text in (f"{real}", f"{whole}", f"[{real:.3f}, {whole}]"):
        assert EstimatedTokens().count(text) >= 0.9 * minilm.count(text)


def test_english_prose_is_not_taken_for_twice_its_tokens(minilm: TokenCounter) -> None:
    assert EstimatedTokens().count(TEXTS["english"]) < 2 * minilm.count(TEXTS["english"])


def test_a_small_project_gives_a_small_package_and_a_large_one_no_more_than_the_window_takes() -> (
    None
):
    assert budget_for(2000, 100) == 600
    assert budget_for(2000, 15_000) == 1477
    assert budget_for(2000, 1_000_000) == 2000
