from pathlib import Path

import pytest

from memory.context import ProjectSetting
from memory.repository import Repository
from memory.store import GrymStore


def test_what_fails_half_way_leaves_nothing_of_its_writes(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        repository = Repository(store)
        with pytest.raises(RuntimeError), repository.together():
            repository.set("song", ProjectSetting(field="goal", value="loud"))
            raise RuntimeError

        assert repository.settings("song") == ()
        with repository.together():
            repository.set("song", ProjectSetting(field="goal", value="warm"))
            assert [one.value for one in repository.settings("song")] == ["warm"]
    with GrymStore(tmp_path) as store:
        assert [one.value for one in Repository(store).settings("song")] == ["warm"]
