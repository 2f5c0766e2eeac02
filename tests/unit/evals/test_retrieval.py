import json
import os
from pathlib import Path

import pytest
from pydantic import JsonValue

from evals.retrieval import ask, load, report
from grym_synth.errors import BadInput

HOME = os.environ.get("GRYM_TEST_DATA", "")


def conversation(name: str) -> dict[str, JsonValue]:
    """A short one in LoCoMo's form."""
    return {
        "sample_id": name,
        "conversation": {
            "speaker_a": "Ann",
            "speaker_b": "Ben",
            "session_10": [{"speaker": "Ann", "dia_id": "D10:1", "text": "My cello is back."}],
            "session_10_date_time": "7:48 pm on 21 May, 2023",
            "session_2": [
                {"speaker": "Ben", "dia_id": "D2:1", "text": "Where was the piano recorded?"},
                {"speaker": "Ann", "dia_id": "D2:2", "text": "In the old church!"},
                {"speaker": "Ben", "dia_id": "D2:3", "text": "Look.", "blip_caption": "a drum"},
            ],
            "session_2_date_time": "1:56 pm on 8 May, 2023",
        },
        "qa": [
            {"question": "Where was the piano?", "category": 4, "evidence_clean": ["D2:2"]},
            {"question": "What drum was shown?", "category": 1, "evidence_clean": ["D2:3"]},
            {"question": "Who sings?", "category": 5, "evidence_clean": []},
        ],
    }


def test_turns_come_in_the_order_of_their_sessions_with_speaker_caption_and_time(
    tmp_path: Path,
) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(conversation("a")))
    entries = list(load(path)[0].entries())
    assert [entry.key for entry in entries] == ["D2:1", "D2:2", "D2:3", "D10:1"]
    assert entries[2].text == "Ben: Look.\na drum"
    assert entries[3].value["at"] == "2023-05-21T19:48:00"


def test_a_list_of_conversations_is_asked_one_by_one_without_questions_that_lack_evidence(
    tmp_path: Path,
) -> None:
    path = tmp_path / "two.json"
    path.write_text(json.dumps([conversation("a"), conversation("b")]))
    asked = [
        one
        for number, held in enumerate(load(path))
        for one in ask(held, tmp_path / str(number), k=2)
    ]
    lines = list(report(asked, 2))
    assert lines[0] == "questions 4"
    assert "bm25_recall@2 0.5000" in lines
    assert "grym_recall@2 1.0000" in lines
    assert "conversation_b_grym_recall@2 1.0000" in lines


@pytest.mark.parametrize("text", ["", "{}", '{"sample_id": "a", "conversation": {}}', "[1]"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"bad\.json"):
        load(path)


@pytest.mark.long
@pytest.mark.skipif(not HOME, reason="GRYM_TEST_DATA names no folder with conversations")
def test_the_products_search_beats_bm25_by_5_points_and_plain_vectors(tmp_path: Path) -> None:
    (held,) = load(Path(HOME) / "memory" / "locomo_conv-30.json")
    values = dict(line.split() for line in report(ask(held, tmp_path, k=10), 10))
    grym, bm25, vectors = (float(values[f"{way}_recall@10"]) for way in ("grym", "bm25", "vectors"))
    assert bm25 >= 0.6
    assert grym >= bm25 + 0.05
    assert grym > vectors
