"""From a chain of operations and one sound to the files that come of it."""

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from agents.base import file_stem, finding_of, source_of
from agents.recipes.binding import Chain, bind
from agents.recipes.catalog import RECIPES
from agents.recipes.script import write_script
from agents.sandbox.runs import TOO_LONG, Run, Runner
from audio.assets import AssetRef, AssetStore
from audio.measure import measure
from grym_synth.tracing.spans import instrument
from memory.context import Artifact, Finding, Operation

_SPARE_BYTES, _MOST_BYTES = 64 << 20, 8 << 30
_SECONDS_PER_SECOND = 0.5
"""A script may run so much longer for each second of its sound."""
_LEAST_GROWTH = 4
"""A result may be so many times as large as its source in 32-bit samples."""


@dataclass
class Build:
    """One script and what came of running it."""

    stem: str
    """First part of the names of the files, from the user's file."""
    label: str
    """Last part of the names."""
    chain: Chain
    script: str
    run: Run | None = None
    outputs: dict[str, AssetRef] = field(default_factory=dict)
    """Stored results by the name for the user."""
    names: dict[str, str] = field(default_factory=dict)
    """The user's name of each file, by the name that the script sees."""

    @property
    def notes(self) -> list[str]:
        """What the script said about its work."""
        return self._said("note: ")

    @property
    def not_reached(self) -> list[str]:
        """What the script said that it could not reach, and why."""
        return self._said("not reached: ")

    def _said(self, prefix: str) -> list[str]:
        lines = self.run.stdout.splitlines() if self.run else []
        said = (line.removeprefix(prefix)[:300] for line in lines if line.startswith(prefix))
        return [self._in_user_names(text) for text in said]

    @property
    def fault(self) -> str:
        """Why the run failed and what to do, in the user's names; empty when it did not."""
        if self.run is None or not self.run.fault:
            return ""
        fault, do = self._in_user_names(self.run.fault), "change the request or its numbers"
        if self.run.stopped == TOO_LONG:
            do = "give a shorter sound, or raise the limit (GRYM_SCRIPT_SECONDS)"
        elif fault.startswith(tuple(self.names.values())):
            do = "give a sound file that plays"
        return f"{fault}; {do}"

    def _in_user_names(self, text: str) -> str:
        for seen, name in self.names.items():
            text = text.replace(seen, name)
        return text


def draft(
    operations: tuple[Operation, ...], source: AssetRef | None, facts: Mapping[str, JsonValue]
) -> Build:
    """Write the script for one sound, or for none.

    Raises:
        BadInput: an operation or a parameter can't be used, or a fact is missing.
    """
    chain = bind(operations, facts, from_nothing=source is None)
    says = [RECIPES[operation.name].says for operation in operations]
    title = ", ".join(dict.fromkeys(says))
    script = write_script(chain, title[:1].upper() + title[1:] + ".")
    stem = file_stem(source.name) if source else "new"
    return Build(stem, _label(operations), chain, script)


def execute(
    build: Build, source: AssetRef | None, assets: AssetStore, runner: Runner, seconds: float
) -> None:
    """Run the script of a build and store what it leaves.

    Raises:
        MediaRejected: what it left can't be read as sound.
    """
    inputs, arguments = {}, [f"output.{build.chain.suffix}"]
    build.names[arguments[0]] = f"{build.stem}-{build.label}.{build.chain.suffix}"
    if source is not None:
        name = f"input.{source.suffix}"
        inputs[name], build.names[name] = assets.path(source), source.name
        arguments.insert(0, f"../in/{name}")
    with instrument("sandbox"), tempfile.TemporaryDirectory(prefix="grym-build-") as folder:
        build.run = runner.run(
            build.script,
            inputs,
            arguments,
            Path(folder),
            seconds=seconds + _SECONDS_PER_SECOND * (source.seconds or 0.0 if source else 0.0),
            output_bytes=_room(build.chain, source),
        )
        if build.run.fault:
            return
        for name, path in sorted(build.run.outputs.items()):
            part = Path(name).stem.removeprefix("output").lstrip("-")
            shown = f"{build.stem}-{part or build.label}.{build.chain.suffix}"
            build.outputs[shown] = assets.add(path, "audio", shown)


def measured(ref: AssetRef, assets: AssetStore, aspects: Collection[str]) -> list[Finding]:
    """Measure a stored result."""
    with instrument("measure", {"grym.aspects": len(aspects)}):
        told = measure(assets.path(ref), aspects)
    return [finding_of("coder", ref, one) for one in told]


def artifact(ref: AssetRef, name: str, task: str) -> Artifact:
    """A stored file as something that the work left for the user."""
    kind = "audio" if ref.kind == "audio" else "script"
    maker = source_of("coder", "recipes")
    return Artifact(id=ref.id, name=name, kind=kind, made_by=maker, task=task)


def _label(operations: tuple[Operation, ...]) -> str:
    """What the result is called: a master is one whatever else was done, else the last change."""
    names = [operation.name for operation in operations]
    changes = [name for name in names if name != "convert"] or names
    return RECIPES["master" if "master" in names else changes[-1]].label


def _room(chain: Chain, source: AssetRef | None) -> int:
    """Bytes that the results may take."""
    seconds, rate, channels = 14_400.0, 48_000, 1
    if source is not None:
        seconds, rate = source.seconds or seconds, source.sample_rate_hz or rate
        channels = source.channels or channels
    rates = [value for call in chain.calls if isinstance(value := call.arguments.get(
        "sample_rate_hz"), int)]  # fmt: skip
    growth = max(_LEAST_GROWTH, *(wanted / rate for wanted in rates), 0)
    return min(_MOST_BYTES, _SPARE_BYTES + int(seconds * rate * channels * 4 * growth))
