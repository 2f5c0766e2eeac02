import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage
from langgraph.types import Command
from pydantic import JsonValue

from agents.coding.approval import Approval, Decision, EditedAction
from agents.roles.models import INSTRUMENTS, Choice
from graph.app import builder
from graph.state import Request
from grym_synth.errors import BadInput
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from nodes.attachments import reference_block
from tests.integration.boss.scripts import write_script
from tests.integration.coding.programs import (
    REQUEST,
    RING,
    TESTS,
    handed_over,
    with_line,
)
from tests.integration.command import Grym

BROKEN = with_line("samples = samples[:, 7]")
WAITS = 3
YES = Decision(type="approve")


@contextmanager
def opened(home: Path, *lines: dict[str, JsonValue]) -> Iterator[Studio]:
    """A studio whose coding model says some lines."""
    if sys.platform != "linux":
        pytest.skip("what a model writes only runs in the sandbox, which is for Linux")
    home.mkdir(exist_ok=True)
    settings = Settings(
        home=home,
        out=home / "out",
        models="instruments",
        embedder="lexical",
        coder_model=write_script(home / "coder.jsonl", *lines),
    )
    with open_studio(settings=settings) as studio:
        yield studio


def asked(studio: Studio, clip: Path) -> TurnResult:
    """The turn as it waits for approval."""
    return studio.ask(REQUEST, studio.attach([(clip, "audio")]))


def status(result: TurnResult) -> str:
    return next(task.status for task in result.tasks if task.agent == "coder")


def question(studio: Studio) -> Approval:
    (approval,) = studio.graph.approvals(studio.config("default", "main")).values()
    return approval


def names(result: TurnResult) -> set[str]:
    return {Path(one.path).name for one in result.artifacts}


def test_nothing_runs_before_a_human_agreed(grym: Grym, clip: Path, tmp_path: Path) -> None:
    spec = write_script(tmp_path / "coder.jsonl", {"answer": handed_over()})
    words = ("--model", f"coder={spec}", "--json")
    waiting = grym("ask", REQUEST, "--audio", clip, *words)
    still = grym("ask", "--resume", *words)
    ended = grym("ask", "--resume", "--yes", *words)

    told = json.loads(waiting.stdout)
    assert (waiting.returncode, still.returncode, ended.returncode) == (WAITS, WAITS, 0)
    assert [one["missing"] for one in told["asks"]] == ["approval"]
    assert RING in told["answer"]
    assert "--resume --yes" in told["answer"]
    assert told["artifacts"] == []
    left = {Path(one["path"]).name for one in json.loads(ended.stdout)["artifacts"]}
    assert "clip-ring.wav" in left


