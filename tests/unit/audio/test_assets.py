import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import mido
import pytest
import soundfile
from PIL import Image

from audio.assets import AssetStore
from audio.media import AssetKind
from grym_synth.errors import MediaRejected, MemoryFault, UnknownName
from grym_synth.settings import MediaLimits
from tests.unit.audio.sounds import noise, write


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "store", MediaLimits())


def png(width: int = 40, height: int = 30) -> bytes:
    held = BytesIO()
    Image.new("RGB", (width, height), "teal").save(held, "PNG")
    return held.getvalue()


def test_a_sound_is_copied_in_under_its_hash_and_left_as_it_was(
    store: AssetStore, tmp_path: Path
) -> None:
    path = write(tmp_path, noise(2, channels=2))
    before = path.read_bytes()
    ref = store.add(path)
    assert path.read_bytes() == store.path(ref).read_bytes() == before
    assert ref.id == hashlib.sha256(before).hexdigest()
    assert (ref.kind, ref.seconds, ref.sample_rate_hz, ref.channels) == ("audio", 2.0, 44_100, 2)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_every_promised_sound_format_is_taken_by_its_content(
    store: AssetStore, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"sound.{suffix}"
    soundfile.write(path, noise(1), 44_100)
    misnamed = path.rename(tmp_path / "sound.bin")
    assert store.add(misnamed, "audio").suffix == suffix


def test_the_same_content_is_stored_once_under_each_name(store: AssetStore, tmp_path: Path) -> None:
    path = write(tmp_path, noise(1))
    one, other = store.add(path, name="mix.wav"), store.add(path, name="../../mix two.wav")
    assert one.id == other.id
    assert store.path(one) == store.path(other)
    assert other.name == "../../mix two.wav"
    assert not (tmp_path.parent / "mix two.wav").exists()


def test_pictures_and_midi_give_their_facts(store: AssetStore, tmp_path: Path) -> None:
    picture = store.add_bytes(png(), "image", "shot.png")
    assert (picture.width, picture.height, picture.suffix) == (40, 30, "png")
    song = mido.MidiFile(tracks=[mido.MidiTrack([mido.Message("note_off", time=960)])])
    song.save(tmp_path / "song.mid")
    assert store.add(tmp_path / "song.mid").seconds == pytest.approx(1.0)


def test_the_same_content_can_come_many_times_at_once(store: AssetStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        refs = list(threads.map(lambda turn: store.add_bytes(png(), "image", "a.png"), range(80)))
    assert {ref.id for ref in refs} == {refs[0].id}
    assert store.ref(refs[0].id).name == "a.png"
    held = [path for path in store.path(refs[0]).parent.parent.rglob("*") if path.is_file()]
    assert len(held) == 2


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (MediaLimits(audio_bytes=1000), "bytes"),
        (MediaLimits(audio_seconds=1.0), "lasts 2 s"),
        (MediaLimits(max_channels=1), "2 channels"),
        (MediaLimits(max_sample_rate_hz=22_050), "44100 Hz"),
    ],
)
def test_what_exceeds_a_limit_is_refused_with_the_reason_and_leaves_nothing(
    tmp_path: Path, limits: MediaLimits, reason: str
) -> None:
    path = write(tmp_path, noise(2, channels=2))
    with pytest.raises(MediaRejected, match=reason):
        AssetStore(tmp_path / "store", limits).add(path)
    assert not [held for held in (tmp_path / "store").rglob("*") if held.is_file()]


@pytest.mark.parametrize(
    ("kind", "content"),
    [("audio", b""), ("audio", b"RIFF"), ("image", b""), ("image", b"x"), ("midi", b"x"),
     ("text", b"\0"), ("text", bytes(6_000_000))],
)  # fmt: skip
def test_content_of_a_message_is_refused_by_the_users_name_for_it(
    store: AssetStore, kind: AssetKind, content: bytes
) -> None:
    with pytest.raises(MediaRejected, match="holiday") as refused:
        store.add_bytes(content, kind, "holiday")
    assert "incoming" not in str(refused.value)


