import pytest

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import Artifact, Order, ProjectContext, Task, TurnRecord


def a_file(name: str, kind: AssetKind = "audio") -> AssetRef:
    return AssetRef(
        id=name.ljust(64, "0"), kind=kind, name=name, suffix="wav", size_bytes=1, seconds=3.0,
        sample_rate_hz=44100, channels=2,
    )  # fmt: skip


KICK, BASS, SONG, SKETCH = (
    a_file("kick.wav"),
    a_file("bass.wav"),
    a_file("song.wav"),
    a_file("sketch.mid", "midi"),
)


def planned(request: str, *files: AssetRef) -> tuple[Task, ...]:
    attached = tuple(one.id for one in files)
    context = ProjectContext(
        project="p", thread="t", turn=1, request=request, assets=files, attached=attached
    )
    return Supervisor().plan(context).tasks


def ordered(request: str, *files: AssetRef) -> Order | None:
    tasks = planned(request, *files)
    return tasks[0].order if len(tasks) == 1 else None


@pytest.mark.parametrize(
    "request_",
    [
        "Compose a 32-bar house track in A minor at 124 bpm",
        "write me a song about rain in D major",
        "Can you make a waltz in G?",
        "Komponiere einen langsamen Walzer in d-Moll",
        "Schreib mir ein Lied mit Klavier und Bass",
        "Compón una canción alegre",
        "Écris une chanson en do majeur",
    ],
)
def test_a_song_that_is_asked_for_is_composed_from_the_words(request_: str) -> None:
    order = ordered(request_)
    assert order is not None
    assert order.workflow == "compose"
    assert order.parameters["brief"] == request_


def test_a_song_grows_from_the_midi_file_that_came_with_the_request() -> None:
    order = ordered("Compose a song from this sketch", SKETCH)
    assert order is not None
    assert order.parameters["sketch"] == SKETCH.id


@pytest.mark.parametrize(
    "request_",
    [
        "Unpack this recording",
        "Transcribe this to MIDI",
        "Turn this into a DAW project",
        "Entpacke die Aufnahme",
        "mach daraus eine DAW-Session",
    ],
)
def test_a_recording_is_unpacked_by_the_agent_that_listens(request_: str) -> None:
    (task,) = planned(request_, SONG)
    assert task.order == Order(workflow="unpack")
    assert (task.agent, task.inputs) == ("gama", (SONG.id,))


@pytest.mark.parametrize(
    ("request_", "targets"),
    [
        ("Mix and master these stems for streaming", ["streaming"]),
        ("mix these", ["streaming"]),
        ("master these stems at -16 LUFS and -1.5 dBTP", ["-16,-1.5"]),
        ("Mische die Spuren ab, fürs Fernsehen", ["broadcast"]),
    ],
)
def test_stems_are_mixed_and_mastered_together(request_: str, targets: list[str]) -> None:
    (task,) = planned(request_, KICK, BASS)
    assert task.order == Order(workflow="master", parameters={"targets": [*targets]})
    assert task.inputs == (KICK.id, BASS.id)


def test_one_file_for_several_targets_is_mastered_by_the_workflow() -> None:
    order = ordered("Master it for streaming, broadcast and club", SONG)
    assert order is not None
    assert order.parameters == {"targets": ["streaming", "broadcast", "club"]}


@pytest.mark.parametrize(
    "request_",
    [
        "Build a 2-pole low-pass filter, 1 kHz, resonance 0.1-10, stereo",
        "Build me a compressor plugin",
        "Bau mir einen Kompressor mit Ratio 4:1",
    ],
)
def test_a_tool_is_built_from_the_words(request_: str) -> None:
    order = ordered(request_)
    assert order is not None
    assert order.workflow == "build"
    assert order.parameters["spec"] == request_


@pytest.mark.parametrize(
    "request_",
    [
        "Who composed this song?",
        "Don't compose anything",
        "How do I build a filter?",
        "write a script that renames files",
        "create a click track at 120 bpm",
        "We decided to build a compressor into the chain",
        "note that the song is composed in A minor",
    ],
)
def test_talk_of_songs_and_tools_starts_no_workflow(request_: str) -> None:
    assert all(task.order is None for task in planned(request_))


@pytest.mark.parametrize(
    "request_",
    [
        "Make a louder version of the song",
        "Master it to -14 LUFS",
        "transcribe the lyrics",
        "make a beat map of this track",
        "make a spectrogram",
    ],
)
def test_work_on_one_recording_stays_with_the_instruments_that_do_it(request_: str) -> None:
    tasks = planned(request_, SONG)
    assert tasks
    assert all(task.order is None for task in tasks)


