from hypothesis import given
from hypothesis import strategies as st

from nodes.speaking import pieces, spoken_aloud


@given(st.text(alphabet="ab \n.-ü", max_size=300))
def test_the_pieces_of_an_answer_are_the_answer(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_words_are_not_torn_apart_nor_told_one_by_one() -> None:
    text = "Integrated loudness is -14.0 LUFS, the true peak is -1.0 dBTP. " * 4
    parts = list(pieces(text))
    assert len(parts) < 12
    assert [word for part in parts for word in part.split()] == text.split()


def test_a_message_that_nobody_follows_is_the_message_alone() -> None:
    message = spoken_aloud("It is in F minor.", "album/main/1")
    assert (message.text, message.id) == ("It is in F minor.", "album/main/1")
