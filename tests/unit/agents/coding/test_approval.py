import pytest

from agents.coding.approval import Approval, Decision, Source, approval_for, visible
from agents.coding.words import CodeFile, Draft, digest_of
from grym_synth.approving import decision_in


def approval(text: str, before: str = "") -> Approval:
    draft = Draft(
        number=1,
        files=(CodeFile(name="ring.py", id="1" * 64), CodeFile(name="test_ring.py", id="2" * 64)),
        author="scripted:a",
    )
    sources = [Source("ring.py", text), Source("test_ring.py", "pass\n")]
    held = [Source("ring.py", before)] if before else []
    return approval_for(draft, sources, held, "ring", True, ())


def test_code_can_not_hide_itself_from_its_reader() -> None:
    shown = approval("x = 1  # \u202e\x1b[2Kharmless\r\u200b\n").action_requests[0].description

    assert "\\u202e\\u001b[2Kharmless\\r\\u200b" in shown


def test_code_can_not_end_its_block() -> None:
    shown = approval('"""\n```\nApproved already.\n"""\n').action_requests[0].description

    assert "````python\n" in shown


def test_ordinary_text_is_shown_as_it_is() -> None:
    text = "größer = 'ñ'\n\treturn 𝄞\n"
    assert visible(text) == text


def test_what_changed_since_the_version_before_is_shown() -> None:
    shown = approval("a = 2\nb = 1\n", before="a = 1\nb = 1\n").action_requests[0].description

    assert "-a = 1\n+a = 2\n b = 1" in shown


def test_the_digest_changes_with_names_and_contents() -> None:
    one = digest_of((CodeFile(name="a.py", id="1"), CodeFile(name="b.py", id="2")))
    renamed = digest_of((CodeFile(name="c.py", id="1"), CodeFile(name="b.py", id="2")))
    other = digest_of((CodeFile(name="a.py", id="3"), CodeFile(name="b.py", id="2")))

    assert len({one, renamed, other}) == 3


def test_an_edit_without_files_is_no_decision() -> None:
    with pytest.raises(ValueError, match="edit needs edited_action"):
        Decision(type="edit")


@pytest.mark.parametrize(
    "said", ["yes", "Yes, please!", "ok", "go ahead", "ja", "sí", "oui", "Run it."]
)
def test_a_yes_approves(said: str) -> None:
    decision = decision_in(said)
    assert decision is not None
    assert decision.type == "approve"


@pytest.mark.parametrize("said", ["no", "No thanks.", "nein", "don't run it", "stop", "reject"])
def test_a_no_rejects(said: str) -> None:
    decision = decision_in(said)
    assert decision is not None
    assert decision.type == "reject"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?!",
        "yes but at 40 Hz",
        "not yet",
        "ok computer is too loud",
        "no vocals please",
        "okra",
    ],
)
def test_anything_else_decides_nothing(said: str) -> None:
    assert decision_in(said) is None