def test_a_recording_that_is_missing_is_asked_for() -> None:
    context = ProjectContext(project="p", thread="t", turn=1, request="Unpack this recording")
    (ask,) = Supervisor().plan(context).asks
    assert ask.missing == "audio"


def asked_after_a_song(request: str, *, composed: bool = True) -> Order | None:
    made = Artifact(
        id="a" * 64, name="project.json", kind="session", made_by="coder/compose@1", folder="song"
    )
    turn = TurnRecord(
        thread="t", turn=1, when="2026-01-01T00:00:00Z", request="compose a song", answer="",
        artifacts=(made,) * composed,
    )  # fmt: skip
    context = ProjectContext(project="p", thread="t", turn=2, request=request, history=(turn,))
    tasks = Supervisor().plan(context).tasks
    return tasks[0].order if len(tasks) == 1 else None


@pytest.mark.parametrize(
    "request_",
    [
        "Change only the bass of the chorus",
        "change only the chorus bass",
        "I want another melody in verse 2",
        "New drums for the bridge, please",
        "Ändere nur den Bass im Refrain",
    ],
)
def test_parts_of_the_last_composed_song_are_changed_without_attaching_it(request_: str) -> None:
    order = asked_after_a_song(request_)
    assert order is not None
    assert (order.workflow, order.parameters["base"]) == ("compose", "a" * 64)


@pytest.mark.parametrize(
    "request_",
    ["Change the bass level in the chorus", "Why did you change the bass of the chorus?"],
)
def test_how_a_part_sounds_is_no_change_of_the_composed_song(request_: str) -> None:
    order = asked_after_a_song(request_)
    assert order is None or order.workflow != "compose"


def test_without_a_composed_song_there_is_nothing_to_change() -> None:
    order = asked_after_a_song("Change only the bass of the chorus", composed=False)
    assert order is None or "base" not in order.parameters


@pytest.mark.parametrize(
    ("request_", "targets"),
    [
        ("write me a 90 bpm boom bap beat in D minor and master it", ["streaming"]),
        ("Compose a slow waltz in G and master it for Apple Music", ["Apple Music"]),
        ("Schreib mir einen Walzer in G-Dur und mastere ihn für Spotify, -2 dBTP", ["Spotify,-2"]),
    ],
)
def test_a_song_that_is_composed_is_mastered_next(request_: str, targets: list[str]) -> None:
    composing, mastering = planned(request_)
    assert composing.order is not None and composing.order.workflow == "compose"
    assert mastering.order == Order(workflow="master", parameters={"targets": [*targets]})
    assert mastering.needs == (composing.id,)


def test_a_picture_of_a_workflows_result_waits_for_it() -> None:
    composing, drawing = planned("Compose a waltz, then show me the spectrogram of the result")
    assert (drawing.agent, drawing.needs, drawing.inputs) == ("qwen_vl", (composing.id,), ())
    mastering, drawing = planned(
        "Mix and master these stems, then show me the waveform", KICK, BASS
    )
    assert mastering.order is not None and mastering.order.workflow == "master"
    assert (drawing.needs, drawing.inputs) == ((mastering.id,), ())


@pytest.mark.parametrize(
    ("request_", "lufs", "dbtp"),
    [
        ("master this for Apple Music", -16.0, -1.0),
        ("make a master for my podcast", -16.0, -1.0),
        ("mastere das für Deezer, -1.5 dBTP", -15.0, -1.5),
        ("master it for Amazon Music", -14.0, -2.0),
        ("master this for Spotify at -16 LUFS", -16.0, -1.0),
    ],
)
def test_one_file_is_mastered_to_what_the_service_publishes(
    request_: str, lufs: float, dbtp: float
) -> None:
    (task,) = planned(request_, SONG)
    wanted = {one.aspect: one.value for one in task.criteria}
    assert wanted["loudness.integrated_lufs"] == lufs
    assert wanted["loudness.true_peak_dbtp"] == dbtp


@pytest.mark.parametrize(
    ("request_", "targets"),
    [
        ("Mix and master these stems for Apple Music and YouTube", ["Apple Music", "YouTube"]),
        ("master these stems for streaming and EBU R128", ["streaming", "EBU R 128"]),
        ("master these stems for streaming at -2 dBTP", ["streaming,-2"]),
    ],
)
def test_stems_are_mastered_for_the_services_that_are_named(
    request_: str, targets: list[str]
) -> None:
    (task,) = planned(request_, KICK, BASS)
    assert task.order == Order(workflow="master", parameters={"targets": [*targets]})
