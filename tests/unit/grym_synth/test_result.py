from pathlib import Path

import pytest

from audio.assets import AssetStore
from grym_synth.errors import BadInput
from grym_synth.result import TurnResult, check_folder, deliver, show_task
from grym_synth.settings import MediaLimits
from memory.context import Artifact, Ask, Task, TaskStatus


@pytest.fixture
def assets(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


def made(assets: AssetStore, content: str, name: str = "mix.py") -> Artifact:
    ref = assets.add_bytes(content.encode(), "text", name)
    return Artifact(id=ref.id, name=name, kind="script", made_by="coder/recipes@1")


def result(*statuses: TaskStatus, asks: tuple[Ask, ...] = ()) -> TurnResult:
    tasks = (
        Task(id=str(number), agent="gama", objective="Listen", status=status)
        for number, status in enumerate(statuses)
    )
    return TurnResult(
        answer="",
        project="p",
        thread="t",
        turn=1,
        tasks=tuple(map(show_task, tasks)),
        findings=(),
        recommendations=(),
        conflicts=(),
        artifacts=(),
        slices=(),
        asks=asks,
        degraded=(),
        seconds=0.0,
    )


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((), 0),
        (("done", "done"), 0),
        (("done", "not_met"), 1),
        (("failed",), 1),
        (("skipped",), 1),
        (("planned",), 1),
        (("waiting",), 3),
    ],
)
def test_the_exit_code_says_whether_everything_was_done(
    statuses: tuple[TaskStatus, ...], code: int
) -> None:
    assert result(*statuses).exit_code == code


def test_a_question_waits_for_the_user() -> None:
    assert result(asks=(Ask(question="Which file?", missing="audio"),)).exit_code == 3


def test_copies_get_free_names_and_overwrite_nothing(assets: AssetStore, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mix.py").write_text("the user's own")
    copies = deliver([made(assets, "one"), made(assets, "two")], assets, out)
    assert [Path(copy.path).name for copy in copies] == ["mix-2.py", "mix-3.py"]
    assert [Path(copy.path).read_text() for copy in copies] == ["one", "two"]
    assert (out / "mix.py").read_text() == "the user's own"


def test_a_folder_that_cannot_take_results_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="no folder"):
        check_folder(tmp_path / "file" / "below")
    check_folder(tmp_path / "new" / "folder")
    assert not (tmp_path / "new").exists()
