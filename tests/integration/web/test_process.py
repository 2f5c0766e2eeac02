import signal
import stat
import time
from pathlib import Path

import pytest

from agents.coding.approval import Approval, Decision
from agents.roles.models import Choice
from grym_synth import through
from grym_synth.errors import BadInput, MediaRejected
from grym_synth.settings import Settings
from memory.context import Event
from tests.integration.coding.programs import REQUEST
from tests.integration.web.process import READY_SECONDS, Page, Web, sha256, tone


def test_the_end_of_the_process_cancels_turns_ends_streams_and_leaves_the_home_free(
    mortal: Web,
) -> None:
    mortal.start()
    rights = stat.S_IMODE((mortal.home / "server.json").stat().st_mode)
    second = mortal.spawn("--port", "0").wait(READY_SECONDS)
    with mortal.client() as client:
        page = Page(client, "song")
        run = page.ask("What can you do?", models={"supervisor": mortal.models["endless"]})
        events = page.events(run)
        while next(events).content.get("kind") != "planning":
            pass
        began = time.monotonic()
        code = mortal.end(signal.SIGTERM)
        ended = list(events)[-1]

    assert (code, ended.content) == (0, {"exit_code": 130})
    assert time.monotonic() - began < 15
    assert (rights, (mortal.home / "server.json").exists()) == (0o600, False)
    assert second == 2 and "serves it already. Open http://127.0.0.1:" in mortal.said()


def test_a_port_that_is_taken_is_told_in_a_sentence(web: Web, mortal: Web) -> None:
    port = web.note.address.rpartition(":")[2]
    code = mortal.spawn("--port", port).wait(READY_SECONDS)

    assert code == 2
    assert mortal.said().startswith(f"serving on port {port}: ")
    assert "Traceback" not in mortal.said()


def settings_of(web: Web, tmp_path: Path) -> Settings:
    return Settings(home=web.home, out=tmp_path / "out")


def test_a_command_goes_through_the_server_that_owns_its_home(web: Web, tmp_path: Path) -> None:
    clip = tmp_path / "clip.wav"
    clip.write_bytes(tone())
    heard: list[Event] = []
    answers: list[str] = []
    result = through.ask(
        settings_of(web, tmp_path),
        "Normalise this to -20 LUFS",
        [(clip, "audio")],
        project="terminal",
        on_event=heard.append,
        on_answer=lambda told: answers.append(told.answer),
    )

    assert result is not None and result.exit_code == 0
    assert answers == [result.answer]
    assert "task_end" in {one.kind for one in heard}
    (made,) = [one for one in result.artifacts if one.kind == "audio"]
    assert Path(made.path) == tmp_path / "out" / "clip-normalised.wav"
    assert sha256(Path(made.path).read_bytes()) == made.id


def test_code_is_approved_in_the_terminal_though_the_server_runs_it(
    web: Web, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.wav"
    clip.write_bytes(tone())
    settings, seen = settings_of(web, tmp_path), list[Approval]()
    choice = Choice(models={"coder": web.models["coder"]})
    waits = through.ask(settings, REQUEST, [(clip, "audio")], project="approved", choice=choice)

    def yes(approval: Approval) -> Decision:
        seen.append(approval)
        return Decision(type="approve")

    ended = through.ask(settings, "", project="approved", resume=True, decide=yes, choice=choice)

    assert waits is not None and waits.exit_code == 3
    assert waits.asks[0].missing == "approval"
    assert ended is not None and ended.exit_code == 0
    assert "clip-ring.wav" in {Path(one.path).name for one in ended.artifacts}
    assert "def ring" in seen[0].action_requests[0].description


def test_what_the_server_refuses_is_told_in_its_words(web: Web, tmp_path: Path) -> None:
    settings, broken = settings_of(web, tmp_path), tmp_path / "broken.wav"
    broken.write_bytes(b"no sound")

    with pytest.raises(MediaRejected, match=r"broken\.wav"):
        through.ask(settings, "Listen", [(broken, "audio")])
    with pytest.raises(MediaRejected, match="does not exist"):
        through.ask(settings, "Listen", [(tmp_path / "none.wav", "audio")])
    with pytest.raises(BadInput, match="may only name models"):
        through.ask(settings, "Hello", choice=Choice(models={"coder": "scripted:/etc/x"}))


def test_a_note_of_a_server_that_was_killed_misleads_nobody(
    mortal: Web, web: Web, tmp_path: Path
) -> None:
    note = (web.home / "server.json").read_text()
    (mortal.home / "server.json").write_text(note)
    (mortal.home / "server.json").chmod(0o600)

    assert through.ask(settings_of(mortal, tmp_path), "Hello") is None
