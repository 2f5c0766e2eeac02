"""Which of a project's files a text names, and which are versions of one another."""

from hypothesis import given
from hypothesis import strategies as st

from memory.packing.file_names import FileNames, says

NAMES = {
    "1": "mix_v1.wav", "2": "mix v2.wav", "3": "Night Ferry (demo).flac", "4": "v3.wav",
    "5": "mix.wav", "6": "night.wav",
}  # fmt: skip


def test_files_are_named_by_whole_words_whatever_joins_them() -> None:
    names = FileNames.of(NAMES)
    assert {*names.named_in("compare mix v1 with the night-ferry demo")} == {"1", "3", "5", "6"}
    assert names.named_in("remix the nightly v1") == []


def test_versions_of_a_file_share_what_its_name_says_beside_the_number() -> None:
    names = FileNames.of(NAMES)
    assert names.versions_of(["2"]) == ["1", "2", "5"]
    assert names.versions_of(["4", "unknown"]) == []


words = st.lists(st.sampled_from(["mix", "v1", "night", "ferry", "_", ".", "Mix-v1", ""]))


@given(words, words)
def test_a_look_up_finds_the_names_that_trying_each_would_find(
    said: list[str], of: list[str]
) -> None:
    text, name = " ".join(said), f"{' '.join(of)}.wav"
    found = FileNames.of({"a": name}).named_in(text)
    assert found == (["a"] if says(text, name.rpartition(".")[0] or name) else [])