def test_a_stream_that_does_not_know_its_length_is_counted(
    store: AssetStore, tmp_path: Path
) -> None:
    path = tmp_path / "streamed.flac"
    soundfile.write(path, noise(3), 44_100)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0  # STREAMINFO's 36 bits of total samples: 0 means unknown
    content[22:26] = bytes(4)
    path.write_bytes(content)
    assert store.add(path).seconds == pytest.approx(3.0)


def test_missing_files_and_folders_are_refused(store: AssetStore, tmp_path: Path) -> None:
    with pytest.raises(MediaRejected, match="does not exist"):
        store.add(tmp_path / "nowhere.wav")
    with pytest.raises(MediaRejected, match="not a regular file"):
        store.add(tmp_path)


def test_a_sweep_removes_all_but_what_is_kept(store: AssetStore, tmp_path: Path) -> None:
    ref = store.add(write(tmp_path, noise(1)))
    kept = store.add_bytes(b"bar 1: intro", "text", "notes.txt")
    (store.path(ref).parent / ".incoming-cut-off").write_bytes(b"half a file")
    assert store.sweep({kept.id}) == 1
    with pytest.raises(UnknownName):
        store.path(ref)
    with pytest.raises(UnknownName):
        store.ref(ref.id)
    assert store.ref(kept.id) == kept
    assert sorted(path.name for path in store.path(kept).parent.parent.rglob("*.*")) == [
        f"{kept.id}.json",
        f"{kept.id}.txt",
    ]


@pytest.mark.parametrize("asset_id", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_an_id_that_is_no_hash_is_unknown(store: AssetStore, asset_id: str) -> None:
    with pytest.raises(UnknownName):
        store.ref(asset_id)


def test_hostile_media_is_rejected_or_read_but_never_breaks(
    store: AssetStore, recordings: Path
) -> None:
    kinds: dict[str, AssetKind] = {
        ".wav": "audio", ".flac": "audio", ".mp3": "audio", ".ogg": "audio", ".apev2": "audio",
        ".png": "image", ".jpg": "image", ".webp": "image", ".gif": "image", ".mid": "midi",
    }  # fmt: skip
    broken = set()
    for path in sorted((recordings / "hostile").iterdir()):
        if path.suffix in kinds:
            try:
                store.add(path, kinds[path.suffix])
            except MediaRejected:
                broken.add(path.name)
    assert {"mock_wav.wav", "mut_52-overwritten-metadata.flac", "pil_truncated_image.png"} <= broken
    assert "midi_test-illegal-message-all.mid" in broken
    assert not {"ess_silence.flac", "midi_test-2-tracks-type-2.mid"} & broken


def test_a_stored_file_that_was_changed_is_not_handed_out(
    store: AssetStore, tmp_path: Path
) -> None:
    ref = store.add(write(tmp_path, noise(1)), name="mix.wav")
    held = store.path(ref)
    changed = bytearray(held.read_bytes())
    changed[-1] ^= 1
    held.write_bytes(changed)
    with pytest.raises(MediaRejected, match=r"mix.wav.*was changed"):
        store.path(ref)
    store.add(tmp_path / "sound.wav", name="mix.wav")
    assert store.path(ref).read_bytes() != changed


def test_a_copied_store_is_as_good_as_the_first(store: AssetStore, tmp_path: Path) -> None:
    ref = store.add(write(tmp_path, noise(1)))
    for path in (tmp_path / "store").rglob("*.*"):
        path.touch()
    assert store.path(ref).is_file()


def test_a_store_that_can_take_nothing_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    store = AssetStore(tmp_path / "home", MediaLimits())
    with pytest.raises(MemoryFault, match="home"):
        store.add(write(tmp_path, noise(1)))
    with pytest.raises(MemoryFault, match="home"):
        store.add_bytes(b"words", "text", "notes.txt")
