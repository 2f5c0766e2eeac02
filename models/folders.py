"""Where a model's checkpoint lies on this machine."""

from pathlib import Path

from grym_synth.errors import ModelMissing

_CACHE = "~/.cache/huggingface/hub"
"""Where the hub's own tools put what they download, unless they are told otherwise."""


def folder_of(target: str) -> Path:
    """The folder of a checkpoint: as named, or the newest copy in Hugging Face's cache.

    Nothing is ever fetched.

    Raises:
        ModelMissing: it is neither.
    """
    folder = Path(target).expanduser()
    if folder.is_dir():
        return folder
    held = Path(_CACHE).expanduser() / f"models--{target.replace('/', '--')}" / "snapshots"
    copies = sorted(held.glob("*/config.json"), key=lambda one: one.stat().st_mtime)
    if target.count("/") == 1 and copies:
        return copies[-1].parent
    raise ModelMissing(
        f"opening the checkpoint {target}",
        "there is no such folder, and Hugging Face's cache has no copy of that name",
        "Download it yourself; nothing is fetched for you",
    )
