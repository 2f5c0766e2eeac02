import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.json_text import json_objects

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=8), PLAIN, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    value=st.dictionaries(st.text(max_size=8), JSON, max_size=3),
    before=st.text("ab.\n `", max_size=8),
    after=st.text(max_size=8),
)
def test_an_object_is_found_amid_any_words(
    value: dict[str, object], before: str, after: str
) -> None:
    assert json_objects(before + json.dumps(value) + after)[0] == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": [1, 2,], "b": "x,}",}', [{"a": [1, 2], "b": "x,}"}]),
        ('{"a": {"b": 1}} and {"c": 2}', [{"a": {"b": 1}}, {"c": 2}]),
        ('{"a": {"b": 1}, "c":', []),
        ('{"a": "}"}', [{"a": "}"}]),
        ('{"a": NaN}', []),
        ('{"a": 1}}', [{"a": 1}]),
        ("{'a': 1}", []),
        ('{"text": "two\nlines"}', [{"text": "two\nlines"}]),
        ("no JSON", []),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", []),
    ],
)
def test_whole_objects_are_found_and_no_others(text: str, found: list[dict[str, object]]) -> None:
    assert json_objects(text) == found