def test_the_question_has_the_form_that_chat_interfaces_show(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        config = studio.config("default", "main")
        (interrupt,) = studio.graph.compiled.get_state(config).interrupts

    (action,) = interrupt.value["action_requests"]
    (review,) = interrupt.value["review_configs"]
    assert action["name"] == review["action_name"] == "run_code"
    assert action["args"]["files"] == {"ring.py": RING, "test_ring.py": TESTS}
    assert review["allowed_decisions"] == ["approve", "edit", "reject"]
    assert RING in action["description"]


def test_a_malformed_answer_is_asked_for_again(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        config = studio.config("default", "main")
        wrongs: list[JsonValue] = [{"decisions": [{"type": "maybe"}]}, {"decisions": []}, "yes"]
        for wrong in wrongs:
            studio.graph.invoke(Command(resume=wrong), config)
            assert "could not be used" in question(studio).action_requests[0].description
        approve = {"decisions": [{"type": "approve"}]}
        state = studio.graph.invoke(Command(resume=approve), config)

    assert [one.kind for one in state["artifacts"]] == ["script", "script", "audio"]


def test_a_refusal_ends_it_and_keeps_the_code(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        result = studio.ask("no")

    assert status(result) == "skipped"
    assert names(result) == {"ring.py", "test_ring.py"}


def test_a_refusal_with_a_reason_brings_another_version(home: Path, clip: Path) -> None:
    other = RING.replace("30.0", "40.0")
    again: dict[str, JsonValue] = {
        "answer": handed_over(other),
        "when": {"match": "the sine is too slow"},
    }
    said = iter([Decision(type="reject", message="the sine is too slow"), YES])
    with opened(home, {"answer": handed_over()}, again) as studio:
        clips = studio.attach([(clip, "audio")])
        result = studio.ask(REQUEST, clips, decide=lambda approval: next(said))

    assert status(result) == "done"
    assert "refused to run it: the sine is too slow" in result.answer


def test_each_version_needs_its_own_yes_and_shows_what_changed(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over(BROKEN)}, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        first = question(studio).digest
        waiting = studio.ask("yes")
        second = question(studio)

    assert status(waiting) == "waiting"
    assert second.digest != first
    assert "-    samples = samples[:, 7]" in second.action_requests[0].description


def test_what_a_human_changed_is_what_runs(home: Path, clip: Path) -> None:
    mended: dict[str, JsonValue] = {"files": {"ring.py": RING}}
    edit = Decision(type="edit", edited_action=EditedAction(args=mended))
    with opened(home, {"answer": handed_over(BROKEN)}) as studio:
        clips = studio.attach([(clip, "audio")])
        result = studio.ask(REQUEST, clips, decide=lambda approval: edit)
        made = {Path(one.path).name: Path(one.path).read_bytes() for one in result.artifacts}

    assert status(result) == "done"
    assert made["ring.py"].decode() == RING
    assert "changed by you" in result.answer


def test_another_request_runs_nothing_that_was_not_approved(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        result = studio.ask("How loud is clip.wav?")

    assert "clip-ring.wav" not in names(result)
    assert "it was not approved" in result.answer
    assert "LUFS" in result.answer


def test_a_yes_without_the_model_that_wrote_it_is_refused_and_the_code_still_waits(
    home: Path, clip: Path
) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        alone = Choice(models={"coder": INSTRUMENTS})
        with pytest.raises(BadInput, match="the coder has none now"):
            studio.ask("", choice=alone, resume=True, decide=lambda _: YES)
        done = studio.ask("", resume=True, decide=lambda _: YES)
    assert status(done) == "done"


def test_code_that_was_changed_after_its_approval_does_not_run(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        asked(studio, clip)
        stored = next(path for path in home.glob("assets/*/*.txt") if path.read_text() == RING)
        before = stored.stat()
        stored.chmod(0o600)
        stored.write_text(RING.replace("30.0", "31.0"))
        os.utime(stored, ns=(before.st_atime_ns, before.st_mtime_ns))
        result = studio.ask("yes")

    assert status(result) == "failed"
    assert "was changed after it was written" in result.answer
    assert "clip-ring.wav" not in names(result)


def test_no_approval_is_asked_for_where_the_settings_say_so(
    grym: Grym, clip: Path, tmp_path: Path
) -> None:
    os.environ["GRYM_NEEDS_APPROVAL"] = "[]"
    spec = write_script(tmp_path / "coder.jsonl", {"answer": handed_over()})

    assert grym("ask", REQUEST, "--audio", clip, "--model", f"coder={spec}").returncode == 0


@pytest.mark.long
def test_a_turn_that_is_killed_while_approved_code_runs_goes_on_without_asking_again(
    home: Path, clip: Path, tmp_path: Path
) -> None:
    slow = with_line("import time; time.sleep(0.0 if Path('../in/x').exists() else 2.5)")
    spec = write_script(tmp_path / "coder.jsonl", {"answer": handed_over(slow)})
    environment = {
        **os.environ, "GRYM_HOME": str(home), "GRYM_MODELS": "instruments",
        "GRYM_EMBEDDER": "lexical", "GRYM_CODER_MODEL": spec,
    }  # fmt: skip
    grym = [sys.executable, "-c", "from grym_synth.cli import main; main()", "ask"]
    words = [*grym, REQUEST, "--audio", str(clip), "--yes"]
    with subprocess.Popen(
        words, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "tested and run" in line:
                break
        process.send_signal(signal.SIGKILL)
    write_script(tmp_path / "coder.jsonl", {"answer": "{}", "fault": "absent", "times": 0})
    ended = subprocess.run(
        [*grym, "--resume"], env=environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr
    assert "clip-ring.wav" in ended.stdout
    assert "in 1 round" in ended.stdout


def test_a_graph_without_checkpoints_says_that_it_can_not_ask(home: Path, clip: Path) -> None:
    with opened(home, {"answer": handed_over()}) as studio:
        (ref,) = studio.attach([(clip, "audio")])
        content: list[str | dict[str, object]] = [{"type": "text", "text": REQUEST}]
        given: Request = {"messages": [HumanMessage([*content, reference_block(ref)])]}
        state = builder.compile(store=studio.deps.store).invoke(given)

    assert "keeps no checkpoints" in state["messages"][-1].text
    assert not [one for one in state["artifacts"] if one.kind == "audio"]
