"""The files that a decision may name: by handle, by id, or by a name that only one has."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from agents.opening.handles import file_handle
from audio.assets import AssetRef


@dataclass(frozen=True)
class Files:
    """The files at hand and what each can be called."""

    known: Mapping[str, AssetRef]
    """By id."""
    handles: Mapping[str, str]
    """What each id is called in prompts."""
    _ids: Mapping[str, str]

    @classmethod
    def of(cls, assets: Iterable[AssetRef]) -> "Files":
        """The names of some files; what two of them share names neither."""
        held = {one.id: one for one in assets}
        short = Counter(map(file_handle, held))
        handles = {
            id_: file_handle(id_) if short[file_handle(id_)] == 1 else f"a:{id_}" for id_ in held
        }
        names = {id_: {one.name, PurePath(one.name).stem} for id_, one in held.items()}
        called = {
            id_: {id_, handles[id_], handles[id_].removeprefix("a:"), *names[id_]} for id_ in held
        }
        count = Counter(name.casefold() for every in called.values() for name in every)
        ids = {
            name.casefold(): id_
            for id_, every in called.items()
            for name in every
            if count[name.casefold()] == 1
        }
        exact = {name: id_ for id_ in held for name in (id_, handles[id_])}
        return cls(held, handles, {**ids, **exact})

    def find(self, said: str) -> str | None:
        """The id of the file that a model means; None when there is none, or more than one."""
        plain = said.strip().strip("[]<>\"'`")
        return self._ids.get(plain) or self._ids.get(plain.casefold())
