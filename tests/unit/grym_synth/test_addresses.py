import base64
import stat
from pathlib import Path

import pytest

from grym_synth.addresses import opened, sign

ASSET, OTHER = "ab" * 32, "cd" * 32


def test_an_address_names_one_file_of_one_project(tmp_path: Path) -> None:
    token = sign(tmp_path, "Álbum 2", ASSET)
    assert opened(tmp_path, token) == ("Álbum 2", ASSET)
    assert token == sign(tmp_path, "Álbum 2", ASSET)
    assert len({token, sign(tmp_path, "album", ASSET), sign(tmp_path, "Álbum 2", OTHER)}) == 3
    assert token.replace("-", "").replace("_", "").isalnum()


def test_nobody_can_make_an_address_without_the_homes_secret(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    mine.mkdir()
    theirs.mkdir()
    token = sign(mine, "album", ASSET)
    assert opened(theirs, token) is None
    parts = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for place in range(len(parts)):
        changed = bytes([*parts[:place], parts[place] ^ 1, *parts[place + 1 :]])
        assert opened(mine, base64.urlsafe_b64encode(changed).decode().rstrip("=")) is None


@pytest.mark.parametrize("token", ["", "a", "ab", "é", "..", "a" * 64, "a" * 10_000, "=" * 8])
def test_what_is_no_address_opens_nothing(tmp_path: Path, token: str) -> None:
    assert opened(tmp_path, token) is None


def test_addresses_survive_the_process_and_only_the_owner_reads_their_secret(
    tmp_path: Path,
) -> None:
    sign(tmp_path, "album", ASSET)
    (secret,) = tmp_path.iterdir()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_bytes()) == 32
